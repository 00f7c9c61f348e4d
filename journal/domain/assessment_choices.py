"""Which questionnaires a patient is asked, and in which rhythm: what was chosen for them, and what holds without that.

Two go together on one clock, the PHQ and the GAD; each other one that is enabled has its own. When the next one is due
is ``assessment_calendar``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from journal.domain.assessment_calendar import PCL5, USUAL, Cadence, asked_together

PHQ = frozenset({"phq9", "phq8"})
GAD = frozenset({"gad7", "gad2"})
"""Of each of these the one is asked in place of the other, and the clock goes on."""

BY_HAND = frozenset({"asq"})
"""Asked only when a provider asks it there and then, never because of a date."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a patient and one questionnaire, by its code; by nobody where it is as usual.

    The PHQ-9's is the one for both PHQs: which of them is asked depends on who reads the ninth item. A GAD goes by the
    clock of the PHQ, whatever its own cadence.
    """

    instrument: str
    is_enabled: bool
    cadence: Cadence = USUAL
    by_provider_id: int | None = None
    changed_at: datetime | None = None


USUALLY: Mapping[str, Choice] = {
    "phq9": Choice("phq9", is_enabled=True),
    "gad7": Choice("gad7", is_enabled=True),
    "phq2": Choice("phq2", is_enabled=False),
    "gad2": Choice("gad2", is_enabled=False),
    "pcl5": Choice("pcl5", is_enabled=False, cadence=PCL5),
    "asq": Choice("asq", is_enabled=False),
}
"""What holds for each questionnaire that a provider may turn on and off, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Series:
    """Questionnaires that are asked on the same days, in this order, by one clock.

    ``clock`` holds the codes whose earlier ones count: the first questionnaire and what it stands in for.
    """

    asked: tuple[str, ...]
    clock: frozenset[str]
    cadence: Cadence


def chosen(kept: Mapping[str, Choice], instrument: str) -> Choice:
    """What holds for a questionnaire: what was chosen, or what is usual."""
    return kept.get(instrument) or USUALLY[instrument]


def series(kept: Mapping[str, Choice], *, item_nine_is_read: bool) -> tuple[Series, ...]:
    """Everything that a patient is asked by date."""
    is_short = chosen(kept, "gad2").is_enabled
    phq, gad = asked_together(item_nine_is_read=item_nine_is_read, short=is_short)
    asks_phq, asks_gad = chosen(kept, "phq9").is_enabled, is_short or chosen(kept, "gad7").is_enabled
    together = tuple(code for code, asks in ((phq, asks_phq), (gad, asks_gad)) if asks)
    alone = [
        Series(asked=(code,), clock=frozenset({code}), cadence=chosen(kept, code).cadence)
        for code in ("phq2", "pcl5")
        if chosen(kept, code).is_enabled
    ]
    if not together:
        return tuple(alone)
    pair = Series(
        asked=together,
        clock=PHQ if asks_phq else GAD,
        cadence=chosen(kept, "phq9").cadence
        if asks_phq
        else chosen(kept, "gad2" if is_short else "gad7").cadence,
    )
    return (pair, *alone)
