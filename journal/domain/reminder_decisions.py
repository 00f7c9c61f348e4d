"""Whether a message that is due may leave now, and which comes next: the rule held against what has happened.

Asked when a message is claimed, again just before it is sent, and for the page that says when the next one comes. Each
answer that is *no* names its reason, which the delivery log says in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from journal.domain.days import end_of_link, local_day
from journal.domain.reminder_limits import SENDING_WINDOW, SILENT_BEFORE_REST
from journal.domain.reminder_prompts import (
    EVE,
    EVENING,
    SNOOZE,
    QuestionnaireDay,
    SessionDay,
    eve_note_on,
    questionnaire_message_on,
    questionnaire_messages,
    quiet_until,
    session_messages,
    session_prompt_on,
)
from journal.domain.reminders import (
    FOLLOW_UP,
    Due,
    ReminderRule,
    base_of,
    chosen_on,
    follow_up_on,
    next_due_for_slot,
)

TRIAL = "trial:"
"""The slot of "send me one now" begins so."""
LOOKED_AHEAD = 40
"""How many messages :func:`next_due` passes over before it says that none is in sight."""

_DAY = timedelta(days=1)


class SkipReason(StrEnum):
    """Why a due reminder is not sent; the delivery log says it in words."""

    STOPPED = "stopped"
    LATE = "late"
    OVERTAKEN = "overtaken"
    OTHER_DAY = "other_day"
    CHECKED_IN = "checked_in"
    QUIET_HOURS = "quiet_hours"
    PAUSED = "paused"
    SESSION_DAY = "session_day"
    REPLACED = "replaced"
    RESTING = "resting"
    NOTHING_NEW = "nothing_new"
    NOT_WAITING = "not_waiting"
    WITH_QUESTIONNAIRE = "with_questionnaire"


class Trouble(StrEnum):
    """Why a delivery ended without our knowing that it arrived, or had to be tried again."""

    REFUSED = "refused"  # the message service said not now, or could not be reached
    TURNED_AWAY = "turned_away"  # it said never
    FAULT = "fault"  # ours: the message could not be made
    GAVE_UP = "gave_up"  # lost with its worker, or a fault of ours, too often
    NO_ANSWER = "no_answer"  # handed over, and then silence
    INTERRUPTED = "interrupted"  # the worker died while sending
    GONE = "gone"  # there is nothing left to send to: a subscription that ended, a number that is no more


IN_DOUBT = frozenset({Trouble.NO_ANSWER, Trouble.INTERRUPTED})
"""After one of these it may have arrived. Where it is sent again all the same, only a certain answer ends the doubt."""


class Why(StrEnum):
    """What a message comes for."""

    CHOSEN_TIME = "chosen_time"
    FOLLOW_UP = "follow_up"
    SNOOZED = "snoozed"
    EVE_OF_SESSION = "eve_of_session"
    EVENING_OF_SESSION = "evening_of_session"
    DAYS_AFTER_SESSION = "days_after_session"
    QUESTIONNAIRE = "questionnaire"
    NEWS = "news"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Facts:
    """What has happened that a rule is held against.

    ``last_check_in``: the latest date with a check-in. ``begun_on``: the date on which the rule was last set; silence
    before it counts for nothing. ``sessions``: those planned or given, from 7 days before the date in question to a day
    after it. ``answered_at``: when the latest check-in about that date was written. ``is_news``: for a provider's note,
    whether there is anything to read. ``questionnaires``: those not answered yet that are due on that date, or from two
    days before it.
    """

    begun_on: date
    last_check_in: date | None = None
    sessions: tuple[SessionDay, ...] = ()
    answered_at: datetime | None = None
    is_news: bool = True
    questionnaires: tuple[QuestionnaireDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """Nothing stands against sending it now."""


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not sent, now or later."""

    reason: SkipReason


def why(slot: str) -> Why:
    """What a slot's message comes for."""
    kind, _, rest = slot.partition(":")
    if kind == "checkin":
        if slot.endswith(FOLLOW_UP):
            return Why.FOLLOW_UP
        return Why.SNOOZED if slot.endswith(SNOOZE) else Why.CHOSEN_TIME
    if kind == "session":
        by_end = {EVE: Why.EVE_OF_SESSION, EVENING: Why.EVENING_OF_SESSION}
        return by_end.get(rest.rpartition(":")[2], Why.DAYS_AFTER_SESSION)
    if kind == "assessment":
        return Why.QUESTIONNAIRE
    return Why.TRIAL if slot.startswith(TRIAL) else Why.NEWS


