"""How a figure of a brief was computed: its formula in words, what it comes from, and every row that entered.

A page for each figure, found by its name in addresses. Here alone a day's *burden* (10 − mood) is spoken of. No web
framework inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from journal.domain.consents import Scope
from journal.domain.instrument_files import SHIPPED
from journal.domain.periods import ComparedPeriod, period
from journal.web.brief import day_figures, score_figures
from journal.web.brief.aligned_figure import aligned
from journal.web.brief.before_treatment_figure import before_treatment
from journal.web.brief.computed import Computed
from journal.web.brief.drift_figure import drift
from journal.web.brief.durability_figure import durability
from journal.web.brief.held_figure import held
from journal.web.brief.rows import BriefRows

Builder = Callable[[BriefRows, ComparedPeriod], Computed]


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure: the scopes it needs, and what builds its page."""

    scopes: tuple[Scope, ...]
    build: Builder


_DAYS = (Scope.SCORES,)
_SESSIONS = (Scope.SCORES, Scope.SESSIONS)
_SCORES = (Scope.ASSESSMENTS,)
FIGURES: Mapping[str, FigurePage] = {
    "mood": FigurePage(_DAYS, day_figures.mood),
    "sleep": FigurePage(_DAYS, day_figures.sleep),
    "check-ins": FigurePage(_DAYS, day_figures.check_ins),
    "waking": FigurePage(_DAYS, day_figures.waking),
    "variability": FigurePage(_DAYS, day_figures.mood_changes),
    "sleep-mood": FigurePage(_DAYS, day_figures.sleep_and_mood),
    "activity-mood": FigurePage(_DAYS, day_figures.activity_and_mood),
    "before-treatment": FigurePage(_SESSIONS, before_treatment),
    "held": FigurePage(_SESSIONS, held),
    "durability": FigurePage(_SESSIONS, durability),
    "aligned": FigurePage(_SESSIONS, aligned),
    "drift": FigurePage(_SESSIONS, drift),
    "phq9-item-9": FigurePage(_SCORES, score_figures.item_nine),
    **{code: FigurePage(_SCORES, score_figures.of_code(code)) for code in SHIPPED},
}
"""Every figure by its name."""


def figure_page(name: str, rows: BriefRows, *, asked: str = "") -> Computed | None:
    """The page of one figure for the period ``asked``; None where there is no such figure, or it is not open."""
    page = FIGURES.get(name)
    if page is None or not rows.sight.opens(*page.scopes):
        return None
    return page.build(rows, period(asked, rows.landmarks))
