"""The search for the best setting: it starts from the better of where the scenario stands and where agents come to."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments import central
from ripieno.experiments.central import Effort, Simulator, best_setting
from ripieno.model.levers import levers_of
from ripieno.model.supply_chain import SupplyChain

from ..orchestration.worlds import orchestrated, pair

SCENARIO = orchestrated(world=pair(periods=120, level=24)).resolved()
QUICK = Effort(replications=3, rounds=1, singles=2)


def simulator() -> Simulator:
    return Simulator(SCENARIO, levers_of(SCENARIO), 11 + central.OTHER_SEED, QUICK.replications)


def test_where_agents_come_to_is_where_their_levers_stand_at_the_end() -> None:
    ends = central._where_agents_come_to(simulator())
    spec = SCENARIO.orchestration
    assert spec is not None
    world = SupplyChain(
        SCENARIO.replaced(orchestration=spec.changed(arm="opt")), range(3), seed=11 + central.OTHER_SEED
    )
    world.run()
    assert world.levers is not None
    np.testing.assert_array_equal(ends, world.levers.values.T)
    start = [lever.start for lever in levers_of(SCENARIO)]
    assert (ends != start).any(), "nobody has moved anything: the test says nothing"


def unseen() -> Simulator:
    """What decides between the settings that a search went through."""
    return Simulator(SCENARIO, levers_of(SCENARIO), 11 + 2 * central.OTHER_SEED, QUICK.fresh)


def test_a_search_goes_from_the_cheapest_start_to_cheaper_settings() -> None:
    """On its own random numbers; among the starts is where agents come to."""
    simulate = simulator()
    passed = central._went_through(simulate, QUICK, None)
    starts = 1 + QUICK.replications
    np.testing.assert_array_equal(passed[1:starts], central._where_agents_come_to(simulate))
    costs = simulate(passed)
    assert len(costs) > starts, "nothing was found: the test says nothing"
    assert (np.diff([costs[:starts].min(), *costs[starts:]]) < 0).all()


def test_the_best_setting_is_no_dearer_than_where_agents_come_to() -> None:
    """On random numbers that neither has seen."""
    judge = unseen()
    costs = judge(central._where_agents_come_to(simulator()))
    found = best_setting(SCENARIO, 11, QUICK)
    assert found.cost <= costs.min()
    start = np.array([[lever.start for lever in levers_of(SCENARIO)]], dtype=float)
    assert found.before == pytest.approx(float(judge(start)[0]), rel=1e-12)


def test_the_settings_found_cost_what_the_search_says() -> None:
    found = best_setting(SCENARIO, 11, QUICK)
    judge = unseen()
    values = np.array([[found.settings.get(lever.name, lever.start) for lever in judge.levers]], dtype=float)
    assert float(judge(values)[0]) == pytest.approx(found.cost, rel=1e-12)


def test_what_suits_the_draws_of_the_search_alone_does_not_pass() -> None:
    """A search on one short history finds settings that cost more on others; it then stays where it began."""
    scenario = orchestrated(world=pair(periods=40, level=24)).resolved()
    lucky = 0
    for seed in range(12):
        judge = Simulator(scenario, levers_of(scenario), seed + 2 * central.OTHER_SEED, 64)
        simulate = Simulator(scenario, levers_of(scenario), seed + central.OTHER_SEED, 1)
        effort = Effort(replications=1, rounds=2, singles=4, fresh=64)
        passed = central._went_through(simulate, effort, None)
        costs = judge(passed)
        found = best_setting(scenario, seed, effort)
        assert found.cost == pytest.approx(float(costs.min()), rel=1e-12)
        assert found.cost <= found.before
        lucky = lucky + int(costs[-1] > costs.min())
    assert lucky, "the last of the search was the best on all seeds: the test says nothing"
