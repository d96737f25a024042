"""W2 in the engine and in plain Mesa are the same network: the same numbers, period by period, for the same demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from ripieno.experiments.bench import scalar_w2
from ripieno.experiments.bench.scalar_trucks import Carrier, Lane
from ripieno.model.measures import agent_measures
from ripieno.model.schema import load
from ripieno.model.supply_chain import SupplyChain

PERIODS = 365
RUNS = 2
KEPT = ("on_hand", "ordered", "unserved", "waiting", "departed", "set_aside", "to_make", "away")

Series = dict[tuple[str, str, str], list[float]]
Numbers = dict[tuple[str, str], float]


@pytest.fixture(scope="module")
def world() -> SupplyChain:
    """The engine, run to its horizon with all series."""
    assert load("w2").periods == PERIODS
    return SupplyChain(load("w2"), np.array([0, 5]), seed=3, series=True).run()


@pytest.fixture(scope="module", params=range(RUNS))
def pair(request: pytest.FixtureRequest, world: SupplyChain) -> tuple[int, scalar_w2.Network, Series]:
    """A run of the engine by number, and the scalar network with its series, fed with the demand of that run."""
    run: int = request.param
    demand = [list(series_of(world, f"Market{i + 1}", "demanded")[:, run]) for i in range(scalar_w2.RETAILERS)]
    network = scalar_w2.Network(demand=demand)
    series: Series = {}
    for _ in range(PERIODS):
        network.step()
        for key, value in now(network):
            series.setdefault(key, []).append(value)
    return run, network, series


def series_of(world: SupplyChain, agent: str, quantity: str, partner: str = "") -> NDArray[np.float64]:
    """A series of the engine, ``[periods, runs]``, of something with one row."""
    assert world.recorder is not None
    found = world.recorder.array(agent, quantity, partner)
    assert found.shape[1:] == (1, RUNS)
    return found[:, 0]


def now(network: scalar_w2.Network) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Orders, stock, debts, departures, queues and trucks of the scalar network at the end of a period."""
    for site in network.receivers:
        for name in ("on_hand", "ordered", "unserved"):
            yield (site.name, name, ""), getattr(site, name)
        yield (site.name, "waiting", ""), len(site.dock.queue)
    for factory in network.factories:
        yield (factory.name, "to_make", ""), factory.to_make
    for carrier in network.carriers:
        yield (carrier.name, "away", ""), carrier.owned - len(carrier.free)
        for lane in carrier.lanes:
            yield (lane.origin.name, "departed", lane.destination.name), lane.departed
            yield (lane.origin.name, "set_aside", lane.destination.name), lane.staged


def test_every_period_agrees(world: SupplyChain, pair: tuple[int, scalar_w2.Network, Series]) -> None:
    run, _, series = pair
    assert {name for _, name, _ in series} == set(KEPT)
    for (agent, name, partner), values in series.items():
        engine = series_of(world, agent, name, partner)[:, run]
        np.testing.assert_allclose(engine, values, rtol=1e-9, atol=1e-9, err_msg=f"{name} of {agent} {partner}")


def test_the_books_agree(world: SupplyChain, pair: tuple[int, scalar_w2.Network, Series]) -> None:
    run, network, _ = pair
    expected = books(network)
    engine = {(m.agent, m.name): float(m.value()[run]) for m in agent_measures(world)}
    assert {key: engine[key] for key in expected} == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_it_is_the_workload_that_the_benchmark_promises(world: SupplyChain) -> None:
    """Docks are used to 60 to 90 %, trucks queue, stock is rationed, and no fleet is ever used up for good."""
    found = {(m.agent, m.name): m.value() for m in agent_measures(world)}
    used = np.array([value for (_, name), value in found.items() if name == "dock_utilisation"])
    assert len(used) == 17
    assert ((used > 0.6) & (used < 0.9)).all()
    assert all((found[f"Warehouse{i}", "dock_queue"] > 0.05).all() for i in (1, 2, 3))
    assert all((found[f"Factory{i}", "fill_rate"] < 0.999).all() for i in (1, 2))
    for carrier in world.carriers.values():
        assert series_of(world, carrier.name, "away")[-30:].min(axis=0).max() < carrier.fleet


def test_drawn_demand_is_what_the_scenario_says() -> None:
    network = scalar_w2.run(100, seed=2)
    mean = sum(market.demand_sum for market in network.markets) / (100 * scalar_w2.RETAILERS)
    assert mean == pytest.approx(scalar_w2.MEAN, abs=4 * scalar_w2.DEVIATION / np.sqrt(1_200))


# -- the books of the scalar network by the names of the engine's metrics -----------------------------------------


def books(network: scalar_w2.Network) -> Numbers:
    """Every metric that the engine has of this network."""
    found: Numbers = {}
    for site in [*network.makers, *network.receivers]:
        found |= {(site.name, name): value for name, value in of_site(site).items()}
    for receiver in network.receivers:
        found |= {(receiver.name, name): value for name, value in of_receiver(receiver).items()}
    for factory in network.factories:
        found[factory.name, "production_variance_day"] = spread(factory.finished_sum, factory.finished_squares)
        found[factory.name, "setups"] = factory.setups / PERIODS
        found[factory.name, "utilisation"] = factory.started_sum / PERIODS / scalar_w2.FACTORY_CAPACITY
    for supplier in network.makers:
        found[supplier.name, "utilisation"] = supplier.made_sum / PERIODS / supplier.capacity
    for market in network.markets:
        found[market.name, "demand"] = market.demand_sum / PERIODS
        found[market.name, "delivered"] = market.delivered_sum / PERIODS
        found[market.name, "demand_variance_day"] = spread(market.demand_sum, market.demand_squares)
        found[market.name, "fill_rate"] = 1.0 - market.unmet_sum / market.demand_sum
    for carrier in network.carriers:
        found |= {(carrier.name, name): value for name, value in of_carrier(carrier).items()}
    return found | of_levels(network)


