"""The form of the reminders: text becomes a rule. What a rule may say is asked of the domain."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField

from journal.domain.days import known_zone
from journal.domain.errors import Refused, RefusedFields
from journal.domain.reminder_limits import LONGEST_PAUSE, QUIET_FROM, QUIET_UNTIL, SUGGESTED_TIME
from journal.domain.reminders import CHECK_IN_SLOTS, EVERY_DAY, QuietHours, ReminderRule, SlotTime
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.web.forms.reading import read_time

FIELDS = dict(zip(CHECK_IN_SLOTS, ("first", "second"), strict=True))
"""The field that each slot is written in."""
STOPPED, UNTIL_A_DATE = "stop", "date"
PAUSES = {"3": 3, "7": 7}
"""Answers to how long reminders pause that are a number of days."""

Walls = dict[tuple[str, int], time]
"""The wall time of each slot and ISO weekday that has one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page offered besides email; what was not there is not asked of the form.

    ``here``: this browser takes notifications, which a script of its own has seen to; ``elsewhere``: another one does.
    """

    sms: bool = False
    here: bool = False
    elsewhere: bool = False


class ReminderForm(FlaskForm):
    """Everything a person typed, as typed, so that a refused form shows it again.

    Both times share their days; a time of one day's own (``first-3``: Wednesdays) takes the place of the shared one,
    and needs no tick at its day.
    """

    first = StringField()
    second = StringField()
    days = SelectMultipleField(choices=[str(day) for day in sorted(EVERY_DAY)], validate_choice=False)
    zone = StringField()
    both_times = BooleanField()
    follow_up = BooleanField()
    email = BooleanField()
    push = BooleanField()
    sms = BooleanField()
    quiet_from = StringField()
    quiet_until = StringField()
    softer = BooleanField()
    pause = StringField()
    pause_until = StringField()

    def rule(self, *, today: date, shown: Shown = Shown()) -> ReminderRule:
        """The rule; refuses everything that cannot be read at once, or what the domain refuses.

        ``today`` is the date where the person is; pauses are counted from it.
        """
        problems: list[Refused] = []
        times = self._times(problems)
        quiet = self._quiet(problems)
        paused_until = self._paused_until(problems, today)
        stopped = self.pause.data == STOPPED
        if quiet is not None:
            problems += [
                Refused("reminder_time_in_quiet_hours", field=name)
                for name, wall in times.typed
                if quiet.hold_at(wall)
            ]
        if not self.channels(shown) and not stopped:
            problems.append(Refused("reminder_channel_missing", field="email"))
        if problems:
            raise RefusedFields(problems)
        try:
            return ReminderRule(
                times=times.slots,
                zone=self.zone.data or "",
                stopped=stopped,
                quiet=quiet,
                paused_until=paused_until,
                follow_up=bool(self.follow_up.data),
                both_times=bool(self.both_times.data),
                softer=bool(self.softer.data),
            )
        except Refused as fault:
            raise Refused(fault.code, field=_field_of(fault, times), **fault.details) from None

    def channels(self, shown: Shown = Shown()) -> list[str]:
        """The ways that are switched on. Notifications are, while some browser takes them."""
        has_push = shown.here or (shown.elsewhere and bool(self.push.data))
        ways = {EMAIL: bool(self.email.data), PUSH: has_push, SMS: shown.sms and bool(self.sms.data)}
        return [channel for channel, is_on in ways.items() if is_on]

    def known_zone(self, otherwise: str) -> str:
        """The zone that was chosen, ``otherwise`` where there is no such zone."""
        chosen = self.zone.data or ""
        return chosen if known_zone(chosen) else otherwise

    def own_time(self, name: str) -> str:
        """What was typed as a day's own time: ``first-3``."""
        return str(self[name].data or "")

    @property
    def has_own_times(self) -> bool:
        """Whether any day has a time of its own."""
        return any(self.own_time(name) for name in OWN_TIMES)

    def _times(self, problems: list[Refused]) -> _Times:
        ticked = {int(day) for day in self.days.data or () if day in {"1", "2", "3", "4", "5", "6", "7"}}
        times = _Times()
        for slot, shared_field in FIELDS.items():
            shared = read_time(self[shared_field], problems)
            own: dict[int, time] = {}
            for day in sorted(EVERY_DAY):
                wall = read_time(self[f"{shared_field}-{day}"], problems)
                if wall is not None:
                    own[day] = wall
                    times.typed.append((f"{shared_field}-{day}", wall))
            if shared is not None:
                times.typed.insert(0, (shared_field, shared))
                own |= dict.fromkeys(ticked - own.keys(), shared)
            walls = [shared] if shared is not None and not ticked else []
            walls += sorted(set(own.values()) - set(walls))
            times.slots += tuple(
                SlotTime(slot, wall, frozenset(day for day in own if own[day] == wall)) for wall in walls
            )
        return times

    def _quiet(self, problems: list[Refused]) -> QuietHours | None:
        known = len(problems)
        begin, end = read_time(self.quiet_from, problems), read_time(self.quiet_until, problems)
        if len(problems) > known or (begin is None and end is None):
            return None
        if begin is None or end is None:
            missing = "quiet_from" if begin is None else "quiet_until"
            problems.append(Refused("quiet_hours_half", field=missing))
            return None
        try:
            return QuietHours(begin, end)
        except Refused as fault:
            problems.append(fault)
            return None

    def _paused_until(self, problems: list[Refused], today: date) -> date | None:
        if self.pause.data in PAUSES:
            return today + timedelta(days=PAUSES[self.pause.data])
        if self.pause.data != UNTIL_A_DATE:
            return None
        try:
            until = date.fromisoformat((self.pause_until.data or "").strip())
        except ValueError:
            problems.append(Refused("day_missing", field="pause_until"))
            return None
        if not today < until <= today + LONGEST_PAUSE:
            problems.append(Refused("pause_day_out", field="pause_until"))
        return until


