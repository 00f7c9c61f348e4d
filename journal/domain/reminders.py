"""What a person asked to be reminded of, and when each message of that rule is due.

The rule and its clock; pure values. What else brings a message (a treatment session, a questionnaire, a snooze) is in
``journal.domain.reminder_prompts``; whether one that is due may still leave, and which comes next, in
``journal.domain.reminder_decisions``. The figures stand in ``journal.domain.reminder_limits``, clock changes in
``journal.domain.days``.

The promise: each slot comes at most once per local date, and exactly once on each date that exists and whose weekday
was chosen. It holds because a due time is always worked out from a date, never from the due time before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from journal.domain.days import day_exists, known_zone, local_day, resolve_wall_time, wall_clock
from journal.domain.errors import Refused
from journal.domain.reminder_limits import (
    FOLLOW_UP_AFTER,
    GAP_AFTER_MOVE,
    LEAST_BEFORE_FOLLOW_UP,
    MOVED_BEFORE_QUIET,
)

CHECK_IN_SLOTS = ("checkin:1", "checkin:2")
"""Names of the times a person can choose. A name stays with its time when that time is edited, so that an edit never
brings a second prompt for the same date."""

DIGEST = "digest"
"""The slot of a provider's weekly note."""

FOLLOW_UP = ":nudge"
"""What is hung onto a slot's name for the one follow-up of the same day."""

EVERY_DAY = frozenset(range(1, 8))
"""ISO weekdays, Monday 1 to Sunday 7."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SlotTime:
    """One chosen time: ``wall`` on the person's own clock, in whole minutes; ISO ``weekdays``, Monday 1 to Sunday 7.

    A slot that comes at other times on other weekdays stands in the rule once for each of its times.
    """

    slot: str
    wall: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every night, or every day, from ``begin`` until ``end`` on the person's own clock nothing comes.

    ``begin`` is in it, ``end`` is not. Refuses ``quiet_hours_equal``, field ``quiet_until``.
    """

    begin: time
    end: time

    def __post_init__(self) -> None:
        if self.begin == self.end:
            raise Refused("quiet_hours_equal", field="quiet_until")

    def hold_at(self, wall: time) -> bool:
        """Whether it is quiet when the clock shows ``wall``."""
        if self.begin < self.end:
            return self.begin <= wall < self.end
        return wall >= self.begin or wall < self.end

    def hold(self, instant: datetime, zone: str) -> bool:
        """Whether it is quiet at ``instant`` in ``zone``."""
        return self.hold_at(wall_clock(instant, zone))

    def next_begin(self, after: datetime, zone: str) -> datetime:
        """The first instant strictly after ``after`` at which quiet hours begin in ``zone``."""
        today = local_day(after, zone)
        for days in range(4):
            begin = resolve_wall_time(today + days * _DAY, self.begin, zone)
            if begin > after and day_exists(today + days * _DAY, zone):
                return begin
        raise AssertionError("no zone leaves out three days in a row")


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """What a person asked for: up to two times a day, in the zone they live in, and what keeps them away.

    ``paused_until`` is the first date on which anything comes again. ``follow_up``: one more message, later on the same
    day, while there is no check-in. ``both_times``: a check-in answers the message before it and not the whole day.
    ``softer``: a session brings its own gentle messages. ``before_visits``: a provider's note a day before each visit.

    Refused: ``zone_unknown``; ``reminder_slot_unknown``;
    ``reminder_slot_twice`` (on one weekday); ``reminder_time_not_a_minute``; ``reminder_weekday_unknown``;
    ``reminder_times_equal`` (the same minute of the same weekday twice); ``reminder_time_in_quiet_hours``; and, unless
    ``stopped``, ``reminder_time_missing`` and ``reminder_weekday_missing``. The fields are ``zone``, ``times`` and
    ``weekdays``; the detail ``slot`` names the time that is at fault.
    """

    times: tuple[SlotTime, ...]
    zone: str
    stopped: bool = False
    quiet: QuietHours | None = None
    paused_until: date | None = None
    follow_up: bool = False
    both_times: bool = False
    softer: bool = True
    before_visits: bool = False

    def __post_init__(self) -> None:
        if not known_zone(self.zone):
            raise Refused("zone_unknown", field="zone")
        if not self.times and not self.stopped and not self.before_visits:
            raise Refused("reminder_time_missing", field="times")
        for chosen in self.times:
            _check_time(chosen, stopped=self.stopped, quiet=self.quiet)
        _check_together(self.times)

    def slots(self) -> tuple[str, ...]:
        """The name of every slot of the rule, follow-ups included."""
        chosen = tuple(dict.fromkeys(one.slot for one in self.times))
        return chosen + tuple(slot + FOLLOW_UP for slot in chosen) if self.follow_up else chosen


