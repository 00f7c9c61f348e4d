"""What may be recorded, which day it is about when clocks lie, which of two bodies counts, who may read what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.checkins import (
    NUMBERS,
    CheckInBody,
    Recall,
    Times,
    Via,
    Written,
    as_seen,
    check,
    default_day,
    newest,
    reckon,
)
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
TODAY = date(2026, 3, 30)
FIRST_DAY = date(2026, 3, 1)
BERLIN = "Europe/Berlin"
EVERYTHING = Sight(scopes=frozenset(Scope), visible_from=None)


def said(mood: int | None = 6, **items: object) -> CheckInBody:
    return replace(CheckInBody(local_date=TODAY, mood=mood, unsure=mood is None), **items)  # type: ignore[arg-type]


def at(moment: datetime, *, sent_at: datetime | None = None, day_chosen: bool = False) -> Written:
    return Written("a-key", Via.WEB, BERLIN, moment, sent_at, day_chosen)


def refused(body: CheckInBody, *, written_on: date | None = TODAY) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(body, written_on=written_on)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def times_of(body: CheckInBody, written: Written) -> Times:
    return reckon(body, written, received_at=NOW, first_day=FIRST_DAY)


# What may be recorded


def test_a_mood_alone_is_a_whole_check_in() -> None:
    check(said(6), written_on=TODAY)
    check(said(None), written_on=TODAY)


def test_neither_a_number_nor_not_sure_is_refused() -> None:
    assert refused(CheckInBody(local_date=TODAY)) == [("mood_missing", "mood")]


def test_a_number_and_not_sure_at_once_are_refused() -> None:
    assert refused(CheckInBody(local_date=TODAY, mood=4, unsure=True)) == [("mood_missing", "mood")]


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_refused_outside_its_range(name: str) -> None:
    low, high = NUMBERS[name]
    check(replace(said(), **{name: low}), written_on=TODAY)
    check(replace(said(), **{name: high}), written_on=TODAY)
    assert refused(replace(said(), **{name: low - 1})) == [("out_of_range", name)]
    assert refused(replace(said(), **{name: high + 1})) == [("out_of_range", name)]


def test_the_ranges_are_those_of_the_daily_log() -> None:
    assert NUMBERS == {
        "mood": (0, 10), "interest": (0, 4), "anxiety": (0, 4), "energy": (0, 4), "sleep_quality": (0, 4),
        "sleep_min": (0, 1440), "awakenings": (0, 20), "sol_min": (0, 600), "waso_min": (0, 600),
        "activity_min": (0, 1440), "steps": (0, 100_000), "social": (0, 2), "connection": (0, 4),
        "pain": (0, 10), "alcohol": (0, 50), "detached": (0, 10), "elevated": (0, 3),
    }  # fmt: skip


def test_a_note_may_have_4000_characters_and_an_emoji_is_one() -> None:
    check(said(note="🙂" * 4000), written_on=TODAY)
    with pytest.raises(RefusedFields) as caught:
        check(said(note="x" * 4140), written_on=TODAY)
    [problem] = caught.value.problems
    assert (problem.code, problem.details) == ("note_too_long", {"over": 140})


def test_a_night_of_more_than_16_hours_is_refused() -> None:
    check(said(bed_time=time(20, 0), wake_time=time(12, 0)), written_on=TODAY)
    assert refused(said(bed_time=time(20, 0), wake_time=time(12, 1))) == [("night_too_long", "wake_time")]


def test_more_minutes_awake_than_in_bed_are_refused() -> None:
    night = said(bed_time=time(23, 0), wake_time=time(3, 0), sol_min=200, waso_min=41)
    assert refused(night) == [("awake_too_long", "waso_min")]


def test_everything_wrong_is_said_at_once() -> None:
    body = said(None, unsure=False, note="x" * 4001, energy=5, local_date=TODAY + timedelta(days=1))
    assert [code for code, _ in refused(body)] == [
        "mood_missing", "out_of_range", "note_too_long", "day_in_future",
    ]  # fmt: skip


def test_the_last_30_days_can_be_written_about_and_no_others() -> None:
    check(said(local_date=TODAY - timedelta(days=30)), written_on=TODAY)
    assert refused(said(local_date=TODAY - timedelta(days=31))) == [("day_too_old", "local_date")]
    assert refused(said(local_date=TODAY + timedelta(days=1))) == [("day_in_future", "local_date")]


def test_an_edit_has_no_age_limit() -> None:
    check(said(local_date=date(2019, 1, 1)), written_on=None)


# Bodies as text


def test_a_body_survives_the_way_through_json() -> None:
    body = said(
        bed_time=time(23, 5), wake_time=time(7, 0), activity_type=("walk",), tags=("work", "río"), note="Hé\n",
        meaningful=False, meds_taken="na",
    )  # fmt: skip
    assert CheckInBody.from_json(body.as_json()) == body


def test_a_name_that_this_version_does_not_know_is_left_out() -> None:
    assert CheckInBody.from_json({"local_date": "2026-03-30", "mood": 6, "aura": 3}) == said(6)


def test_a_body_that_will_be_refused_has_a_hash_as_well() -> None:
    assert said(note="\ud83d").hash() != said(note="\ud83e").hash()


def test_any_change_of_a_body_changes_its_hash() -> None:
    hashes = {
        said(6).hash(),
        said(7).hash(),
        said(None).hash(),
        said(note=" ").hash(),
        said(meals=False).hash(),
    }
    assert len(hashes) == 5
    assert said(6).hash() == said(6).hash()


# Days and clocks


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (datetime(2026, 3, 30, 21, 59, tzinfo=UTC), date(2026, 3, 30)),  # 23:59
        (datetime(2026, 3, 30, 22, 0, tzinfo=UTC), date(2026, 3, 30)),  # 00:00
        (datetime(2026, 3, 31, 1, 59, tzinfo=UTC), date(2026, 3, 30)),  # 03:59
        (datetime(2026, 3, 31, 2, 0, tzinfo=UTC), date(2026, 3, 31)),  # 04:00
    ],
)
def test_before_four_the_evening_is_not_over(wall: datetime, expected: date) -> None:
    assert default_day(wall, BERLIN) == expected


def test_a_clock_that_agrees_is_believed() -> None:
    written = at(NOW - timedelta(days=9), sent_at=NOW - timedelta(minutes=9))
    times = times_of(said(local_date=TODAY - timedelta(days=9)), written)
    assert times == Times(
        local_date=date(2026, 3, 21),
        recorded_at=NOW - timedelta(days=9),
        felt_at=NOW - timedelta(days=9),
        recall=Recall.MOMENT,
        clock_skew_s=None,
        utc_offset_min=60,  # before the clocks changed on 29 March
    )


def test_a_clock_three_days_ahead_is_corrected_with_the_day_it_gave() -> None:
    ahead = timedelta(days=3)
    times = times_of(said(local_date=TODAY + ahead), at(NOW + ahead, sent_at=NOW + ahead))
    assert (times.local_date, times.recorded_at, times.clock_skew_s) == (TODAY, NOW, 3 * 86_400)


def test_a_clock_three_days_behind_is_corrected_with_the_day_it_gave() -> None:
    behind = timedelta(days=3)
    times = times_of(said(local_date=TODAY - behind), at(NOW - behind, sent_at=NOW - behind))
    assert (times.local_date, times.recorded_at, times.clock_skew_s) == (TODAY, NOW, -3 * 86_400)


def test_a_chosen_day_stays_when_the_clock_is_corrected() -> None:
    ahead = timedelta(hours=5)
    written = at(NOW + ahead, sent_at=NOW + ahead, day_chosen=True)
    assert times_of(said(local_date=date(2026, 3, 20)), written).local_date == date(2026, 3, 20)


def test_a_day_that_could_not_have_been_chosen_becomes_the_day_of_receipt() -> None:
    ahead = timedelta(days=40)
    written = at(NOW + ahead, sent_at=NOW + ahead, day_chosen=True)
    assert times_of(said(local_date=(NOW + ahead).date()), written).local_date == TODAY


@pytest.mark.parametrize("year", [1, 1970, 2100, 9999])
def test_an_absurd_year_becomes_the_moment_of_receipt_and_is_marked(year: int) -> None:
    claimed = datetime(year, 1, 1, tzinfo=UTC)
    times = times_of(said(), at(claimed))
    assert (times.recorded_at, times.local_date) == (NOW, TODAY)
    assert times.clock_skew_s == round((claimed - NOW).total_seconds())


def test_a_time_in_the_future_without_another_clock_to_compare_becomes_the_moment_of_receipt() -> None:
    times = times_of(said(), at(NOW + timedelta(days=3)))
    assert (times.recorded_at, times.clock_skew_s) == (NOW, 3 * 86_400)


def test_a_time_long_before_the_patient_came_becomes_the_moment_of_receipt() -> None:
    claimed = datetime(2026, 1, 29, 12, 0, tzinfo=UTC)  # 31 days before the first day
    assert times_of(said(), at(claimed)).recorded_at == NOW


def test_an_earlier_day_is_looked_back_on_and_has_no_moment() -> None:
    times = times_of(said(local_date=date(2026, 3, 28)), at(NOW, day_chosen=True))
    assert (times.recall, times.felt_at) == (Recall.DAY, None)


def test_before_four_both_days_are_the_moment() -> None:
    night = datetime(2026, 3, 30, 23, 0, tzinfo=UTC)  # 01:00
    for day in (date(2026, 3, 30), date(2026, 3, 31)):
        times = reckon(
            said(local_date=day), at(night, day_chosen=True), received_at=night, first_day=FIRST_DAY
        )
        assert times.recall is Recall.MOMENT


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Refused, match="zone_unknown"):
        times_of(said(), replace(at(NOW), zone="Mars/Olympus"))


def test_a_day_that_could_not_have_been_chosen_is_the_day_of_writing_where_that_is_known() -> None:
    """The phone was five days without a network, and forty ahead of everybody."""
    ahead, waited = timedelta(days=40), timedelta(days=5)
    written = at(NOW - waited + ahead, sent_at=NOW + ahead, day_chosen=True)
    times = times_of(said(local_date=(NOW - waited + ahead).date()), written)
    assert (times.local_date, times.recorded_at) == (date(2026, 3, 25), NOW - waited)


def test_a_clock_some_minutes_fast_does_not_choose_tomorrow() -> None:
    midnight = datetime(2026, 3, 30, 22, 0, tzinfo=UTC)
    fast = at(midnight + timedelta(minutes=2), sent_at=midnight + timedelta(minutes=2), day_chosen=True)
    tomorrow = said(local_date=date(2026, 3, 31))
    received = midnight - timedelta(minutes=2)
    times = reckon(tomorrow, fast, received_at=received, first_day=FIRST_DAY)
    assert (times.local_date, times.recorded_at, times.clock_skew_s) == (TODAY, received, None)


def test_tomorrow_stays_tomorrow_where_no_clock_was_wrong() -> None:
    tomorrow = said(local_date=TODAY + timedelta(days=1))
    assert times_of(tomorrow, at(NOW, day_chosen=True)).local_date == date(2026, 3, 31)


def test_a_day_that_no_one_chose_is_one_of_the_persons_own_zone() -> None:
    """The phone is in Auckland, where it is tomorrow; the person's days are counted in Berlin."""
    assert times_of(said(local_date=date(2026, 3, 31)), at(NOW, sent_at=NOW)).local_date == TODAY


