"""How one figure was computed, as a value: ``Computed``, drawn by ``templates/components/computed.html``."""

from __future__ import annotations

from dataclasses import dataclass

from journal.domain.withheld import Withheld
from journal.web.charts.tables import Table
from journal.web.withheld_words import why

NONE = "–"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under a heading of their own; ``anchor`` is where a link leads. ``words`` stand above the rows."""

    anchor: str
    title: str
    words: tuple[str, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Computed:
    """``value`` is the figure as the brief shows it, ``formula`` how it comes about, ``basis`` from how much.

    ``caution`` is what it does not say. ``withheld`` says why there is no figure.
    """

    title: str
    value: str
    basis: str
    formula: tuple[str, ...]
    parts: tuple[Part, ...]
    caution: str = ""
    withheld: str = ""


def withheld(title: str, found: Withheld, *, formula: tuple[str, ...]) -> Computed:
    """The page of a figure that is not shown: why, and how it would be computed."""
    return Computed(title=title, value=NONE, basis="", formula=formula, parts=(), withheld=why(found))
