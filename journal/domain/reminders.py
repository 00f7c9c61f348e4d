"""When a reminder is due, and whether one that is due may still be sent.

The rule a person sets and two questions about it; pure values. Which rows wait in the queue, what the ledger says and
how a message leaves are for the floors above. The figures stand in ``journal.domain.reminder_limits``, clock changes
in ``journal.domain.days``.

The promise: each slot comes at most once per local date, and exactly once on each date that exists and whose weekday
was chosen. It holds because a due time is always worked out from a date, never from the due time before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from journal.domain.days import day_exists, end_of_link, known_zone, local_day, resolve_wall_time
from journal.domain.errors import Refused
from journal.domain.reminder_limits import GAP_AFTER_MOVE, MAX_TIMES, SENDING_WINDOW

CHECK_IN_SLOTS = ("checkin:1", "checkin:2")
"""Names of the times a person can choose. A name stays with its time when that time is edited, so that an edit never
brings a second prompt for the same date."""

EVERY_DAY = frozenset(range(1, 8))
"""ISO weekdays, Monday 1 to Sunday 7."""


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One chosen time: ``wall`` on the person's own clock, in whole minutes; ISO ``weekdays``, Monday 1 to Sunday 7."""

    slot: str
    wall: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """What a person asked for: up to two times, in the zone they live in.

    Refused: ``zone_unknown``; ``reminder_times_too_many``; ``reminder_slot_unknown``; ``reminder_slot_twice``;
    ``reminder_time_not_a_minute``; ``reminder_weekday_unknown``; ``reminder_times_equal`` (the same minute of the same
    weekday twice); and, unless ``stopped``, ``reminder_time_missing`` and ``reminder_weekday_missing``. The fields are
    ``zone``, ``times`` and ``weekdays``; the detail ``slot`` names the time that is at fault.
    """

    times: tuple[SlotTime, ...]
    zone: str
    stopped: bool = False

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise Refused("zone_unknown", field="zone")
        if len(self.times) > MAX_TIMES:
            raise Refused("reminder_times_too_many", field="times", most=MAX_TIMES)
        if not self.times and not self.stopped:
            raise Refused("reminder_time_missing", field="times")
        for chosen in self.times:
            _check_time(chosen, stopped=self.stopped)
        _check_together(self.times)


@dataclass(frozen=True, slots=True)
class Due:
    """One planned message: its slot, the date it is about, and the instant (UTC) it should leave."""

    slot: str
    local_date: date
    due_at: datetime


class SkipReason(StrEnum):
    """Why a due reminder is not sent; the delivery log says it in words."""

    STOPPED = "stopped"
    LATE = "late"
    OVERTAKEN = "overtaken"
    OTHER_DAY = "other_day"
    CHECKED_IN = "checked_in"


