"""What departures cost, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.agents.tariff import Tariff
from ripieno.model.schema import parse

from .hauling import follow, shipper, two_lanes


def charge(tariff: Tariff, *loads: float) -> list[float]:
    return [float(price) for price in tariff.charge(np.array(loads))]


def test_a_departure_costs_its_price_and_that_of_its_load() -> None:
    assert charge(Tariff(departure=20.0, unit=0.5), 0.0, 4.0, 10.0) == [20.0, 22.0, 25.0]


def test_no_departure_costs_less_than_the_minimum() -> None:
    assert charge(Tariff(departure=5.0, unit=2.0, minimum=12.0), 1.0, 3.0, 3.5, 10.0) == [12.0, 12.0, 12.0, 25.0]


def test_the_whole_load_has_the_price_of_the_bracket_that_it_reaches() -> None:
    tariff = Tariff(unit=3.0, brackets=((5.0, 2.0), (10.0, 1.0)))
    assert charge(tariff, 4.0, 5.0, 9.0, 10.0, 20.0) == [12.0, 10.0, 18.0, 10.0, 20.0]


def test_trucks_that_share_a_load_are_full_but_for_the_last() -> None:
    tariff = Tariff(departure=1.0, unit=3.0, brackets=((5.0, 2.0),), minimum=6.0)
    trucks, load = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 9.0, 15.0])
    # a full one of 5 costs 1 + 10; 1 costs the minimum; 4 cost 1 + 12
    assert tariff.charge_all(trucks, load, 5.0).tolist() == [0.0, 6.0, 24.0, 33.0]


@pytest.mark.parametrize("unit", [0.0, 0.5, np.array([0.0, 0.5, 2.0])])
def test_a_price_without_brackets_and_minimum_adds_up_over_trucks(unit: Any) -> None:
    tariff = Tariff(departure=20.0, unit=unit)
    trucks, load = np.array([0.0, 1.0, 3.0]), np.array([0.0, 4.0, 11.0])
    each = [tariff.charge(np.array([0.0, 4.0, 5.0])), tariff.charge(np.full(3, 1.0))]
    by_hand = [0.0, each[0][1], 2 * each[0][2] + each[1][2]]  # none; one with 4; two with 5 and one with 1
    assert tariff.charge_all(trucks, load, 5.0).tolist() == by_hand


def test_only_a_tariff_without_any_price_is_free() -> None:
    assert Tariff().free
    for priced in (
        Tariff(departure=1.0),
        Tariff(unit=np.array([0.0, 1.0])),
        Tariff(minimum=1.0),
        Tariff(brackets=((1.0, 1.0),)),
    ):
        assert not priced.free


def money(table: dict[str, Any], periods: int) -> dict[str, float]:
    """All cost lines at the end, by agent and name, and the balance of the owners."""
    found: dict[str, float] = {}

    def read(world: Any) -> Any:
        found.clear()
        found.update({f"{line.agent} {line.name}": float(line.money().sum()) for line in world.accounts.lines})
        found.update({owner: float(world.accounts.balance(owner).sum()) for owner in world.accounts.owners()})
        found["network"] = float(world.accounts.cost().sum())
        return world.accounts.cost()

    follow(table, periods, read)
    return found


def test_freight_is_paid_to_the_carrier_who_bears_what_trips_cost() -> None:
    carrier = {
        "fleet": {"capacity": 5.0, "trucks": 2, "period_cost": 0.25},
        "tariff": {"departure": 10.0, "unit": 1.0},
        "costs": {"departure": 7.0},
    }
    found = money(shipper([5, 10], carrier), 4)
    assert found["Source freight"] == 3 * 10 + 15
    assert found["Haulier haulage"] == 21
    assert found["Haulier fleet"] == 4 * 2 * 0.25
    assert found["network"] == 23  # what is paid is nobody's cost
    assert found["Source"] == 45
    assert found["Haulier"] == 23 - 45


def test_the_receiver_pays_freight_where_he_pays_for_the_way() -> None:
    carrier = {"fleet": {"capacity": 5.0}, "tariff": {"departure": 10.0}}
    found = money(shipper([5], carrier, lane={"transit_payer": "to"}), 3)
    assert found["Shop freight"] == 10


def test_detention_is_paid_for_trucks_that_wait_and_stock_at_the_dock_costs() -> None:
    """Three trucks at one door with two periods each wait 0, 2 and 4 nights."""
    carrier = {"fleet": {"capacity": 5.0}, "detention_cost": 3.0}
    table = shipper([15], carrier, dock={"doors": 1, "time": 2}, shop={"holding_cost": 0.5})
    found = money(table, 9)
    assert found["Shop detention"] == 3 * (2 + 4)
    # on the first night 15 are at the dock, one truck at the door; it is on the shelf the next night, and owed
    assert found["Shop waiting"] == 0.5 * (15 + 10 + 10 + 5 + 5)
    assert found["Haulier"] == -18
    assert found["network"] == pytest.approx(found["Shop waiting"])


def test_a_carrier_pays_for_trucks_that_come_outside_the_window() -> None:
    """Trucks come in 1, 2 and 4; the window is open in even periods, so that the two of the first are early."""
    window = {"receiving_window": {"calendar": {"pattern": [1, 0]}, "early_cost": 2.5}}
    table = shipper([10, 5, 0, 5], {"fleet": {"capacity": 5.0}}, dock={"doors": 9}, shop=window)
    found = money(table, 9)
    assert found["Haulier early"] == 2 * 2.5
    assert found["Haulier"] == 5
    assert found["Shop"] == -5
    assert found["network"] == 0


def test_no_price_of_coming_early_without_a_window() -> None:
    shop = {"receiving_window": {"early_cost": 2.5}}
    with pytest.raises(ripieno.ScenarioError, match=r"early_cost = 2\.5: has no effect"):
        parse(shipper([10], {"fleet": {"capacity": 5.0}}, dock={"doors": 9}, shop=shop))


def test_a_load_is_measured_by_weight_where_the_fleet_says_so() -> None:
    table = two_lanes([4], [6], {"fleet": {"capacity": 6.0, "load_by": "weight"}, "dispatch": {"threshold": 0.0}})
    table["products"] = [{"name": "a", "weight": 3.0}, {"name": "b", "weight": 0.5}]
    trucks, others, load = follow(
        table, 2, lambda w: w.trucks[0].departed, lambda w: w.trucks[1].departed, lambda w: w.trucks[0].moved
    )
    assert (trucks[0], others[0], load[0]) == (2, 1, 12)


def test_goods_without_weight_cannot_be_loaded_by_weight() -> None:
    table = two_lanes([4], [6], {"fleet": {"capacity": 6.0, "load_by": "weight"}})
    table["products"] = [{"name": "a", "weight": 0.0}, {"name": "b"}]
    with pytest.raises(ripieno.ScenarioError, match="weight = 0: is nothing to load trucks by"):
        follow(table, 1)
