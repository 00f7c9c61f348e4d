"""Putting the treatment and the questionnaires of a journal back, as its document says them. The rest is ``restoring``.

Everything comes back as it was recorded, and as the record of whoever recorded it, without a provider behind the name.
An old answer stays an old answer: no flag is made of it, and nobody is told. Questionnaires that this program does not
know, or has in another version, keep what was counted when they were completed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy.orm import Session

from journal.domain.assessment_calendar import Cadence, Rhythm
from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import DECLINED, Answer
from journal.domain.doses import DoseUnit
from journal.domain.safety_flags import RightNow
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import Measured, MedicineTaken, Setting, TreatmentRecord, Vitals
from journal.domain.treatments import Source
from journal.interop.plain import (
    a_list,
    day,
    day_or_none,
    decimal_or_none,
    instant,
    instant_or_none,
    rows_in,
    whole,
    whole_or_none,
)
from journal.storage import assessment_documents, care_documents, side_effects
from journal.storage.base import new_public_id
from journal.storage.key_moments import KeyMoment
from journal.storage.medications import Medication
from journal.storage.patients import Patient
from journal.storage.transfers import Row

_RECORD = tuple(one.name for one in fields(TreatmentRecord))
_APART = frozenset({"course", "recorded_by", "side_effects", *_RECORD})
"""Fields of a session that are no columns of its own, or are written with its record."""


def put_back_treatment(db: Session, patient: Patient, document: Mapping[str, object]) -> dict[str, str]:
    """Put courses, sessions, medicines, moments and two-weekly answers back.

    The names of the providers who recorded something, by what it is known as here.
    """
    names: dict[str, str] = {}
    courses = {
        str(row["id"]): _put_back_course(db, patient, row, names) for row in rows_in(document, "courses")
    }
    for row in rows_in(document, "treatment_sessions"):
        _put_back_treatment_session(db, patient, row, course_id=courses.get(str(row["course"])), names=names)
    for row in rows_in(document, "medications"):
        dates = {name: day_or_none(row[name]) for name in ("started_on", "ended_on")}
        care_documents.add_signed(db, Medication, patient.id, _signed({**row, **dates}, names))
    for row in rows_in(document, "key_moments"):
        on = {"local_date": day(row["local_date"])}
        care_documents.add_signed(db, KeyMoment, patient.id, _signed({**row, **on}, names))
    for row in rows_in(document, "long_term_checks"):
        said = {**row, "local_date": day(row["local_date"]), "recorded_at": instant(row["recorded_at"])}
        care_documents.add_long_term_check(db, patient.id, said)
    return names


def put_back_questionnaires(db: Session, patient: Patient, document: Mapping[str, object]) -> dict[str, str]:
    """Put questionnaires back, and what was chosen about them; the names of the providers who chose it.

    What was asked here and not answered gives way: the calendar goes by what comes back.
    """
    assessment_documents.forget_unanswered(db, patient.id)
    for row in rows_in(document, "assessments"):
        assessment_documents.add_assessment(
            db,
            patient.id,
            _assessment(row),
            help_shown_at=instant_or_none(row["help_shown_at"]),
            right_now=None if row["right_now"] is None else RightNow(str(row["right_now"])),
            right_now_at=instant_or_none(row["right_now_at"]),
        )
    names: dict[str, str] = {}
    for row in rows_in(document, "assessment_plans"):
        choice = Choice(
            instrument=str(row["instrument"]),
            is_enabled=bool(row["enabled"]),
            cadence=Cadence(Rhythm(str(row["rhythm"])), since=day_or_none(row["since"])),
        )
        kept = assessment_documents.add_plan(db, patient.id, choice, changed_at=instant(row["changed_at"]))
        if kept and row["chosen_by"] is not None:
            names[kept] = str(row["chosen_by"])
    return names


def _put_back_course(db: Session, patient: Patient, row: Row, names: dict[str, str]) -> int:
    public_id = new_public_id()
    phases: list[Row] = []
    for place, phase in enumerate(rows_in(row, "phases")):
        phases.append(
            {
                "local_date": day(phase["local_date"]),
                "phase": phase["phase"],
                "by_account_id": patient.account_id if phase["own"] else None,
                "recorded_at": instant(phase["recorded_at"]),
            }
        )
        if phase["recorded_by"] is not None:
            names[care_documents.phase_name(public_id, place)] = str(phase["recorded_by"])
    said = {name: value for name, value in row.items() if name not in {"id", "phases"}}
    dates = {name: day_or_none(row[name]) for name in ("start_date", "end_date")}
    course = {**said, **dates, "created_at": instant(row["created_at"]), "public_id": public_id}
    return care_documents.add_course(db, patient.id, course, phases)


def _put_back_treatment_session(
    db: Session, patient: Patient, row: Row, *, course_id: int | None, names: dict[str, str]
) -> None:
    public_id = new_public_id()
    said = {name: value for name, value in row.items() if name not in _APART}
    own = {
        **said,
        "public_id": public_id,
        "course_id": course_id,
        "local_date": day(row["local_date"]),
        "started_at": instant_or_none(row["started_at"]),
        "recorded_at": instant(row["recorded_at"]),
    }
    care_documents.add_treatment(db, patient.id, own, _record(row))
    if row["recorded_by"] is not None:
        names[public_id] = str(row["recorded_by"])
    for effect in rows_in(row, "side_effects"):
        kept = side_effects.add_side_effect(
            db, patient.id, _side_effect(effect, public_id), now=instant(effect["recorded_at"])
        )
        if kept is not None and effect["recorded_by"] is not None:
            names[kept] = str(effect["recorded_by"])


def _record(row: Row) -> TreatmentRecord:
    said = {name: row[name] for name in _RECORD}
    return TreatmentRecord(
        **said  # type: ignore[arg-type]
        | {
            "ended_at": instant_or_none(row["ended_at"]),
            "ready_to_leave_at": instant_or_none(row["ready_to_leave_at"]),
            "dose_value": decimal_or_none(row["dose_value"]),
            "weight_kg": decimal_or_none(row["weight_kg"]),
            "dose_unit": None if row["dose_unit"] is None else DoseUnit(str(row["dose_unit"])),
            "setting": None if row["setting"] is None else Setting(str(row["setting"])),
            "vitals": tuple(
                Vitals(**{**one, "measured": Measured(str(one["measured"]))})  # type: ignore[arg-type]
                for one in rows_in(row, "vitals")
            ),
            "meds_today": frozenset(MedicineTaken(str(one)) for one in a_list(row["meds_today"])),
            "checklist": tuple(str(one) for one in a_list(row["checklist"])),
            "experience_words": tuple(str(one) for one in a_list(row["experience_words"])),
        }
    )


def _side_effect(row: Row, treatment: str) -> SideEffect:
    return SideEffect(
        treatment=treatment,
        code=SideEffectCode(str(row["code"])),
        severity=None if row["severity"] is None else Severity(whole(row["severity"])),
        onset=day(row["onset"]),
        resolved_at=instant_or_none(row["resolved_at"]),
        source=Source(str(row["source"])),
    )


def _signed(row: Row, names: dict[str, str]) -> Row:
    """A row under a new public id, with its writer's name taken out of it."""
    public_id = new_public_id()
    if row["recorded_by"] is not None:
        names[public_id] = str(row["recorded_by"])
    said = {name: value for name, value in row.items() if name != "recorded_by"}
    return {**said, "public_id": public_id, "recorded_at": instant(row["recorded_at"])}


def _assessment(row: Row) -> AssessmentRecord:
    return AssessmentRecord(
        public_id=new_public_id(),
        instrument=str(row["instrument"]),
        version=whole(row["version"]),
        due_on=day(row["due_on"]),
        opened_at=instant(row["opened_at"]),
        saved_at=instant_or_none(row["saved_at"]),
        completed_at=instant_or_none(row["completed_at"]),
        completed_on=day_or_none(row["completed_on"]),
        expired_at=instant_or_none(row["expired_at"]),
        answers={str(one["item"]): _answer(one["answer"]) for one in rows_in(row, "answers")},
        scored_as=None if row["scored_as"] is None else str(row["scored_as"]),
        total=whole_or_none(row["total"]),
        answered=whole(row["answered"]),
        asked=whole(row["asked"]),
        overlaps_session=bool(row["overlaps_session"]),
        via=Via(str(row["via"])),
    )


def _answer(value: object) -> Answer:
    return value if isinstance(value, int) else DECLINED