@dataclass(frozen=True, slots=True)
class Send:
    """Nothing stands against sending it now."""


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not sent, now or later."""

    reason: SkipReason


def next_due(rule: ReminderRule, *, after: datetime) -> Due | None:
    """The earliest due message of any slot strictly after ``after``; None where nothing is to come.

    Of two slots that fall on one instant (both inside a clock change), the first is given: to miss none, ask slot by
    slot.
    """
    coming = [next_due_for_slot(rule, chosen.slot, after=after) for chosen in rule.times]
    return min((due for due in coming if due is not None), key=lambda due: due.due_at, default=None)


def next_due_for_slot(
    rule: ReminderRule, slot: str, *, after: datetime, last: Due | None = None
) -> Due | None:
    """The next message of ``slot`` that is due strictly after ``after``; None if stopped or the rule lacks the slot.

    ``last`` is the slot's latest message in the ledger, if any. It matters when zone or time were changed since:
    a date up to its date is never prompted for again, and nothing is due within 4 hours of it.
    """
    chosen = next((chosen for chosen in rule.times if chosen.slot == slot), None)
    if rule.stopped or chosen is None:
        return None
    # Two days back: a gap can push the due time of an earlier date past ``after``. Sixteen days on: the one chosen
    # weekday may fall on a date that does not exist, or be passed over because of ``last``.
    today = local_day(after, rule.zone)
    if last is not None:
        today = max(today, last.local_date)
    for days in range(-2, 17):
        due = _due_on(chosen, today + timedelta(days=days), zone=rule.zone)
        if due is not None and due.due_at > after and (last is None or _is_news(due, since=last)):
            return due
    return None


def still_wanted(rule: ReminderRule, due: Due) -> bool:
    """Whether ``rule``, which may have been changed since ``due`` was planned, still asks for that slot on that date.

    A time moved to another minute still is the same message; a time taken away or a weekday left out is not.
    """
    return not rule.stopped and any(
        chosen.slot == due.slot and due.local_date.isoweekday() in chosen.weekdays for chosen in rule.times
    )


def is_overtaken(rule: ReminderRule, due: Due, *, now: datetime) -> bool:
    """Whether a later message of the rule has come due by ``now`` while ``due`` was still waiting.

    After an outage a person gets one message, the latest, not one for each time that passed. Of two that fall on one
    instant (both inside a clock change) the second slot's is the later one.
    """
    just_before = due.due_at - timedelta(microseconds=1)
    for chosen in rule.times:
        other = next_due_for_slot(rule, chosen.slot, after=just_before) if chosen.slot != due.slot else None
        if other is not None and other.due_at <= now and (other.due_at, other.slot) > (due.due_at, due.slot):
            return True
    return False


def delivery_decision(
    due: Due,
    now: datetime,
    *,
    zone: str,
    has_check_in_on_local_date: bool,
    stopped: bool,
    overtaken: bool = False,
    window: timedelta = SENDING_WINDOW,
) -> Send | Skip:
    """Whether ``due`` may be sent at ``now``; asked when it is claimed and again just before it is sent.

    ``zone`` is the person's zone now, which may have changed since it was planned. The window begins at the due time
    and leaves out its end. The day lasts as long as its link does, until 04:00 of the next: a reminder for 23:59 that
    leaves at 00:00 is still about the evening it was meant for. Where several reasons hold, one of ours (late) is named
    before one of the person's (checked in), so that an outage shows in the delivery log. ``overtaken``: a later message
    to the same person by the same channel is due as well (:func:`is_overtaken`).
    """
    if stopped:
        return Skip(SkipReason.STOPPED)
    if now >= due.due_at + window:
        return Skip(SkipReason.LATE)
    if local_day(now, zone) < due.local_date or now >= end_of_link(due.local_date, zone):
        return Skip(SkipReason.OTHER_DAY)
    if has_check_in_on_local_date:
        return Skip(SkipReason.CHECKED_IN)
    if overtaken:
        return Skip(SkipReason.OVERTAKEN)
    return Send()


def _check_time(chosen: SlotTime, *, stopped: bool) -> None:
    if chosen.slot not in CHECK_IN_SLOTS:
        raise Refused("reminder_slot_unknown", field="times", slot=chosen.slot)
    if chosen.wall.tzinfo is not None or chosen.wall.second or chosen.wall.microsecond:
        raise Refused("reminder_time_not_a_minute", field="times", slot=chosen.slot)
    if not chosen.weekdays <= EVERY_DAY:
        raise Refused("reminder_weekday_unknown", field="weekdays", slot=chosen.slot)
    if not chosen.weekdays and not stopped:
        raise Refused("reminder_weekday_missing", field="weekdays", slot=chosen.slot)


def _check_together(times: tuple[SlotTime, ...]) -> None:
    if len({chosen.slot for chosen in times}) < len(times):
        raise Refused("reminder_slot_twice", field="times")
    minutes = [(chosen.wall.replace(fold=0), weekday) for chosen in times for weekday in chosen.weekdays]
    if len(set(minutes)) < len(minutes):
        raise Refused("reminder_times_equal", field="times")


def _due_on(chosen: SlotTime, local_date: date, *, zone: str) -> Due | None:
    if local_date.isoweekday() not in chosen.weekdays or not day_exists(local_date, zone):
        return None
    return Due(chosen.slot, local_date, resolve_wall_time(local_date, chosen.wall, zone))


def _is_news(due: Due, *, since: Due) -> bool:
    return due.local_date > since.local_date and due.due_at >= since.due_at + GAP_AFTER_MOVE
