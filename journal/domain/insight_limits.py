"""The figures that the analysis of the days between sessions runs on, each with its unit, grade and source.

Nothing else lives here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from journal.domain.clinical_limits import Limit
from journal.domain.evidence import Grade

_READ_ON = date(2026, 11, 21)
_OURS = "our own decision"
_SIMULATED = "60,000 simulated people, as docs/insights.md describes them"
_IBRAHIM = "Ibrahim 2012, daily ratings after one infusion, as restated by the clinical specification"
_TRIALS = "the usual definition of the trials: Phillips 2019, McInnes 2022"

# Before treatment -----------------------------------------------------------------------------------------------------

BASELINE_DAYS = Limit(Decimal(14), "days", Grade.DECIDED, _OURS)
"""Before a course's first session, where nobody chose another number for that course."""
BASELINE_NEEDS = Limit(Decimal(5), "logged days", Grade.DECIDED, _OURS)
BASELINE_NEAR = Limit(Decimal(5), "days", Grade.DECIDED, _OURS)
"""One of the logged days must lie among so many right before the first session."""
ALREADY_LOW_UNDER = Limit(Decimal(2), "burden", Grade.DECIDED, _OURS)
"""Under this there is too little room for a percentage to mean anything."""

# Response and loss of benefit -----------------------------------------------------------------------------------------

RESPONSE_FROM = Limit(Decimal(50), "% better than before treatment", Grade.READ, _TRIALS, _READ_ON)
RESPONSE_WITHIN = Limit(Decimal(7), "days", Grade.DECIDED, _OURS)
EVALUABLE_NEEDS = Limit(Decimal(3), "logged days", Grade.DECIDED, _OURS)
"""Of the days within which a response is looked for."""
LOSS_UNDER = Limit(Decimal(25), "% better than before treatment", Grade.READ_ELSEWHERE, _IBRAHIM, _READ_ON)
FADE_UNDER = Limit(Decimal(50), "% better than before treatment", Grade.DECIDED, _OURS)
"""The same rule with the line of the response: it began to fade."""
LOSS_GAP = Limit(Decimal(2), "days", Grade.DECIDED, _OURS)
"""Two low days with at most so many days without a number between them are a loss, dated to the first (Ibrahim: two
consecutive days of daily ratings)."""
LONGEST_GAP = Limit(Decimal(5), "days", Grade.DECIDED, _OURS)
"""Beyond a longer one nobody can say any more when benefit was lost."""
BOUNDS_NEAR = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
"""A missing day can have been as good, or as bad, as the logged days this near to it."""
BOUNDS_DIFFER = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
"""Missing days that change the answer by more than this are shown as a range."""

# One session ----------------------------------------------------------------------------------------------------------

CHANGE_DAYS = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
CHANGE_NEEDS = Limit(Decimal(2), "logged days", Grade.DECIDED, _OURS)
"""On each side of a session, for the change from before it to after it."""

# All sessions of a course ---------------------------------------------------------------------------------------------

SURVIVAL_SESSIONS = Limit(Decimal(5), "responder sessions", Grade.DECIDED, _OURS)
SURVIVAL_EVENTS = Limit(Decimal(3), "losses", Grade.DECIDED, _OURS)
"""With fewer of either it is too early for a curve."""
SURVIVAL_UNTIL = Limit(Decimal(28), "days", Grade.DECIDED, _OURS)
"""Up to where the restricted mean looks."""
TREND_SESSIONS = Limit(Decimal(6), "responder sessions", Grade.DECIDED, _OURS)
"""Below this the first half of the sessions is not held against the second."""

# Questionnaires around a course ---------------------------------------------------------------------------------------

PHQ9_BASELINE_DAYS = Limit(Decimal(30), "days", Grade.DECIDED, _OURS)
PHQ9_BASELINE_FROM = Limit(Decimal(10), "PHQ-9 total", Grade.DECIDED, _OURS)
PHQ9_REMISSION_UNDER = Limit(Decimal(5), "PHQ-9 total", Grade.READ, "McInnes 2022; SUSTAIN-3", _READ_ON)
"""A total this near before a course's first session, and this high, is what later totals are held against."""

# Completeness ---------------------------------------------------------------------------------------------------------

WEEK_NEEDS = Limit(Decimal(4), "logged days of 7", Grade.DECIDED, _OURS)

# Sessions laid over each other (6.5), and drawing (6.2) ---------------------------------------------------------
ALIGNED_FROM = Limit(Decimal(-7), "days from the session", Grade.DECIDED, _OURS)
ALIGNED_TO = Limit(Decimal(28), "days from the session", Grade.DECIDED, _OURS)
ALIGNED_SESSIONS = Limit(Decimal(2), "sessions", Grade.DECIDED, _OURS)
ALIGNED_BOOTSTRAP = Limit(Decimal(4), "sessions", Grade.DECIDED, _OURS)
"""With fewer on a day, the smallest and the largest of them stand in the interval's place."""
RESAMPLES = Limit(Decimal(2000), "resamples", Grade.DECIDED, _OURS)
RESAMPLING_SEED = Limit(Decimal(20261121), "seed", Grade.DECIDED, _OURS)
"""The same rows give the same interval, on every machine and on every day."""
SMOOTH_DAYS = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
SMOOTH_NEEDS = Limit(Decimal(2), "logged days", Grade.DECIDED, _OURS)

