"""What follows an answer that must not be overlooked: stored first, seen by whoever may, lowered by them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import DECLINED, Raised
from journal.domain.consents import LASTS, Scope
from journal.domain.errors import NotFound, Refused
from journal.domain.safety_flags import Concern, RightNow, Stage
from journal.services import safety, summaries
from journal.storage import accounts, assessments, consents, help_panels, safety_flags
from journal.storage import summaries as rows
from journal.storage.audit import Act, AuditEvent
from journal.storage.database import Database
from journal.storage.safety_flags import SafetyFlag
from tests.builders import share, the_patient
from tests.cast import NOW, ZONE, Cast, Person
from tests.flagging import EIGHT, answer, let_review, saved, work_elsewhere

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def flags(db: Session) -> int:
    return db.scalar(sa.select(sa.func.count()).select_from(SafetyFlag)) or 0


def acts_of(db: Session, *which: Act) -> list[tuple[str, int | None, int | None]]:
    return [
        (event.act, event.actor_account_id, event.provider_id)
        for event in db.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
        if event.act in {one.value for one in which}
    ]


def say(
    db: Session,
    person: Person,
    record: AssessmentRecord,
    right_now: RightNow,
    *,
    later: timedelta = MINUTE,
) -> Stage:
    return safety.answer_panel(
        db, the_patient(db, person), record, right_now, actor_account_id=person.account_id, now=NOW + later
    )


def look(
    db: Session,
    person: Person,
    public_id: str,
    *,
    note: str = "Called her",
    at: timedelta = HOUR,
    read: str | None = None,
) -> None:
    seen = safety_flags.flag_seen(db, person.provider_id, public_id, now=NOW + at)
    safety.acknowledge(
        db,
        person.provider_id,
        public_id,
        read=seen.flag.concern.mark if read is None and seen is not None else read or "",
        note=note,
        actor_account_id=person.account_id,
        now=NOW + at,
    )


def only(db: Session, cast: Cast, *, at: timedelta = MINUTE) -> safety_flags.SeenFlag:
    (seen,) = safety_flags.flags_seen(db, cast.bob.provider_id, now=NOW + at)
    return seen


# Whether the ninth item is asked --------------------------------------------------------------------------------------


@only_sqlite
def test_the_ninth_item_is_not_asked_where_nobody_has_said_that_they_look(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        assert not safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW)


@only_sqlite
def test_it_is_asked_where_a_clinic_looks_and_somebody_there_may_see_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        assert safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW)
        assert not safety.item_nine_is_read(db, cast.dan.patient_id, now=NOW)  # he shares with nobody


@only_sqlite
def test_it_is_not_asked_any_more_once_the_scope_is_taken_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        consents.end_consent(db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, now=NOW)
        assert not safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW)  # Frank reads scores alone


@only_sqlite
def test_it_is_not_asked_any_more_once_the_consent_has_run_out(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        assert not safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW + LASTS)


@pytest.mark.parametrize("leaver", ["bob", "carol"])
@only_sqlite
def test_it_is_not_asked_any_more_once_the_reader_or_the_named_person_has_left(
    database: Database, cast: Cast, leaver: str
) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast, reviewer=cast.carol)
        assert safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW)
        accounts.disable_account(db, getattr(cast, leaver).account_id, now=NOW)
        assert not safety.item_nine_is_read(db, cast.alice.patient_id, now=NOW)


# Raising ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 2, 3])
@only_sqlite
def test_every_answer_above_zero_asks_and_makes_a_flag(database: Database, cast: Cast, value: int) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        _record, stage = answer(db, cast.alice, EIGHT | {"9": value})
        assert stage is Stage.ASKS
        assert only(db, cast).flag.concern == Concern("phq9", (Raised("9", value),), is_acute=False)


@pytest.mark.parametrize("answers", [EIGHT | {"9": 0}, EIGHT, {**EIGHT, "9": DECLINED}])
@only_sqlite
def test_no_other_answer_makes_one_or_opens_the_panel(
    database: Database, cast: Cast, answers: dict[str, int]
) -> None:
    with database.unit_of_work() as db:
        _record, stage = answer(db, cast.alice, answers)
        assert (stage, flags(db)) == (None, 0)


@only_sqlite
def test_half_finished_answers_make_one_as_well(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _record, stage = answer(db, cast.alice, {"9": 1})
        assert (stage, flags(db)) == (Stage.ASKS, 1)


@only_sqlite
def test_where_nobody_may_see_it_no_flag_is_made_and_the_panel_opens_all_the_same(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record, stage = answer(db, cast.dan, EIGHT | {"9": 3})
        assert (stage, flags(db)) == (Stage.ASKS, 0)
        assert safety.who_sees(db, cast.dan.patient_id, record, now=NOW).names == ()


@only_sqlite
def test_that_answers_are_looked_at_is_said_only_where_a_clinic_has_said_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        before = safety.who_sees(db, cast.alice.patient_id, record, now=NOW)
        let_review(db, cast)
        after = safety.who_sees(db, cast.alice.patient_id, record, now=NOW)
    assert (before.names, before.is_looked_at) == (("Bob",), False)
    assert (after.names, after.is_looked_at) == (("Bob",), True)


@only_sqlite
def test_answers_saved_again_make_no_second_flag_and_can_only_say_more(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, {"9": 2})
        for value in (1, 3, 1):
            again = replace(record, answers={"9": value})
            safety.answers_saved(
                db, the_patient(db, cast.alice), again, again.known_as(),  # type: ignore[arg-type]
                actor_account_id=None, now=NOW + HOUR,
            )  # fmt: skip
        seen = only(db, cast, at=2 * HOUR)
        assert (flags(db), seen.flag.concern.answers, seen.flag.created_at) == (1, (Raised("9", 3),), NOW)


def test_a_yes_to_right_now_makes_the_flag_acute(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        assert say(db, cast.alice, record, RightNow.YES) is Stage.EMERGENCY
        seen = only(db, cast)
        assert (seen.flag.concern.is_acute, seen.right_now) == (True, RightNow.YES)


@pytest.mark.parametrize("said", [RightNow.NO, RightNow.DECLINED])
@only_sqlite
def test_a_no_and_no_wish_to_say_lead_to_the_plan_and_are_shown_to_whoever_looks(
    database: Database, cast: Cast, said: RightNow
) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        assert say(db, cast.alice, record, said) is Stage.PLAN
        seen = only(db, cast)
        assert (seen.flag.concern.is_acute, seen.right_now) == (False, said)


@only_sqlite
def test_a_no_from_a_page_left_open_takes_no_yes_back(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        say(db, cast.alice, record, RightNow.YES)
        assert say(db, cast.alice, record, RightNow.NO, later=HOUR) is Stage.EMERGENCY
        assert only(db, cast, at=HOUR).flag.concern.is_acute


@only_sqlite
def test_a_yes_that_comes_after_somebody_looked_makes_a_new_flag(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        look(db, cast.bob, only(db, cast).flag.public_id)
        say(db, cast.alice, record, RightNow.YES, later=2 * HOUR)
        seen = safety_flags.flags_seen(db, cast.bob.provider_id, now=NOW + 2 * HOUR)
        assert [(one.flag.is_open, one.flag.concern.is_acute) for one in seen] == [
            (True, True),
            (False, False),
        ]


@only_sqlite
def test_what_was_looked_at_is_not_said_again(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, {"9": 2})
        look(db, cast.bob, only(db, cast).flag.public_id)
        safety.answers_saved(
            db, the_patient(db, cast.alice), record, record.known_as(),  # type: ignore[arg-type]
            actor_account_id=None, now=NOW + DAY,
        )  # fmt: skip
        assert flags(db) == 1


@only_sqlite
def test_whoever_answered_the_asq_is_not_asked_again(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        _record, yes = answer(db, cast.alice, {"1": 1, "5": 1}, code="asq")
        _record, after = answer(db, cast.alice, {"9": 1}, at=NOW + 59 * MINUTE)
        assert (yes, after) == (Stage.EMERGENCY, Stage.EMERGENCY)
        _record, next_day = answer(db, cast.dan, {"9": 1}, at=NOW + DAY)
        assert next_day is Stage.ASKS


@only_sqlite
def test_an_hour_later_the_question_is_asked_anew(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, {"1": 1, "5": 0}, code="asq")
        _record, stage = answer(db, cast.alice, {"9": 1}, at=NOW + 61 * MINUTE)
        assert stage is Stage.ASKS


@only_sqlite
def test_answers_saved_days_after_a_no_ask_once_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, {"9": 1})
        say(db, cast.alice, record, RightNow.NO)
        again = replace(record, answers=EIGHT | {"9": 3}, saved_at=NOW + 3 * DAY)
        stage = safety.answers_saved(
            db, the_patient(db, cast.alice), again, again.known_as(),  # type: ignore[arg-type]
            actor_account_id=None, now=NOW + 3 * DAY,
        )  # fmt: skip
        assert stage is Stage.ASKS
        assert say(db, cast.alice, again, RightNow.NO, later=3 * DAY) is Stage.PLAN
        assert safety.standing(db, cast.alice.patient_id, again, now=NOW + 4 * DAY) is Stage.PLAN


@only_sqlite
def test_the_asq_that_has_not_come_to_its_fifth_question_is_followed_by_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _record, stage = answer(db, cast.alice, {"4": 1}, code="asq")
        assert stage is Stage.ASKS


def test_a_flag_that_cannot_be_made_leaves_the_answers_stored_and_the_panel_open(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE safety_flag"))
    with database.unit_of_work() as db:
        record, stage = answer(db, cast.alice, EIGHT | {"9": 3})
    with database.look() as db:
        kept = assessments.assessment_of(db, cast.alice.patient_id, record.public_id)
        assert stage is Stage.ASKS
        assert kept is not None
        assert kept.answers == EIGHT | {"9": 3}
        assert help_panels.panel_of(db, record.id) is None  # undone as a whole


@only_sqlite
def test_what_could_not_be_done_when_saving_is_done_when_the_panel_is_shown(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record = saved(db, cast.alice, EIGHT | {"9": 1})
        stage = safety.make_sure(
            db, the_patient(db, cast.alice), record, actor_account_id=cast.alice.account_id, now=NOW
        )
        assert (stage, flags(db)) == (Stage.ASKS, 1)


@only_sqlite
def test_the_panel_is_written_down_as_shown_without_what_it_was_about(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        safety.make_sure(
            db, the_patient(db, cast.alice), record, actor_account_id=cast.alice.account_id, now=NOW
        )
        event = db.scalars(sa.select(AuditEvent).where(AuditEvent.act == "help_panel_shown")).one()
        assert (event.at, event.patient_id, event.subject) == (NOW, cast.alice.patient_id, None)


@only_sqlite
def test_answers_sent_twice_find_the_panel_again_until_it_is_closed(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        assert safety.standing(db, cast.alice.patient_id, record, now=NOW) is Stage.ASKS
        say(db, cast.alice, record, RightNow.YES)
        assert safety.standing(db, cast.alice.patient_id, record, now=NOW) is Stage.EMERGENCY
        safety.close_panel(db, record, now=NOW + HOUR)
        assert safety.standing(db, cast.alice.patient_id, record, now=NOW) is None


@only_sqlite
def test_there_is_no_panel_to_answer_where_no_answer_opened_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record = saved(db, cast.alice, EIGHT | {"9": 0})
        with pytest.raises(NotFound):
            say(db, cast.alice, record, RightNow.YES)


# Who sees it --------------------------------------------------------------------------------------------------------


@only_sqlite
def test_only_those_with_the_scope_see_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        seen = {
            name: len(safety_flags.flags_seen(db, getattr(cast, name).provider_id, now=NOW))
            for name in ("bob", "carol", "frank")
        }
    assert seen == {"bob": 1, "carol": 0, "frank": 0}


@only_sqlite
def test_the_end_of_a_consent_hides_it_and_keeps_it_from_being_lowered(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        public_id = only(db, cast).flag.public_id
        consents.end_consent(db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, now=NOW)
        assert safety_flags.flags_seen(db, cast.bob.provider_id, now=NOW + MINUTE) == []
        assert safety_flags.count_open(db, cast.bob.provider_id, now=NOW + MINUTE) == 0
        with pytest.raises(NotFound):
            look(db, cast.bob, public_id)


@only_sqlite
def test_a_consent_that_begins_after_it_does_not_show_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        consents.add_consent(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=cast.carol.provider_id,
            scopes=frozenset({Scope.ASSESSMENTS}),
            visible_from=date(2026, 3, 31),
            now=NOW,
            expires_at=NOW + LASTS,
        )
        assert safety_flags.flags_seen(db, cast.carol.provider_id, now=NOW + DAY) == []
        assert safety_flags.count_open(db, cast.carol.provider_id, now=NOW + DAY) == 0


@only_sqlite
def test_a_journey_west_hides_no_flag_from_whoever_was_let_in_before_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        consents.add_consent(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=cast.carol.provider_id,
            scopes=frozenset({Scope.ASSESSMENTS}),
            visible_from=date(2026, 3, 31),  # "from today", where it was the 31st already
            now=NOW,
            expires_at=NOW + LASTS,
        )
        answer(db, cast.alice, EIGHT | {"9": 1}, at=NOW + MINUTE)  # where it is the 30th still
        assert len(safety_flags.flags_seen(db, cast.carol.provider_id, now=NOW + HOUR)) == 1
        assert safety_flags.count_open(db, cast.carol.provider_id, now=NOW + HOUR) == 1


# Lowering -----------------------------------------------------------------------------------------------------------


def test_a_look_needs_a_name_and_a_note_and_is_written_down(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        answer(db, cast.alice, EIGHT | {"9": 1})
        with pytest.raises(Refused, match="note_missing"):
            look(db, cast.bob, only(db, cast).flag.public_id, note=" ")
        look(db, cast.bob, only(db, cast).flag.public_id, note="Called her")
        flag = only(db, cast, at=2 * HOUR).flag
        assert flag.acknowledged is not None
        assert (flag.acknowledged.provider_id, flag.acknowledged.at, flag.acknowledged.note) == (
            cast.bob.provider_id, NOW + HOUR, "Called her",
        )  # fmt: skip
        assert acts_of(db, Act.FLAG_RAISED, Act.FLAG_ACKNOWLEDGED) == [
            ("flag_raised", cast.alice.account_id, None),
            ("flag_acknowledged", cast.bob.account_id, cast.bob.provider_id),
        ]


@only_sqlite
def test_a_reader_elsewhere_lowers_no_flag_that_a_clinic_said_it_looks_at(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast, reviewer=cast.carol)
        work_elsewhere(db, cast.frank)
        share(db, cast.alice, cast.frank, Scope.ASSESSMENTS, now=NOW)
        answer(db, cast.alice, EIGHT | {"9": 1})
        public_id = only(db, cast).flag.public_id
        with pytest.raises(Refused, match="not_yours_to_lower"):
            look(db, cast.frank, public_id)
        assert only(db, cast).flag.is_open
        look(db, cast.bob, public_id)
        assert not only(db, cast, at=2 * HOUR).flag.is_open


@only_sqlite
def test_it_is_anybodys_who_sees_it_where_no_clinic_that_looks_can(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        let_review(db, cast)
        work_elsewhere(db, cast.frank)
        share(db, cast.alice, cast.frank, Scope.ASSESSMENTS, now=NOW)
        answer(db, cast.alice, EIGHT | {"9": 1})
        (seen,) = safety_flags.flags_seen(db, cast.frank.provider_id, now=NOW + MINUTE)
        later = NOW + 2 * DAY  # Bob is let in again from a day on that is after it
        share(db, cast.alice, cast.bob, Scope.ASSESSMENTS, now=later, visible_from=later.date())
        look(db, cast.frank, seen.flag.public_id, at=3 * DAY)
        assert safety_flags.flags_about(db, 1)[0].acknowledged is not None


@only_sqlite
def test_of_two_at_once_the_second_is_told(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        public_id = only(db, cast).flag.public_id
        look(db, cast.bob, public_id)
        with pytest.raises(Refused, match="looked_meanwhile"):
            look(db, cast.bob, public_id)


@only_sqlite
def test_nobody_puts_their_name_under_what_was_said_since_they_read_it(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        before = only(db, cast).flag
        say(db, cast.alice, record, RightNow.YES)
        with pytest.raises(Refused, match="said_more_meanwhile"):
            look(db, cast.bob, before.public_id, read=before.concern.mark)
        after = only(db, cast).flag
        assert after.is_open
        look(db, cast.bob, after.public_id, read=after.concern.mark)
        assert not only(db, cast, at=2 * HOUR).flag.is_open


@only_sqlite
def test_a_second_person_looks_at_one_that_waited_too_long(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        public_id = only(db, cast).flag.public_id
        consents.add_consent(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=cast.carol.provider_id,
            scopes=frozenset({Scope.ASSESSMENTS}),
            visible_from=None,
            now=NOW,
            expires_at=NOW + LASTS,
        )
        look(db, cast.bob, public_id, at=2 * DAY)
        for who, code in ((cast.bob, "no_second_look"), (cast.carol, None), (cast.carol, "looked_meanwhile")):
            try:
                safety.look_second(
                    db, who.provider_id, public_id,
                    note="Read it", zone=ZONE, actor_account_id=who.account_id, now=NOW + 3 * DAY,
                )  # fmt: skip
                said = None
            except Refused as fault:
                said = fault.code
            assert said == code
        assert acts_of(db, Act.FLAG_LOOKED_AT) == [
            ("flag_looked_at_again", cast.carol.account_id, cast.carol.provider_id)
        ]


@only_sqlite
def test_one_that_was_looked_at_in_time_needs_nobody_else(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        answer(db, cast.alice, EIGHT | {"9": 1})
        public_id = only(db, cast).flag.public_id
        look(db, cast.bob, public_id)
        with pytest.raises(Refused, match="no_second_look"):
            safety.look_second(
                db, cast.bob.provider_id, public_id,
                note="x", zone=ZONE, actor_account_id=None, now=NOW + 3 * DAY,
            )  # fmt: skip


# The summary ----------------------------------------------------------------------------------------------------------


def test_the_summary_follows_and_equals_the_rebuilt_one(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    with database.unit_of_work() as db:
        record, _stage = answer(db, cast.alice, EIGHT | {"9": 1})
        assert rows.summary(db, patient_id).open_flags == (("2026-03-30T18:00:00+00:00", False),)
        say(db, cast.alice, record, RightNow.YES)
        assert rows.summary(db, patient_id).open_flags == (("2026-03-30T18:00:00+00:00", True),)
        assert not summaries.refresh(db, patient_id)
        look(db, cast.bob, only(db, cast).flag.public_id)
        assert rows.summary(db, patient_id).open_flags == ()
        assert not summaries.refresh(db, patient_id)


# Answers changed after the questionnaire was completed ------------------------------------------------------------


def changed_to(db: Session, cast: Cast, record: AssessmentRecord, answers: dict[str, int]) -> Stage | None:
    """What follows ``answers`` that were sent once more, of a questionnaire that stays as it was kept."""
    known = record.known_as()
    assert known is not None
    said = replace(record, answers={**record.answers, **answers})
    return safety.answers_saved(
        db, the_patient(db, cast.alice), said, known, actor_account_id=cast.alice.account_id, now=NOW
    )


@only_sqlite
def test_a_yes_counts_where_only_an_answer_sent_later_opened_the_panel(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        record, _none = answer(db, cast.alice, EIGHT | {"9": 0})
        assert changed_to(db, cast, record, {"9": 2}) is Stage.ASKS
        assert say(db, cast.alice, record, RightNow.YES) is Stage.EMERGENCY
        seen = only(db, cast)
        assert seen.flag.concern == Concern("phq9", (Raised("9", 2),), is_acute=True)
        assert seen.right_now is RightNow.YES


@only_sqlite
def test_its_panel_is_found_again_and_written_down_as_shown(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _none = answer(db, cast.alice, EIGHT | {"9": 0})
        changed_to(db, cast, record, {"9": 2})
        assert safety.standing(db, cast.alice.patient_id, record, now=NOW) is Stage.ASKS
        shown = safety.make_sure(
            db, the_patient(db, cast.alice), record, actor_account_id=cast.alice.account_id, now=NOW
        )
        assert shown is Stage.ASKS
        assert acts_of(db, Act.HELP_SHOWN) == [("help_panel_shown", cast.alice.account_id, None)]


@only_sqlite
def test_a_yes_after_somebody_looked_at_it_makes_a_new_flag(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        record, _none = answer(db, cast.alice, EIGHT | {"9": 0})
        changed_to(db, cast, record, {"9": 2})
        look(db, cast.bob, only(db, cast).flag.public_id)
        say(db, cast.alice, record, RightNow.YES, later=2 * HOUR)
        seen = safety_flags.flags_seen(db, cast.bob.provider_id, now=NOW + 2 * HOUR)
        assert [(one.flag.is_open, one.flag.concern.is_acute) for one in seen] == [
            (True, True),
            (False, False),
        ]