def of_site(site: Any) -> dict[str, float]:
    """Debts, service and costs of a site."""
    costs = costs_of(site)
    return {
        "mean_backlog": site.owed_sum / PERIODS,
        "cycle_service": 1.0 - site.short_periods / PERIODS,
        "fill_rate": 1.0 - sum(lane.unmet_sum for lane in site.customers) / site.incoming_sum,
        "cost": sum(costs.values()) / PERIODS,
        "score": (sum(costs.values()) + fees_of(site)) / PERIODS,
        **{f"cost_{name}": value / PERIODS for name, value in costs.items() if value},
    }


def of_receiver(site: Any) -> dict[str, float]:
    """Stock, orders and the dock of a site that orders."""
    incoming = spread(site.incoming_sum, site.incoming_squares)
    orders = spread(site.ordered_sum, site.ordered_squares)
    dock = site.dock
    waits = sorted(dock.waits.elements())
    return {
        "stock": (site.stock_sum + getattr(site, "in_work_sum", 0.0) + sum(getattr(site, "parts_sums", ()))) / PERIODS,
        "in_transit": sum(lane.in_transit_sum for lane in site.suppliers) / PERIODS,
        "mean_order": site.ordered_sum / PERIODS,
        "order_variance_day": orders,
        "bullwhip_day": orders / incoming,
        "bullwhip_end_day": orders / spread(site.end_sum, site.end_squares),
        "net_stock_amplification_day": spread(site.net_sum, site.net_squares) / incoming,
        "dock_queue": dock.waiting_sum / PERIODS,
        "dock_wait": dock.waited_sum / dock.served_sum,
        "dock_wait_p95": waits[int(np.ceil(0.95 * len(waits))) - 1],
        "dock_utilisation": dock.served_sum / PERIODS / dock.slots,
    }


def of_carrier(carrier: Carrier) -> dict[str, float]:
    """Departures, loads and money of a carrier."""
    departed = sum(lane.departed_sum for lane in carrier.lanes)
    haulage = sum(lane.haulage_sum for lane in carrier.lanes)
    paid = sum(lane.freight_sum + carrier.detention_price * lane.queueing_sum for lane in carrier.lanes)
    return {
        "departures": departed / PERIODS,
        "truck_fill": sum(lane.moved_sum for lane in carrier.lanes) / (departed * carrier.capacity),
        "trucks_away": carrier.away_sum / PERIODS,
        "fleet_utilisation": carrier.away_sum / PERIODS / carrier.owned,
        "cost": haulage / PERIODS,
        "cost_haulage": haulage / PERIODS,
        "score": (haulage - paid) / PERIODS,
    }


def of_levels(network: scalar_w2.Network) -> Numbers:
    """Bullwhip by level."""
    end = spread(network.all_demand_sum, network.all_demand_squares)
    found: Numbers = {}
    for number, level in enumerate(network.levels, 1):
        orders = spread(level.ordered_sum, level.ordered_squares)
        found[f"echelon {number}", "bullwhip_day"] = orders / spread(level.incoming_sum, level.incoming_squares)
        found[f"echelon {number}", "bullwhip_end_day"] = orders / end
    return found


def costs_of(site: Any) -> dict[str, float]:
    """The costs that arise at a site, over all periods, from the rates in the scenario."""
    kind = site.name.rstrip("0123456789")
    holding = {"Supplier": 0.0}.get(kind, 1.0)
    backlog = {"Supplier": 0.0, "Factory": 2.0, "Warehouse": 3.0, "Retailer": 9.0}[kind]
    transit = 0.1 if kind == "Supplier" else 0.5
    at_dock = 0.2 if kind == "Factory" else 1.0
    lanes = lanes_of(site.customers)
    staged = sum(lane.staged_sum for lane in lanes)
    return {
        "holding": holding * (site.stock_sum + staged) + 0.2 * sum(getattr(site, "parts_sums", ())),
        "backlog": backlog * site.owed_sum,
        "transit": transit * sum(lane.in_transit_sum for lane in lanes),
        "waiting": at_dock * sum(lane.at_dock_sum for lane in site.suppliers),
    }


def fees_of(site: Any) -> float:
    """What a site pays to carriers: freight for what it sends, detention for trucks that wait at its dock."""
    detention = sum(lane.carrier.detention_price * lane.queueing_sum for lane in site.suppliers)
    return float(sum(lane.freight_sum for lane in lanes_of(site.customers)) + detention)


def lanes_of(customers: Sequence[Any]) -> list[Lane]:
    """The lanes among a site's customers; the others are markets."""
    return [lane for lane in customers if isinstance(lane, Lane)]


def spread(total: float, squares: float) -> float:
    """Population variance over the periods."""
    mean = total / PERIODS
    return squares / PERIODS - mean * mean
