"""The present moment, for the edge alone: below it, time is an argument called ``now``."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
