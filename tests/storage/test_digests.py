"""Whether a provider has anything to read, asked through consents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.reminders import DIGEST, Due
from journal.services.appointments import change_by_patient, make_appointment
from journal.storage import digests
from journal.storage.appointments import AppointmentKind
from journal.storage.consents import Consent, end_consent
from journal.storage.database import Database
from journal.storage.patients import Patient
from tests.builders import check_in, treatment
from tests.cast import NOW, Cast

MONDAY = Due(DIGEST, date(2026, 3, 30), NOW)
VISIT = NOW + timedelta(days=3)
A_DAY = timedelta(days=1)


def is_news(database: Database, account_id: int, due: Due = MONDAY) -> bool:
    with database.look() as db:
        return digests.is_news(db, account_id, due, now=NOW)


def written(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=NOW - timedelta(hours=1))


def visit(database: Database, cast: Cast) -> tuple[str, Due]:
    with database.unit_of_work() as db:
        alice = db.get_one(Patient, cast.alice.patient_id)
        made = make_appointment(
            db,
            alice,
            starts_at=VISIT,
            kind=AppointmentKind.THERAPY,
            provider_id=cast.bob.provider_id,
            actor_account_id=None,
            now=NOW,
        )
    with database.look() as db:
        (due,) = digests.notes_before_appointments(db, cast.bob.account_id, zone="Europe/Berlin", now=NOW)
    return made.public_id, due


def test_a_check_in_of_the_week_is_news_to_whoever_may_read_it_and_to_nobody_else(
    database: Database, cast: Cast
) -> None:
    assert not is_news(database, cast.bob.account_id)
    written(database, cast)
    assert is_news(database, cast.bob.account_id)
    assert not is_news(database, cast.carol.account_id)


def test_a_check_in_of_an_earlier_week_is_no_news(database: Database, cast: Cast) -> None:
    written(database, cast)
    next_week = Due(DIGEST, date(2026, 4, 6), NOW + timedelta(days=7))
    assert not is_news(database, cast.bob.account_id, next_week)


def test_nothing_is_news_after_sharing_ended(database: Database, cast: Cast) -> None:
    _, due = visit(database, cast)
    written(database, cast)
    with database.unit_of_work() as db:
        end_consent(db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, now=NOW)
    assert not is_news(database, cast.bob.account_id)
    assert not is_news(database, cast.bob.account_id, due)


def test_the_note_comes_a_day_before_the_visit(database: Database, cast: Cast) -> None:
    public_id, due = visit(database, cast)
    assert due == Due(f"appointment:{public_id}:24h", date(2026, 4, 1), VISIT - A_DAY)
    assert is_news(database, cast.bob.account_id, due)
    assert not is_news(database, cast.carol.account_id, due)


@pytest.mark.parametrize("moved", [timedelta(hours=1), -timedelta(hours=1)])
def test_the_note_for_a_visit_that_was_moved_is_no_longer_news(
    database: Database, cast: Cast, moved: timedelta
) -> None:
    public_id, due = visit(database, cast)
    with database.unit_of_work() as db:
        change_by_patient(
            db,
            db.get_one(Patient, cast.alice.patient_id),
            public_id,
            starts_at=VISIT + moved,
            kind=AppointmentKind.THERAPY,
            provider_id=cast.bob.provider_id,
            actor_account_id=None,
            now=NOW,
        )
    assert not is_news(database, cast.bob.account_id, due)


def test_scores_alone_bring_news_of_check_ins_and_sessions_alone_of_sessions(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        db.execute(
            sa.update(Consent).where(Consent.provider_id == cast.bob.provider_id).values(scopes="sessions")
        )
    written(database, cast)
    assert is_news(database, cast.frank.account_id)
    assert not is_news(database, cast.bob.account_id)
    with database.unit_of_work() as db:
        treatment(db, cast.alice, date(2026, 3, 29), now=NOW - timedelta(hours=2))
    assert is_news(database, cast.bob.account_id)


def test_a_session_that_a_provider_wrote_down_is_no_news_to_them(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        treatment(db, cast.alice, date(2026, 3, 29), by=cast.bob, now=NOW - timedelta(hours=2))
    assert not is_news(database, cast.bob.account_id)
