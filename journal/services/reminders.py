"""What a person can do with their reminders, and planning what comes next.

Claiming what is due and sending it is in :mod:`journal.services.deliveries`, how messages leave in
``journal.services.mail``, ``push`` and ``sms``, when anything runs in ``journal.jobs``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.metadata import version

from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused
from journal.domain.pauses import pause_after
from journal.domain.reminder_decisions import (
    TRIAL,
    Facts,
)
from journal.domain.reminder_decisions import next_due as next_due_of
from journal.domain.reminder_prompts import (
    QuestionnaireDay,
    SessionDay,
    questionnaire_messages,
    session_messages,
    snoozed,
)
from journal.domain.reminders import FOLLOW_UP, Due, ReminderRule, next_due_for_slot
from journal.logs import log
from journal.services import assessment_dates
from journal.storage import assessments, deliveries, digests, patients, reminder_pauses, reminders
from journal.storage.base import new_public_id
from journal.storage.reminders import ONCE, Reminder

CHECK_IN = "checkin"
NOTES = "notes"
"""The two kinds of rule: a patient's, and a provider's."""

EMAIL, PUSH, SMS = "email", "push", "sms"
CHANNELS = (EMAIL, PUSH, SMS)
_ZONES = f"tzdata {version('tzdata')}"[:16]
REACH = timedelta(days=8)


def set_reminder(
    db: Session,
    account_id: int,
    *,
    rule: ReminderRule,
    channels: Sequence[str],
    now: datetime,
    kind: str = CHECK_IN,
    refuses_push: bool = False,
) -> None:
    """Replace an account's rule and plan what comes next.

    ``refuses_push``: notifications were just switched off, and no phone brings itself back without a tap.
    """
    patient = patients.patient_of_account(db, account_id) if kind == CHECK_IN else None
    row = reminders.reminder_to_change(db, account_id, kind=kind)
    overdue = [] if row is None else _overdue(db, row, now=now)
    row = reminders.keep_rule(db, account_id, kind=kind, rule=rule, channels=tuple(channels), now=now)
    if EMAIL in channels:
        row.mail_refused = False
    if refuses_push:
        row.push_refused = True
    if patient is not None:
        _note_pause(db, patient.id, rule, now=now)
    _plan(db, row, overdue, now=now)


def replan(db: Session, account_id: int, *, now: datetime, zone: str | None = None) -> None:
    """Something that a plan was made from has changed: a treatment session, an appointment, the zone database.

    A patient's questionnaires are brought in line with it first. With ``zone``, the patient's zone did: the same wall
    times in the new zone, from now on.
    """
    patient = patients.patient_of_account(db, account_id)
    if patient is not None:
        assessment_dates.arrange(db, patient, now=now)
    plan_messages(db, account_id, now=now, zone=zone)


def plan_messages(db: Session, account_id: int, *, now: datetime, zone: str | None = None) -> None:
    """The same for a patient whose questionnaires are in line already."""
    for kind in (CHECK_IN, NOTES):
        row = reminders.reminder_to_change(db, account_id, kind=kind)
        if row is not None:
            overdue = _overdue(db, row, now=now)
            if zone is not None and zone != row.zone:
                row.zone, row.changed_at = zone, now
                db.flush()
            _plan(db, row, overdue, now=now)


def plan_what_waits(db: Session, *, now: datetime, limit: int) -> int:
    """Plan rules that never were, or that another version of the zone database planned; how many of them."""
    accounts = reminders.waits_to_be_planned(db, planned_with=_ZONES, limit=limit)
    for account_id in accounts:
        replan(db, account_id, now=now)
    return len(accounts)


def next_due(db: Session, account_id: int, *, now: datetime) -> Due | None:
    """A patient's next message that will come if they do not check in before; None if nothing is in sight."""
    row = reminders.reminder_of(db, account_id, kind=CHECK_IN)
    rule = reminders.rule_if_readable(row) if row is not None else None
    if row is None or rule is None or not row.channels:
        return None
    last: dict[str, Due] = {}
    for (slot, channel), due in _last_deliveries(db, account_id, now=now).items():
        if channel in row.channels and (slot not in last or last[slot].local_date > due.local_date):
            last[slot] = due
    last_check_in, answered_at = reminders.last_check_in_of(db, account_id)
    facts = Facts(
        begun_on=local_day(row.changed_at, rule.zone),
        last_check_in=last_check_in,
        answered_at=answered_at,
        sessions=_sessions_of(db, account_id, now=now),
        questionnaires=_questionnaires_of(db, account_id, now=now),
    )
    return next_due_of(rule, facts, after=now, last=last)