@dataclass(frozen=True, slots=True)
class Due:
    """One planned message: its slot, the date it is about, and the instant (UTC) it should leave."""

    slot: str
    local_date: date
    due_at: datetime


def base_of(slot: str) -> str:
    """The chosen time that a slot belongs to: ``checkin:1`` for ``checkin:1:nudge`` and ``checkin:1:snooze``."""
    return ":".join(slot.split(":")[:2]) if slot.startswith("checkin:") else slot


def chosen_on(rule: ReminderRule, local_date: date) -> list[Due]:
    """What the chosen times ask for on one date, earliest first; nothing for a date that ``rule.zone`` left out."""
    if not day_exists(local_date, rule.zone):
        return []
    weekday = local_date.isoweekday()
    found = [
        Due(chosen.slot, local_date, resolve_wall_time(local_date, chosen.wall, rule.zone))
        for chosen in rule.times
        if weekday in chosen.weekdays
    ]
    return sorted(found, key=lambda due: (due.due_at, due.slot))


def follow_up_on(rule: ReminderRule, local_date: date) -> Due | None:
    """The one follow-up of a date: 2 hours after the day's last time, and before quiet hours begin.

    None where the rule has none, or where less than half an hour or the whole night would lie between the two.
    """
    chosen = chosen_on(rule, local_date) if rule.follow_up else []
    if not chosen:
        return None
    last = chosen[-1]
    due_at = last.due_at + FOLLOW_UP_AFTER
    if rule.quiet is not None:
        quiet_at = rule.quiet.next_begin(last.due_at, rule.zone)
        due_at = quiet_at - MOVED_BEFORE_QUIET if due_at >= quiet_at else due_at
    if due_at < last.due_at + LEAST_BEFORE_FOLLOW_UP:
        return None
    return Due(last.slot + FOLLOW_UP, local_date, due_at)


def next_due_for_slot(
    rule: ReminderRule, slot: str, *, after: datetime, last: Due | None = None
) -> Due | None:
    """The next message of ``slot`` that is due strictly after ``after``; None if stopped or the rule lacks the slot.

    ``last`` is the slot's latest message in the ledger, if any. It matters when zone or time were changed since:
    a date up to its date is never prompted for again, and nothing is due within 4 hours of it.
    """
    if rule.stopped or slot not in rule.slots():
        return None
    # Two days back: a gap can push the due time of an earlier date past ``after``. Sixteen days on: the one chosen
    # weekday may fall on a date that does not exist, or be passed over because of ``last``.
    today = local_day(after, rule.zone)
    if last is not None:
        today = max(today, last.local_date)
    if rule.paused_until is not None:
        today = max(today, rule.paused_until)
    for days in range(-2, 17):
        local_date = today + days * _DAY
        if rule.paused_until is not None and local_date < rule.paused_until:
            continue
        due = _due_on(rule, slot, local_date)
        if due is not None and due.due_at > after and (last is None or _is_news(due, since=last)):
            return due
    return None


def _due_on(rule: ReminderRule, slot: str, local_date: date) -> Due | None:
    if slot.endswith(FOLLOW_UP):
        due = follow_up_on(rule, local_date)
        return due if due is not None and due.slot == slot else None
    return next((due for due in chosen_on(rule, local_date) if due.slot == slot), None)


def _is_news(due: Due, *, since: Due) -> bool:
    return due.local_date > since.local_date and due.due_at >= since.due_at + GAP_AFTER_MOVE


def _check_time(chosen: SlotTime, *, stopped: bool, quiet: QuietHours | None) -> None:
    if chosen.slot not in (*CHECK_IN_SLOTS, DIGEST):
        raise Refused("reminder_slot_unknown", field="times", slot=chosen.slot)
    if chosen.wall.tzinfo is not None or chosen.wall.second or chosen.wall.microsecond:
        raise Refused("reminder_time_not_a_minute", field="times", slot=chosen.slot)
    if not chosen.weekdays <= EVERY_DAY:
        raise Refused("reminder_weekday_unknown", field="weekdays", slot=chosen.slot)
    if not chosen.weekdays and not stopped:
        raise Refused("reminder_weekday_missing", field="weekdays", slot=chosen.slot)
    if quiet is not None and quiet.hold_at(chosen.wall):
        raise Refused("reminder_time_in_quiet_hours", field="times", slot=chosen.slot)


def _check_together(times: tuple[SlotTime, ...]) -> None:
    for weekday in EVERY_DAY:
        chosen = [one for one in times if weekday in one.weekdays]
        if len({one.slot for one in chosen}) < len(chosen):
            raise Refused("reminder_slot_twice", field="times")
        if len({one.wall.replace(fold=0) for one in chosen}) < len(chosen):
            raise Refused("reminder_times_equal", field="times")
