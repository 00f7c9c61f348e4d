"""The six figures: their words, and what they never say."""

from __future__ import annotations

from datetime import UTC, date, datetime

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import DECLINED, Answer
from journal.domain.periods import Landmarks, compare_with_before, period
from journal.domain.trends import DaySummary
from journal.web.brief.numbers import Figure, day_figures, score_figures

TODAY = date(2026, 3, 30)
WANTED = period("visit", Landmarks(TODAY, date(2026, 1, 5), last_visit=date(2026, 3, 2)))


def record(code: str, on: date, *values: int, nine: Answer | None = None) -> AssessmentRecord:
    answers: dict[str, Answer] = {str(number): value for number, value in enumerate(values, start=1)}
    if nine is not None:
        answers["9"] = nine
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return AssessmentRecord(
        public_id=f"{code}{on}",
        instrument=code,
        version=1,
        due_on=on,
        opened_at=at,
        completed_at=at,
        completed_on=on,
        answers=answers,
    )


def shown(*records: AssessmentRecord) -> dict[str, Figure]:
    return {one.name: one for one in score_figures(records, WANTED)}


def test_means_stand_beside_their_days_and_what_was_before() -> None:
    before = [DaySummary(date(2026, 2, day), 4.0, 4, 4, 1, 1, sleep_hours=6.0) for day in range(10, 16)]
    now = [DaySummary(date(2026, 3, day), 6.0, 6, 6, 1, 1, sleep_hours=6.2) for day in range(10, 15)]
    mood, sleep, check_ins = day_figures(
        compare_with_before([*before, *now], WANTED, first_day=date(2026, 1, 5))
    )
    assert (mood.value, mood.arrow, mood.was) == ("6.0", "↑", "was 4.0, higher")
    assert mood.basis == "5 of 28 days, before 6 of 28"
    assert (sleep.value, sleep.arrow, sleep.was) == ("6.2 h", "", "was 6.0 h, about the same")
    assert (check_ins.value, check_ins.was) == ("5 of 28", "was 6 of 28")


def test_on_the_first_day_of_all_it_is_one_day_and_not_one_days() -> None:
    wanted = period("all", Landmarks(TODAY, TODAY))
    mood = day_figures(compare_with_before([], wanted, first_day=TODAY))[0]
    assert (mood.value, mood.basis) == ("–", "0 of 1 day")


def test_more_sleep_is_longer_not_better() -> None:
    before = [DaySummary(date(2026, 2, day), 5.0, 5, 5, 1, 1, sleep_hours=6.0) for day in range(10, 16)]
    now = [DaySummary(date(2026, 3, day), 5.0, 5, 5, 1, 1, sleep_hours=8.0) for day in range(10, 15)]
    found = compare_with_before([*before, *now], WANTED, first_day=date(2026, 1, 5))
    assert day_figures(found)[1].was == "was 6.0 h, longer"


def test_a_score_is_the_latest_of_the_period_beside_the_latest_before_it() -> None:
    found = shown(
        record("phq9", date(2026, 1, 19), *[2] * 9),
        record("phq9", date(2026, 3, 2), 2, 2, 2, 2, 1, 1, 1, 1, 1),
        record("phq9", date(2026, 3, 15), *[1] * 8, nine=0),
        record("phq9", date(2026, 3, 29), *[1] * 9),
    )["phq9"]
    assert (found.value, found.besides, found.arrow) == ("9", "mild", "↓")
    assert (found.was, found.scale) == ("was 13, lower", "Lower is better.")
    assert found.basis == "29 Mar, before 2 Mar; in between 8 on 15 Mar"


def test_a_change_that_is_reliable_says_from_how_many_points_on_up_and_down() -> None:
    many, few = record("phq9", date(2026, 3, 1), *[2] * 9), record("phq9", date(2026, 3, 1), *[1] * 9)
    assert shown(many, record("phq9", date(2026, 3, 29), *[1] * 9))["phq9"].was == (
        "was 18, lower: a change of 6 or more"
    )
    assert shown(few, record("phq9", date(2026, 3, 29), *[2] * 9))["phq9"].was == (
        "was 9, higher: a change of 6 or more"
    )


def test_of_many_scores_in_between_their_number_and_range_is_told() -> None:
    days = [record("gad7", date(2026, 3, day), *[day % 3] * 7) for day in range(10, 16)]
    assert shown(*days)["gad7"].basis == "15 Mar; in these dates also 5 more, 0 to 14"


def test_without_one_in_these_dates_the_last_one_is_told_with_its_day() -> None:
    found = shown(record("gad7", date(2026, 2, 15), *[1] * 7))["gad7"]
    assert (found.value, found.was, found.basis) == ("–", "last 7 on 15 Feb", "none in these dates")
    assert shown()["gad7"].was == "no answers yet"


def test_a_phq8_is_never_held_against_a_phq9() -> None:
    found = shown(
        record("phq9", date(2026, 3, 1), *[2] * 9),
        record("phq8", date(2026, 3, 20), *[1] * 8),
    )
    assert (found["phq8"].title, found["phq8"].value, found["phq8"].was) == ("PHQ-8", "8", "nothing before")
    assert "phq9" not in found


def test_a_declined_ninth_item_makes_it_a_phq8_and_is_told_as_that() -> None:
    found = shown(record("phq9", date(2026, 3, 20), *[1] * 8, nine=DECLINED))
    assert found["phq8"].value == "8"
    item = found["phq9-item-9"]
    assert (item.value, item.besides) == ("–", "preferred not to answer")


def test_the_ninth_item_is_an_answer_and_never_good_news() -> None:
    item = shown(
        record("phq9", date(2026, 3, 1), *[1] * 8, nine=1),
        record("phq9", date(2026, 3, 20), *[1] * 8, nine=0),
    )["phq9-item-9"]
    assert (item.value, item.besides, item.was) == ("0", "not at all", "was 1, several days")
    assert item.arrow == ""
    said = f"{item.besides} {item.was} {item.basis}"
    assert not [word for word in ("better", "lower", "improved", "no risk") if word in said]


def test_where_the_ninth_item_is_not_asked_it_says_so() -> None:
    item = shown(record("phq8", date(2026, 3, 20), *[1] * 8))["phq9-item-9"]
    assert (item.value, item.basis) == ("–", "not asked in these dates")


def test_an_older_answer_to_the_ninth_item_has_its_day_and_a_0_its_caution() -> None:
    item = shown(record("phq9", date(2026, 2, 20), *[1] * 8, nine=0))["phq9-item-9"]
    assert (item.value, item.was) == ("–", "last 0, not at all, on 20 Feb")
    assert item.caution == "A 0 is no sign of safety."
    assert shown(record("phq9", date(2026, 2, 20), *[1] * 8, nine=1))["phq9-item-9"].caution == ""
