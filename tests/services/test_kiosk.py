"""Handing over: which questionnaires, by whom, and for how long it stands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journal.domain.assessment_choices import Choice
from journal.domain.assessment_records import Via
from journal.domain.errors import Refused
from journal.domain.kiosk import Stage
from journal.services import kiosk, summaries
from journal.services.kiosk import Opened
from journal.storage import accounts, assessments, consents
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.flagging import EIGHT, let_review, saved


def by_bob(cast: Cast, instrument: str = "phq8") -> dict[str, object]:
    return {
        "instrument": instrument,
        "provider_id": cast.bob.provider_id,
        "actor_account_id": cast.bob.account_id,
        "now": NOW,
    }


def opened(db: Session, cast: Cast) -> Opened:
    return kiosk.hand_over_here(db, the_patient(db, cast.alice), **by_bob(cast))  # type: ignore[arg-type]


def test_what_is_offered_is_what_the_patient_is_asked(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        assert kiosk.offered(db, alice, now=NOW) == ("phq8", "gad7")
        let_review(db, cast)
        for code in ("asq", "pcl5"):
            assessments.put_choice(db, alice.id, Choice(code, is_enabled=True), now=NOW)
        assert kiosk.offered(db, alice, now=NOW) == ("phq9", "gad7", "pcl5", "asq")


@pytest.mark.parametrize("code", ["phq9", "asq", "nothing"])
def test_nothing_else_is_handed_over(database: Database, cast: Cast, code: str) -> None:
    with database.unit_of_work() as db, pytest.raises(Refused, match="not_a_choice"):
        kiosk.hand_over(db, the_patient(db, cast.alice), **by_bob(cast, code))  # type: ignore[arg-type]


def test_the_code_has_four_digits_and_its_place_six_letters(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        made = kiosk.hand_over(db, the_patient(db, cast.alice), **by_bob(cast))  # type: ignore[arg-type]
    assert (len(made.code), made.code.isdigit(), len(made.place)) == (4, True, 6)


def test_it_stands_until_its_time_is_up(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = opened(db, cast).token
        found = kiosk.standing(db, token, now=NOW + timedelta(minutes=44))
        assert found is not None
        assert (found.patient.id, found.stage) == (cast.alice.patient_id, Stage.OPEN)
        assert kiosk.standing(db, token, now=NOW + timedelta(minutes=45)) is None
        assert kiosk.standing(db, "another", now=NOW) is None


def test_it_ends_with_the_consent(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = opened(db, cast).token
        consents.end_consent(db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, now=NOW)
        assert kiosk.standing(db, token, now=NOW) is None


def test_it_ends_with_the_account_of_whoever_handed_it_over(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        made = kiosk.hand_over(db, the_patient(db, cast.alice), **by_bob(cast))  # type: ignore[arg-type]
        accounts.disable_account(db, cast.bob.account_id, now=NOW)
        assert kiosk.open_by_code(db, made.place, made.code, now=NOW) is None


def test_what_is_saved_is_added_to_the_one_that_waits(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = opened(db, cast).token
        for answers in ({"1": 3}, {"2": 1}):
            here = kiosk.standing(db, token, now=NOW)
            assert here is not None
            saved = kiosk.save(db, here, answers, now=NOW)
        assert saved.record.answers == {"1": 3, "2": 1}
        assert saved.record.via is Via.KIOSK
        assert saved.unanswered == ("3", "4", "5", "6", "7", "8")
        assert kiosk.was_saved(db, token)
        assert not kiosk.was_saved(db, "another")


def test_what_was_ended_stands_no_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        token = opened(db, cast).token
        here = kiosk.standing(db, token, now=NOW)
        assert here is not None
        kiosk.end(db, here.handover, now=NOW)
        assert kiosk.standing(db, token, now=NOW) is None
        assert not kiosk.was_saved(db, token)


def test_two_presses_at_once_answer_one_questionnaire(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        here = kiosk.standing(db, opened(db, cast).token, now=NOW)
        assert here is not None
        for _press in range(2):  # both began before either had saved
            kiosk.save(db, here, EIGHT, now=NOW)
        kept = assessments.assessments_of(db, cast.alice.patient_id)
        assert [one.instrument for one in kept if one.saved_at] == ["phq8"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_it_waits_for_the_patient_before_it_takes_its_turn(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        here = kiosk.standing(db, opened(db, cast).token, now=NOW)
    assert here is not None

    def save() -> None:
        with database.unit_of_work() as db:
            kiosk.save(db, here, EIGHT, now=NOW)

    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            consents.hold(db, cast.alice.patient_id)
            saving = thread.submit(save)
            with pytest.raises(TimeoutError):
                saving.result(timeout=0.3)
            assessments.take_turn(db, cast.alice.patient_id)  # nobody who waits for the patient holds it
        saving.result(timeout=10)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_it_waits_for_a_session_that_is_being_written_before_it_takes_its_turn(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        here = kiosk.standing(db, opened(db, cast).token, now=NOW)
    assert here is not None

    def save() -> None:
        with database.unit_of_work() as db:
            kiosk.save(db, here, EIGHT, now=NOW)

    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            summaries.hold(db, cast.alice.patient_id)  # as whoever has written a session does
            saving = thread.submit(save)
            with pytest.raises(TimeoutError):
                saving.result(timeout=0.3)
            assessments.take_turn(db, cast.alice.patient_id)  # and then sees to what is due after it
        saving.result(timeout=10)


def test_what_was_begun_as_the_shorter_one_is_gone_on_with(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        saved(db, cast.alice, {"1": 3}, code="gad2")
        handed = kiosk.hand_over_here(db, the_patient(db, cast.alice), **by_bob(cast, "gad7"))  # type: ignore[arg-type]
        here = kiosk.standing(db, handed.token, now=NOW)
        assert here is not None
        record = kiosk.save(db, here, {"2": 1, "7": 2}, now=NOW).record
        assert (record.instrument, record.answers) == ("gad7", {"1": 3, "2": 1, "7": 2})


def test_an_answer_to_the_ninth_item_is_not_lost_to_a_shorter_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        saved(db, cast.alice, {"9": 2})
        here = kiosk.standing(db, opened(db, cast).token, now=NOW)
        assert here is not None
        done = kiosk.save(db, here, EIGHT, now=NOW)
        assert (done.record.instrument, done.record.answers["9"], done.record.total) == ("phq9", 2, 10)
        assert done.panel is not None