def delivery_decision(
    due: Due,
    now: datetime,
    *,
    rule: ReminderRule,
    facts: Facts,
    is_open: bool = True,
    overtaken: bool = False,
    window: timedelta = SENDING_WINDOW,
) -> Send | Skip:
    """Whether ``due`` may be sent at ``now``.

    ``rule`` is the person's present one, with their present zone; it may have been changed since ``due`` was planned.
    The window begins at the due time, leaves out its end, and ends early where quiet hours begin. The day lasts as long
    as its link does, until 04:00 of the next: a reminder for 23:59 that leaves at 00:00 is still about the evening it
    was meant for. Where several reasons hold, one of ours (late) is named before one of the person's (checked in), so
    that an outage shows in the delivery log. ``is_open``: false for a closed account or a channel that was switched
    off. ``overtaken``: a later message to the same person by the same channel is due as well (:func:`is_overtaken`).
    """
    if not is_open or not still_wanted(rule, due, facts.sessions):
        return Skip(SkipReason.STOPPED)
    if now >= due.due_at + window:
        return Skip(SkipReason.LATE)
    if due.slot.startswith(TRIAL):
        return Send()
    if local_day(now, rule.zone) < due.local_date or now >= end_of_link(due.local_date, rule.zone):
        return Skip(SkipReason.OTHER_DAY)
    if is_quiet(rule, due.due_at):
        return Skip(SkipReason.QUIET_HOURS)
    if now >= sending_ends(rule, due, window=window):
        return Skip(SkipReason.LATE)
    if answers(rule, due, facts):
        return Skip(SkipReason.CHECKED_IN)
    reason = silenced(rule, due, facts)
    if reason is not None:
        return Skip(reason)
    return Skip(SkipReason.OVERTAKEN) if overtaken else Send()


def still_wanted(rule: ReminderRule, due: Due, sessions: tuple[SessionDay, ...] = ()) -> bool:
    """Whether ``rule`` and the present sessions, which may have been changed since ``due`` was planned, still ask for
    that slot on that date.

    A time moved to another minute still is the same message; a time taken away, a weekday left out or a session that
    was moved or cancelled is not.
    """
    if due.slot.startswith(TRIAL):
        return True
    if rule.stopped:
        return False
    match why(due.slot):
        case Why.EVE_OF_SESSION:
            asked = eve_note_on(rule, sessions, due.local_date)
        case Why.EVENING_OF_SESSION | Why.DAYS_AFTER_SESSION:
            asked = session_prompt_on(rule, sessions, due.local_date)
        case Why.FOLLOW_UP:
            asked = follow_up_on(rule, due.local_date)
        case Why.QUESTIONNAIRE | Why.SNOOZED:
            return True
        case _ if due.slot.startswith("appointment:"):
            return rule.before_visits
        case _:
            weekday = due.local_date.isoweekday()
            return any(chosen.slot == due.slot and weekday in chosen.weekdays for chosen in rule.times)
    return asked is not None and asked.slot == due.slot


def answers(rule: ReminderRule, due: Due, facts: Facts) -> bool:
    """Whether the check-ins of its date answer ``due``, so that it need not come.

    One of that date does. Where the person wants both times, only one since the slot before it, whose own answers are
    those within its window: who answered the morning's in the morning is asked in the evening. On the evening of a
    session, only one since aftercare ended.
    """
    reason = why(due.slot)
    if facts.answered_at is None or reason in _ASK_FOR_NO_CHECK_IN:
        return False
    if reason is Why.EVENING_OF_SESSION:
        since = quiet_until(facts.sessions, due.local_date, rule.zone)
        return since is None or facts.answered_at >= since
    if rule.both_times:
        earlier: Due | None = None
        for chosen in chosen_on(rule, due.local_date):
            if chosen.slot == base_of(due.slot):
                since = None if earlier is None else min(earlier.due_at + SENDING_WINDOW, chosen.due_at)
                return since is None or facts.answered_at >= since
            earlier = chosen
    return True


def silenced(rule: ReminderRule, due: Due, facts: Facts) -> SkipReason | None:
    """What keeps ``due`` away although the rule asks for it: a pause, a session, or a long silence. None: nothing.

    Before aftercare ends nothing comes at all on a session day, and what it kept away has no follow-up. On a resting
    date a session's own prompt comes alone. A questionnaire's message takes the place of the day's first, and a
    session's takes the place of both.
    """
    if rule.paused_until is not None and due.local_date < rule.paused_until:
        return SkipReason.PAUSED
    reason = why(due.slot)
    if reason is Why.NEWS and not facts.is_news:
        return SkipReason.NOTHING_NEW
    begin = quiet_until(facts.sessions, due.local_date, rule.zone)
    if begin is not None and due.due_at < begin:
        return SkipReason.SESSION_DAY
    if reason is Why.QUESTIONNAIRE:
        return _questionnaire_silenced(rule, due, facts)
    if reason not in (Why.CHOSEN_TIME, Why.FOLLOW_UP):
        return None
    free = [one.slot for one in chosen_on(rule, due.local_date) if begin is None or one.due_at >= begin]
    if reason is Why.FOLLOW_UP and base_of(due.slot) not in free:
        return SkipReason.SESSION_DAY
    if free[:1] == [due.slot] and session_prompt_on(rule, facts.sessions, due.local_date) is not None:
        return SkipReason.REPLACED
    asked = questionnaire_message_on(rule, facts.questionnaires, due.local_date)
    if asked is not None and reason is Why.CHOSEN_TIME and asked.due_at == due.due_at:
        return SkipReason.WITH_QUESTIONNAIRE
    return SkipReason.RESTING if rests_on(rule, due.local_date, facts) else None


