"""Getting ready and looking back: what is kept, whoever recorded the session, and what is passed over."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.errors import NotFound, Refused
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatments import Source, Status
from journal.services.aftercare import (
    NOTHING_TOLD,
    LookingBack,
    Ready,
    Told,
    begun_lately,
    get_ready,
    given_lately,
    look_back,
    tell_after,
    urgent_now,
)
from journal.services.checkins import delete_check_in, record_check_in
from journal.storage import side_effects, treatment_records, treatments
from journal.storage.database import Database
from tests.builders import body, the_patient, treatment, written
from tests.cast import NOW, Cast

DAY = date(2026, 4, 2)
NOON = datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
EVENING = datetime(2026, 4, 2, 18, 0, tzinfo=UTC)


def test_not_ticked_is_no_answer_and_not_a_no(database: Database, cast: Cast) -> None:
    alice = cast.alice
    asked = ("escort", "fasting_ok")
    with database.unit_of_work() as db:
        one = treatment(db, alice, DAY, status=Status.PLANNED)
        for checklist, escort in ((("escort",), True), ((), None)):
            ready = Ready(asked=asked, checklist=checklist)
            get_ready(db, the_patient(db, alice), one.public_id, ready, actor_account_id=1, now=NOW)
            kept = treatment_records.record_of(db, alice.patient_id, one.public_id)
            assert kept is not None
            assert (kept.escort, kept.fasting_ok) == (escort, None)


def test_getting_ready_is_over_with_the_sessions_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        one = treatment(db, cast.alice, DAY, status=Status.PLANNED)
        with pytest.raises(Refused) as caught:
            get_ready(
                db,
                alice,
                one.public_id,
                Ready((), ()),
                actor_account_id=1,
                now=datetime(2026, 4, 3, 12, tzinfo=UTC),
            )
        assert caught.value.code == "before_is_over"


def test_nobody_writes_into_the_session_of_somebody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        one = treatment(db, cast.alice, DAY, now=NOON)
        with pytest.raises(NotFound):
            look_back(
                db,
                the_patient(db, cast.dan),
                one.public_id,
                LookingBack(NOTHING_TOLD),
                actor_account_id=1,
                now=EVENING,
            )


def test_sharing_a_page_with_nothing_on_it_shares_nothing(database: Database, cast: Cast) -> None:
    alice = cast.alice
    with database.unit_of_work() as db:
        one = treatment(db, alice, DAY, now=NOON)
        said = LookingBack(NOTHING_TOLD, shared=True)
        look_back(db, the_patient(db, alice), one.public_id, said, actor_account_id=1, now=EVENING)
        kept = treatment_records.record_of(db, alice.patient_id, one.public_id)
        assert kept is not None
        assert not kept.reflection_shared


def test_what_came_with_a_deleted_check_in_is_not_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        treatment(db, cast.alice, DAY, now=NOON)
        wrote = written(at=EVENING, zone=alice.zone)
        recorded = record_check_in(db, alice, body=body(6, on=DAY), written=wrote, now=EVENING)
        delete_check_in(db, alice, check_in_id=recorded.check_in_id, now=EVENING)
        told = Told({SideEffectCode.NAUSEA: Severity.MILD})
        assert not tell_after(db, alice, told, recorded, actor_account_id=1, now=EVENING)
        assert side_effects.side_effects_of(db, alice.id) == []


def test_what_a_clinic_recorded_can_be_closed_by_the_patient(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        one = treatment(db, cast.alice, DAY, by=cast.bob, now=NOON)
        theirs = SideEffect(one.public_id, SideEffectCode.NAUSEA, Severity.MILD, DAY, source=Source.CLINICIAN)
        side_effects.add_side_effect(db, alice.id, theirs, now=NOON)
        recorded = record_check_in(
            db, alice, body=body(6, on=DAY), written=written(at=EVENING, zone=alice.zone), now=EVENING
        )
        told = Told({SideEffectCode.NAUSEA: Severity.NOT_PRESENT})
        tell_after(db, alice, told, recorded, actor_account_id=1, now=EVENING)
        [kept] = side_effects.side_effects_of(db, alice.id)
        assert (kept.resolved_at, kept.source) == (EVENING, Source.CLINICIAN)


def test_what_came_up_longer_ago_is_carried_and_no_longer_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        treatment(db, cast.alice, DAY, now=NOON)
        recorded = record_check_in(
            db, alice, body=body(6, on=DAY), written=written(at=EVENING, zone=alice.zone), now=EVENING
        )
        told = Told({SideEffectCode.CHEST_PAIN: Severity.MILD, SideEffectCode.HEADACHE: Severity.SEVERE})
        assert tell_after(db, alice, told, recorded, actor_account_id=1, now=EVENING)
        assert urgent_now(db, alice, today=date(2026, 4, 4)) == [SideEffectCode.CHEST_PAIN]
        assert urgent_now(db, alice, today=date(2026, 4, 5)) == []


def test_a_planned_session_has_begun_once_its_time_has_come_and_not_when_it_was_called_off(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        at_ten = treatment(db, cast.alice, DAY, status=Status.PLANNED, at=time(10))
        treatment(db, cast.alice, DAY, status=Status.CANCELLED, at=time(9))
        found = treatments.treatments_of(db, alice.id)
        begun = begun_lately(db, alice, found, today=DAY, now=NOON)
        assert [day.id for day, _record in begun] == [at_ten.public_id]
        early = datetime(2026, 4, 2, 7, 59, tzinfo=UTC)
        assert begun_lately(db, alice, found, today=DAY, now=early) == []
        the_next, a_day_later = NOON + timedelta(days=1), NOON + timedelta(days=2)
        [(kept, _record)] = begun_lately(db, alice, found, today=the_next.date(), now=the_next)
        assert kept.id == at_ten.public_id
        assert begun_lately(db, alice, found, today=a_day_later.date(), now=a_day_later) == []
        assert given_lately(db, alice, found, today=DAY) == []