@given(
    claimed=st.datetimes(timezones=st.just(UTC)),
    sent_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.dates(),
    day_chosen=st.booleans(),
)
def test_no_clock_ever_costs_a_check_in_or_puts_it_in_the_future(
    claimed: datetime, sent_at: datetime | None, day: date, day_chosen: bool
) -> None:
    times = times_of(said(local_date=day), at(claimed, sent_at=sent_at, day_chosen=day_chosen))
    assert times.recorded_at <= NOW
    if times.clock_skew_s is not None or not day_chosen:
        check(said(local_date=times.local_date), written_on=local_day(times.recorded_at, BERLIN))


@given(
    claimed=st.datetimes(timezones=st.just(UTC)),
    sent_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_what_the_clock_claimed_can_always_be_told_from_what_is_kept(
    claimed: datetime, sent_at: datetime | None
) -> None:
    times = times_of(said(), at(claimed, sent_at=sent_at))
    off = claimed - times.recorded_at
    if times.clock_skew_s is None:
        assert timedelta() <= off <= timedelta(minutes=10)
    else:
        assert abs(off.total_seconds() - times.clock_skew_s) < 1


# Which one counts


def test_the_newest_counts_by_writing_then_arrival_then_hash_in_any_order() -> None:
    early, late = NOW - timedelta(hours=1), NOW
    versions = [
        (early, late, "f"),
        (late, early, "b"),
        (late, early, "c"),
        (late, late, "a"),
        (early, early, "z"),
    ]
    for order in permutations(versions):
        assert order[newest(*order)] == (late, late, "a")


# Who may read what


def test_the_patient_reads_every_word() -> None:
    body = said(note="mine", tags=("x",), alcohol=2, starred=True, activity_type=("walk",))
    assert as_seen(body, WHOLE, known_activities=()) == body


def test_a_private_starred_note_leaves_no_trace() -> None:
    seen = as_seen(said(note="mine", tags=("x",), starred=True), EVERYTHING, known_activities=())
    assert seen == said()


def test_a_shared_note_comes_with_its_star_and_tags() -> None:
    body = said(note="ours", note_shared=True, starred=True, tags=("x",))
    assert as_seen(body, EVERYTHING, known_activities=()) == body


def test_a_shared_note_stays_closed_without_the_scope() -> None:
    scores = Sight(scopes=frozenset({Scope.SCORES}), visible_from=None)
    assert as_seen(said(note="ours", note_shared=True), scores, known_activities=()) == said()


def test_substances_are_private_until_shared() -> None:
    drank = said(alcohol=3, cannabis=True, other_substances="x")
    assert as_seen(drank, EVERYTHING, known_activities=()) == said()
    shared = replace(drank, substances_shared=True)
    assert as_seen(shared, EVERYTHING, known_activities=()) == shared


def test_activities_that_a_reader_may_not_know_are_left_out() -> None:
    seen = as_seen(said(activity_type=("walk", "own")), EVERYTHING, known_activities={"walk"})
    assert seen.activity_type == ("walk",)


@pytest.mark.parametrize("field", ["note", "other_substances", "tags"])
@pytest.mark.parametrize("odd", ["\x00", "\ud83d"])
def test_a_character_that_no_store_can_hold_is_a_problem_of_its_field(field: str, odd: str) -> None:
    text = f"before {odd} after"
    with pytest.raises(RefusedFields) as refused:
        check(said(**{field: (text,) if field == "tags" else text}), written_on=TODAY)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        (field, "text_unreadable")
    ]


def test_every_other_character_is_kept() -> None:
    check(said(note="\x0b\u200f\ufffd\U0001f30a\u0301"), written_on=TODAY)


@pytest.mark.parametrize(
    ("moment", "nearest"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), date(1969, 12, 31)),
        (datetime(1969, 6, 1, tzinfo=UTC), date(1969, 12, 31)),
        (datetime(2200, 6, 1, tzinfo=UTC), date(2199, 12, 31)),
        (datetime(9999, 12, 31, tzinfo=UTC), date(2199, 12, 31)),
    ],
)
def test_a_day_can_be_told_of_any_time_however_wrong(moment: datetime, nearest: date) -> None:
    assert default_day(moment, BERLIN) == nearest


def test_a_body_of_before_there_was_a_question_has_the_same_hash_afterwards() -> None:
    assert said(6).hash() == "7a5f3296e7aadcfa901b7579b0b840f4166ad7253c0635a8d613efddbe9ff726"
    assert said(6, detached=0).hash() != said(6).hash()
