"""Values as JSON and CSV can say them: instants in UTC with ``Z``, dates as ISO text, clock times as ``HH:MM``.

Decimals are numbers, without digits that say nothing; up to 15 digits they come back exactly. What a document says is
read back here too, once the schema has passed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum


def plain(value: object) -> object:
    """``value`` with everything inside it made text, number, yes or no, nothing, list or object.

    An instant without a zone, and any type that is not foreseen, is a fault of the caller (``TypeError``).
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (Sequence, frozenset, set)) and not isinstance(value, bytes):
        listed = [plain(one) for one in value]
        return listed if isinstance(value, Sequence) else sorted(listed, key=str)
    raise TypeError(f"{type(value).__name__} has no plain form")


def an_object(value: object) -> dict[str, object]:
    """``value``, which the caller knows to be a JSON object."""
    if not isinstance(value, dict):
        raise TypeError(f"{type(value).__name__} is no object")
    return value


def a_list(value: object) -> list[object]:
    """``value``, which the caller knows to be a JSON array."""
    if not isinstance(value, list):
        raise TypeError(f"{type(value).__name__} is no list")
    return value


def rows_in(owner: Mapping[str, object], name: str) -> list[dict[str, object]]:
    """The objects of the list ``name`` of ``owner``."""
    return [an_object(row) for row in a_list(owner[name])]


def instant(value: object) -> datetime:
    """The instant that a text says."""
    return datetime.fromisoformat(str(value))


def instant_or_none(value: object) -> datetime | None:
    """The same, where there may be none."""
    return None if value is None else instant(value)


def day(value: object) -> date:
    """The date that a text says."""
    return date.fromisoformat(str(value))


def day_or_none(value: object) -> date | None:
    """The same, where there may be none."""
    return None if value is None else day(value)


def number(value: object) -> float:
    """``value``, which the caller knows to be a number."""
    if not isinstance(value, (int, float)):
        raise TypeError(f"{type(value).__name__} is no number")
    return value


def whole(value: object) -> int:
    """``value``, which the caller knows to be a whole number."""
    return int(number(value))


def whole_or_none(value: object) -> int | None:
    """The same, where there may be none."""
    return None if value is None else whole(value)


def decimal_or_none(value: object) -> Decimal | None:
    """A number as the decimal it was written as, where there may be none."""
    return None if value is None else Decimal(str(number(value)))


def instant_text(at: datetime) -> str:
    """An instant as ``2026-11-21T18:05:00Z``, with a fraction only where it has one."""
    if at.tzinfo is None:
        raise TypeError("an instant needs a zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
