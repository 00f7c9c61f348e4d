"""What providers are written by mail, and when: on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.errors import NotFound
from journal.services import accounts, appointments, digests, provider_notes
from journal.services.reminders import NOTES
from journal.storage import clinics, reminders
from journal.storage.clinics import Kind
from journal.storage.database import Database
from tests import builders
from tests.builders import check_in, the_patient
from tests.cast import NOW, Cast
from tests.reminding import begin, claim, queue, states, utc

MONDAY = utc("2026-04-06 06:00")
VISIT = date(2026, 4, 9)
"""At 14:00 in Berlin: its note comes on the 8th at 12:00 UTC."""


def notes(
    database: Database, cast: Cast, *, weekly_at: time | None = time(8), before_visits: bool = True
) -> None:
    with database.unit_of_work() as db:
        digests.set_notes(db, cast.bob.account_id, weekly_at=weekly_at, before_visits=before_visits, now=NOW)


def visit(database: Database, cast: Cast) -> str:
    with database.unit_of_work() as db:
        made = builders.appointment(db, cast.alice, VISIT, with_=cast.bob)
        return made.public_id


def test_a_new_provider_begins_with_both(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        provider, _link = accounts.create_provider(
            db,
            "gwen@example.org",
            name="Gwen",
            kind=Kind.THERAPIST,
            clinic=db.get_one(clinics.Clinic, cast.clinic_id),
            now=NOW,
            actor_account_id=None,
        )
        row = reminders.reminder_of(db, provider.account_id, kind=NOTES)
        assert row is not None
        assert reminders.rule_of(row).before_visits
        assert row.channels == ["email"]
    assert queue(database) == [("digest", date(2026, 4, 6), MONDAY)]


def test_the_weekly_note_comes_on_mondays_where_the_clinic_is(database: Database, cast: Cast) -> None:
    notes(database, cast, weekly_at=time(7, 30), before_visits=False)
    assert queue(database) == [("digest", date(2026, 4, 6), utc("2026-04-06 05:30"))]


def test_a_note_comes_a_day_before_each_visit(database: Database, cast: Cast) -> None:
    notes(database, cast, weekly_at=None)
    made = visit(database, cast)
    assert queue(database) == [(f"appointment:{made}:24h", date(2026, 4, 8), utc("2026-04-08 12:00"))]


def test_a_visit_that_is_moved_or_cancelled_moves_its_note(database: Database, cast: Cast) -> None:
    notes(database, cast, weekly_at=None)
    made = visit(database, cast)
    with database.unit_of_work() as db:
        appointments.change_by_provider(
            db,
            the_patient(db, cast.alice),
            made,
            starts_at=datetime(2026, 4, 10, 9, 0, tzinfo=UTC),
            kind=appointments.AppointmentKind.THERAPY,
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
    assert [due for _, _, due in queue(database)] == [utc("2026-04-09 09:00")]
    with database.unit_of_work() as db:
        found = appointments.own_of_provider(
            db, the_patient(db, cast.alice), made, provider_id=cast.bob.provider_id
        )
        appointments.cancel(db, found, actor_account_id=cast.bob.account_id, now=NOW)
    assert queue(database) == []


def test_a_visit_with_somebody_else_takes_its_note_along(database: Database, cast: Cast) -> None:
    notes(database, cast, weekly_at=None)
    made = visit(database, cast)
    with database.unit_of_work() as db:
        appointments.change_by_patient(
            db,
            the_patient(db, cast.alice),
            made,
            starts_at=datetime(2026, 4, 9, 12, 0, tzinfo=UTC),
            kind=appointments.AppointmentKind.THERAPY,
            provider_id=None,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
    assert queue(database) == []


def test_no_note_before_visits_where_none_is_wanted(database: Database, cast: Cast) -> None:
    notes(database, cast, before_visits=False)
    visit(database, cast)
    assert [slot for slot, _, _ in queue(database)] == ["digest"]


def test_neither_is_nothing_at_all(database: Database, cast: Cast) -> None:
    visit(database, cast)
    notes(database, cast, weekly_at=None, before_visits=False)
    assert queue(database) == []


def test_a_note_before_a_visit_that_is_no_longer_wanted_is_not_sent(database: Database, cast: Cast) -> None:
    notes(database, cast)
    visit(database, cast)
    due = utc("2026-04-08 12:00")
    claim(database, MONDAY)
    (key,) = claim(database, due).to_send
    notes(database, cast, before_visits=False)
    assert begin(database, key, due) is None
    assert states(database, cast.bob)[-1] == ("skipped", "stopped")


def test_the_weekly_note_says_that_there_is_something_to_read_and_asks_for_nothing(
    database: Database, cast: Cast
) -> None:
    notes(database, cast)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=NOW + timedelta(days=2))
    (key,) = claim(database, MONDAY).to_send
    outgoing = begin(database, key, MONDAY)
    assert outgoing is not None
    assert (outgoing.line, outgoing.email) == ("There is something to read.", "bob@example.org")
    assert outgoing.link_token is None


def test_a_week_without_anything_to_read_brings_nothing(database: Database, cast: Cast) -> None:
    notes(database, cast)
    claim(database, MONDAY)
    assert states(database, cast.bob) == [("skipped", "nothing_new")]


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2026, 4, 1), ("claimed", None)),
        (date(2026, 4, 12), ("claimed", None)),
        (date(2026, 4, 13), ("skipped", "nothing_new")),
    ],
)
def test_a_note_to_look_at_again_this_week_is_something_to_read(
    database: Database, cast: Cast, on: date, state: tuple[str, str | None]
) -> None:
    notes(database, cast)
    with database.unit_of_work() as db:
        provider_notes.write_note(
            db,
            the_patient(db, cast.alice),
            provider_notes.Said("Ask about the bridge", look_again_on=on),
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
    claim(database, MONDAY)
    assert states(database, cast.bob) == [state]


def test_nothing_is_sent_to_a_closed_account(database: Database, cast: Cast) -> None:
    notes(database, cast)
    visit(database, cast)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=NOW + timedelta(days=2))
        accounts.disable(db, cast.bob.account_id, actor_account_id=None, now=NOW)
    for due in (MONDAY, utc("2026-04-08 12:00")):
        assert claim(database, due).to_send == []
    assert states(database, cast.bob) == [("skipped", "stopped"), ("skipped", "stopped")]


def test_a_patient_has_no_such_notes(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db, pytest.raises(NotFound):
        digests.begin_notes(db, cast.alice.account_id, now=NOW)
