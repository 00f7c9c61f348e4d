"""What follows an answer that must not be overlooked: the help panel, and a flag for whoever may look at it.

Which answers those are stands with the questionnaires (``assessments.raised_by``); what is said to whom is the business
of who shows it. Nothing here is a measure of danger: most people who died had answered "not at all" (Louzon 2016,
doi:10.1176/appi.ps.201500149), so no answer and no silence is ever taken for safety.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from journal.domain.assessments import Answers, Raised, is_acute, raised_by
from journal.domain.checkins import NOT_TEXT
from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.domain.instruments import Instrument

ONE_WEEKDAY = timedelta(days=1)
"""A flag that nobody has acknowledged for longer than this, Saturdays and Sundays not counted, needs a second person:
answers are to be reviewed at least every weekday (Nock 2020, doi:10.1176/appi.prcp.20200029)."""
JUST_ASKED = timedelta(hours=1)
"""Whoever was asked about right now so short a time ago is not asked again."""
STAYS_AT_HAND = timedelta(days=1)
"""A panel that its reader left without closing it stands first on Today for so long."""
NOTE_LENGTH = 2_000


# The help panel


class RightNow(StrEnum):
    """What was answered to "Are you having thoughts of killing yourself right now?". To decline is an answer too."""

    YES = "yes"
    NO = "no"
    DECLINED = "declined"


class Stage(StrEnum):
    """Where the help panel of one questionnaire stands."""

    ASKS = "asks"  # with the question about right now
    EMERGENCY = "emergency"  # after a yes; stays until its reader closes it
    PLAN = "plan"  # after a no, or no wish to say
    CLOSED = (
        "closed"  # by its reader, from any of these, and by nobody else; nobody has to answer to be let go
    )


def opens_help(instrument: Instrument, answers: Answers) -> bool:
    """Whether the help panel follows the saving of ``answers``, half-finished or not, however high they are."""
    return bool(raised_by(instrument, answers))


def said_about_now(
    instrument: Instrument, answers: Answers, *, on_the_panel: RightNow | None = None
) -> RightNow | None:
    """What a person has said about right now, in the questionnaire or on its panel; None if nobody has asked yet.

    A yes stands, whichever of the two it was said to.
    """
    acute = is_acute(instrument, answers)
    in_answers = None if acute is None else RightNow.YES if acute else RightNow.NO
    if RightNow.YES in (in_answers, on_the_panel):
        return RightNow.YES
    return in_answers or on_the_panel


def opened(right_now: RightNow | None) -> Stage:
    """The panel as it opens after saving: the question is asked only of those who have not answered it."""
    if right_now is None:
        return Stage.ASKS
    return Stage.EMERGENCY if right_now is RightNow.YES else Stage.PLAN


def answered(stage: Stage, right_now: RightNow) -> Stage:
    """The panel after an answer. Asked once: one sent again from a page left open can only make it more urgent."""
    if right_now is RightNow.YES:
        return Stage.EMERGENCY
    return Stage.PLAN if stage is Stage.ASKS else stage


# The flag


@dataclass(frozen=True, slots=True)
class Concern:
    """What answers said that somebody has to look at. ``source`` is the questionnaire's code.

    ``is_acute``: the question about right now was answered yes. False says nothing.
    """

    source: str
    answers: tuple[Raised, ...]
    is_acute: bool

    @property
    def mark(self) -> str:
        """All that it says in one short text, by which a form tells what its reader had before them."""
        return " ".join([*(f"{one.key}={one.value}" for one in self.answers), *(["now"] * self.is_acute)])

    def is_more_than(self, other: Concern) -> bool:
        """Whether there is anything in it that ``other`` does not say yet."""
        return self.joined_to(other) != other

    def joined_to(self, other: Concern) -> Concern:
        """Both: the higher of each answer. A patient can raise what a flag says and never lower it."""
        values = {one.key: one.value for one in other.answers}
        for one in self.answers:
            values[one.key] = max(one.value, values.get(one.key, one.value))
        return Concern(
            source=other.source,
            answers=tuple(Raised(key, values[key]) for key in sorted(values)),
            is_acute=self.is_acute or other.is_acute,
        )


def concern_of(instrument: Instrument, answers: Answers, *, right_now: RightNow | None) -> Concern | None:
    """What a flag about these answers would say; None where there is nothing to say."""
    raised = raised_by(instrument, answers)
    if not raised:
        return None
    return Concern(
        source=instrument.code,
        answers=tuple(sorted(raised, key=lambda one: one.key)),
        is_acute=right_now is RightNow.YES,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody put their name under having looked, with what they did."""

    provider_id: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class SafetyFlag:
    """A concern that waits for a person, or had one. ``second``: somebody else's look at one that waited too long."""

    public_id: str
    patient_id: int
    concern: Concern
    created_at: datetime
    acknowledged: Look | None = None
    second: Look | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has acknowledged it."""
        return self.acknowledged is None

    def waited(self, *, now: datetime, zone: str) -> timedelta:
        """How long it waited for its first look, in weekday time (:func:`weekday_time`)."""
        until = now if self.acknowledged is None else self.acknowledged.at
        return weekday_time(self.created_at, until, zone=zone)

    def waited_too_long(self, *, now: datetime, zone: str) -> bool:
        """Whether more than one weekday went by before its first look."""
        return self.waited(now=now, zone=zone) > ONE_WEEKDAY

    def needs_second_person(self, *, now: datetime, zone: str) -> bool:
        """Whether it waited too long, and no second person has looked since."""
        return self.second is None and self.waited_too_long(now=now, zone=zone)


def is_reached(created_at: datetime, *, zone: str, visible_from: date | None, granted_at: datetime) -> bool:
    """Whether a flag lies within what a consent opens: made after that was granted, or on its first day or later.

    Days alone would hide one that was answered under the consent from everybody, once a journey west makes it be
    yesterday again where the person lives.
    """
    return visible_from is None or created_at > granted_at or local_day(created_at, zone) >= visible_from


def in_order(flags: Iterable[SafetyFlag]) -> list[SafetyFlag]:
    """Acute ones first, then by age, the oldest first."""
    return sorted(flags, key=lambda flag: (not flag.concern.is_acute, flag.created_at, flag.public_id))


def weekday_time(since: datetime, until: datetime, *, zone: str) -> timedelta:
    """The time between two instants by the clock of ``zone``, without Saturdays and Sundays; holidays count.

    A weekday is 24 hours of that clock, also where it is put forward or back.
    """
    home = ZoneInfo(zone)
    first, last = (at.astimezone(home).replace(tzinfo=None) for at in (since, until))
    total = timedelta()
    while first < last:
        midnight = datetime.combine(first.date() + timedelta(days=1), time())
        if first.isoweekday() <= 5:
            total += min(midnight, last) - first
        first = midnight
    return total


def checked_note(text: str) -> str:
    """What somebody says they did, without spaces around it. Refuses an empty one, and one that is no text or too long.

    Codes: ``note_missing``, ``text_too_long``, ``text_unreadable``, each on ``note``.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("note_missing", field="note")
    if len(text) > NOTE_LENGTH:
        raise Refused("text_too_long", field="note", most=NOTE_LENGTH)
    if NOT_TEXT.search(text):
        raise Refused("text_unreadable", field="note")
    return text