OWN_TIMES = tuple(f"{name}-{day}" for day in sorted(EVERY_DAY) for name in FIELDS.values())
for _name in OWN_TIMES:
    setattr(ReminderForm, _name, StringField())


@dataclass(slots=True)
class _Times:
    """The times of a form: as a rule has them, and each with the field it was typed in."""

    slots: tuple[SlotTime, ...] = ()
    typed: list[tuple[str, time]] = field(default_factory=list)


def filled(rule: ReminderRule, channels: list[str], *, today: date) -> dict[str, object]:
    """The form as a rule stands on the date ``today``."""
    is_paused = rule.paused_until is not None and rule.paused_until > today
    return {
        **_typed(rule),
        "zone": rule.zone,
        "both_times": rule.both_times,
        "follow_up": rule.follow_up,
        "email": EMAIL in channels,
        "push": PUSH in channels,
        "sms": SMS in channels,
        "quiet_from": _text(rule.quiet.begin) if rule.quiet else "",
        "quiet_until": _text(rule.quiet.end) if rule.quiet else "",
        "softer": rule.softer,
        "pause": STOPPED if rule.stopped else UNTIL_A_DATE if is_paused else "",
        "pause_until": rule.paused_until.isoformat() if is_paused and rule.paused_until else "",
    }


def suggested(zone: str) -> dict[str, object]:
    """The form of somebody who has no reminder yet."""
    return {
        "first": _text(SUGGESTED_TIME),
        "days": [str(day) for day in sorted(EVERY_DAY)],
        "zone": zone,
        "email": True,
        "push": True,
        "quiet_from": _text(QUIET_FROM),
        "quiet_until": _text(QUIET_UNTIL),
        "softer": True,
    }


def _typed(rule: ReminderRule) -> dict[str, object]:
    """The times as the form would send them: what most days have, and what is different on some."""
    walls: Walls = {(one.slot, day): one.wall for one in rule.times for day in one.weekdays}
    if not walls:  # a rule that is stopped may have no days
        return {**{FIELDS[one.slot]: _text(one.wall) for one in rule.times}, "days": []}
    of_day = {day: tuple(walls.get((slot, day)) for slot in FIELDS) for day in sorted(EVERY_DAY)}
    ((usual, _count),) = Counter(one for one in of_day.values() if any(one)).most_common(1)
    ticked = [
        day
        for day, own in of_day.items()
        if any(own)
        and all(mine is not None or shared is None for mine, shared in zip(own, usual, strict=True))
    ]
    typed = {name: _text(wall) for name, wall in zip(FIELDS.values(), usual, strict=True) if wall is not None}
    for day, own in of_day.items():
        for name, wall, shared in zip(FIELDS.values(), own, usual, strict=True):
            if wall is not None and (day not in ticked or wall != shared):
                typed[f"{name}-{day}"] = _text(wall)
    return {**typed, "days": [str(day) for day in ticked]}


def _field_of(fault: Refused, times: _Times) -> str:
    if fault.field == "weekdays":
        return "days"
    if fault.code == "reminder_times_equal":
        return _field_of_equal(times)
    if fault.field == "times":
        return FIELDS.get(str(fault.details.get("slot")), "first")
    return fault.field or "first"


def _field_of_equal(times: _Times) -> str:
    """The day's own time that is the same as the other of that day; the second shared one where none is."""
    at = {(one.slot, day): one.wall for one in times.slots for day in one.weekdays}
    for name, wall in times.typed:
        shared, _, day = name.partition("-")
        other = next(slot for slot, its_field in FIELDS.items() if its_field != shared)
        if day and at.get((other, int(day))) == wall:
            return name
    return "second"


def _text(wall: time) -> str:
    return wall.strftime("%H:%M")
