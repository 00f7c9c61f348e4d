"""The order of a list: those to look at first by why, then today's visits, then everyone else."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.attention import ACUTE_BIT, Kind, Shown
from journal.domain.caseloads import Arranged, Group, Only, Order, Person, arrange

TODAY = date(2026, 3, 30)


def person(name: str, number: int, **more: object) -> Person:
    plain = Person(
        consent_id=number,
        patient_id=number,
        name=name,
        comes_today=False,
        next_visit=None,
        kinds=0,
        flag_since=None,
        silent_days=0,
        last_check_in_on=None,
        last_session_on=None,
        phq9_change=None,
        is_behind=False,
    )
    return plain._replace(**more)


def arranged(*people: Person, shown: Shown | None = None, **more: object) -> Arranged:
    chosen: dict[str, object] = {"aside": {}, "look_again": (), "order": Order.NAME, **more}
    return arrange(people, shown=shown or Shown(), **chosen)  # type: ignore[arg-type]


def names(found: Arranged) -> list[str]:
    return [one.person.name for one in found.placed]


FIRST = (
    person("Silent", 1, silent_days=12),
    person("Fading", 2, kinds=Kind.FADING.bit),
    person("Signal", 3, kinds=Kind.SIGNAL.bit),
    person("Watched", 4, kinds=Kind.WATCHED.bit | Kind.SIGNAL.bit),
    person("New flag", 5, kinds=Kind.FLAG.bit, flag_since="2026-03-29"),
    person("Old flag", 6, kinds=Kind.FLAG.bit, flag_since="2026-03-20"),
    person("Acute", 7, kinds=Kind.FLAG.bit | ACUTE_BIT, flag_since="2026-03-30"),
    person("Well", 8),
    person("Comes", 9, comes_today=True),
    person("Again", 10),
)


def test_the_reasons_stand_in_their_order() -> None:
    found = arranged(*FIRST, look_again={10})
    assert names(found) == [
        "Acute", "Old flag", "New flag", "Again", "Watched", "Signal", "Fading", "Silent", "Comes", "Well",
    ]  # fmt: skip
    assert (found.people, found.first, found.today) == (10, 8, 1)
    assert [one.group for one in found.placed] == [*[Group.FIRST] * 8, Group.TODAY, Group.REST]


def test_the_longest_silence_comes_first() -> None:
    found = arranged(person("Ten", 1, silent_days=10), person("Thirty", 2, silent_days=30))
    assert names(found) == ["Thirty", "Ten"]


def test_silence_that_a_clinic_does_not_call_long_is_nothing() -> None:
    silent = person("Silent", 1, silent_days=12)
    assert arranged(silent, shown=Shown(silence_days=13)).first == 0
    assert arranged(silent, shown=Shown(silence=False)).first == 0
    assert arranged(silent._replace(silent_days=None)).first == 0


def test_a_rule_that_is_switched_off_brings_nobody_to_the_top() -> None:
    assert names(arranged(*FIRST[1:3], shown=Shown(fading=False))) == ["Signal", "Fading"]
    assert arranged(*FIRST[1:3], shown=Shown(fading=False)).first == 1


def test_what_is_set_aside_brings_nobody_to_the_top_but_the_rest_does() -> None:
    watched = FIRST[3]
    one = arranged(watched, aside={4: {Kind.WATCHED: TODAY}})
    assert (one.first, one.placed[0].why) == (1, 4)
    both = arranged(watched, aside={4: {Kind.WATCHED: TODAY, Kind.SIGNAL: TODAY}})
    assert both.first == 0


def test_somebody_elses_setting_aside_changes_nothing() -> None:
    assert arranged(FIRST[3], aside={99: {Kind.WATCHED: TODAY}}).placed[0].why == 3


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NAME, ["ada", "Ben", "Cleo", "Dan"]),
        (Order.NEXT_VISIT, ["Dan", "Ben", "ada", "Cleo"]),
        (Order.LAST_CHECK_IN, ["Cleo", "Ben", "ada", "Dan"]),
        (Order.LAST_SESSION, ["Dan", "ada", "Ben", "Cleo"]),
        (Order.PHQ9, ["Cleo", "ada", "Dan", "Ben"]),
    ],
)
def test_a_list_can_be_sorted(order: Order, expected: list[str]) -> None:
    """The longest ago comes first, whoever has nothing last, equals by name; of the PHQ-9 what rose the most."""
    people = (
        person("Ben", 1, next_visit="04-03", last_check_in_on="03-27"),
        person("Cleo", 2, last_check_in_on="03-26", phq9_change=4),
        person("Dan", 3, next_visit="04-02", last_session_on="03-02", phq9_change=-3),
        person("ada", 4, last_check_in_on="03-28", last_session_on="03-09", phq9_change=0),
    )
    assert names(arranged(*people, order=order)) == expected


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Only.EVERYONE, 10),
        (Only.FIRST, 7),
        (Only.TODAY, 1),
        (Only.SILENT, 1),
    ],
)
def test_a_list_can_show_some_and_counts_everybody_all_the_same(only: Only, expected: int) -> None:
    found = arranged(*FIRST, only=only)
    assert len(found.placed) == expected
    assert (found.people, found.first, found.today) == (10, 7, 1)


def test_whoever_is_silent_is_found_though_the_rule_is_off_or_set_aside() -> None:
    silent = person("Silent", 1, silent_days=12)
    assert len(arranged(silent, only=Only.SILENT, shown=Shown(silence=False)).placed) == 1
    assert len(arranged(silent, only=Only.SILENT, aside={1: {Kind.SILENCE: TODAY}}).placed) == 1


def test_a_search_finds_those_whose_names_fit() -> None:
    found = arranged(*FIRST, found=lambda name: "flag" in name)
    assert names(found) == ["Old flag", "New flag"]
    assert found.people == 10


def test_a_visit_today_of_somebody_to_look_at_first_counts_as_one() -> None:
    found = arranged(person("Both", 1, comes_today=True, kinds=Kind.FADING.bit))
    assert (found.first, found.today, found.placed[0].group) == (1, 1, Group.FIRST)


def test_a_page_is_cut_from_all_that_the_list_shows() -> None:
    found = arranged(*FIRST, start=2, most=3)
    assert names(found) == ["New flag", "Watched", "Signal"]
    assert (found.matching, found.people, found.first) == (10, 10, 7)
