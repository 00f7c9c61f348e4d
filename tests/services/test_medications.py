"""Bringing the list of medicines up to date: by whom, from when, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.medications import Change, Medication, changes
from journal.domain.treatments import Source
from journal.services.medications import (
    add_medicine,
    change_dose,
    mend_medicine,
    own_medicine,
    remove_medicine,
    stop_medicine,
    taken_now,
)
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from journal.storage.medications import KeptMedication, medications_of
from tests.builders import medicine, the_patient, writer
from tests.cast import NOW, Cast, Person

JAN_5, MARCH_10 = date(2026, 1, 5), date(2026, 3, 10)
FROM_MARCH = Sight(frozenset({Scope.SESSIONS}), date(2026, 3, 1))


def said(name: str = "Sertraline", dose: str = "50 mg", **days: date | None) -> Medication:
    return Medication("", name, dose, True, days.get("since"), days.get("until"), Source.PATIENT)


def listed(database: Database, cast: Cast) -> list[KeptMedication]:
    with database.look() as db:
        return medications_of(db, cast.alice.patient_id)


def new_dose(
    database: Database,
    cast: Cast,
    kept: KeptMedication,
    *,
    by: Person | None = None,
    on: date = MARCH_10,
    version: int = 1,
    sight: Sight | None = None,
) -> None:
    with database.unit_of_work() as db:
        change_dose(
            db,
            the_patient(db, cast.alice),
            kept.taken.public_id,
            dose="100 mg",
            first_day=on,
            seen_version=version,
            writer=writer(cast.alice, by, sight) if sight else writer(cast.alice, by),
            now=NOW,
        )


def test_another_dose_ends_one_row_and_begins_the_next(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5, note="With food.")
    new_dose(database, cast, kept)
    after, before = listed(database, cast)
    assert (before.taken.dose, before.taken.started_on, before.taken.ended_on) == (
        "50 mg",
        JAN_5,
        date(2026, 3, 9),
    )
    assert (after.taken.dose, after.taken.started_on, after.taken.ended_on) == ("100 mg", MARCH_10, None)
    assert after.taken.note == "With food."
    marks = changes([after.taken, before.taken])
    assert [(mark.local_date, mark.change) for mark in marks] == [
        (JAN_5, Change.STARTED),
        (MARCH_10, Change.CHANGED),
    ]


def test_either_side_says_that_a_medicine_ended_and_who_said_so_stays(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5, by=cast.bob)
        stop_medicine(
            db,
            the_patient(db, cast.alice),
            kept.taken.public_id,
            last_day=MARCH_10,
            seen_version=1,
            writer=writer(cast.alice),
            now=NOW,
        )
    (after,) = listed(database, cast)
    assert (after.taken.source, after.by_provider_id) == (Source.CLINICIAN, cast.bob.provider_id)
    assert (after.taken.ended_on, after.ended_source) == (MARCH_10, Source.PATIENT)


def test_a_new_dose_belongs_to_whoever_said_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5)
    new_dose(database, cast, kept, by=cast.bob)
    after, before = listed(database, cast)
    assert (after.taken.source, after.by_provider_id) == (Source.CLINICIAN, cast.bob.provider_id)
    assert (before.taken.source, before.ended_source) == (Source.PATIENT, Source.CLINICIAN)


def test_a_new_dose_begins_after_the_one_before(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=MARCH_10)
    with pytest.raises(Refused) as refused:
        new_dose(database, cast, kept, on=MARCH_10)
    assert (refused.value.code, refused.value.field) == ("change_not_after_start", "started_on")
    assert refused.value.details == {"started": MARCH_10}


def test_a_beginning_that_is_not_open_is_not_told_by_a_refusal(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5)
    with pytest.raises(Refused) as refused:
        new_dose(database, cast, kept, by=cast.bob, on=date(2026, 1, 4), sight=FROM_MARCH)
    assert refused.value.code == "day_not_shared"
    assert refused.value.details == {"first": date(2026, 3, 1)}


def test_two_who_change_at_once_are_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5)
    with pytest.raises(Refused) as refused:
        new_dose(database, cast, kept, version=0)
    assert refused.value.code == "changed_meanwhile"
    assert listed(database, cast) == [kept]


def test_a_last_day_before_the_first_is_refused(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=MARCH_10)
        with pytest.raises(RefusedFields) as refused:
            stop_medicine(
                db,
                the_patient(db, cast.alice),
                kept.taken.public_id,
                last_day=date(2026, 3, 9),
                seen_version=1,
                writer=writer(cast.alice),
                now=NOW,
            )
    assert [problem.code for problem in refused.value.problems] == ["last_day_before_first"]


def test_a_provider_writes_into_no_day_that_is_not_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice, bob = the_patient(db, cast.alice), writer(cast.alice, cast.bob, FROM_MARCH)
        with pytest.raises(Refused) as refused:
            add_medicine(db, alice, said(since=date(2026, 2, 28)), writer=bob, now=NOW)
        assert (refused.value.code, refused.value.field) == ("day_not_shared", "started_on")
        add_medicine(db, alice, said(since=date(2026, 3, 1)), writer=bob, now=NOW)


def test_the_other_sides_line_is_neither_mended_nor_removed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        hers = medicine(db, cast.alice)
        his = medicine(db, cast.alice, by=cast.bob)
        for public_id, who in (
            (his.taken.public_id, writer(cast.alice)),
            (hers.taken.public_id, writer(cast.alice, cast.bob)),
        ):
            with pytest.raises(NotFound):
                mend_medicine(db, alice, public_id, said(), seen_version=1, writer=who, now=NOW)
            with pytest.raises(NotFound):
                remove_medicine(db, alice, public_id, writer=who, now=NOW)


def test_a_colleague_mends_what_the_clinic_wrote(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, by=cast.bob)
        mend_medicine(
            db,
            the_patient(db, cast.alice),
            kept.taken.public_id,
            said("Sertralin"),
            seen_version=1,
            writer=writer(cast.alice, cast.frank),
            now=NOW,
        )
    (after,) = listed(database, cast)
    assert (after.taken.name, after.taken.source, after.by_provider_id) == (
        "Sertralin",
        Source.CLINICIAN,
        cast.bob.provider_id,
    )


def test_a_line_that_began_before_the_open_days_is_not_a_providers_to_mend(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5, by=cast.bob)
        alice = the_patient(db, cast.alice)
        with pytest.raises(NotFound):
            own_medicine(db, alice, kept.taken.public_id, writer=writer(cast.alice, cast.bob, FROM_MARCH))
        assert own_medicine(db, alice, kept.taken.public_id, writer=writer(cast.alice, cast.bob)) == kept


def test_what_has_ended_is_not_ended_again(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        over = medicine(db, cast.alice, until=date(2026, 3, 29))
        today = medicine(db, cast.alice, until=date(2026, 3, 30))
        alice = the_patient(db, cast.alice)
        with pytest.raises(NotFound):
            taken_now(db, alice, over.taken.public_id, writer=writer(cast.alice), now=NOW)
        assert taken_now(db, alice, today.taken.public_id, writer=writer(cast.alice), now=NOW) == today


def test_every_act_is_in_the_log_with_whoever_did_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = medicine(db, cast.alice, since=JAN_5)
    new_dose(database, cast, kept, by=cast.bob)
    with database.unit_of_work() as db:
        remove_medicine(
            db, the_patient(db, cast.alice), kept.taken.public_id, writer=writer(cast.alice), now=NOW
        )
    with database.look() as db:
        rows = db.execute(
            sa.select(AuditEvent.act, AuditEvent.actor_account_id, AuditEvent.provider_id)
            .where(AuditEvent.act.startswith("medicine"))
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(row) for row in rows] == [
        ("medicine_added", cast.alice.account_id, None),
        ("medicine_changed", cast.bob.account_id, cast.bob.provider_id),
        ("medicine_removed", cast.alice.account_id, None),
    ]
