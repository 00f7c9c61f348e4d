"""Questionnaires in a copy of a journal: all that was answered, nothing that only waits, and nothing of a clinic's."""

from __future__ import annotations

from datetime import date

from journal.domain.assessment_choices import Choice
from journal.interop.tideline import fields_of
from journal.services.assessment_dates import arrange
from journal.storage import assessment_documents, assessments
from journal.storage.assessments import Assessment, AssessmentPlan
from journal.storage.database import Database
from tests import assessing, flagging
from tests.builders import the_patient
from tests.cast import NOW, Cast

PLACES = {"id", "public_id", "patient_id"}


def test_no_column_is_forgotten() -> None:
    columns = {column.name for column in Assessment.__table__.columns}
    assert columns - PLACES - fields_of("assessments").keys() == set()
    chosen = {column.name for column in AssessmentPlan.__table__.columns}
    assert chosen - PLACES - fields_of("assessment_plans").keys() == {"by_provider_id"}  # there: chosen_by


def test_what_waits_is_left_out_and_answers_follow_their_questions(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    alice = sqlite_cast.alice
    with sqlite_database.unit_of_work() as db:
        arrange(db, the_patient(db, alice), now=NOW)
        assessing.add(
            db,
            alice,
            assessing.record("phq9", date(2026, 3, 1), {}, is_missed=True),
            assessing.record("pcl5", date(2026, 3, 2), assessing.of_total("pcl5", 30)),
        )
        waits = [one.instrument for one in assessments.waiting_of(db, alice.patient_id)]
        found = assessment_documents.gathered_assessments(db, alice.patient_id)
    assert waits != []
    assert [(one["instrument"], one["total"]) for one in found] == [("phq9", None), ("pcl5", 30)]
    assert [one["item"] for one in found[1]["answers"]] == [str(number) for number in range(1, 21)]  # type: ignore[attr-defined]


def test_what_was_not_answered_gives_way_and_what_was_stays(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    dan = sqlite_cast.dan
    with sqlite_database.unit_of_work() as db:
        arrange(db, the_patient(db, dan), now=NOW)
        assert not assessment_documents.is_answered(db, dan.patient_id)
        flagging.saved(db, dan, {"1": 0}, code="asq")
        assert assessment_documents.is_answered(db, dan.patient_id)
        assessment_documents.forget_unanswered(db, dan.patient_id)
        assert [one.instrument for one in assessments.assessments_of(db, dan.patient_id)] == ["asq"]


def test_a_choice_that_was_made_here_is_not_replaced(sqlite_database: Database, sqlite_cast: Cast) -> None:
    dan = sqlite_cast.dan
    with sqlite_database.unit_of_work() as db:
        first = assessment_documents.add_plan(
            db, dan.patient_id, Choice("phq2", is_enabled=True), changed_at=NOW
        )
        second = assessment_documents.add_plan(
            db, dan.patient_id, Choice("phq2", is_enabled=False), changed_at=NOW
        )
        assert (bool(first), second) == (True, "")
        assert assessments.choices_of(db, dan.patient_id)["phq2"].is_enabled
