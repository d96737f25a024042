"""What the models of a network say: of nothing moved, run by run, for payers and payees, and of the own cost alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from ripieno.agents.negotiation.packages import Package, single
from ripieno.agents.quantity import Array, Mask, Money
from ripieno.experiments.foresight_quality import Effort, interventions, learned, world
from ripieno.model.foresight.beliefs import Beliefs
from ripieno.model.foresight.local_search import choose
from ripieno.model.foresight.network_model import Foresight
from ripieno.model.levers import Levers, levers_of
from ripieno.model.schema import Scenario, load
from ripieno.model.supply_chain import SupplyChain

from ...engine.haulage import truck_world_number
from ...engine.worlds import world_number

BAKERY = str(Path(__file__).parent / "bakery.toml")
NETWORKS = [BAKERY, "e1-picking-waves", "e5-departures", "regional"]
RUNS = 3


@cache
def foresight(name: str, runs: int = RUNS) -> Foresight:
    return learned(load(name), Effort(runs=runs, learn=60)).foresight


def change(model: Foresight, lever: str, value: float) -> dict[str, Money]:
    place = model.levers.names.index(lever)
    found = model.changes([single(lever, place, value, len(model.levers.items))])[:, 0]
    return dict(zip(model.owners, found, strict=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_package_that_moves_nothing_changes_nothing(name: str) -> None:
    model = foresight(name)
    everything = np.ones((len(model.levers.items), 1), dtype=bool)
    same = Package("same", everything, model.levers.values[:, :1])
    assert np.array_equal(model.changes([same]), np.zeros((len(model.owners), 1, RUNS)))


@pytest.mark.parametrize("name", NETWORKS)
def test_each_run_is_judged_as_if_alone(name: str) -> None:
    """Packages that differ between the runs come to the same bits as each one in all runs."""
    model = foresight(name)
    packages = interventions(model.levers, 3 * RUNS, seed=2)
    apart = model.changes(packages)
    now = model.levers.values
    for first in range(0, len(packages), RUNS):
        some = packages[first : first + RUNS]
        target = np.stack([package.target(now)[:, run] for run, package in enumerate(some)], axis=1)
        mixed = model.changes([Package("mixed", target != now, target)])[:, 0]
        for run in range(RUNS):
            assert np.array_equal(mixed[:, run], apart[:, first + run, run]), some[run].name


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("make", [world_number, truck_world_number])
def test_worlds_of_all_kinds_are_foreseen(make: Callable[[int], Scenario], number: int) -> None:
    """Random worlds: several markets and suppliers, parts without a store, lots, outages, and what goes with them."""
    chain = SupplyChain(make(number), np.arange(2))
    chain.levers = Levers(chain, levers_of(chain.scenario))
    beliefs = Beliefs(chain)
    for _ in range(14):
        chain.step()
        beliefs.note()
    model = Foresight(chain, chain.levers, beliefs)
    found = model.changes(interventions(chain.levers, 8, number))
    assert np.isfinite(found).all()
    for agent in {lever.agent for lever in chain.levers.items}:
        wanted = chosen(model, agent)
        others = np.array([lever.agent != agent for lever in chain.levers.items])
        assert np.array_equal(wanted[others], chain.levers.values[others])


def test_a_run_alone_has_the_same_bits() -> None:
    model = foresight(BAKERY)
    chain = world(load(BAKERY), np.array([1]))
    assert chain.levers is not None
    beliefs = Beliefs(chain)
    for _ in range(60):
        chain.step()
        beliefs.note()
    alone = Foresight(chain, chain.levers, beliefs)
    packages = interventions(model.levers, 20, seed=4)
    # The batch stands in the middle of the next period, which changes no belief.
    assert np.array_equal(alone.changes(packages)[:, :, 0], model.changes(packages)[:, :, 1])


def test_freight_is_paid_by_one_and_earned_by_another() -> None:
    """Leaving with less costs the shipper its departures, of which the carrier keeps what a trip does not cost it."""
    found = change(foresight(BAKERY), "carriers.Vans.dispatch.threshold", 0.1)
    shippers = found["Harbour"] + found["Hill"]
    assert (shippers > 0).all()
    assert (found["Vans"] < 0).all()


def test_later_goods_cost_those_who_wait_for_them() -> None:
    found = change(foresight("e5-departures"), "carriers.Haulier.dispatch.threshold", 0.3)
    shops = found["Aldford"] + found["Burwell"] + found["Corby"]
    assert (shops < 0).all()
    assert (found["Haulier"] > 0).all()
    assert (found["Depot"] < 0).all()  # it has less in its staging area


def test_less_stock_upstream_is_felt_downstream() -> None:
    found = change(foresight(BAKERY), "warehouses.Hill.policy.safety_factor", 0.0)
    assert (found["Church"] > 0).all()
    assert (found["School"] != 0).all()
    assert np.array_equal(found["Quay"], np.zeros(RUNS))


def test_own_changes_leave_out_what_others_feel() -> None:
    model = foresight(BAKERY)
    own = {(place, value): money for place, value, money in model.own_changes("Hill")}
    place = model.levers.names.index("warehouses.Hill.policy.safety_factor")
    assert set(model.levers.items[place].grid) == {value for other, value in own if other == place}
    together = change(model, "warehouses.Hill.policy.safety_factor", 0.0)["Hill"]
    assert own[place, 0.0] == pytest.approx(together)  # its own stock, whoever else suffers
    starts = model.levers.values[place, 0]
    assert np.array_equal(own[place, starts], np.zeros(RUNS))


def test_only_known_levers_are_foreseen() -> None:
    model = foresight("e1-picking-waves")
    said = {lever.name: model.foreseen(lever) for lever in model.levers.items}
    assert said["warehouses.Hub.waves.every"]
    assert not said["warehouses.Hub.waves.phase"]
    found = change(model, "warehouses.Hub.waves.phase", 2.0)
    assert all(np.array_equal(money, np.zeros(RUNS)) for money in found.values())


def chosen(model: Foresight, agent: str, open_levers: Mask | None = None, material: float = 0.01) -> Array:
    free = np.ones(len(model.levers.items), dtype=bool) if open_levers is None else open_levers
    return choose(model, agent, free, material)


def test_an_agent_chooses_what_costs_it_least() -> None:
    model = foresight("e5-departures")
    place = model.levers.names.index("warehouses.Corby.policy.level")
    wanted = chosen(model, "Corby", material=0.0)
    costs = np.stack([money for other, _, money in model.own_changes("Corby") if other == place])
    grid = np.array(model.levers.items[place].grid)
    assert np.array_equal(wanted[place], grid[np.argmin(costs, axis=0)])
    others = np.arange(len(wanted)) != place
    assert np.array_equal(wanted[others], model.levers.values[others])


def test_levers_that_are_not_open_or_not_worth_it_stay() -> None:
    model = foresight("e5-departures")
    shut = np.zeros(len(model.levers.items), dtype=bool)
    assert np.array_equal(chosen(model, "Corby", shut), model.levers.values)
    assert np.array_equal(chosen(model, "Corby", material=100.0), model.levers.values)


def test_what_has_been_decided_is_not_decided_again() -> None:
    """Right after a move the stock is still the old one; the models know how far it has to go."""
    chain = world(load("e5-departures"), np.arange(24))
    assert chain.levers is not None
    beliefs = Beliefs(chain)
    model = Foresight(chain, chain.levers, beliefs)

    def live(periods: int) -> float:
        for _ in range(periods):
            chain.step()
            beliefs.note()
        return float(model.base.levels[point].stock.mean.mean())

    place = model.levers.names.index("warehouses.Corby.policy.level")
    point = next(point for point in model.world.points if point.agent == "Corby")
    before = live(100)
    row = (np.arange(len(model.levers.items)) == place)[:, None]
    chain.levers.set(np.where(row, 1.4, chain.levers.values))
    assert live(0) == pytest.approx(before + 8.0)  # 0.4 of a level of 20
    assert live(12) == pytest.approx(before + 8.0, abs=1.5)
    assert live(48) == pytest.approx(before + 8.0, abs=1.5)
    assert model.base.lags[point][0] == pytest.approx(np.full((1, 24), 8.0 * 0.95**60))
