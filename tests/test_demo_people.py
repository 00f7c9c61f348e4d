"""The invented people: enough of them, different enough, and nothing among their words that must not be there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.demo_days import note_day, session_day
from journal.demo_people import PEOPLE, Story
from journal.domain.days import known_zone
from journal.interop.importers.mood_names import sounds_like_self_harm

A_WEEK = [date(2026, 3, 30) + timedelta(days=day) for day in range(7)]


def by_name(person: Story) -> str:
    return person.email


everybody = pytest.mark.parametrize("story", PEOPLE, ids=by_name)


def test_there_are_nineteen_people_with_addresses_of_their_own() -> None:
    assert len(PEOPLE) == 19
    assert len({story.email for story in PEOPLE}) == 19
    assert all(story.email.endswith("@example.org") for story in PEOPLE)


def test_they_live_in_more_than_one_zone_and_all_of_them_exist() -> None:
    assert len({story.zone for story in PEOPLE}) >= 5
    assert all(known_zone(story.zone) for story in PEOPLE)


def test_everybody_is_known_to_somebody_and_some_to_one_alone() -> None:
    assert all(story.lena or story.amara for story in PEOPLE)
    assert [story.name for story in PEOPLE if story.lena is None] == ["Kofi A.", "Eleni G."]
    assert [story.name for story in PEOPLE if story.amara is None] == [
        "Tomás E.",
        "Theo V.",
        "Amina H.",
        "Nora S.",
    ]


def test_five_people_see_the_therapist_today() -> None:
    today = [
        story.name for story in PEOPLE for visit in story.visits if visit.day == 0 and not visit.prescriber
    ]
    assert sorted(today) == ["Ana-Lucía R.", "Jordan A.", "Priya N.", "Ruth K.", "Wei C."]


def test_a_dozen_have_chosen_a_reminder() -> None:
    assert len([story for story in PEOPLE if story.habits.reminder is not None]) == 12


@everybody
def test_nothing_happens_before_somebody_begins(story: Story) -> None:
    days = [given.day for given in story.sessions] + [visit.day for visit in story.visits]
    assert all(day > story.begins for day in days)
    for today in A_WEEK:
        first = today + timedelta(days=story.begins)
        assert all(first < note_day(note, story, today) <= today for note in story.notes)


@everybody
def test_no_two_sessions_and_no_two_notes_fall_on_one_day(story: Story) -> None:
    for today in A_WEEK:
        sessions = [session_day(given, today) for given in story.sessions]
        notes = [note_day(note, story, today) for note in story.notes]
        assert sessions == sorted(set(sessions))
        assert len(set(notes)) == len(notes)


@everybody
def test_no_note_sounds_like_self_harm_or_tells_a_star_what_is_private(story: Story) -> None:
    assert not any(sounds_like_self_harm(note.text) for note in story.notes)
    assert all(len(note.text) < 200 for note in story.notes)
