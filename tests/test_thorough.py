"""What is tried by day is chosen well: fewer orders, and none of their kinds left out."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from tests.thorough import ORDERS_ON_POSTGRESQL, ORDERS_ON_SQLITE, either_way_round

THINGS = ("a", "b", "c", "d", "e")


def test_all_orders_are_all_orders() -> None:
    assert either_way_round(THINGS, 120) == list(permutations(THINGS))


@pytest.mark.parametrize("most", [ORDERS_ON_SQLITE.by_day, ORDERS_ON_POSTGRESQL.by_day])
def test_in_a_choice_of_orders_each_two_come_either_way_round_and_none_repeats(most: int) -> None:
    orders = either_way_round(THINGS, most)

    assert len(set(orders)) == len(orders) == most
    for one, other in combinations(THINGS, 2):
        assert {order.index(one) < order.index(other) for order in orders} == {True, False}
    assert {order[0] for order in orders} == {order[-1] for order in orders} == set(THINGS)
