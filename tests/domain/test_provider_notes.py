"""What a provider's note may say, and which one wants a look first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.provider_notes import ProviderNote, checked, in_order

TODAY = date(2026, 3, 30)
NOW = datetime(2026, 3, 30, 18, tzinfo=UTC)


def note(name: str, look_again_on: date | None = None, *, hours: int = 0, done: bool = False) -> ProviderNote:
    return ProviderNote(
        public_id=name,
        author_id=1,
        text="Ask about sleep",
        for_colleagues=False,
        look_again_on=look_again_on,
        written_at=NOW - timedelta(hours=hours),
        done_at=NOW if done else None,
        done_by_id=1 if done else None,
    )


def test_a_note_is_kept_without_the_spaces_around_it() -> None:
    assert (
        checked("  Ask about sleep\r\nand the bridge \n", None, today=TODAY)
        == "Ask about sleep\nand the bridge"
    )


@pytest.mark.parametrize("on", [TODAY, date(2026, 4, 9), TODAY + timedelta(days=731)])
def test_it_can_be_looked_at_again_today_or_later(on: date) -> None:
    assert checked("Ask", on, today=TODAY) == "Ask"


@pytest.mark.parametrize(
    ("text", "on", "refused"),
    [
        (" \n", None, [("follow_up_missing", "text")]),
        ("a" * 4001, None, [("text_too_long", "text")]),
        ("a\x00", None, [("text_unreadable", "text")]),
        ("Ask", date(2026, 3, 29), [("day_past", "look_again_on")]),
        ("Ask", TODAY + timedelta(days=732), [("day_out_of_reach", "look_again_on")]),
        ("", date(2026, 3, 29), [("follow_up_missing", "text"), ("day_past", "look_again_on")]),
    ],
)
def test_everything_that_cannot_be_is_refused_at_once(
    text: str, on: date | None, refused: list[tuple[str, str]]
) -> None:
    with pytest.raises(RefusedFields) as caught:
        checked(text, on, today=TODAY)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == refused


def test_a_date_that_only_stays_may_have_passed() -> None:
    passed = date(2026, 3, 12)
    assert checked("Ask", passed, today=TODAY, before=passed) == "Ask"


@pytest.mark.parametrize(
    ("on", "done", "due"),
    [
        (None, False, False),
        (date(2026, 3, 31), False, False),
        (TODAY, False, True),
        (date(2026, 3, 1), False, True),
        (date(2026, 3, 1), True, False),
    ],
)
def test_a_note_is_due_from_its_date_until_somebody_looked(on: date | None, done: bool, due: bool) -> None:
    assert note("a", on, done=done).is_due(TODAY) is due


def test_the_one_that_waits_longest_is_on_top_then_the_latest_written() -> None:
    notes = [
        note("old", hours=50),
        note("waits", date(2026, 3, 30), hours=40),
        note("done", date(2026, 3, 2), hours=30, done=True),
        note("waits longer", date(2026, 3, 12), hours=10),
        note("ahead", date(2026, 5, 1), hours=5),
    ]
    assert [one.public_id for one in in_order(notes, TODAY)] == [
        "waits longer",
        "waits",
        "ahead",
        "done",
        "old",
    ]
