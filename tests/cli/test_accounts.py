"""The commands that let people in who work here: what they print, and what they refuse in one line."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from journal.storage.accounts import Account, WebSession, account_by_email
from journal.storage.clinics import Clinic, Provider
from tests.cast import web_session
from tests.cli.conftest import Terminal
from tests.flagging import let_review

LINK = re.compile(r"https://journal\.example\.org/welcome/[\w-]{43}\n")


def test_an_administrator_gets_a_link_and_no_password(terminal: Terminal) -> None:
    answer = terminal.run("account", "create-admin", "Grace@Example.org")
    assert (answer.code, answer.err) == (0, "")
    assert LINK.fullmatch(answer.out)
    with terminal.database.look() as db:
        grace = account_by_email(db, "grace@example.org")
        assert grace is not None
        assert (grace.role, grace.password_hash) == ("admin", None)
        token = answer.out.strip().rsplit("/", 1)[-1]
        assert token not in repr(terminal.everything())


def test_a_provider_joins_the_only_clinic_there_is(terminal: Terminal) -> None:
    answer = terminal.run("account", "create-provider", "grace@example.org", "--name", "Grace Lee")
    assert (answer.code, answer.err) == (0, "")
    assert LINK.fullmatch(answer.out)
    with terminal.database.look() as db:
        grace = db.scalars(sa.select(Provider).where(Provider.display_name == "Grace Lee")).one()
        assert (grace.clinic_id, grace.kind) == (terminal.cast.clinic_id, "therapist")


def test_a_clinic_begins_with_its_first_provider(terminal: Terminal) -> None:
    more = ("--clinic", "Harbour", "--zone", "Europe/Athens", "--kind", "prescriber")
    assert terminal.run("account", "create-provider", "grace@example.org", *more).code == 0
    with terminal.database.look() as db:
        harbour = db.scalars(sa.select(Clinic).where(Clinic.name == "Harbour")).one()
        grace = db.scalars(sa.select(Provider).where(Provider.clinic_id == harbour.id)).one()
        assert (harbour.zone, grace.kind, grace.display_name) == ("Europe/Athens", "prescriber", "grace")


def test_a_closed_account_is_signed_out_everywhere(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        web_session(db, terminal.cast.bob)
    answer = terminal.run("account", "disable", "bob@example.org")
    assert (answer.code, answer.out, answer.err) == (0, "Closed.\n", "")
    with terminal.database.look() as db:
        bob = db.get(Account, terminal.cast.bob.account_id)
        assert bob is not None
        assert bob.disabled_at is not None
        still_open = sa.select(WebSession).where(WebSession.account_id == bob.id)
        assert [one for one in db.scalars(still_open) if one.ends_at > bob.disabled_at] == []


def test_closing_the_account_of_who_looks_at_flags_says_what_ends(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        let_review(db, terminal.cast)
    answer = terminal.run("account", "disable", "bob@example.org")
    assert (answer.code, answer.out) == (0, "Closed.\n")
    assert "Nobody is named any more who looks at flags at Riverside Clinic" in answer.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("create-admin", "nowhere"), "Write an email address like name@example.org"),
        (("create-admin", "bob@example.org"), "This address is in use here already. Choose another one"),
        (("create-provider", "nowhere"), "Write an email address like name@example.org"),
        (("create-provider", "erin@example.org"), "This address is in use here already. Choose another one"),
        (
            ("create-provider", "grace@example.org", "--clinic", "Harbour", "--zone", "Mars/Phobos"),
            "Choose your time zone from the list",
        ),
        (("disable", "nobody@example.org"), "Nobody here has this address"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_refused_changes_nothing_and_is_said_in_one_line(
    terminal: Terminal, words: tuple[str, ...], line: str
) -> None:
    before = terminal.everything()
    answer = terminal.run("account", *words)
    assert (answer.code, answer.out, answer.err) == (1, "", line + "\n")
    assert terminal.everything() == before
