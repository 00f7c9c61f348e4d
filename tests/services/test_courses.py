"""Beginning a course, laying it out, moving what is planned, changing its phase: what is kept, and who may."""

from __future__ import annotations

from datetime import date, time

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.course_bodies import CourseBody
from journal.domain.courses import PRESETS, Rhythm, Stretch
from journal.domain.errors import NotFound, Refused
from journal.domain.treatments import Drug, Phase, PresetId, Route, Source, Status, TreatmentSession
from journal.services import courses as acts
from journal.services.reminders import CHECK_IN
from journal.services.writers import Writer
from journal.storage import audit, consents, courses, reminders, treatments
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import EVERY_SCOPE, NOW, ZONE, Cast, Person
from tests.reminding import remind

TODAY = date(2026, 3, 30)
FIRST = date(2026, 4, 1)  # a Wednesday
EVERYTHING = Sight(EVERY_SCOPE, None)
SIX = PRESETS[PresetId.IV_6X_2WK].stretches
SIX_DAYS = [date(2026, 4, day) for day in (1, 3, 6, 8, 10, 13)]


def clinic(provider: Person, sight: Sight = EVERYTHING) -> Writer:
    return Writer(provider.account_id, provider.provider_id, sight)


def alone(person: Person) -> Writer:
    return Writer(person.account_id)


def begin(
    db: Session,
    person: Person,
    by: Writer,
    phase: Phase = Phase.INDUCTION,
    preset: PresetId | None = PresetId.IV_6X_2WK,
    starts: date | None = FIRST,
) -> str:
    body = CourseBody(preset_id=preset, drug=None if preset else Drug.OTHER, start_date=starts)
    return acts.begin_course(db, the_patient(db, person), body, phase=phase, by=by, now=NOW)


def lay_out(db: Session, person: Person, by: Writer, seen: list[date] | None = None) -> None:
    acts.lay_out_sessions(
        db, the_patient(db, person), SIX, first=FIRST, seen=seen or SIX_DAYS, by=by, now=NOW
    )


def kept(db: Session, person: Person) -> list[TreatmentSession]:
    return sorted(treatments.treatments_of(db, person.patient_id), key=lambda one: one.local_date)


def done(db: Session, person: Person) -> list[str]:
    logged = audit.log_of(db, person.patient_id, limit=50, offset=0, leaving_out_account_id=None)
    return [one.act.value for one in reversed(logged)]


def test_a_course_begins_as_its_schedule_says(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        course = courses.present_course(db, cast.alice.patient_id)
        assert course is not None
        assert (course.preset_id, course.drug, course.default_route) == (
            "iv_6x_2wk",
            "ketamine_racemic",
            "iv",
        )
        assert (course.planned_sessions, course.phase, course.start_date) == (6, "induction", FIRST)
        (said,) = courses.phases_of(db, cast.alice.patient_id, course.public_id)
        assert (said.change.local_date, said.by_account_id) == (FIRST, cast.bob.account_id)
        assert done(db, cast.alice) == ["course_begun"]


def test_a_course_that_is_still_planned_stands_so_since_today(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        course = begin(db, cast.alice, clinic(cast.bob), Phase.PLANNED)
        (said,) = courses.phases_of(db, cast.alice.patient_id, course)
    assert said.change.local_date == TODAY


def test_a_second_course_waits_for_the_end_of_the_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.dan, alone(cast.dan), starts=TODAY)
        with pytest.raises(Refused) as refused:
            begin(db, cast.dan, alone(cast.dan))
        patient = the_patient(db, cast.dan)
        acts.change_phase(db, patient, Phase.ENDED, on=TODAY, by=alone(cast.dan), now=NOW)
        begin(db, cast.dan, alone(cast.dan), preset=PresetId.ESK_TRD)
        course = courses.present_course(db, cast.dan.patient_id)
    assert refused.value.code == "course_not_over"
    assert course is not None
    assert course.drug == "esketamine"


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.ENDED])
def test_nothing_begins_paused_or_over(database: Database, cast: Cast, phase: Phase) -> None:
    with database.unit_of_work() as db, pytest.raises(Refused) as refused:
        begin(db, cast.dan, alone(cast.dan), phase)
    assert (refused.value.code, refused.value.field) == ("not_a_choice", "phase")


