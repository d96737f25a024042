"""The bundled regional network behaves like a sound one: it serves well, amplifies orders, and has no idle part."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.simulate import Result, simulate
from ripieno.model.schema import Scenario, load

RUNS = 6


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("regional").resolved()


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return simulate(scenario, runs=RUNS, audit=True)


def test_it_has_the_shape_of_its_description(scenario: Scenario) -> None:
    by_echelon: dict[int, int] = {}
    for site in scenario.sites():
        by_echelon[int(str(site.echelon))] = by_echelon.get(int(str(site.echelon)), 0) + 1
    assert by_echelon == {4: 3, 3: 2, 2: 3, 1: 12}
    assert len(scenario.markets) == 12
    assert all(len(parts) == 3 for factory in scenario.factories for parts in factory.bill.values())
    origins = {
        w.name: {lane.origin for lane in scenario.lanes if lane.destination == w.name} for w in scenario.warehouses
    }
    suppliers = [len(names) for names in origins.values()]
    assert suppliers[:3] == [2, 2, 2]  # each warehouse buys from both factories
    assert suppliers[3:].count(2) == 3


def test_every_place_is_on_the_map(scenario: Scenario) -> None:
    for place in scenario.agents():
        assert place.region
        assert place.position is not None
        east, north = place.position
        assert 5 < east < 22
        assert 45 < north < 54


def test_parts_and_products_are_worth_more_downstream(scenario: Scenario) -> None:
    value = {product.name: float(np.asarray(product.value)) for product in scenario.products}
    for factory in scenario.factories:
        for product, parts in factory.bill.items():
            assert value[product] > sum(units * value[part] for part, units in parts.items())


def test_it_serves_well_but_not_perfectly(result: Result, scenario: Scenario) -> None:
    assert 0.95 < result.summary["fill_rate"].mean() < 0.985
    for site in scenario.sites():
        assert 0.93 < result.agent(site.name, "fill_rate").mean() < 1.0 - 1e-5


def test_orders_are_amplified_from_echelon_to_echelon(result: Result) -> None:
    ratios = [result.agent(f"echelon {level}", "bullwhip_end_day").mean() for level in (1, 2, 3)]
    assert 1.3 < ratios[0] < ratios[1] < ratios[2] < 10


def test_capacity_suffices_and_binds_at_times(result: Result, scenario: Scenario) -> None:
    assert result.summary["lost_demand"].eq(0).all()
    for supplier in scenario.suppliers:
        assert 0 < result.agent(supplier.name, "mean_backlog").mean() < 50


def test_every_lane_between_sites_has_a_carrier_and_every_receiver_a_dock(scenario: Scenario) -> None:
    assert all(lane.carrier for lane in scenario.lanes if lane.destination not in {m.name for m in scenario.markets})
    assert {site.name for site in scenario.sites() if site.docks is None} == {s.name for s in scenario.suppliers}


def test_trucks_leave_nearly_full_and_fleets_have_some_slack(result: Result, scenario: Scenario) -> None:
    assert 0.9 < result.summary["truck_fill"].mean() < 0.99
    for carrier in scenario.carriers:
        assert 0.7 < result.agent(carrier.name, "fleet_utilisation").mean() < 0.95


def test_docks_are_busy_and_trucks_wait_at_times(result: Result, scenario: Scenario) -> None:
    docks = [site.name for site in scenario.sites() if site.docks is not None]
    for name in docks:
        assert 0.6 < result.agent(name, "dock_utilisation").mean() < 0.92
        assert result.agent(name, "dock_wait").mean() < 0.5
    assert result.summary["dock_wait"].mean() > 0.01
    assert max(result.agent(name, "dock_wait_p95").mean() for name in docks) >= 1
