"""Messages that something other than a chosen time brings: a treatment session, a questionnaire, a snooze.

Each is one message about one date. Its slot names what it belongs to (``session:ID:d3``), so that it can come once
only. Nobody asks after a check-in twice on one date: where a session asks, it takes the place of the day's first
chosen time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from journal.domain.days import day_exists, end_of_link, local_day, resolve_wall_time
from journal.domain.reminder_limits import (
    AFTERCARE,
    AFTERCARE_WALL,
    EVE_AT,
    MOVED_BEFORE_QUIET,
    PROMPTS_AFTER_SESSION,
    QUESTIONNAIRE_REMINDED_AFTER,
    SENDING_WINDOW,
)
from journal.domain.reminders import Due, ReminderRule, base_of, chosen_on

SNOOZE = ":snooze"
EVE, EVENING, DAY_AFTER = "eve", "evening", "d1"

_DAY = timedelta(days=1)
_REACH = (-1, 0, *PROMPTS_AFTER_SESSION.values())


@dataclass(frozen=True, slots=True)
class SessionDay:
    """A treatment session that is planned or took place: its public id, the date of its start where the patient lives,
    and the instant it ended, if that is known."""

    id: str
    local_date: date
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionnaireDay:
    """A questionnaire that is not answered yet: what names it in a slot, and the date on which it opens."""

    id: str
    opens_on: date


def aftercare_ends(treatment: SessionDay, zone: str) -> datetime:
    """From when on anything may be asked on a session day: 2 hours after its end; unknown, 18:00 on the wall."""
    if treatment.ended_at is not None:
        return treatment.ended_at + AFTERCARE
    return resolve_wall_time(treatment.local_date, AFTERCARE_WALL, zone)


def quiet_until(sessions: Iterable[SessionDay], local_date: date, zone: str) -> datetime | None:
    """Until when a date is kept quiet because of its sessions; None on every other date."""
    return max((aftercare_ends(one, zone) for one in sessions if one.local_date == local_date), default=None)


def session_prompt_on(rule: ReminderRule, sessions: Sequence[SessionDay], local_date: date) -> Due | None:
    """The check-in that a session asks for on a date: the evening of the day itself, else 1, 3 or 7 days on.

    At most one a date. The evening's comes with the first chosen time after aftercare ends, else in the evening; the
    others with the day's first chosen time, or at the rule's earliest where that weekday has none.
    """
    if not (rule.softer and rule.times) or rule.stopped or not day_exists(local_date, rule.zone):
        return None
    treatment = _one_of(sessions, local_date)
    begin = quiet_until(sessions, local_date, rule.zone)
    if treatment is not None and begin is not None:
        evening = max(begin, resolve_wall_time(local_date, AFTERCARE_WALL, rule.zone))
        due_at = min(
            (due.due_at for due in chosen_on(rule, local_date) if due.due_at >= begin), default=evening
        )
        return (
            Due(f"session:{treatment.id}:{EVENING}", local_date, due_at)
            if _is_outside_quiet(rule, due_at)
            else None
        )
    for name, days in PROMPTS_AFTER_SESSION.items():
        earlier = _one_of(sessions, local_date - days * _DAY)
        if earlier is not None:
            return Due(f"session:{earlier.id}:{name}", local_date, _usual_time(rule, local_date))
    return None


def eve_note_on(rule: ReminderRule, sessions: Sequence[SessionDay], local_date: date) -> Due | None:
    """The note of the evening before a session. It asks for nothing, and takes nothing's place.

    On a date that has a session itself it waits until aftercare ends.
    """
    if not (rule.softer and rule.times) or rule.stopped or not day_exists(local_date, rule.zone):
        return None
    treatment = _one_of(sessions, local_date + _DAY)
    if treatment is None:
        return None
    due_at = resolve_wall_time(local_date, EVE_AT, rule.zone)
    least = due_at - SENDING_WINDOW
    begin = quiet_until(sessions, local_date, rule.zone)
    if begin is not None:
        due_at, least = max(due_at, begin), max(least, begin)
    return _outside_quiet(rule, Due(f"session:{treatment.id}:{EVE}", local_date, due_at), least=least)


def session_messages(rule: ReminderRule, sessions: Sequence[SessionDay], *, after: datetime) -> list[Due]:
    """Everything that sessions bring and that is due strictly after ``after``, earliest first."""
    dates = {treatment.local_date + days * _DAY for treatment in sessions for days in _REACH}
    found = [
        due
        for local_date in dates
        if rule.paused_until is None or local_date >= rule.paused_until
        for due in (eve_note_on(rule, sessions, local_date), session_prompt_on(rule, sessions, local_date))
        if due is not None and due.due_at > after
    ]
    return sorted(found, key=lambda due: (due.due_at, due.slot))


def questionnaire_message_on(
    rule: ReminderRule, questionnaires: Iterable[QuestionnaireDay], local_date: date
) -> Due | None:
    """The message for a questionnaire on a date: one at the most, in place of the day's first chosen time."""
    found = (
        due
        for one in sorted(questionnaires, key=lambda one: (one.opens_on, one.id))
        for due in questionnaire_messages(rule, one.id, opens_on=one.opens_on)
        if due.local_date == local_date
    )
    return next(found, None)