def snooze(db: Session, delivery_id: int, *, until: datetime, now: datetime) -> Due:
    """Bring a message that came by one channel once more at ``until``, by the same channel.

    Refuses ``snooze_too_late``, field ``until``, when its day or the time before quiet hours is over by then, and
    ``snoozed_already``: once a day for each chosen time is enough. NotFound for a rule that is gone.
    """
    delivery = deliveries.delivery_to_snooze(db, delivery_id)
    row = None if delivery is None else reminders.reminder_of(db, delivery.account_id, kind=CHECK_IN)
    rule = reminders.rule_if_readable(row) if row is not None else None
    if delivery is None or row is None or rule is None:
        raise NotFound
    again = snoozed(rule, delivery.due, until=until)
    if again is None or until <= now:
        raise Refused("snooze_too_late", field="until")
    if deliveries.is_in_ledger(db, delivery.account_id, again, channel=delivery.channel):
        raise Refused("snoozed_already", field="until")
    reminders.put_in_queue(db, [(row.id, ONCE, again, delivery.channel)])
    return again


def try_channel(db: Session, account_id: int, channel: str, *, now: datetime) -> str:
    """Send one now, by the very way that all others take; the slot by which its outcome is found.

    Refuses ``reminder_time_missing`` where no rule was ever saved.
    """
    row = reminders.reminder_of(db, account_id, kind=CHECK_IN)
    if row is None:
        raise Refused("reminder_time_missing", field="times")
    slot = TRIAL + new_public_id()
    reminders.put_in_queue(db, [(row.id, ONCE, Due(slot, local_day(now, row.zone), now), channel)])
    return slot


def stop_by_message(db: Session, stop_hash: str, *, now: datetime) -> str | None:
    """Whoever got a message wants no more by that channel; the channel, or None for a secret nobody was sent."""
    found = deliveries.stopped_by(db, stop_hash)
    if found is None:
        return None
    account_id, kind, channel = found
    switch_channel(db, account_id, channel, on=False, kind=kind, now=now)
    row = reminders.reminder_to_change(db, account_id, kind=kind)
    if row is not None and channel == EMAIL:
        row.mail_refused = True
    if row is not None and channel == PUSH:
        row.push_refused = True  # no phone that renews itself switches them on again
    db.flush()
    return channel


def switch_channel(
    db: Session, account_id: int, channel: str, *, on: bool, now: datetime, kind: str = CHECK_IN
) -> bool:
    """Switch one channel of a rule on or off and plan anew; whether that changed anything."""
    row = reminders.reminder_to_change(db, account_id, kind=kind)
    if row is None or (channel in row.channels) is on:
        return False
    overdue = _overdue(db, row, now=now)
    others = [str(one) for one in row.channels if one != channel]
    row.channels = [one for one in CHANNELS if one in others or (on and one == channel)]
    db.flush()
    _plan(db, row, overdue, now=now)
    return True


def refuse_push(db: Session, account_id: int, *, refused: bool) -> None:
    """Note that notifications were switched off, or with ``refused`` False that somebody asked for them by a tap."""
    row = reminders.reminder_to_change(db, account_id, kind=CHECK_IN)
    if row is not None:
        row.push_refused = refused
        db.flush()


def is_push_refused(db: Session, account_id: int) -> bool:
    """Whether notifications were switched off and not asked for since. What was found holds until the commit."""
    row = reminders.reminder_to_change(db, account_id, kind=CHECK_IN)
    return row is not None and row.push_refused


def _note_pause(db: Session, patient_id: int, rule: ReminderRule, *, now: datetime) -> None:
    """Keep a record of the dates that are paused: the rule forgets a pause as soon as it is changed or over."""
    today = local_day(now, rule.zone)
    present = reminder_pauses.open_pause_of(db, patient_id, today=today)
    after = pause_after(present, paused_until=rule.paused_until, today=today)
    reminder_pauses.replace_pause(db, patient_id, present, after)


