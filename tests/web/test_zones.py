"""The list of time zones to choose from."""

from __future__ import annotations

from journal.domain.days import known_zone
from journal.web import zones


def test_every_choice_is_a_zone_that_the_rules_know() -> None:
    assert all(known_zone(name) for name, _ in zones.choices())


def test_a_choice_reads_as_a_place() -> None:
    assert ("America/New_York", "America / New York") in zones.choices()
    assert ("UTC", "UTC") in zones.choices()


def test_names_that_are_no_places_are_not_offered() -> None:
    names = [name for name, _ in zones.choices()]
    assert not [
        name
        for name in names
        if name.startswith(("Etc/", "posix", "right")) or name in {"EST5EDT", "localtime"}
    ]
    assert 300 < len(names) < 600


def test_a_rare_zone_that_somebody_has_stays_in_their_list() -> None:
    assert zones.choices_with("Etc/GMT-3")[0] == ("Etc/GMT-3", "Etc/GMT-3")
    assert zones.choices_with("Europe/Berlin") == zones.choices()


def test_the_phones_own_zone_can_be_left_to_the_phone() -> None:
    assert zones.choices_or_the_phones()[0] == ("", "As on this phone")
