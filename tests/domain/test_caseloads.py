"""The order of a list: those to look at first by why, then today's visits, then everyone else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.attention import Kind, Line
from journal.domain.caseloads import LATER, Group, Person, Place, Why, arrange, place_of

TODAY = date(2026, 3, 30)
TODAY_ENDS = datetime(2026, 3, 30, 22, 0, tzinfo=UTC)
FLAGGED_AT = datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)
ACUTE, FLAG = Line(Kind.FLAG, "acute", (TODAY,)), Line(Kind.FLAG, "open", (TODAY,))
WATCHED, SIGNAL = Line(Kind.WATCHED, "fainting", (TODAY,)), Line(Kind.SIGNAL, "", (TODAY,), 1)
FADING, SILENCE = Line(Kind.FADING, "lost", (TODAY, TODAY), 4), Line(Kind.SILENCE, "", (TODAY, TODAY), 12)


def place(
    *lines: Line,
    flagged_at: datetime | None = None,
    looks_again: bool = False,
    next_visit_at: datetime | None = None,
) -> Place:
    return place_of(
        lines,
        flagged_at=flagged_at,
        looks_again=looks_again,
        next_visit_at=next_visit_at,
        today_ends=TODAY_ENDS,
    )


def person(name: str, number: int, why: Why = Why.NOTHING, key: int = 0, by: object = None) -> Person:
    return Person(number, number, name, why, key, by)


def names(*people: Person) -> list[str]:
    return [one.name for one in arrange(people)]


def test_of_several_reasons_the_first_decides() -> None:
    everything = [ACUTE, FLAG, WATCHED, SIGNAL, FADING, SILENCE]
    found = [place(*everything[number:], flagged_at=FLAGGED_AT).why for number in range(7)]
    assert found == [Why.ACUTE, Why.FLAG, Why.WATCHED, Why.SIGNAL, Why.FADING, Why.SILENCE, Why.NOTHING]


def test_another_look_comes_after_flags_and_before_the_rules() -> None:
    assert place(FLAG, flagged_at=FLAGGED_AT, looks_again=True).why is Why.FLAG
    assert place(WATCHED, looks_again=True) == (Why.LOOK_AGAIN, 0)
    assert place(looks_again=True).why.group is Group.FIRST


def test_flags_stand_by_age_and_silence_by_its_length() -> None:
    assert place(FLAG, flagged_at=FLAGGED_AT).key == 2_000_000
    assert place(SILENCE).key == -12
    assert place(FADING, next_visit_at=TODAY_ENDS).key == 0


def test_a_visit_of_today_stands_before_later_ones_and_no_visit_last() -> None:
    just_before = place(next_visit_at=TODAY_ENDS - timedelta(microseconds=1))
    assert (just_before.why, just_before.why.group) == (Why.VISIT_TODAY, Group.TODAY)
    later = place(next_visit_at=TODAY_ENDS)
    assert (later.why, later.why.group) == (Why.NOTHING, Group.REST)
    assert just_before.key + 1 == later.key < place().key == LATER
    assert place(SIGNAL, next_visit_at=TODAY_ENDS - timedelta(hours=2)).why is Why.SIGNAL


def test_a_list_is_in_the_order_of_why_then_of_the_key_then_of_names() -> None:
    people = [person(f"{why.name} {key}", 9 * key + why, why, key) for why in Why for key in (2, 1)]
    assert names(*people)[:4] == ["ACUTE 1", "ACUTE 2", "FLAG 1", "FLAG 2"]
    assert names(*people)[-2:] == ["NOTHING 1", "NOTHING 2"]  # only by name: they have no key of their own
    assert names(person("zoe", 1), person("Éva", 2), person("Ada", 3), person("ada", 4)) == [
        "Ada", "ada", "zoe", "Éva",
    ]  # fmt: skip


@pytest.mark.parametrize("by", [(3, 1), ("2026-03-30", "2026-03-02"), (0, -7)])
def test_what_a_list_is_sorted_by_sorts_those_whom_nothing_else_sorts(by: tuple[object, object]) -> None:
    """The smaller first, whoever has nothing last; it does not move anybody who is to be looked at first."""
    late, early = by
    people = (
        person("Nothing", 1),
        person("Late", 2, by=late),
        person("Early", 3, by=early),
        person("Today", 4, Why.VISIT_TODAY),
        person("B first", 5, Why.SIGNAL, by=early),
        person("A first", 6, Why.SIGNAL, by=late),
    )
    assert names(*people) == ["A first", "B first", "Today", "Early", "Late", "Nothing"]


def test_a_search_finds_those_whose_names_fit() -> None:
    found = arrange([person("Ada", 1), person("Ben", 2)], found=lambda name: "e" in name)
    assert [one.name for one in found] == ["Ben"]
