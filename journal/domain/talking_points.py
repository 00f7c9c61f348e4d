"""What can be talked about at a visit, as values: what is looked at, and the lines with the rows behind them.

Which line there is, and in which order, is decided in ``briefs``; how one is said in ``journal.web.talking_points``.
What a patient brings along in their own words is ``topics``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.benefits import Benefit, EndReason
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.periods import ComparedPeriod
from journal.domain.side_effects import SideEffect
from journal.domain.trends import DaySummary

# What is looked at ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StarredNote:
    """A note that its writer starred and shared. Its words are not read here."""

    check_in_id: str
    local_date: date


@dataclass(frozen=True, slots=True)
class DayDetail:
    """What else is asked of a day: when it began, and with how much company it was spent (0–2); None: not said."""

    local_date: date
    wake_time: time | None = None
    social: int | None = None


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """Something that was reported and is open. ``reported`` None: answers to a questionnaire that wait for a look.

    ``dates`` are those on which it was seen; an answer's is the one it was given on.
    """

    dates: tuple[date, ...]
    reported: LongTermFlag | None = None

    @property
    def watched(self) -> Watched | None:
        """Which long-term flag it is."""
        return None if self.reported is None else self.reported.watched


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reader may see, and nothing else; a part whose scope is closed is empty.

    ``days`` and ``details`` reach back to ``LOW_DAY_AGAINST`` before the period and to the period before it, whichever
    is the earlier. ``benefits`` are those of the present course, which need two scopes. ``questionnaires`` are
    completed ones with their answers. ``effects`` and ``flags`` are the open ones.
    """

    period: ComparedPeriod
    notes: Sequence[StarredNote] = ()
    days: Sequence[DaySummary] = ()
    details: Sequence[DayDetail] = ()
    benefits: Sequence[Benefit] = ()
    questionnaires: Sequence[AssessmentRecord] = ()
    effects: Sequence[SideEffect] = ()
    flags: Sequence[OpenFlag] = ()


# The lines ------------------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """What a line is about, in the order in which lines are taken."""

    STARRED = "starred"
    LOW_DAYS = "low_days"
    HELD = "held"
    ITEMS = "items"
    SLEEP = "sleep"
    STILL_OPEN = "still_open"
    DAYTIME = "daytime"


@dataclass(frozen=True, slots=True)
class TalkingPoint:
    """One line. ``key`` names it without a word of it, and stays as long as it is about the same thing."""

    kind: ClassVar[Kind]
    key: str


@dataclass(frozen=True, slots=True)
class StarredNotes(TalkingPoint):
    """Notes that the patient wants to talk about, the latest first."""

    kind = Kind.STARRED
    notes: tuple[StarredNote, ...]


@dataclass(frozen=True, slots=True)
class LowDay:
    """A day's mean mood (0–10) and the median of the ``n`` logged days ``against`` among the seven before it."""

    local_date: date
    mood: float
    usual: float
    against: tuple[DaySummary, ...]

    @property
    def n(self) -> int:
        """How many days the median is of."""
        return len(self.against)

    @property
    def below(self) -> float:
        """How far the day lies below it."""
        return self.usual - self.mood


@dataclass(frozen=True, slots=True)
class LowDays(TalkingPoint):
    """Up to three days of ``found``, the deepest below its own week first."""

    kind = Kind.LOW_DAYS
    days: tuple[LowDay, ...]
    found: int


@dataclass(frozen=True, slots=True)
class Duration:
    """How long the benefit of one session held. ``days`` None: no response was seen.

    With ``is_lost`` it was lost on day ``days``; otherwise it was watched up to there, and ``end`` says why no longer.
    ``n`` logged days count for it. ``benefit`` is all that is known of it.
    """

    benefit: Benefit
    label: str
    local_date: date
    days: int | None
    is_lost: bool
    end: EndReason | None
    n: int


@dataclass(frozen=True, slots=True)
class Held(TalkingPoint):
    """The last session, and up to three before it in date order: with a response, or without where none had one."""

    kind = Kind.HELD
    last: Duration
    earlier: tuple[Duration, ...]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One question of a questionnaire: what its answer counted last time, and the time before."""

    item: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class ItemChanges(TalkingPoint):
    """The questions whose answers changed, the largest change first, from one questionnaire to the next."""

    kind = Kind.ITEMS
    now: AssessmentRecord
    before: AssessmentRecord
    changes: tuple[ItemChange, ...]


class Measure(StrEnum):
    """What is compared. Hours; minutes; nights; minutes a day; share of days (0–1)."""

    SLEEP_HOURS = "sleep_hours"
    WAKING_SPREAD = "waking_spread"
    SHORT_NIGHTS = "short_nights"
    ACTIVITY_MIN = "activity_min"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure since the last visit and in as many dates before, with the days that it was computed from.

    A day's value is in hours asleep, minutes of the day, minutes of activity, or 1 for a day with company.
    """

    measure: Measure
    now: float
    before: float
    days: tuple[tuple[date, float], ...]
    days_before: tuple[tuple[date, float], ...]

    @property
    def n(self) -> int:
        """Days with a value now."""
        return len(self.days)

    @property
    def n_before(self) -> int:
        """Days with a value before."""
        return len(self.days_before)


@dataclass(frozen=True, slots=True)
class Sleep(TalkingPoint):
    """What changed about the nights."""

    kind = Kind.SLEEP
    compared: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class StillOpen(TalkingPoint):
    """Side effects that nobody closed, and what waits for a look."""

    kind = Kind.STILL_OPEN
    effects: tuple[SideEffect, ...]
    flags: tuple[OpenFlag, ...]


@dataclass(frozen=True, slots=True)
class Daytime(TalkingPoint):
    """What changed about movement and company."""

    kind = Kind.DAYTIME
    compared: tuple[Compared, ...]