def questionnaire_messages(rule: ReminderRule, questionnaire: str, *, opens_on: date) -> list[Due]:
    """When a questionnaire (what names it) opens and, two days on, its one reminder; at the usual time of those dates.

    It is answered until ``QUESTIONNAIRE_OPEN_FOR`` after ``opens_on``; whether it still waits is asked when one is due.
    """
    if rule.stopped or not rule.times:
        return []
    days = {"open": opens_on, "reminder": opens_on + QUESTIONNAIRE_REMINDED_AFTER}
    return [
        Due(f"assessment:{questionnaire}:{name}", local_date, _usual_time(rule, local_date))
        for name, local_date in days.items()
        if day_exists(local_date, rule.zone)
        and (rule.paused_until is None or local_date >= rule.paused_until)
    ]


def snoozed(rule: ReminderRule, due: Due, *, until: datetime) -> Due | None:
    """``due`` once more at ``until``; None when its day, or the time before quiet hours, is over by then.

    One snooze for each chosen time and date: the slot is the same however often it was asked for.
    """
    if until >= end_of_link(due.local_date, rule.zone):
        return None
    base = base_of(due.slot)
    again = Due((base if base.startswith("checkin:") else "checkin:1") + SNOOZE, due.local_date, until)
    return again if _is_outside_quiet(rule, until) else None


def _one_of(sessions: Iterable[SessionDay], local_date: date) -> SessionDay | None:
    """The session of a date; of two records always the same one, so that they ask in one name."""
    return min(
        (one for one in sessions if one.local_date == local_date), key=lambda one: one.id, default=None
    )


def _usual_time(rule: ReminderRule, local_date: date) -> datetime:
    chosen = chosen_on(rule, local_date)
    if chosen:
        return chosen[0].due_at
    return resolve_wall_time(local_date, min(one.wall for one in rule.times), rule.zone)


def _outside_quiet(rule: ReminderRule, due: Due, *, least: datetime) -> Due | None:
    """``due``, or the same a little before quiet hours begin, but not before ``least``."""
    if _is_outside_quiet(rule, due.due_at) or rule.quiet is None:
        return due
    today = local_day(due.due_at, rule.zone)
    begins = (resolve_wall_time(today + days * _DAY, rule.quiet.begin, rule.zone) for days in (-1, 0))
    earlier = max(begin for begin in begins if begin <= due.due_at) - MOVED_BEFORE_QUIET
    return Due(due.slot, due.local_date, earlier) if least <= earlier <= due.due_at else None


def _is_outside_quiet(rule: ReminderRule, instant: datetime) -> bool:
    return rule.quiet is None or not rule.quiet.hold(instant, rule.zone)
