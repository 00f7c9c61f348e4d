from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.storage.database import Database
from journal.storage.sealing import MasterKeys, PatientKey, Sealer, patient_sealer
from tests.cast import Cast

SEALER = Sealer(keys={1: bytes(32)}, active=1, owner="patient:1")
NOTE = {"column": "check_in.note", "row": "row-one"}


@given(text=st.text(max_size=300))
def test_what_was_sealed_opens_again(text: str) -> None:
    assert SEALER.open(SEALER.seal(text, **NOTE), **NOTE) == text


@given(place=st.integers(min_value=1), bit=st.integers(min_value=0, max_value=7))
@settings(max_examples=100)
def test_a_flipped_bit_never_opens(place: int, bit: int) -> None:
    sealed = bytearray(SEALER.seal("The heavy feeling came back.", **NOTE))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises((InvalidTag, ValueError, KeyError)):
        SEALER.open(bytes(sealed), **NOTE)


@pytest.mark.parametrize(
    ("column", "row", "owner"),
    [
        ("check_in.tags", "row-one", "patient:1"),
        ("check_in.note", "row-two", "patient:1"),
        ("check_in.note", "row-one", "patient:2"),
    ],
)
def test_a_sealed_text_opens_nowhere_but_in_its_place(column: str, row: str, owner: str) -> None:
    sealed = SEALER.seal("mine", **NOTE)
    elsewhere = Sealer(keys={1: bytes(32)}, active=1, owner=owner)
    with pytest.raises(InvalidTag):
        elsewhere.open(sealed, column=column, row=row)


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert SEALER.seal("again", **NOTE) != SEALER.seal("again", **NOTE)


def test_an_empty_text_leaves_the_column_empty() -> None:
    assert SEALER.seal_if_any("", **NOTE) is None
    assert SEALER.open(None, **NOTE) == ""


def test_an_older_master_key_still_opens_what_it_wrapped() -> None:
    old = MasterKeys(keys={1: b"1" * 32}, active=1).installation_sealer()
    both = MasterKeys(keys={1: b"1" * 32, 2: b"2" * 32}, active=2).installation_sealer()
    sealed = old.seal("a draft", column="invitation.draft", row="x")
    assert both.open(sealed, column="invitation.draft", row="x") == "a draft"
    assert both.seal("a draft", column="invitation.draft", row="x")[1] == 2


def test_a_fingerprint_needs_the_key_and_outlives_a_newer_one() -> None:
    old = MasterKeys(keys={1: b"1" * 32}, active=1).installation_sealer()
    both = MasterKeys(keys={1: b"1" * 32, 2: b"2" * 32}, active=2).installation_sealer()
    other = MasterKeys(keys={1: b"3" * 32}, active=1).installation_sealer()
    known = old.fingerprint("a low day", column="submission.body_hash")
    assert both.fingerprint("a low day", column="submission.body_hash") == known
    assert other.fingerprint("a low day", column="submission.body_hash") != known
    assert old.fingerprint("a low day", column="check_in_version.body_hash") != known


def test_each_patient_has_a_key_of_their_own(database: Database, cast: Cast) -> None:
    with database.look() as db:
        alice = patient_sealer(db, cast.alice.patient_id)
        dan = patient_sealer(db, cast.dan.patient_id)
        stored = db.scalars(sa.select(PatientKey.wrapped)).all()
    assert alice.keys[1] != dan.keys[1]
    assert not any(alice.keys[1] in wrapped for wrapped in stored)


def test_a_new_key_file_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.json"
    made = MasterKeys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert MasterKeys.read(path) == made
    with pytest.raises(FileExistsError):
        MasterKeys.create(path)


def test_a_key_file_without_a_whole_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    path.write_text('{"active": 1, "keys": {"1": "c2hvcnQ="}}')
    with pytest.raises(ValueError, match="usable key"):
        MasterKeys.read(path)
