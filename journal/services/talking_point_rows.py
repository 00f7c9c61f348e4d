"""What there is to talk about as plain values: each line's key, its kind and the rows behind it. No word of a note."""

from __future__ import annotations

from journal.domain.side_effects import SideEffect
from journal.domain.talking_points import (
    Compared,
    Daytime,
    Duration,
    Held,
    ItemChanges,
    LowDays,
    OpenFlag,
    Sleep,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)

Row = dict[str, object]


def document_of_point(point: TalkingPoint) -> Row:
    """One line. ``rows`` depend on its ``kind``; dates are local."""
    return {"key": point.key, "kind": point.kind.value, "rows": _rows(point)}


def _rows(point: TalkingPoint) -> list[Row]:
    match point:
        case StarredNotes():
            return [{"local_date": one.local_date.isoformat()} for one in point.notes]
        case LowDays():
            return [
                {"local_date": one.local_date.isoformat(), "mood": one.mood, "usual": one.usual, "n": one.n}
                for one in point.days
            ]
        case Held():
            return [_duration(one) for one in (point.last, *point.earlier)]
        case ItemChanges():
            days = {"date": point.now.day.isoformat(), "date_before": point.before.day.isoformat()}
            return [
                {"instrument": point.now.instrument, "item": one.item, "now": one.now, "before": one.before}
                | days
                for one in point.changes
            ]
        case Sleep() | Daytime():
            return [_compared(one) for one in point.compared]
        case StillOpen():
            return [*map(_side_effect, point.effects), *map(_flag, point.flags)]
    raise AssertionError(point.kind)


def _duration(one: Duration) -> Row:
    return {
        "label": one.label,
        "local_date": one.local_date.isoformat(),
        "days": one.days,
        "lost": one.is_lost,
        "end_reason": one.end and one.end.value,
        "n": one.n,
    }


def _side_effect(one: SideEffect) -> Row:
    severity = None if one.severity is None else one.severity.value
    return {"side_effect": one.code.value, "severity": severity, "onset": one.onset.isoformat()}


def _flag(one: OpenFlag) -> Row:
    dates = [day.isoformat() for day in one.dates]
    return {"flag": one.watched.value if one.watched else "answer", "dates": dates}


def _compared(one: Compared) -> Row:
    return {
        "measure": one.measure.value,
        "now": one.now,
        "before": one.before,
        "days": {day.isoformat(): value for day, value in one.days},
        "days_before": {day.isoformat(): value for day, value in one.days_before},
    }
