"""What a patient brings to a visit in their own words: up to three topics for one provider, for the coming time.

A topic is for the next visit and not for the ones after: it is over once a visit with that provider is, and once
sharing with them has ended. Nothing says so in a row; it follows from the visits, wherever they are moved to. Who may
read a topic is no scope: it is written to one provider, and that one reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused

MOST = 3
"""Topics for one visit: what can be talked about in one hour."""
LENGTH = 280
"""Characters of one topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic. ``position`` is its place among those of its visit, from 1 to 3."""

    public_id: str
    text: str
    position: int
    written_at: datetime


def tidied(text: str) -> str:
    """The words without blanks around them and with line ends of one kind."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def check(text: str, *, beside: Sequence[Topic]) -> None:
    """Refuse a tidied text that is empty, too long or cannot be kept, and a fourth topic ``beside`` the others."""
    if not text:
        raise Refused("topic_missing", field="topic")
    if len(text) > LENGTH:
        raise Refused("text_too_long", field="topic", most=LENGTH)
    if NOT_TEXT.search(text):
        raise Refused("text_unreadable", field="topic")
    if len(beside) >= MOST:
        raise Refused("topics_full", field="topic", most=MOST)
