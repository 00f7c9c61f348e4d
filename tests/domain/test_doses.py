"""A dose stays with its route and its unit, whatever somebody tries."""

from __future__ import annotations

import operator
import statistics
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.doses import Derived, Dose, DoseUnit, derived, kept_apart
from journal.domain.treatments import Route

DOSES = st.builds(
    Dose,
    value=st.decimals("0.001", "99999", places=3),
    unit=st.sampled_from(DoseUnit),
    route=st.sampled_from(Route),
)
TRIES: list[Callable[[Dose, Dose], object]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.lt,
    operator.ge,
    lambda one, other: sum([one, other]),
    lambda one, other: max(one, other),
    lambda one, other: sorted([one, other]),
    lambda one, other: statistics.mean([one, other]),
    lambda one, _other: float(one),
    lambda one, _other: one + 1,
    lambda one, _other: 2 * one,
]


def dose(value: str, unit: DoseUnit = DoseUnit.MG, route: Route = Route.IV) -> Dose:
    return Dose(Decimal(value), unit, route)


@given(one=DOSES, other=DOSES)
def test_no_two_doses_can_be_pooled_or_compared(one: Dose, other: Dose) -> None:
    for attempt in TRIES:
        with pytest.raises(TypeError):
            attempt(one, other)


def test_plain_numbers_would_be_pooled_by_every_try() -> None:
    for attempt in TRIES:
        attempt(Decimal(35), Decimal(56))


@given(one=DOSES, other=DOSES)
def test_doses_are_the_same_only_by_the_same_route_and_in_the_same_unit(one: Dose, other: Dose) -> None:
    same = (one.value, one.unit, one.route) == (other.value, other.unit, other.route)
    assert (one == other) is same


@given(found=st.lists(DOSES, max_size=12))
def test_doses_kept_apart_share_route_and_unit_and_none_is_lost(found: list[Dose]) -> None:
    apart = kept_apart(found)
    for (route, unit), group in apart.items():
        assert {(one.route, one.unit) for one in group} == {(route, unit)}
    assert sum(len(group) for group in apart.values()) == len(found)


def test_doses_of_two_routes_stand_in_two_lists() -> None:
    infusion, spray, later = dose("35"), dose("56", route=Route.IN_ESKETAMINE), dose("40")
    assert kept_apart([infusion, spray, later]) == {
        (Route.IV, DoseUnit.MG): [infusion, later],
        (Route.IN_ESKETAMINE, DoseUnit.MG): [spray],
    }


@pytest.mark.parametrize(
    ("value", "unit", "usual"),
    [
        ("0.5", DoseUnit.MG_PER_KG, True),
        ("0.049", DoseUnit.MG_PER_KG, False),
        ("0.05", DoseUnit.MG_PER_KG, True),
        ("2", DoseUnit.MG_PER_KG, True),
        ("2.001", DoseUnit.MG_PER_KG, False),
        ("0.999", DoseUnit.MG, False),
        ("1", DoseUnit.MG, True),
        ("1000", DoseUnit.MG, True),
        ("1000.1", DoseUnit.MG, False),
        ("35", DoseUnit.MG_PER_KG, False),
    ],
)
def test_an_unusual_dose_is_noticed_in_its_own_unit(value: str, unit: DoseUnit, usual: bool) -> None:
    assert dose(value, unit).is_usual is usual


@pytest.mark.parametrize(
    ("value", "unit", "weight", "shown", "shown_unit"),
    [
        ("0.5", DoseUnit.MG_PER_KG, "70", "35.0", DoseUnit.MG),
        ("0.5", DoseUnit.MG_PER_KG, "68.5", "34.3", DoseUnit.MG),
        ("56", DoseUnit.MG, "70", "0.80", DoseUnit.MG_PER_KG),
        ("84", DoseUnit.MG, "62", "1.35", DoseUnit.MG_PER_KG),
    ],
)
def test_the_other_unit_is_shown_from_the_weight_and_is_no_dose(
    value: str, unit: DoseUnit, weight: str, shown: str, shown_unit: DoseUnit
) -> None:
    found = derived(dose(value, unit), weight_kg=Decimal(weight))
    assert found == Derived(Decimal(shown), shown_unit, Decimal(weight))
    assert str(found.value) == shown