def _overdue(db: Session, row: Reminder, *, now: datetime) -> list[tuple[Due, str]]:
    """What has come due under a reminder's rule and was not claimed yet, as (due, channel), earliest first.

    A row of the queue stands for all that follow it: after an outage they have come due as well. Not so one that was
    overdue when the rule was last changed: the rule it came by is gone, and what followed was written down then.
    """
    rule = reminders.rule_if_readable(row)
    overdue = []
    for waiting, channel in reminders.overdue_rows(db, row, now=now):
        leads = rule is not None and waiting.due_at > row.changed_at
        due: Due | None = waiting
        while due is not None and due.due_at <= now:
            overdue.append((due, channel))
            due = next_due_for_slot(rule, due.slot, after=due.due_at, last=due) if leads and rule else None
    return sorted(overdue, key=lambda one: one[0].due_at)


def _plan(db: Session, row: Reminder, overdue: list[tuple[Due, str]], *, now: datetime) -> None:
    """Write the queue anew for one reminder.

    ``overdue`` stays, so that a change of the rule never makes a due message disappear: it is claimed, or skipped with
    a reason, in a moment. Unless the new rule asks for that very date at a later time.
    """
    rule = reminders.rule_if_readable(row)
    if rule is None:  # what waits for it comes due all the same, and is written down as a fault
        log.error("reminder rule unreadable", fault="rule")
        reminders.pass_over(db, row, planned_with=_ZONES)
        return
    latest = {(due.slot, channel): due for due, channel in overdue}
    last = _last_deliveries(db, row.account_id, now=now)
    planned = [
        (due, str(channel)) for due in _brought_by_others(db, row, rule, now=now) for channel in row.channels
    ]
    for slot in rule.slots():
        for channel in (str(channel) for channel in row.channels):
            key = slot, channel
            due = next_due_for_slot(rule, slot, after=now, last=_latest_like(slot, channel, last))
            if due is not None and key in latest:
                if due.local_date == latest[key].local_date:
                    overdue = [one for one in overdue if one != (latest[key], channel)]
                else:
                    due = next_due_for_slot(rule, slot, after=now, last=latest[key])
            if due is not None:
                planned.append((due, channel))
    reminders.plan_anew(db, row, [*overdue, *planned], planned_with=_ZONES)


def _latest_like(slot: str, channel: str, last: Mapping[tuple[str, str], Due]) -> Due | None:
    """The latest message in the ledger that ``slot`` has to keep clear of: its own, or of the one follow-up a day any.

    A follow-up goes by the name of the day's last time, which is another where times were changed in between.
    """
    if not slot.endswith(FOLLOW_UP):
        return last.get((slot, channel))
    asked = [due for (of, by), due in last.items() if by == channel and of.endswith(FOLLOW_UP)]
    return max(asked, key=lambda due: due.due_at, default=None)


def _last_deliveries(db: Session, account_id: int, *, now: datetime) -> dict[tuple[str, str], Due]:
    """Those that can keep a coming one away: nothing is asked about a date twice, nor within hours of the last."""
    return deliveries.last_deliveries(db, account_id, since=(now - REACH).date())


def _brought_by_others(db: Session, row: Reminder, rule: ReminderRule, *, now: datetime) -> list[Due]:
    """What is to come because of treatment sessions and questionnaires, or of a provider's appointments."""
    if row.kind == NOTES:
        return (
            []
            if rule.stopped or not rule.before_visits
            else digests.notes_before_appointments(db, row.account_id, zone=rule.zone, now=now)
        )
    asked = (
        due
        for one in _questionnaires_of(db, row.account_id, now=now)
        for due in questionnaire_messages(rule, one.id, opens_on=one.opens_on)
        if due.due_at > now
    )
    return [*session_messages(rule, _sessions_of(db, row.account_id, now=now), after=now), *asked]


def _sessions_of(db: Session, account_id: int, *, now: datetime) -> tuple[SessionDay, ...]:
    """Those that may still bring a message."""
    first = (now - REACH - timedelta(days=1)).date()
    return reminders.sessions_near(db, [account_id], first=first, last=date.max).get(account_id, ())


def _questionnaires_of(db: Session, account_id: int, *, now: datetime) -> tuple[QuestionnaireDay, ...]:
    """Those that may still bring a message."""
    first = (now - REACH).date()
    return assessments.questionnaire_days(db, [account_id], first=first, last=date.max).get(account_id, ())
