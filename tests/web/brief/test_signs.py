"""What else the days say: patterns are called that, and silence is no good news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from journal.domain.associations import Association, LinkStatus, Per, Slope
from journal.domain.control_charts import ChartDay, ChosenBy, ControlChart
from journal.domain.insights import History, Insights, insights_of
from journal.domain.regularity import Waking
from journal.domain.variability import Variability
from journal.domain.withheld import Reason, Withheld
from journal.web.brief.signs import (
    drift_words,
    link_words,
    signed,
    signs_of,
    unsaid_of,
    variability_words,
)

NOTHING = insights_of(History(date(2026, 3, 30), date(2026, 3, 1), (), (), (), ()))
TOO_FEW = Withheld(Reason.TOO_FEW)
CHART = ControlChart(
    mu=6.0,
    s=1.0,
    n0=14,
    limit=1.5,
    line=4.5,
    baseline_from=date(2026, 2, 1),
    baseline_to=date(2026, 2, 20),
    baseline_by=ChosenBy.RULE,
    days=(
        ChartDay(date(2026, 3, 26), 4.4, signal=True),
        ChartDay(date(2026, 3, 27), 4.6, signal=False),
        ChartDay(date(2026, 3, 28), 4.3, signal=True),
        ChartDay(date(2026, 3, 29), 4.2, signal=True),
    ),
)


def link(status: LinkStatus, *, per: Per = Per.QUALITY_STEP) -> Association:
    slope = Slope(b=0.51, ci_low=-0.2 if status is LinkStatus.NO_CLEAR_LINK else 0.3, ci_high=0.72, n=62)
    return Association(status, 62, per, slope, None, None, ())


def with_chart(chart: ControlChart) -> Insights:
    return replace(NOTHING, course=replace(NOTHING.course, chart=chart))


def test_without_figures_there_is_no_line() -> None:
    assert signs_of(NOTHING, TOO_FEW) == []


def test_a_drift_is_a_prompt_to_look_and_its_absence_says_nothing() -> None:
    assert drift_words(CHART, ()) == (
        "Since 28 Mar smoothed mood has been under 4.50 (now 4.2); it was 6.0 on average over the first 14 logged days "
        "from the third day after the first session on, 1 to 20 February. A prompt to look, no finding."
    )
    chosen = replace(CHART, baseline_by=ChosenBy.PROVIDER)
    assert "over the 14 steady days that a provider chose, 1 to 20 February." in drift_words(chosen, ())
    assert [one.name for one in signs_of(with_chart(CHART), TOO_FEW)] == ["drift"]
    calm = replace(CHART, days=CHART.days[:2])
    assert signs_of(with_chart(calm), TOO_FEW) == []


def test_a_link_is_a_pattern_with_its_interval_and_its_pairs() -> None:
    found = link(LinkStatus.LINK)
    assert found.slope is not None
    assert link_words(found, found.slope) == (
        "A step better sleep went with +0.5 mood that day (95 % interval +0.3 to +0.7, 62 pairs of days). "
        "A pattern, not proof. With this many pairs about 11 of 100 people without such a link show one by chance."
    )


def test_few_pairs_are_preliminary_and_a_pattern_only_where_they_show_a_link() -> None:
    few = replace(link(LinkStatus.PRELIMINARY, per=Per.HOUR), n=30)
    shown = Slope(b=0.51, ci_low=0.3, ci_high=0.72, n=30)
    said = link_words(few, shown)
    assert said.startswith("Preliminary. An hour more sleep")
    assert said.endswith(
        "With this many pairs about 20 of 100 people without such a link show one by chance."
    )
    unclear = link_words(few, replace(shown, ci_low=-0.3))
    assert unclear.startswith("Preliminary. No clear link yet. An hour more sleep")
    assert "pattern" not in unclear


def test_an_interval_with_zero_in_it_is_no_clear_link_yet() -> None:
    found = link(LinkStatus.NO_CLEAR_LINK, per=Per.HALF_HOUR)
    assert found.slope is not None
    said = link_words(found, found.slope)
    assert said.startswith(
        "No clear link yet. Half an hour more activity went with +0.5 mood on the same day"
    )
    assert "−0.2 to +0.7" in said
    assert "pattern" not in said


def test_sleep_is_read_the_other_way_too() -> None:
    found = replace(link(LinkStatus.LINK), reverse=Slope(b=0.154, ci_low=0.02, ci_high=0.28, n=61))
    assert found.slope is not None
    assert link_words(found, found.slope).endswith(
        "The other way round: a point better mood went with +0.15 steps of sleep quality the next night (95 % interval "
        "+0.02 to +0.28, 61 nights). A pattern, not proof. With this many pairs about 11 of 100 people without such a "
        "link show one by chance."
    )


def test_what_cannot_be_said_yet_tells_how_much_there_is_of_how_much() -> None:
    few = replace(link(LinkStatus.TOO_FEW, per=Per.HALF_HOUR), n=12, slope=None)
    found = replace(
        with_chart(CHART), variability=Withheld(Reason.TOO_FEW, n=20, needs=42), activity_mood=few
    )
    assert [(one.name, one.words) for one in unsaid_of(found, Withheld(Reason.TOO_FEW, n=3, needs=4))] == [
        ("waking", "Too few: 3 of the 4 mornings it takes in the dates above."),
        ("variability", "Too early: 20 of the 42 days it takes."),
        ("sleep-mood", "Too early: 0 of the 28 pairs of days it takes."),
        ("activity-mood", "Too early: 12 of the 42 pairs of days it takes."),
    ]


def test_waking_and_variability_say_what_they_are_of() -> None:
    waking = Waking(52.4, 12, ((date(2026, 3, 1), time(7, 0)),))
    found = Variability(rmssd=1.06, sd=1.97, low=1, high=8, n=77, pairs=66)
    signs = signs_of(replace(NOTHING, variability=found), waking)
    assert [(one.name, one.words) for one in signs] == [
        ("waking", "Varies by 52 minutes (SD of 12 mornings, 1 March)."),
        (
            "variability",
            "1.1 from one day to the next (RMSSD of 66 pairs of days); SD 2.0, between 1 and 8 on 77 days.",
        ),
    ]
    assert "no two of them follow each other" in variability_words(replace(found, rmssd=None))


def test_a_difference_has_its_sign() -> None:
    assert [signed(value) for value in (0.51, -0.2, 0.01, -0.04)] == ["+0.5", "−0.2", "0.0", "0.0"]
