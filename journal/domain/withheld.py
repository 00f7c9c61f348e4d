"""A figure that is not shown, and why not. What would make it possible stands with each figure's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a figure is withheld."""

    NO_SESSION = "no_session"
    NO_BASELINE = "no_baseline"
    BASELINE_ALREADY_LOW = "baseline_already_low"
    NOT_EVALUABLE = "not_evaluable"
    TOO_FEW = "too_few"
    TOO_EARLY = "too_early"
    NO_VARIATION = "no_variation"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True)
class Withheld:
    """``n`` of what would be counted there is, and ``needs`` is how many it takes (0: it is not a matter of number)."""

    reason: Reason
    n: int = 0
    needs: int = 0
