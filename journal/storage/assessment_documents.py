"""Questionnaires of one patient, gathered for a document and put back from one. No table lives here.

What only waits for an answer is no part of a document: the calendar asks it anew wherever the journal is. What a clinic
wrote about an answer is never in it, and what is put back never becomes a flag.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.safety_flags import RightNow, opens_help
from journal.storage import assessments, help_panels
from journal.storage.assessments import Assessment, AssessmentPlan
from journal.storage.care_documents import Names
from journal.storage.clinics import Provider
from journal.storage.help_panels import HelpPanel
from journal.storage.transfers import Row

_FIELDS = (
    "instrument", "version", "due_on", "opened_at", "saved_at", "completed_at", "completed_on", "expired_at",
    "scored_as", "total", "answered", "asked", "overlaps_session", "via",
)  # fmt: skip


def is_answered(db: Session, patient_id: int) -> bool:
    """Whether the patient has answered anything of a questionnaire."""
    asked = sa.select(Assessment.id).where(
        Assessment.patient_id == patient_id, Assessment.saved_at.is_not(None)
    )
    return db.scalar(asked.limit(1)) is not None


def gathered_assessments(db: Session, patient_id: int) -> list[Row]:
    """Every questionnaire that was answered or missed, and what was said where help was shown."""
    panels = {
        row.assessment_id: row
        for row in db.scalars(sa.select(HelpPanel).where(HelpPanel.patient_id == patient_id))
    }
    found: list[Row] = []
    for record in assessments.assessments_of(db, patient_id):
        if record.saved_at is None and record.expired_at is None:
            continue
        panel = panels.get(record.id)
        found.append(
            {
                **{name: getattr(record, name) for name in _FIELDS},
                # PCL-5 has twenty: 10 comes after 9
                "answers": [
                    {"item": key, "answer": record.answers[key]}
                    for key in sorted(record.answers, key=lambda key: (len(key), key))
                ],
                "help_shown_at": None if panel is None else panel.opened_at,
                "right_now": None if panel is None else help_panels.said_on(db, panel),
                "right_now_at": None if panel is None else panel.answered_at,
            }
        )
    return found


def gathered_plans(db: Session, patient_id: int, names: Names) -> list[Row]:
    """What was chosen about questionnaires."""
    rows = db.execute(
        sa.select(AssessmentPlan, Provider.display_name)
        .outerjoin(Provider, Provider.id == AssessmentPlan.by_provider_id)
        .where(AssessmentPlan.patient_id == patient_id)
        .order_by(AssessmentPlan.instrument)
    )
    plain = ("instrument", "enabled", "rhythm", "since", "changed_at")
    return [
        {**{one: getattr(row, one) for one in plain}, "chosen_by": name or names.get(row.public_id)}
        for row, name in rows
    ]


def forget_unanswered(db: Session, patient_id: int) -> None:
    """Take away what was asked here and not answered, before a journal with questionnaires of its own comes."""
    db.execute(
        sa.delete(Assessment).where(Assessment.patient_id == patient_id, Assessment.saved_at.is_(None))
    )


def add_assessment(
    db: Session,
    patient_id: int,
    record: AssessmentRecord,
    *,
    help_shown_at: datetime | None,
    right_now: RightNow | None,
    right_now_at: datetime | None,
) -> None:
    """Add a questionnaire as it was, with its help panel closed.

    An answer that opens the panel has one even where the document tells of none: whoever looks at the old answer again
    is shown the help, and nobody is told of it as if it were said now.
    """
    assessments.add_assessment(db, patient_id, record)
    known = record.known_as()
    if help_shown_at is None and known is not None and opens_help(known, record.answers):
        help_shown_at = record.saved_at
    if help_shown_at is None:
        return
    kept = assessments.assessment_of(db, patient_id, record.public_id)
    if kept is None:
        return
    help_panels.open_panel(db, patient_id, kept.id, now=help_shown_at)
    panel = help_panels.panel_of(db, kept.id)
    if panel is not None and right_now is not None and right_now_at is not None:
        help_panels.put_answer(db, panel, assessment_id=kept.id, right_now=right_now, now=right_now_at)
    help_panels.close_panel(db, kept.id, now=right_now_at or help_shown_at)


def add_plan(db: Session, patient_id: int, choice: Choice, *, changed_at: datetime) -> str:
    """Keep what was chosen where a journal comes from, unless something was chosen here; its public id, or ""."""
    if choice.instrument in assessments.choices_of(db, patient_id):
        return ""
    assessments.put_choice(db, patient_id, choice, now=changed_at)
    return db.scalars(
        sa.select(AssessmentPlan.public_id).where(
            AssessmentPlan.patient_id == patient_id, AssessmentPlan.instrument == choice.instrument
        )
    ).one()
