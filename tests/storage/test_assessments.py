"""Questionnaires as they are kept: sealed answers, one that waits of each, and to providers what they may see."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from journal.domain.assessment_calendar import Cadence, Rhythm
from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import DECLINED
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.reminder_prompts import QuestionnaireDay
from journal.storage import assessments
from journal.storage.assessments import Assessment
from journal.storage.database import Database
from tests.cast import NOW, Cast

DAY = date(2026, 3, 30)
AHEAD = AssessmentRecord("ahead", "phq9", 1, date(2026, 4, 13), asked=9)
DONE = AssessmentRecord(
    "done", "phq9", 1, DAY, opened_at=NOW, saved_at=NOW, completed_at=NOW, completed_on=date(2026, 3, 31),
    answers={"1": 3, "9": DECLINED}, scored_as="phq8", total=3, answered=8, asked=9, overlaps_session=True,
    via=Via.KIOSK,
)  # fmt: skip


def add(database: Database, cast: Cast, *records: AssessmentRecord) -> None:
    with database.unit_of_work() as db:
        for record in records:
            assessments.add_assessment(db, cast.alice.patient_id, record)


def test_a_record_comes_back_as_it_was_kept(database: Database, cast: Cast) -> None:
    add(database, cast, AHEAD, DONE)
    with database.look() as db:
        found = assessments.assessments_of(db, cast.alice.patient_id)
    assert [replace(one, id=0) for one in found] == [DONE, AHEAD]


def test_answers_are_sealed(database: Database, cast: Cast) -> None:
    add(database, cast, DONE)
    with database.look() as db:
        sealed = db.scalar(sa.select(Assessment.answers))
    assert sealed is not None
    assert b"declined" not in sealed


def test_of_one_questionnaire_only_one_waits(database: Database, cast: Cast) -> None:
    add(database, cast, AHEAD)
    with pytest.raises(sa.exc.IntegrityError):
        add(database, cast, replace(AHEAD, public_id="again"))
    add(database, cast, replace(AHEAD, public_id="another", instrument="gad7"))


@pytest.mark.parametrize(
    "fault",
    [
        {"opened_at": None},
        {"completed_on": None},
        {"scored_as": None},
        {"expired_at": NOW},
        {"answered": 10},
        {"total": -1},
        {"version": 0},
    ],
)
def test_what_cannot_be_is_refused_by_the_database(
    database: Database, cast: Cast, fault: dict[str, object]
) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        add(database, cast, replace(DONE, **fault))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        (WHOLE, ["done", "ahead"]),
        (Sight(frozenset({Scope.ASSESSMENTS}), visible_from=date(2026, 3, 31)), ["done", "ahead"]),
        (Sight(frozenset({Scope.ASSESSMENTS}), visible_from=date(2026, 4, 1)), ["ahead"]),
        (Sight(frozenset(Scope) - {Scope.ASSESSMENTS}, visible_from=None), []),
    ],
)
def test_a_provider_sees_what_was_opened_to_them(
    database: Database, cast: Cast, sight: Sight, seen: list[str]
) -> None:
    add(database, cast, AHEAD, DONE)
    with database.look() as db:
        found = assessments.assessments_seen(db, cast.alice.patient_id, sight)
        outlines = assessments.outlines_seen(db, cast.alice.patient_id, sight)
    assert [one.public_id for one in found] == seen
    assert [one.public_id for one in outlines] == seen


def test_an_outline_says_all_but_the_answers(database: Database, cast: Cast) -> None:
    add(database, cast, AHEAD, DONE)
    with database.look() as db:
        kept = assessments.assessments_of(db, cast.alice.patient_id)
        outlines = assessments.outlines_of(db, cast.alice.patient_id)
    told = [{name: value for name, value in asdict(one).items() if name != "answers"} for one in kept]
    assert [asdict(one) for one in outlines] == told


def test_moving_a_questionnaire_leaves_its_answers(database: Database, cast: Cast) -> None:
    add(database, cast, DONE)
    with database.unit_of_work() as db:
        (outline,) = assessments.outlines_of(db, cast.alice.patient_id)
        moved = replace(outline, overlaps_session=not outline.overlaps_session)
        assessments.move_assessment(db, cast.alice.patient_id, moved)
    with database.look() as db:
        (kept,) = assessments.assessments_of(db, cast.alice.patient_id)
    assert (kept.answers, kept.overlaps_session) == (DONE.answers, moved.overlaps_session)


def test_only_what_is_ahead_can_be_taken_away(database: Database, cast: Cast) -> None:
    add(database, cast, AHEAD, DONE)
    with database.unit_of_work() as db:
        for record in (AHEAD, DONE):
            assessments.remove_ahead(db, cast.alice.patient_id, record.public_id)
    with database.look() as db:
        found = assessments.assessments_of(db, cast.alice.patient_id)
        assert [one.public_id for one in found] == ["done"]
        assert assessments.waiting_of(db, cast.alice.patient_id) == []


def test_what_was_chosen_takes_the_place_of_what_was(database: Database, cast: Cast) -> None:
    weekly = Cadence(Rhythm.WEEKLY_FIRST, since=DAY)
    with database.unit_of_work() as db:
        for choice in (
            Choice("phq9", is_enabled=False),
            Choice("phq9", is_enabled=True, cadence=weekly, by_provider_id=cast.bob.provider_id),
        ):
            assessments.put_choice(db, cast.alice.patient_id, choice, now=NOW)
    with database.look() as db:
        found = assessments.choices_of(db, cast.alice.patient_id)
    assert found == {
        "phq9": Choice("phq9", True, weekly, by_provider_id=cast.bob.provider_id, changed_at=NOW)
    }


def test_what_is_asked_together_is_asked_for_once(database: Database, cast: Cast) -> None:
    add(database, cast, AHEAD, replace(AHEAD, public_id="gad", instrument="gad7"), DONE)
    with database.look() as db:
        (first, *_rest) = assessments.assessments_of(db, cast.alice.patient_id)[1:]
        found = assessments.questionnaire_days(
            db, [cast.alice.account_id, cast.dan.account_id], first=DAY, last=date(2026, 4, 30)
        )
    assert found == {cast.alice.account_id: (QuestionnaireDay(str(first.id), date(2026, 4, 13)),)}


def test_the_calendar_looks_at_whoever_was_never_asked_or_has_something_due(
    database: Database, cast: Cast
) -> None:
    add(database, cast, AHEAD)

    def found(today: date, after: int = 0) -> list[int]:
        with database.look() as db:
            rows = assessments.waits_for_the_calendar(db, today=today, after=after, limit=10)
            return [one.id for one in rows]

    alice, dan = cast.alice.patient_id, cast.dan.patient_id
    assert found(date(2026, 4, 12)) == [dan]
    assert found(date(2026, 4, 13)) == [alice, dan]
    assert found(date(2026, 4, 13), after=alice) == [dan]
    opened_at = datetime(2026, 4, 13, tzinfo=UTC)
    with database.unit_of_work() as db:
        assessments.change_assessment(db, alice, replace(AHEAD, opened_at=opened_at))
    assert (found(date(2026, 4, 16)), found(date(2026, 4, 17))) == ([dan], [alice, dan])
