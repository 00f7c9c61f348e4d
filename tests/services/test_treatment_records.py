"""The whole record: who writes what of it, what is asked once more, and what one session sets going."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from journal.domain.assessment_calendar import Reason
from journal.domain.doses import DoseUnit
from journal.domain.errors import NotFound, RefusedFields
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import Measured, TreatmentRecord, Vitals
from journal.domain.treatments import Route, Source, Status, TreatmentBody, TreatmentSession, markers
from journal.services.assessment_dates import coming, opened_now
from journal.services.assessments import save_answers
from journal.services.treatment_records import NOTHING, Doubted, Said, name_of, write_own_part
from journal.services.treatments import change_treatment, record_treatment
from journal.storage import side_effects, treatment_records, treatments
from journal.storage.database import Database
from journal.storage.patients import PatientSummary
from tests.builders import the_patient, treatment
from tests.cast import NOW, ZONE, Cast, Person
from tests.reminding import ask_no_questionnaires, queue, remind

DAY = date(2026, 3, 13)
BODY = TreatmentBody(local_date=DAY, status=Status.COMPLETED, at=time(10, 0), route=Route.IV)
USUAL = replace(NOTHING, dose_value=Decimal("0.5"), dose_unit=DoseUnit.MG_PER_KG)
HUGE = replace(USUAL, dose_value=Decimal(5))
NAUSEA = SideEffect("", SideEffectCode.NAUSEA, Severity.MILD, DAY)


def record(
    database: Database, cast: Cast, said: Said, *, by: Person | None = None, body: TreatmentBody = BODY
) -> TreatmentSession:
    with database.unit_of_work() as db:
        return record_treatment(
            db,
            the_patient(db, cast.alice),
            body=body,
            said=said,
            zone=ZONE,
            actor_account_id=(by or cast.alice).account_id,
            now=NOW,
            by_provider_id=by.provider_id if by else None,
        )


def change(
    database: Database, cast: Cast, before: TreatmentSession, said: Said, *, by: Person | None = None
) -> TreatmentSession:
    with database.unit_of_work() as db:
        return change_treatment(
            db,
            the_patient(db, cast.alice),
            before.public_id,
            body=BODY,
            said=said,
            seen_version=before.version,
            zone=ZONE,
            actor_account_id=(by or cast.alice).account_id,
            now=NOW,
            by_provider_id=by.provider_id if by else None,
        )


def kept(database: Database, cast: Cast, found: TreatmentSession) -> TreatmentRecord:
    with database.look() as db:
        record = treatment_records.record_of(db, cast.alice.patient_id, found.public_id)
    assert record is not None
    return record


def codes(database: Database, cast: Cast) -> list[tuple[SideEffectCode, Source, Severity | None]]:
    with database.look() as db:
        found = side_effects.side_effects_of(db, cast.alice.patient_id)
    return [(one.code, one.source, one.severity) for one in found]


def test_an_unusual_dose_is_asked_about_and_then_kept_as_it_was_written(
    database: Database, cast: Cast
) -> None:
    with pytest.raises(Doubted) as caught:
        record(database, cast, Said(HUGE, sure=frozenset()), by=cast.bob)
    (doubt,) = caught.value.doubts
    assert name_of(doubt) == "dose_unusual:dose_value:5"
    with database.look() as db:
        assert treatments.treatments_of(db, cast.alice.patient_id) == []
    found = record(database, cast, Said(HUGE, sure=frozenset({name_of(doubt)})), by=cast.bob)
    assert kept(database, cast, found) == HUGE


def test_another_unusual_dose_is_another_question(database: Database, cast: Cast) -> None:
    with pytest.raises(Doubted):
        record(database, cast, Said(HUGE, sure=frozenset({"dose_unusual:dose_value:6"})), by=cast.bob)


def test_what_was_kept_is_not_asked_about_at_every_change(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(HUGE), by=cast.bob)
    change(database, cast, found, Said(replace(HUGE, infusion_min=40), sure=frozenset()), by=cast.bob)
    assert kept(database, cast, found).infusion_min == 40


def test_everything_that_cannot_be_so_is_said_at_once(database: Database, cast: Cast) -> None:
    said = Said(
        replace(NOTHING, cadss_total=93, vitals=(Vitals(Measured.PRE, sys=120),)),
        effects=(NAUSEA, replace(NAUSEA, onset=date(2026, 4, 9))),
    )
    body = replace(BODY, note="x" * 4001)
    with pytest.raises(RefusedFields) as caught:
        record(database, cast, said, by=cast.bob, body=body)
    assert [problem.field for problem in caught.value.problems] == [
        "note", "cadss_total", "vitals-0-dia", "effects-1-onset",
    ]  # fmt: skip


def test_a_clinic_does_not_write_the_patients_part(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(replace(USUAL, intention="Rest.", dissociation_peak=9)), by=cast.bob)
    assert kept(database, cast, found) == USUAL


def test_a_patient_who_shares_does_not_write_the_clinics_part(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(replace(USUAL, cadss_total=9, intention="Rest.")))
    assert kept(database, cast, found) == replace(USUAL, intention="Rest.")


def test_a_patient_alone_keeps_the_whole_record(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        found = record_treatment(
            db,
            the_patient(db, cast.dan),
            body=BODY,
            said=Said(replace(USUAL, cadss_total=9)),
            zone=ZONE,
            actor_account_id=cast.dan.account_id,
            now=NOW,
        )
        record = treatment_records.record_of(db, cast.dan.patient_id, found.public_id)
    assert record is not None
    assert record.cadss_total == 9


def test_the_patients_part_of_a_clinics_record_outlives_its_changes(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(USUAL), by=cast.bob)
    with database.unit_of_work() as db:
        doubts = write_own_part(
            db,
            the_patient(db, cast.alice),
            found.public_id,
            said=replace(NOTHING, intention="Rest.", dissociation_resolved_min=2000, cadss_total=92),
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
    assert [doubt.code for doubt in doubts] == ["dissociation_lasted"]
    change(database, cast, found, Said(replace(USUAL, infusion_min=40)), by=cast.bob)
    assert kept(database, cast, found) == replace(
        USUAL, infusion_min=40, intention="Rest.", dissociation_resolved_min=2000
    )


def test_a_patients_part_of_nobodys_session_is_not_found(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(USUAL))
    with database.unit_of_work() as db, pytest.raises(NotFound):
        write_own_part(
            db,
            the_patient(db, cast.dan),
            found.public_id,
            said=NOTHING,
            actor_account_id=cast.dan.account_id,
            now=NOW,
        )


def test_a_form_holds_one_sides_side_effects_and_leaves_the_others(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(USUAL, effects=(NAUSEA, NAUSEA)), by=cast.bob)
    with database.unit_of_work() as db:
        side_effects.add_side_effect(
            db, cast.alice.patient_id, replace(NAUSEA, treatment=found.public_id), now=NOW
        )
        first, *_ = side_effects.side_effects_of(db, cast.alice.patient_id)
    worse = replace(first, severity=Severity.SEVERE)
    change(database, cast, found, Said(USUAL, effects=(worse,)), by=cast.bob)
    assert codes(database, cast) == [
        (SideEffectCode.NAUSEA, Source.CLINICIAN, Severity.SEVERE),
        (SideEffectCode.NAUSEA, Source.PATIENT, Severity.MILD),
    ]


def test_a_change_that_says_nothing_more_leaves_the_record(database: Database, cast: Cast) -> None:
    found = record(database, cast, Said(USUAL, effects=(NAUSEA,)), by=cast.bob)
    with database.unit_of_work() as db:
        change_treatment(
            db,
            the_patient(db, cast.alice),
            found.public_id,
            body=BODY,
            seen_version=1,
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=NOW,
            by_provider_id=cast.bob.provider_id,
        )
    assert kept(database, cast, found) == USUAL
    assert len(codes(database, cast)) == 1


def test_one_session_sets_everything_going(database: Database, cast: Cast) -> None:
    """Recorded once: quiet until two hours after its end, gentle messages, a mark, the questionnaires' clock."""
    day, now = date(2026, 4, 2), datetime(2026, 4, 2, 18, 0, tzinfo=UTC)
    remind(database, cast.alice, "12:30", at=NOW)
    with database.unit_of_work() as db:
        patient = the_patient(db, cast.alice)
        asked = opened_now(db, patient, "phq8", now=NOW)
        save_answers(
            db,
            patient,
            asked.public_id,
            {str(number): 1 for number in range(1, 9)},
            shown="phq8",
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        recorded = record_treatment(
            db,
            patient,
            body=replace(BODY, local_date=day, at=time(17, 0)),
            said=Said(replace(USUAL, ended_at=datetime(2026, 4, 2, 17, 0, tzinfo=UTC))),
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=now,
            by_provider_id=cast.bob.provider_id,
        )

    gentle = [(slot.split(":"), at) for slot, _, at in queue(database) if slot.startswith("session:")]
    assert {name[1] for name, _ in gentle} == {recorded.public_id}
    assert [(name[2], at) for name, at in gentle] == [
        ("evening", datetime(2026, 4, 2, 19, 0, tzinfo=UTC)),
        ("d1", datetime(2026, 4, 3, 10, 30, tzinfo=UTC)),
        ("d3", datetime(2026, 4, 5, 10, 30, tzinfo=UTC)),
        ("d7", datetime(2026, 4, 9, 10, 30, tzinfo=UTC)),
    ]
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        found = treatments.treatments_of(db, patient.id)
        assert [(one.local_date, one.label) for one in markers(found)] == [(day, "S1")]
        assert treatments.given_dates(db, patient.id) == [day]  # what curves are lined up on
        assert db.get_one(PatientSummary, patient.id).last_session_on == day
        (due,) = [one.due for one in coming(db, patient, now=now) if "phq8" in one.series.clock]
    assert due is not None
    assert (due.reason, due.treatment_on) == (Reason.SESSION, day)


def test_a_later_end_keeps_the_evening_quiet_for_longer(database: Database, cast: Cast) -> None:
    ask_no_questionnaires(database, cast.alice)
    remind(database, cast.alice, "12:30", at=NOW)
    day = date(2026, 4, 2)
    with database.unit_of_work() as db:
        planned = treatment(db, cast.alice, day, status=Status.PLANNED)

    def evening() -> datetime:
        return next(at for slot, _, at in queue(database) if slot == f"session:{planned.public_id}:evening")

    assert evening() == datetime(2026, 4, 2, 16, 0, tzinfo=UTC)  # 18:00 in Berlin, where the end is not known
    with database.unit_of_work() as db:
        change_treatment(
            db,
            the_patient(db, cast.alice),
            planned.public_id,
            body=TreatmentBody(day, Status.COMPLETED),
            said=Said(replace(NOTHING, ended_at=datetime(2026, 4, 2, 15, 0, tzinfo=UTC))),
            seen_version=1,
            zone=ZONE,
            actor_account_id=cast.alice.account_id,
            now=datetime(2026, 4, 2, 15, 30, tzinfo=UTC),
        )
    assert evening() == datetime(2026, 4, 2, 17, 0, tzinfo=UTC)
