"""A dose, with the unit and the route it was given by; the type keeps it apart from every other.

Doses by different routes reach the blood in different shares, so they are never pooled or converted. A dose therefore
has no arithmetic and no order: adding, comparing or averaging two is a ``TypeError``, also by one route. What a dose
amounts to in the other unit can be shown beside it, as another type that is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from journal.domain.clinical_limits import (
    DOSE_MG_HIGH,
    DOSE_MG_LOW,
    DOSE_MG_PER_KG_HIGH,
    DOSE_MG_PER_KG_LOW,
    Limit,
)
from journal.domain.treatments import Route


class DoseUnit(StrEnum):
    """What a dose is counted in."""

    MG = "mg"
    MG_PER_KG = "mg/kg"


USUAL: dict[DoseUnit, tuple[Limit, Limit]] = {
    DoseUnit.MG: (DOSE_MG_LOW, DOSE_MG_HIGH),
    DoseUnit.MG_PER_KG: (DOSE_MG_PER_KG_LOW, DOSE_MG_PER_KG_HIGH),
}
"""Outside of these, both included, a dose is asked about once more and kept all the same."""


@dataclass(frozen=True, slots=True)
class Dose:
    """What was given at one session."""

    value: Decimal
    unit: DoseUnit
    route: Route

    @property
    def is_usual(self) -> bool:
        """Whether it lies within :data:`USUAL`."""
        low, high = USUAL[self.unit]
        return low.value <= self.value <= high.value


@dataclass(frozen=True, slots=True)
class Derived:
    """A dose in the unit in which it was not recorded, to be shown beside it; ``weight_kg`` is what it was had from."""

    value: Decimal
    unit: DoseUnit
    weight_kg: Decimal


def derived(dose: Dose, *, weight_kg: Decimal) -> Derived:
    """The same dose in the other unit for a person of ``weight_kg``; mg to a tenth, mg/kg to a hundredth."""
    if dose.unit is DoseUnit.MG_PER_KG:
        value, unit, step = dose.value * weight_kg, DoseUnit.MG, Decimal("0.1")
    else:
        value, unit, step = dose.value / weight_kg, DoseUnit.MG_PER_KG, Decimal("0.01")
    return Derived(value.quantize(step, rounding=ROUND_HALF_UP), unit, weight_kg)


def kept_apart(doses: Iterable[Dose]) -> dict[tuple[Route, DoseUnit], list[Dose]]:
    """Doses in lists that may stand in one row or column: one route and one unit each, in the order given."""
    apart: dict[tuple[Route, DoseUnit], list[Dose]] = {}
    for dose in doses:
        apart.setdefault((dose.route, dose.unit), []).append(dose)
    return apart
