"""Answering: stored first, added to what was there, counted once it is whole, and never changed after that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from journal.domain.assessment_calendar import USUAL
from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import DECLINED, Answers
from journal.domain.errors import NotFound, RefusedFields
from journal.services import summaries
from journal.services.assessment_dates import opened_now
from journal.services.assessments import Saved, choose, save_answers, to_answer
from journal.storage import assessments
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from tests.builders import the_patient, treatment
from tests.cast import NOW, Cast, Person

EIGHT = {str(number): 1 for number in range(1, 9)}


def opened(database: Database, person: Person, code: str = "phq9", *, now: datetime = NOW) -> str:
    with database.unit_of_work() as db:
        return opened_now(db, the_patient(db, person), code, now=now).public_id


def save(
    database: Database,
    person: Person,
    public_id: str,
    answers: Answers,
    *,
    shown: str = "phq9",
    now: datetime = NOW,
    via: Via = Via.WEB,
) -> Saved:
    with database.unit_of_work() as db:
        return save_answers(
            db,
            the_patient(db, person),
            public_id,
            answers,
            shown=shown,
            actor_account_id=person.account_id,
            now=now,
            via=via,
        )


def kept(database: Database, person: Person, public_id: str) -> AssessmentRecord:
    with database.look() as db:
        found = assessments.assessment_of(db, person.patient_id, public_id)
    assert found is not None
    return found


def test_half_of_it_is_kept_without_a_total(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    saved = save(database, cast.alice, one, EIGHT)
    record = kept(database, cast.alice, one)
    assert saved.unanswered == ("9",)
    assert (record.answers, record.total, record.completed_at) == (EIGHT, None, None)
    assert (record.answered, record.asked, record.saved_at) == (8, 9, NOW)


def test_the_last_answer_completes_it_on_the_day_where_the_person_lives(
    database: Database, cast: Cast
) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, EIGHT)
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)  # 00:30 on the 31st in Berlin
    save(database, cast.alice, one, {"9": 0, "10": 2}, now=late)
    record = kept(database, cast.alice, one)
    assert (record.completed_at, record.completed_on) == (late, date(2026, 3, 31))
    assert (record.scored_as, record.total, record.answered, record.asked) == ("phq9", 8, 9, 9)


def test_a_declined_ninth_item_leaves_a_phq8(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {**EIGHT, "9": DECLINED})
    record = kept(database, cast.alice, one)
    assert (record.scored_as, record.total, record.answered) == ("phq8", 8, 8)


def test_a_page_left_open_elsewhere_takes_nothing_away(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {"1": 3, "2": 3})
    save(database, cast.alice, one, {"2": 1, "3": 0})
    assert kept(database, cast.alice, one).answers == {"1": 3, "2": 1, "3": 0}


def test_what_was_completed_stays_as_it_is(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {**EIGHT, "9": 0})
    save(database, cast.alice, one, {"1": 3})
    assert kept(database, cast.alice, one).total == 8
    with database.look() as db:
        acts = db.scalars(sa.select(AuditEvent.act).where(AuditEvent.subject == one)).all()
    assert acts == ["questionnaire_completed"]


def test_an_answer_that_is_not_offered_is_refused(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    with pytest.raises(RefusedFields):
        save(database, cast.alice, one, {"1": 4, "2": DECLINED})
    assert kept(database, cast.alice, one).answers == {}


def test_after_its_days_answers_are_kept_and_complete_nothing(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    late = datetime(2026, 4, 3, 8, tzinfo=UTC)
    save(database, cast.alice, one, {**EIGHT, "9": 0}, now=late)
    record = kept(database, cast.alice, one)
    assert (record.completed_at, record.total, record.answered) == (None, None, 9)
    assert record.expired_at == late


def test_after_its_days_an_answer_still_opens_the_help_panel(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    late = datetime(2026, 4, 3, 8, tzinfo=UTC)
    assert save(database, cast.alice, one, {"9": 3}, now=late).panel is not None


def test_so_it_does_from_a_page_left_open_when_it_was_completed_elsewhere(
    database: Database, cast: Cast
) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {**EIGHT, "9": 0})
    assert save(database, cast.alice, one, {"9": 2}).panel is not None
    assert kept(database, cast.alice, one).total == 8


def test_somebody_elses_questionnaire_is_not_there(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    with pytest.raises(NotFound):
        save(database, cast.dan, one, {"1": 3})


def test_one_that_is_still_ahead_cannot_be_answered(database: Database, cast: Cast) -> None:
    save(database, cast.alice, opened(database, cast.alice, "phq8"), EIGHT, shown="phq8")
    with database.look() as db:
        ahead = next(
            one for one in assessments.assessments_of(db, cast.alice.patient_id) if one.opened_at is None
        )
    with pytest.raises(NotFound):
        save(database, cast.alice, ahead.public_id, {"1": 3}, shown=ahead.instrument)


def test_a_score_within_two_weeks_of_a_session_says_so(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        treatment(db, cast.alice, on=date(2026, 3, 20))
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {**EIGHT, "9": 0})
    assert kept(database, cast.alice, one).overlaps_session


def test_what_was_answered_on_a_tablet_says_so(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {"1": 1}, via=Via.KIOSK)
    assert kept(database, cast.alice, one).via is Via.KIOSK


def test_an_answer_that_opens_the_help_panel_is_stored_and_says_so(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    assert save(database, cast.alice, one, {"9": 1}).panel is not None
    assert kept(database, cast.alice, one).answers == {"9": 1}


def test_a_zero_opens_no_panel(database: Database, cast: Cast) -> None:
    assert save(database, cast.alice, opened(database, cast.alice), {"9": 0}).panel is None


def test_where_nobody_reads_the_ninth_item_any_more_the_page_asks_eight(
    database: Database, cast: Cast
) -> None:
    one = opened(database, cast.alice)
    save(database, cast.alice, one, {"1": 2, "10": 1})
    with database.unit_of_work() as db:
        record, known = to_answer(db, the_patient(db, cast.alice), one, now=NOW)
    assert (known.code, record.answers, record.asked) == ("phq8", {"1": 2}, 8)


def test_a_ninth_item_that_was_on_the_page_is_never_lost(database: Database, cast: Cast) -> None:
    one = opened(database, cast.alice)
    with database.unit_of_work() as db:
        to_answer(db, the_patient(db, cast.alice), one, now=NOW)  # somewhere else it became a PHQ-8
    assert save(database, cast.alice, one, {"9": 2}, shown="phq9").panel is not None
    assert kept(database, cast.alice, one).instrument == "phq9"


def test_only_what_is_offered_can_be_chosen(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db, pytest.raises(NotFound):
        choose(
            db,
            the_patient(db, cast.alice),
            Choice("madrs", is_enabled=True, cadence=USUAL),
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_it_waits_for_a_session_that_is_being_written_before_it_takes_its_turn(
    database: Database, cast: Cast
) -> None:
    public_id = opened(database, cast.alice, "phq8")
    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            summaries.hold(db, cast.alice.patient_id)  # as whoever has written a session does
            saving = thread.submit(save, database, cast.alice, public_id, EIGHT, shown="phq8")
            with pytest.raises(TimeoutError):
                saving.result(timeout=0.3)
            assessments.take_turn(db, cast.alice.patient_id)  # and then sees to what is due after it
        assert saving.result(timeout=10).record.total == 8
