"""Providers' notes as they are kept: sealed, and read through a consent that lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain import provider_notes as values
from journal.domain.consents import LASTS, Scope
from journal.storage import clinics
from journal.storage.base import new_public_id
from journal.storage.consents import Consent
from journal.storage.database import Database
from journal.storage.patients import Patient
from journal.storage.provider_notes import (
    LookAgain,
    ProviderNote,
    add_note,
    change_note,
    due_notes,
    is_any_due,
    note_seen,
    notes_seen,
    remove_note,
)
from tests import builders
from tests.cast import NOW, Cast, Person

TODAY = date(2026, 3, 30)


def written(
    database: Database,
    cast: Cast,
    text: str = "Ask about the bridge",
    *,
    by: Person | None = None,
    for_colleagues: bool = False,
    look_again_on: date | None = None,
    about: Person | None = None,
) -> values.ProviderNote:
    note = values.ProviderNote(
        public_id=new_public_id(),
        author_id=(by or cast.bob).provider_id,
        text=text,
        for_colleagues=for_colleagues,
        look_again_on=look_again_on,
        written_at=NOW,
    )
    with database.unit_of_work() as db:
        add_note(db, (about or cast.alice).patient_id, note, clinic_id=cast.clinic_id)
    return note


def read(database: Database, cast: Cast, reader: Person, *, later: timedelta = timedelta()) -> list[str]:
    with database.look() as db:
        found = notes_seen(db, cast.alice.patient_id, reader.provider_id, now=NOW + later)
    return sorted(one.text for one in found)


def end_consent(database: Database, cast: Cast, reader: Person) -> None:
    with database.unit_of_work() as db:
        db.execute(sa.update(Consent).where(Consent.provider_id == reader.provider_id).values(ended_at=NOW))


def move_to_another_clinic(database: Database, reader: Person) -> None:
    with database.unit_of_work() as db:
        elsewhere = clinics.add_clinic(db, name="Harbour", zone="Europe/Berlin", now=NOW)
        db.get_one(clinics.Provider, reader.provider_id).clinic_id = elsewhere.id


def test_a_note_is_kept_whole_and_its_words_are_sealed(database: Database, cast: Cast) -> None:
    note = written(database, cast, look_again_on=date(2026, 4, 9))
    with database.look() as db:
        assert notes_seen(db, cast.alice.patient_id, cast.bob.provider_id, now=NOW) == [note]
        assert note_seen(db, cast.alice.patient_id, note.public_id, cast.bob.provider_id, now=NOW) == note
        assert b"bridge" not in db.scalars(sa.select(ProviderNote.text)).one()


def test_a_note_is_its_authors_alone(database: Database, cast: Cast) -> None:
    written(database, cast)
    assert read(database, cast, cast.bob) == ["Ask about the bridge"]
    assert read(database, cast, cast.frank) == []


def test_a_shared_note_is_read_by_a_colleague_whom_the_patient_lets_read(
    database: Database, cast: Cast
) -> None:
    written(database, cast, for_colleagues=True)
    assert read(database, cast, cast.frank) == ["Ask about the bridge"]
    assert read(database, cast, cast.carol) == []  # a colleague without a consent


def test_a_shared_note_stays_within_its_clinic(database: Database, cast: Cast) -> None:
    written(database, cast, for_colleagues=True)
    move_to_another_clinic(database, cast.frank)
    assert read(database, cast, cast.frank) == []


def test_nobody_reads_a_note_once_sharing_has_ended(database: Database, cast: Cast) -> None:
    written(database, cast, for_colleagues=True)
    end_consent(database, cast, cast.bob)
    assert read(database, cast, cast.bob) == []
    assert read(database, cast, cast.frank) == ["Ask about the bridge"]
    end_consent(database, cast, cast.frank)
    assert read(database, cast, cast.frank) == []


def test_a_consent_that_ran_out_opens_no_note(database: Database, cast: Cast) -> None:
    written(database, cast)
    assert read(database, cast, cast.bob, later=LASTS - timedelta(seconds=1)) == ["Ask about the bridge"]
    assert read(database, cast, cast.bob, later=LASTS) == []


def test_a_note_about_somebody_else_is_not_found_here(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
    note = written(database, cast, about=cast.dan)
    with database.look() as db:
        assert note_seen(db, cast.alice.patient_id, note.public_id, cast.bob.provider_id, now=NOW) is None
        assert note_seen(db, cast.dan.patient_id, note.public_id, cast.bob.provider_id, now=NOW) == note


def test_what_is_due_is_told_by_patient_without_a_word(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
    written(database, cast, look_again_on=date(2026, 3, 12))
    written(database, cast, look_again_on=TODAY)
    written(database, cast, look_again_on=date(2026, 3, 31))
    written(database, cast)
    written(database, cast, look_again_on=TODAY, about=cast.dan)
    with database.look() as db:
        due = due_notes(db, cast.bob.provider_id, today=TODAY, now=NOW)
        assert due == {
            cast.alice.patient_id: LookAgain(date(2026, 3, 12), 2),
            cast.dan.patient_id: LookAgain(TODAY, 1),
        }
        assert due_notes(db, cast.frank.provider_id, today=TODAY, now=NOW) == {}
        assert "patient_sealers" not in db.info


@pytest.mark.parametrize("shared", [False, True])
def test_a_colleague_waits_for_shared_notes_alone(database: Database, cast: Cast, shared: bool) -> None:
    written(database, cast, look_again_on=TODAY, for_colleagues=shared)
    with database.look() as db:
        assert bool(due_notes(db, cast.frank.provider_id, today=TODAY, now=NOW)) is shared
        assert is_any_due(db, cast.frank.account_id, by=TODAY, now=NOW) is shared


def test_what_was_looked_at_is_waited_for_no_more(database: Database, cast: Cast) -> None:
    note = written(database, cast, look_again_on=TODAY)
    with database.look() as db:
        assert is_any_due(db, cast.bob.account_id, by=TODAY, now=NOW)
        assert not is_any_due(db, cast.bob.account_id, by=date(2026, 3, 29), now=NOW)
    with database.unit_of_work() as db:
        done = replace(note, done_at=NOW, done_by_id=cast.bob.provider_id)
        assert change_note(db, cast.alice.patient_id, done, seen_version=1)
    with database.look() as db:
        assert not is_any_due(db, cast.bob.account_id, by=TODAY, now=NOW)
        assert due_notes(db, cast.bob.provider_id, today=TODAY, now=NOW) == {}


def test_a_change_needs_the_version_that_was_seen(database: Database, cast: Cast) -> None:
    note = written(database, cast)
    changed = replace(note, text="Ask about the river", for_colleagues=True, changed_at=NOW)
    with database.unit_of_work() as db:
        assert not change_note(db, cast.alice.patient_id, changed, seen_version=2)
        assert change_note(db, cast.alice.patient_id, changed, seen_version=1)
    with database.look() as db:
        found = notes_seen(db, cast.alice.patient_id, cast.bob.provider_id, now=NOW)
    assert found == [replace(changed, version=2)]


def test_a_removed_note_is_gone_and_that_of_another_patient_stays(database: Database, cast: Cast) -> None:
    note = written(database, cast)
    with database.unit_of_work() as db:
        remove_note(db, cast.dan.patient_id, note.public_id)
    assert read(database, cast, cast.bob) == ["Ask about the bridge"]
    with database.unit_of_work() as db:
        remove_note(db, cast.alice.patient_id, note.public_id)
    assert read(database, cast, cast.bob) == []


def test_notes_go_with_the_patient_they_are_about(database: Database, cast: Cast) -> None:
    written(database, cast)
    with database.unit_of_work() as db:
        db.execute(sa.delete(Patient).where(Patient.id == cast.alice.patient_id))
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(ProviderNote)) == 0


def test_the_database_keeps_who_looked_with_when(database: Database, cast: Cast) -> None:
    note = written(database, cast, look_again_on=TODAY)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        change_note(db, cast.alice.patient_id, replace(note, done_at=NOW), seen_version=1)
