"""Which pages and questions of a session are open on which day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.aftercare import (
    Card,
    DissociationAsked,
    SmallStep,
    Ticked,
    before_is_open,
    card_on,
    dissociation_asked_on,
    dissociation_lasted,
    reflection_is_open,
    small_steps_on,
    ticked,
)
from journal.domain.reminder_prompts import SessionDay
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import Source, Status, TreatmentSession

HOME = "Europe/Berlin"
DAY = date(2026, 3, 13)
ENDED = datetime(2026, 3, 13, 10, 0, tzinfo=UTC)
S8 = SessionDay("s8", DAY, ended_at=ENDED)
LATER = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def treatment(status: Status, on: date = DAY) -> TreatmentSession:
    return TreatmentSession(
        public_id="s8", local_date=on, started_at=None, status=status, route=None, source=Source.PATIENT
    )


def asked(
    day: date, record: TreatmentRecord, *, always_daily: bool = False, now: datetime = LATER
) -> DissociationAsked:
    return dissociation_asked_on(day, [(S8, record)], always_daily=always_daily, zone=HOME, now=now)


# --- before -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "on", "is_open"),
    [
        (Status.PLANNED, date(2026, 3, 23), True),
        (Status.PLANNED, DAY, True),
        (Status.PLANNED, date(2026, 3, 12), False),
        (Status.CANCELLED, DAY, False),
        (Status.COMPLETED, DAY, False),
    ],
)
def test_the_page_before_is_open_while_a_session_is_planned(status: Status, on: date, is_open: bool) -> None:
    assert before_is_open(treatment(status, on), DAY) is is_open


def test_the_checklist_counts_what_the_clinic_asks_now() -> None:
    record = TreatmentRecord(checklist=("ride", "food", "no_longer_asked"))
    assert ticked(["ride", "quiet", "food", "medicines", "music"], record) == Ticked(done=2, of=5)
    assert ticked([], record) == Ticked(done=0, of=0)


# --- after ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "card"),
    [(12, None), (13, Card.SESSION_DAY), (14, Card.DAY_AFTER), (15, None)],
)
def test_aftercare_stands_first_on_the_day_and_on_the_next(day: int, card: Card | None) -> None:
    assert card_on([S8], date(2026, 3, day)) is card


def test_a_session_the_day_after_another_is_a_session_day() -> None:
    assert card_on([S8, SessionDay("s9", date(2026, 3, 14))], date(2026, 3, 14)) is Card.SESSION_DAY


@pytest.mark.parametrize(("day", "is_open"), [(13, True), (20, True), (21, False)])
def test_the_page_after_is_open_for_a_week(day: int, is_open: bool) -> None:
    found = reflection_is_open(
        treatment(Status.COMPLETED), S8, zone=HOME, today=date(2026, 3, day), now=LATER
    )
    assert found is is_open


def test_the_page_after_opens_when_aftercare_has_ended() -> None:
    for after, is_open in ((timedelta(minutes=119), False), (timedelta(minutes=120), True)):
        found = reflection_is_open(
            treatment(Status.STOPPED_EARLY), S8, zone=HOME, today=DAY, now=ENDED + after
        )
        assert found is is_open


@pytest.mark.parametrize("status", [Status.PLANNED, Status.MISSED, Status.CANCELLED])
def test_there_is_no_page_after_a_session_that_was_not_given(status: Status) -> None:
    assert not reflection_is_open(treatment(status), S8, zone=HOME, today=DAY, now=LATER)


@pytest.mark.parametrize("days_on", range(16))
def test_the_small_step_is_shown_again_after_three_seven_and_fourteen_days(days_on: int) -> None:
    found = small_steps_on([(S8, "A walk on Sunday")], DAY + timedelta(days=days_on))
    assert found == ([SmallStep("s8", "A walk on Sunday", days_on)] if days_on in {3, 7, 14} else [])


def test_no_step_is_no_step_and_the_latest_comes_first() -> None:
    later = SessionDay("s9", date(2026, 3, 17))
    assert small_steps_on([(S8, " ")], date(2026, 3, 16)) == []
    found = small_steps_on([(S8, "A walk"), (later, "Call Sam")], date(2026, 3, 20))
    assert [(step.text, step.days_on) for step in found] == [("Call Sam", 3), ("A walk", 7)]


# --- dissociation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "peak_of"), [(12, None), (13, "s8"), (15, "s8"), (16, None)])
def test_the_strongest_moment_is_asked_about_up_to_two_days_on(day: int, peak_of: str | None) -> None:
    assert asked(date(2026, 3, day), TreatmentRecord()) == DissociationAsked(peak_of, (), daily=False)


def test_the_strongest_moment_is_asked_about_once_and_after_aftercare() -> None:
    assert asked(DAY, TreatmentRecord(dissociation_peak=0)).peak_of is None
    assert asked(DAY, TreatmentRecord(), now=ENDED + timedelta(minutes=119)).peak_of is None
    assert asked(DAY, TreatmentRecord(), now=ENDED + timedelta(hours=2)).peak_of == "s8"


def test_while_it_has_not_gone_the_day_has_its_own_item_from_the_next_day_on() -> None:
    lasting = TreatmentRecord(dissociation_peak=7, dissociation_lasts=True)
    assert asked(DAY, lasting) == DissociationAsked(None, (), daily=False)
    assert asked(date(2026, 3, 14), lasting) == DissociationAsked(None, ("s8",), daily=True)
    assert asked(date(2026, 3, 30), lasting) == DissociationAsked(None, ("s8",), daily=True)
    gone = TreatmentRecord(dissociation_peak=7, dissociation_resolved_min=900)
    assert asked(date(2026, 3, 14), gone) == DissociationAsked(None, (), daily=False)


def test_a_provider_can_turn_the_days_own_item_on_for_good() -> None:
    assert asked(date(2026, 3, 30), TreatmentRecord(), always_daily=True).daily


@pytest.mark.parametrize(
    ("record", "after", "lasted"),
    [
        (TreatmentRecord(dissociation_resolved_min=1440), timedelta(days=3), False),
        (TreatmentRecord(dissociation_resolved_min=1441), timedelta(days=3), True),
        (TreatmentRecord(dissociation_lasts=True), timedelta(hours=24), False),
        (TreatmentRecord(dissociation_lasts=True), timedelta(hours=24, seconds=1), True),
        (TreatmentRecord(), timedelta(days=3), False),
    ],
)
def test_a_feeling_that_lasts_longer_than_a_day_is_for_the_clinic(
    record: TreatmentRecord, after: timedelta, lasted: bool
) -> None:
    assert dissociation_lasted(S8, record, zone=HOME, now=ENDED + after) is lasted


def test_without_an_end_the_hours_count_from_the_evening() -> None:
    untimed = SessionDay("s8", DAY)
    record = TreatmentRecord(dissociation_lasts=True)
    evening = datetime(2026, 3, 13, 17, 0, tzinfo=UTC)  # 18:00 in Berlin
    assert not dissociation_lasted(untimed, record, zone=HOME, now=evening + timedelta(hours=24))
    assert dissociation_lasted(untimed, record, zone=HOME, now=evening + timedelta(hours=24, seconds=1))