def rests_on(rule: ReminderRule, local_date: date, facts: Facts) -> bool:
    """Whether a date is passed over because nobody has answered for a while.

    After 3 asked dates without a check-in, every second asked date is (clinical specification, daily log). Dates that
    the rule does not ask about, because of their weekday or of a pause, count for nothing: whoever wants Mondays alone
    is asked on three of them, and then on every second.
    """
    silent_from = facts.begun_on
    if facts.last_check_in is not None:
        silent_from = max(silent_from, facts.last_check_in + _DAY)
    if rule.paused_until is not None:
        silent_from = max(silent_from, rule.paused_until)
    if local_date <= silent_from:
        return False
    asked = _asked_dates(rule, silent_from, local_date)
    return asked >= SILENT_BEFORE_REST and (asked - SILENT_BEFORE_REST) % 2 == 0


def sending_ends(rule: ReminderRule, due: Due, *, window: timedelta = SENDING_WINDOW) -> datetime:
    """The end of a message's window: ``window`` after its due time, or when quiet hours begin, if that is sooner."""
    end = due.due_at + window
    if rule.quiet is None:
        return end
    return min(end, rule.quiet.next_begin(due.due_at, rule.zone))


def is_quiet(rule: ReminderRule, now: datetime) -> bool:
    """Whether quiet hours hold at ``now``."""
    return rule.quiet is not None and rule.quiet.hold(now, rule.zone)


def is_overtaken(rule: ReminderRule, due: Due, *, now: datetime) -> bool:
    """Whether a later message of the rule has come due by ``now`` while ``due`` was still waiting.

    After an outage a person gets one message, the latest, not one for each time that passed. Of two that fall on one
    instant (both inside a clock change) the second slot's is the later one; what is no check-in slot, as the note
    before an appointment at the hour of the weekly one, is overtaken by later ones only.
    """
    is_chosen = base_of(due.slot) in rule.slots()
    for slot in rule.slots():
        after = due.due_at - timedelta(microseconds=1) if is_chosen and slot > due.slot else due.due_at
        other = next_due_for_slot(rule, slot, after=after) if slot != due.slot else None
        if other is not None and other.due_at <= now:
            return True
    return False


def next_due(
    rule: ReminderRule, facts: Facts, *, after: datetime, last: Mapping[str, Due] | None = None
) -> Due | None:
    """The next message that will really come if nobody checks in before; None if none is in sight.

    ``facts.sessions`` holds every session from 7 days ago on, ``facts.questionnaires`` all that are not answered;
    ``facts.answered_at`` belongs to ``last_check_in``.
    ``last``: each slot's latest message in the ledger.
    :func:`why` says what it comes for. A follow-up is left out: it answers a message that came before it.
    """
    last = last or {}
    coming: list[Due] = []
    for slot in rule.slots():
        moment = after
        for _step in range(LOOKED_AHEAD if why(slot) is not Why.FOLLOW_UP else 0):
            due = next_due_for_slot(rule, slot, after=moment, last=last.get(slot))
            if due is None:
                break
            if _will_come(rule, due, facts):
                coming.append(due)
                break
            moment = due.due_at
    sessions = session_messages(rule, facts.sessions, after=after)
    coming += [due for due in sessions if _will_come(rule, due, facts)][:1]
    asked = (
        due
        for one in facts.questionnaires
        for due in questionnaire_messages(rule, one.id, opens_on=one.opens_on)
        if due.due_at > after
    )
    coming += [due for due in asked if _will_come(rule, due, facts)]
    return min(coming, key=lambda due: (due.due_at, due.slot), default=None)


def _questionnaire_silenced(rule: ReminderRule, due: Due, facts: Facts) -> SkipReason | None:
    asked = questionnaire_message_on(rule, facts.questionnaires, due.local_date)
    if asked is None or asked.slot != due.slot:
        return SkipReason.NOT_WAITING
    if session_prompt_on(rule, facts.sessions, due.local_date) is not None:
        return SkipReason.REPLACED
    return None


_ASK_FOR_NO_CHECK_IN = frozenset({Why.EVE_OF_SESSION, Why.NEWS, Why.TRIAL, Why.QUESTIONNAIRE})


def _will_come(rule: ReminderRule, due: Due, facts: Facts) -> bool:
    if is_quiet(rule, due.due_at) or silenced(rule, due, facts) is not None:
        return False
    return due.local_date != facts.last_check_in or not answers(rule, due, facts)


def _asked_dates(rule: ReminderRule, first: date, until: date) -> int:
    """How many dates from ``first`` on and before ``until`` the rule asks about, by their weekdays."""
    weekdays = frozenset[int]().union(*(chosen.weekdays for chosen in rule.times))
    weeks, days = divmod((until - first).days, 7)
    return weeks * len(weekdays) + sum((first + day * _DAY).isoweekday() in weekdays for day in range(days))
