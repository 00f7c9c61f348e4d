"""What is asked and why the next is due then, as a provider reads it; and what a form changes of it."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.assessment_calendar import Cadence, Due, Reason, Rhythm
from journal.domain.assessment_choices import USUALLY, Choice, Series
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.errors import Refused
from journal.services.assessment_dates import Next
from journal.web.assessment_plans import changed, due_lines, due_words, names_of, read_plan

TODAY = date(2026, 3, 30)
LAST, SESSION, DUE = date(2026, 3, 20), date(2026, 3, 27), date(2026, 4, 3)
WITHOUT_SESSIONS = Sight(frozenset({Scope.ASSESSMENTS}), visible_from=None)
ASKED = ["phq9", "gad7"]


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (None, "Open now."),
        (Due(DUE, Reason.FIRST, DUE), "Next due on 3 April 2026: the first one."),
        (
            Due(DUE, Reason.INTERVAL, LAST),
            "Next due on 3 April 2026, 14 days after the last one, on 20 March 2026.",
        ),
        (
            Due(DUE, Reason.MISSED, LAST),
            "Next due on 3 April 2026, 14 days after the one due on 20 March 2026, which was not finished.",
        ),
        (
            Due(date(2026, 4, 10), Reason.SESSION, SESSION, treatment_on=SESSION),
            "Next due on 10 April 2026, 14 days after the session on 27 March 2026.",
        ),
        (
            Due(date(2026, 4, 17), Reason.LIMIT, LAST, treatment_on=SESSION, otherwise_on=date(2026, 4, 20)),
            "Next due on 17 April 2026: no later than 28 days after the last one, on 20 March 2026.",
        ),
        (
            Due(date(2026, 4, 4), Reason.BEFORE_SESSION, date(2026, 4, 5), treatment_on=date(2026, 4, 5)),
            "Next due on 4 April 2026, the day before the session planned for 5 April 2026.",
        ),
    ],
)
def test_the_day_and_why_then(due: Due | None, says: str) -> None:
    assert due_words(due, WHOLE, TODAY) == says


def test_no_session_is_named_to_whom_sessions_are_closed() -> None:
    for due in (
        Due(DUE, Reason.SESSION, SESSION, treatment_on=SESSION),
        Due(DUE, Reason.LIMIT, LAST, treatment_on=SESSION),
        Due(DUE, Reason.BEFORE_SESSION, date(2026, 4, 4), treatment_on=date(2026, 4, 4)),
    ):
        assert due_words(due, WITHOUT_SESSIONS, TODAY) == "Next due on 3 April 2026."


def test_no_day_is_named_that_is_not_open() -> None:
    sight = Sight(frozenset(Scope), visible_from=date(2026, 3, 21))
    assert due_words(Due(DUE, Reason.INTERVAL, LAST), sight, TODAY) == "Next due on 3 April 2026."


def test_while_they_come_weekly_the_line_says_that_recall_overlaps() -> None:
    weekly = Cadence(Rhythm.WEEKLY_FIRST, since=TODAY)
    found = [
        Next(Series(("phq9", "gad7"), frozenset({"phq9"}), cadence), Due(day, Reason.INTERVAL, LAST))
        for cadence, day in ((weekly, DUE), (weekly, date(2026, 5, 11)), (Cadence(Rhythm.FIXED), DUE))
    ]
    lines = due_lines(found, WHOLE, TODAY)
    assert [one.names for one in lines] == ["PHQ-9 and GAD-7"] * 3
    assert [one.overlaps for one in lines] == [True, False, False]
    assert names_of(["pcl5"]) == "PCL-5"


def test_the_form_names_what_is_asked_and_says_why_the_phq8_is() -> None:
    plan = read_plan({}, item_nine_is_read=False)
    assert plan.rhythm is Rhythm.RESTARTED
    assert [(code, name, is_on) for code, name, _detail, is_on in plan.asked] == [
        ("phq9", "PHQ-8", True),
        ("gad7", "GAD-7", True),
        ("phq2", "PHQ-2", False),
        ("gad2", "GAD-2", False),
        ("pcl5", "PCL-5", False),
        ("asq", "ASQ", False),
    ]
    assert "the ninth item is not asked" in (plan.asked[0][2] or "")
    assert read_plan({}, item_nine_is_read=True).asked[0][1:3] == ("PHQ-9", None)
    assert any("Overlapping recall" in (detail or "") for _value, _words, detail in plan.rhythms)


def change(rhythm: str, asked: list[str], kept: dict[str, Choice] | None = None) -> list[Choice]:
    return changed(kept or {}, rhythm=rhythm, asked=asked, provider_id=7, today=TODAY)


def test_a_form_that_changes_nothing_changes_nothing() -> None:
    assert change("restarted", ASKED) == []


def test_what_is_turned_on_or_off_is_a_choice_of_its_own() -> None:
    assert [
        (one.instrument, one.is_enabled, one.by_provider_id)
        for one in change("restarted", ["phq9", "pcl5", "asq"])
    ] == [
        ("gad7", False, 7),
        ("pcl5", True, 7),
        ("asq", True, 7),
    ]
    assert change("restarted", [*ASKED, "pcl5"])[0].cadence == USUALLY["pcl5"].cadence


def test_a_weekly_beginning_begins_today_and_goes_on_from_its_first_day() -> None:
    weekly = change("weekly_first", ASKED)
    assert {one.instrument for one in weekly} == {"phq9", "gad7", "gad2"}
    assert {one.cadence for one in weekly} == {Cadence(Rhythm.WEEKLY_FIRST, since=TODAY)}
    before = {
        code: Choice(code, is_enabled=code != "gad2", cadence=Cadence(Rhythm.WEEKLY_FIRST, since=LAST))
        for code in ("phq9", "gad7", "gad2")
    }
    assert change("weekly_first", ASKED, before) == []
    assert change("fixed", ASKED, before)[0].cadence == Cadence(Rhythm.FIXED)


@pytest.mark.parametrize(
    ("rhythm", "asked", "field"),
    [("monthly", ASKED, "rhythm"), ("", ASKED, "rhythm"), ("fixed", ["phq8"], "asked")],
)
def test_what_is_not_offered_is_refused(rhythm: str, asked: list[str], field: str) -> None:
    with pytest.raises(Refused) as fault:
        change(rhythm, asked)
    assert (fault.value.code, fault.value.field) == ("not_a_choice", field)