# The control chart (6.8) ------------------------------------------------------------------------------------------
EWMA_WEIGHT = Limit(Decimal("0.2"), "weight of the newest day", Grade.DECIDED, _OURS)
EWMA_AUTOCORRELATION = Limit(Decimal("0.4"), "correlation of neighbouring days", Grade.DECIDED, _OURS)
EWMA_WIDTH = Limit(Decimal("2.4"), "standard deviations", Grade.DECIDED, _OURS)
EWMA_LEAST_SD = Limit(Decimal("0.7"), "mood", Grade.DECIDED, _OURS)
"""A month of equal numbers is no proof that a person never goes up and down."""
STEADY_NEEDS = Limit(Decimal(14), "logged days", Grade.DECIDED, _OURS)
STEADY_FROM = Limit(Decimal(3), "days from the session", Grade.DECIDED, _OURS)
STEADY_TO = Limit(Decimal(30), "days from the session", Grade.DECIDED, _OURS)
CHOSEN_STEADY_LEAST = Limit(Decimal(14), "days", Grade.DECIDED, _OURS)
CHOSEN_STEADY_MOST = Limit(Decimal(28), "days", Grade.DECIDED, _OURS)

# Sleep and movement with mood (6.9, 6.10) -------------------------------------------------------------------------
LINK_PAIRS = Limit(Decimal(42), "pairs of days", Grade.DECIDED, _OURS)
LINK_PRELIMINARY_PAIRS = Limit(Decimal(28), "pairs of days", Grade.DECIDED, _OURS)
NEWEY_WEST_LAG = Limit(Decimal(3), "pairs", Grade.DECIDED, _OURS)
Z_95 = Limit(Decimal("1.96"), "standard errors", Grade.DECIDED, _OURS)
LINK_BY_CHANCE = {
    pairs: Limit(Decimal(shown), "of 100 people", Grade.COMPUTED, _SIMULATED)
    for pairs, shown in ((28, 21), (42, 15), (60, 11), (90, 9), (180, 7), (365, 6))
}
"""So many people whose two series have nothing to do with each other are shown a link, with so many pairs."""
ACTIVITY_STEP = Limit(Decimal(30), "min", Grade.DECIDED, _OURS)
STACK_DAYS = Limit(Decimal(8), "days on each side", Grade.DECIDED, _OURS)
STACK_APART = Limit(Decimal("0.5"), "mood", Grade.DECIDED, _OURS)
STACK_QUALITY_STEP = Limit(Decimal(1), "step of quality", Grade.DECIDED, _OURS)
STACK_SLEEP_STEP = Limit(Decimal("0.5"), "h", Grade.DECIDED, _OURS)
STACK_ACTIVITY_STEP = Limit(Decimal(10), "min", Grade.DECIDED, _OURS)
"""Days are parted at whole steps, so that a person can tell on which side a day lies."""

# Ups and downs (6.11) -----------------------------------------------------------------------------------------------
VARIABILITY_DAYS = Limit(
    Decimal(42),
    "days with a number",
    Grade.READ,
    "stability of day-to-day variability, as the clinical specification cites",
    _READ_ON,
)

# What to talk about (6.14) --------------------------------------------------------------------------------------------
TALK_LINES = Limit(Decimal(6), "lines", Grade.DECIDED, _OURS)
TALK_NEEDS = Limit(Decimal(4), "logged days on each side", Grade.DECIDED, _OURS)
LOW_DAY_BELOW = Limit(Decimal(2), "mood", Grade.DECIDED, _OURS)
LOW_DAY_AGAINST = Limit(Decimal(7), "days", Grade.DECIDED, _OURS)
"""A day this far below the median of those before it is a low one for this person, however high it is."""
LOW_DAYS_SHOWN = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
EARLIER_SESSIONS_SHOWN = Limit(Decimal(3), "sessions", Grade.DECIDED, _OURS)
ITEM_CHANGE = Limit(Decimal(2), "points of one question", Grade.DECIDED, _OURS)
SLEEP_CHANGE = Limit(Decimal(30), "min", Grade.DECIDED, _OURS)
WAKING_SPREAD = Limit(Decimal(60), "min", Grade.DECIDED, _OURS)
SHORT_NIGHT = Limit(Decimal(6), "h", Grade.DECIDED, _OURS)
SHORT_NIGHTS_MORE = Limit(Decimal(2), "nights", Grade.DECIDED, _OURS)
DAYTIME_CHANGE = Limit(Decimal(30), "%", Grade.DECIDED, _OURS)
"""Of the minutes of activity, and of the share of days with company, before."""
