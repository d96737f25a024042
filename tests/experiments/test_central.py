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


def test_the_best_setting_is_no_dearer_than_where_agents_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the search's own random numbers; a start that is worth nothing is passed over."""
    simulate = simulator()
    costs = simulate(central._where_agents_come_to(simulate))
    found = best_setting(SCENARIO, 11, QUICK)
    assert found.cost <= costs.min()
    start = np.array([[lever.start for lever in levers_of(SCENARIO)]], dtype=float)
    assert found.before == pytest.approx(float(simulate(start)[0]), rel=1e-12)
    monkeypatch.setattr(central, "_where_agents_come_to", lambda simulate: start)
    alone = best_setting(SCENARIO, 11, QUICK)
    assert alone.before == found.before
    assert found.cost <= alone.cost


def test_the_settings_found_cost_what_the_search_says() -> None:
    found = best_setting(SCENARIO, 11, QUICK)
    simulate = simulator()
    values = np.array([[found.settings.get(lever.name, lever.start) for lever in simulate.levers]], dtype=float)
    assert float(simulate(values)[0]) == pytest.approx(found.cost, rel=1e-12)