def test_the_clinics_dates_are_the_clinics(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        lay_out(db, cast.alice, clinic(cast.bob))
        found = kept(db, cast.alice)
        assert done(db, cast.alice) == ["course_begun", "course_laid_out"]
    assert [one.local_date for one in found] == SIX_DAYS
    assert {(one.status, one.source, one.route, one.by_provider_id) for one in found} == {
        (Status.PLANNED, Source.CLINICIAN, Route.IV, cast.bob.provider_id)
    }


def test_a_patient_alone_lays_out_their_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.dan, alone(cast.dan))
        lay_out(db, cast.dan, alone(cast.dan))
        found = kept(db, cast.dan)
    assert [one.local_date for one in found] == SIX_DAYS
    assert {(one.source, one.by_provider_id) for one in found} == {(Source.PATIENT, None)}


def test_reminders_are_planned_anew_around_what_was_laid_out(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:00", at=NOW)
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        before = plan_of(db, cast.alice)
        lay_out(db, cast.alice, clinic(cast.bob))
        assert plan_of(db, cast.alice) == before + 1


def plan_of(db: Session, person: Person) -> int:
    row = reminders.reminder_to_change(db, person.account_id, kind=CHECK_IN)
    assert row is not None
    return row.plan


def test_a_date_that_has_a_session_already_keeps_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        builders.treatment(db, cast.alice, date(2026, 4, 3), status=Status.PLANNED, by=cast.bob)
        laid = acts.look_ahead(
            db, the_patient(db, cast.alice), SIX, first=FIRST, by=clinic(cast.bob), now=NOW
        )
        assert [one.local_date.day for one in laid.new] == [1, 6, 8, 10, 13]
        assert [(one.number, one.local_date.day) for one in laid.there] == [(2, 3)]


def test_the_patients_own_record_does_not_stand_in_the_clinics_way(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED)
        laid = acts.look_ahead(
            db, the_patient(db, cast.alice), SIX, first=FIRST, by=clinic(cast.bob), now=NOW
        )
    assert [one.local_date for one in laid.new] == SIX_DAYS


@pytest.mark.parametrize(
    ("first", "count", "code", "field"),
    [
        (date(2026, 3, 29), 1, "day_past", "first"),
        (date(2029, 3, 30), 1, "day_out_of_reach", "first"),
        (FIRST, 1, "session_on_that_day", "first"),
        (FIRST, 61, "out_of_range", "count"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_their_field(
    database: Database, cast: Cast, first: date, count: int, code: str, field: str
) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED, by=cast.bob)
        with pytest.raises(Refused) as refused:
            acts.look_ahead(
                db,
                the_patient(db, cast.alice),
                (Stretch(Phase.INDUCTION, Rhythm.WEEKLY, count),),
                first=first,
                by=clinic(cast.bob),
                now=NOW,
            )
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nobody_plans_into_days_that_were_not_opened_to_them(database: Database, cast: Cast) -> None:
    by = clinic(cast.bob, Sight(EVERY_SCOPE, date(2026, 4, 2)))
    with database.unit_of_work() as db, pytest.raises(Refused) as refused:
        acts.look_ahead(db, the_patient(db, cast.alice), SIX, first=FIRST, by=by, now=NOW)
    assert (refused.value.code, refused.value.field) == ("day_not_shared", "first")


def test_dates_that_nobody_saw_are_not_planned(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        with pytest.raises(Refused) as refused:
            lay_out(db, cast.alice, clinic(cast.bob), seen=SIX_DAYS[:5])
        assert kept(db, cast.alice) == []
    assert refused.value.code == "plan_changed"


def test_without_a_course_nothing_is_laid_out(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db, pytest.raises(NotFound):
        lay_out(db, cast.alice, clinic(cast.bob))


def test_a_session_moves_and_the_others_stay(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        lay_out(db, cast.alice, clinic(cast.bob))
        move(db, cast.alice, clinic(cast.bob), to=date(2026, 4, 2))
        found = kept(db, cast.alice)
        assert done(db, cast.alice)[-1] == "treatment_changed"
    assert [one.local_date.day for one in found] == [2, 3, 6, 8, 10, 13]


def move(db: Session, person: Person, by: Writer, *, to: date, version: int = 1) -> None:
    acts.move_session(
        db,
        the_patient(db, person),
        kept(db, person)[0].public_id,
        to=to,
        seen_version=version,
        zone=ZONE,
        by=by,
        now=NOW,
    )


def test_a_session_keeps_its_time_of_day_over_a_change_of_the_clock(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED, at=time(10, 0), by=cast.bob)
        move(db, cast.alice, clinic(cast.bob), to=date(2026, 10, 26))
        (found,) = kept(db, cast.alice)
    assert found.started_at is not None
    assert found.started_at.isoformat() == "2026-10-26T09:00:00+00:00"


@pytest.mark.parametrize(
    ("to", "version", "code"),
    [
        (date(2026, 4, 3), 1, "session_on_that_day"),
        (date(2026, 3, 29), 1, "day_past"),
        (date(2026, 4, 2), 0, "changed_meanwhile"),
    ],
)
def test_a_session_does_not_go_where_it_cannot(
    database: Database, cast: Cast, to: date, version: int, code: str
) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        lay_out(db, cast.alice, clinic(cast.bob))
        with pytest.raises(Refused) as refused:
            move(db, cast.alice, clinic(cast.bob), to=to, version=version)
    assert (refused.value.code, refused.value.field) == (code, "local_date")


def test_a_cancelled_session_is_not_planned_any_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        lay_out(db, cast.alice, clinic(cast.bob))
        cancel(db, cast.alice, clinic(cast.bob))
        with pytest.raises(Refused) as refused:
            cancel(db, cast.alice, clinic(cast.bob))
        found = kept(db, cast.alice)
    assert refused.value.code == "not_planned_any_more"
    assert [one.status.value for one in found] == ["cancelled", *["planned"] * 5]


def cancel(db: Session, person: Person, by: Writer) -> None:
    session = kept(db, person)[0]
    acts.cancel_session(
        db, the_patient(db, person), session.public_id, seen_version=session.version, by=by, now=NOW
    )


def test_a_clinic_does_not_move_what_the_patient_planned(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED)
        with pytest.raises(NotFound):
            move(db, cast.alice, clinic(cast.bob), to=date(2026, 4, 2))


def test_what_was_planned_elsewhere_is_whose_the_course_is_now(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED, by=cast.bob)
        db.execute(
            sa.update(treatments.TreatmentSession).values(by_provider_id=None)
        )  # as a copy is put back
        with pytest.raises(Refused) as refused:
            cancel(db, cast.alice, alone(cast.alice))
        cancel(db, cast.alice, clinic(cast.bob))
        (found,) = kept(db, cast.alice)
    assert refused.value.code == "course_kept_by_provider"
    assert found.status is Status.CANCELLED


def test_a_session_before_the_first_visible_day_is_not_there(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED, by=cast.bob)
        with pytest.raises(NotFound):
            cancel(db, cast.alice, clinic(cast.bob, Sight(EVERY_SCOPE, date(2026, 4, 2))))


def test_a_patient_who_parted_from_a_clinic_can_cancel_what_it_planned(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, FIRST, status=Status.PLANNED, by=cast.bob)
        with pytest.raises(Refused) as refused:
            cancel(db, cast.alice, alone(cast.alice))
        for reader in (cast.bob, cast.frank):
            consents.end_consent(
                db, patient_id=cast.alice.patient_id, provider_id=reader.provider_id, now=NOW
            )
        cancel(db, cast.alice, alone(cast.alice))
        (found,) = kept(db, cast.alice)
    assert refused.value.code == "course_kept_by_provider"
    assert found.status is Status.CANCELLED


def test_a_phase_is_changed_from_a_day_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        course = begin(db, cast.alice, clinic(cast.bob), starts=date(2026, 3, 2))
        patient = the_patient(db, cast.alice)
        acts.change_phase(db, patient, Phase.MAINTENANCE, on=date(2026, 3, 25), by=clinic(cast.bob), now=NOW)
        changed = acts.change_phase(db, patient, Phase.ENDED, on=TODAY, by=clinic(cast.bob), now=NOW)
        said = courses.phases_of(db, cast.alice.patient_id, course)
        assert courses.present_course(db, cast.alice.patient_id) == changed
        assert done(db, cast.alice) == ["course_begun", *["course_phase_changed"] * 2]
    assert changed.end_date == TODAY
    assert [(one.change.phase.value, one.change.local_date.isoformat()) for one in said] == [
        ("induction", "2026-03-02"),
        ("maintenance", "2026-03-25"),
        ("ended", "2026-03-30"),
    ]


@pytest.mark.parametrize(
    ("to", "on", "code"),
    [
        (Phase.PLANNED, TODAY, "phase_not_next"),
        (Phase.MAINTENANCE, date(2026, 3, 1), "phase_before_last"),
        (Phase.MAINTENANCE, date(2026, 3, 31), "day_in_future"),
    ],
)
def test_a_phase_that_cannot_be_is_refused(
    database: Database, cast: Cast, to: Phase, on: date, code: str
) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob), starts=date(2026, 3, 2))
        with pytest.raises(Refused) as refused:
            acts.change_phase(db, the_patient(db, cast.alice), to, on=on, by=clinic(cast.bob), now=NOW)
    assert refused.value.code == code


def test_a_patient_alone_changes_the_phase(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.dan, alone(cast.dan), starts=TODAY)
        changed = acts.change_phase(
            db, the_patient(db, cast.dan), Phase.PAUSED, on=TODAY, by=alone(cast.dan), now=NOW
        )
    assert changed.phase is Phase.PAUSED


def test_where_a_provider_keeps_the_course_the_patient_does_not(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob), starts=TODAY)
        patient, by = the_patient(db, cast.alice), alone(cast.alice)
        for attempt in (
            lambda: begin(db, cast.alice, by),
            lambda: acts.change_course(db, patient, CourseBody(drug=Drug.OTHER), by=by, now=NOW),
            lambda: acts.change_phase(db, patient, Phase.ENDED, on=TODAY, by=by, now=NOW),
            lambda: lay_out(db, cast.alice, by),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.code == "course_kept_by_provider"


def test_a_provider_who_reads_only_scores_keeps_no_course(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert [one.name for one in acts.keepers(db, cast.alice.patient_id, now=NOW)] == ["Bob"]
        builders.share(db, cast.dan, cast.carol, Scope.SCORES, Scope.NOTES)
        assert acts.keepers(db, cast.dan.patient_id, now=NOW) == []


def test_what_a_course_says_can_be_put_right(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        begin(db, cast.alice, clinic(cast.bob))
        body = CourseBody(drug=Drug.ARKETAMINE, route=Route.SC, notes="slowly", baseline_window_days=21)
        acts.change_course(db, the_patient(db, cast.alice), body, by=clinic(cast.bob), now=NOW)
        course = courses.present_course(db, cast.alice.patient_id)
        assert done(db, cast.alice)[-1] == "course_changed"
    assert course is not None
    assert (course.drug, course.default_route, course.notes) == ("arketamine", "sc", "slowly")
    assert (course.preset_id, course.planned_sessions, course.baseline_window_days) == (None, None, 21)
    assert course.phase is Phase.INDUCTION
