"""The form of the reminders: text becomes a rule. What a rule may say is asked of the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.reminder_limits import SUGGESTED_TIME
from journal.domain.reminders import CHECK_IN_SLOTS, EVERY_DAY, ReminderRule, SlotTime
from journal.services.reminders import EMAIL
from journal.web.forms.reading import read_time

FIELDS = dict(zip(CHECK_IN_SLOTS, ("first", "second"), strict=True))
"""The field that each slot is written in."""


class ReminderForm(FlaskForm):
    """Everything a person typed, as typed, so that a refused form shows it again. Both times share their days."""

    first = StringField()
    second = StringField()
    days = SelectMultipleField(choices=[str(day) for day in sorted(EVERY_DAY)], validate_choice=False)
    zone = StringField()
    email = BooleanField()
    stopped = BooleanField()

    def rule(self) -> ReminderRule:
        """The rule; refuses everything that cannot be read at once, or what the domain refuses."""
        problems: list[Refused] = []
        days = frozenset(
            int(day) for day in self.days.data or () if day in {"1", "2", "3", "4", "5", "6", "7"}
        )
        times = [
            SlotTime(slot, wall, days)
            for slot, field in FIELDS.items()
            if (wall := read_time(self[field], problems)) is not None
        ]
        if problems:
            raise RefusedFields(problems)
        try:
            rule = ReminderRule(
                times=tuple(times), zone=self.zone.data or "", stopped=bool(self.stopped.data)
            )
        except Refused as fault:
            raise Refused(fault.code, field=_field_of(fault), **fault.details) from None
        if not self.channels() and not rule.stopped:
            raise Refused("reminder_channel_missing", field="email")
        return rule

    def channels(self) -> list[str]:
        """The ways that are switched on."""
        return [EMAIL] if self.email.data else []


def filled(rule: ReminderRule, channels: list[str]) -> dict[str, object]:
    """The form as a rule stands."""
    walls = {FIELDS[chosen.slot]: chosen.wall.strftime("%H:%M") for chosen in rule.times}
    days = frozenset().union(*(chosen.weekdays for chosen in rule.times))
    return {
        **walls,
        "days": [str(day) for day in sorted(days)],
        "zone": rule.zone,
        "email": EMAIL in channels,
        "stopped": rule.stopped,
    }


def suggested(zone: str) -> dict[str, object]:
    """The form of somebody who has no reminder yet."""
    return {
        "first": SUGGESTED_TIME.strftime("%H:%M"),
        "days": [str(day) for day in sorted(EVERY_DAY)],
        "zone": zone,
        "email": True,
    }


def _field_of(fault: Refused) -> str:
    if fault.field == "weekdays":
        return "days"
    if fault.field == "times":
        last = "second" if fault.code == "reminder_times_equal" else "first"
        return FIELDS.get(str(fault.details.get("slot")), last)
    return fault.field or "first"
