"""What holds in every world, on random ones with carriers and docks; and trucks that are nowhere lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ripieno.agents.numeric import add_all
from ripieno.agents.quantity import Array
from ripieno.model.schema import Scenario
from ripieno.model.supply_chain import SupplyChain

from . import properties as law
from .haulage import truck_worlds
from .pooled import pooled_worlds
from .properties import REPLICATIONS

Property = Callable[[Scenario], None]


def trucks_add_up(scenario: Scenario) -> None:
    """Trucks that are away are on the road, at a dock or on the way back; whole ones, and never less than none."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    largest: dict[str, Array | float] = {}
    for period in range(scenario.periods):
        world.step()
        away = add_all([carrier.away for carrier in world.carriers.values()])
        places = [trucks.way.content() for trucks in world.trucks]
        places += [carrier.way_back.content() for carrier in world.carriers.values()]
        for dock in world.docks.values():
            places += [dock.waiting, *(trucks.content() for trucks in dock.trucks)]
            assert ((dock.busy >= 0) & (dock.busy <= dock.doors) & (dock.waiting >= 0)).all()
        assert np.array_equal(away, add_all(places)), f"after period {period}"
        for trucks in world.trucks:  # no more is unloaded than was there; the audit would not mind a negative stock
            lane = trucks.lane
            there = lane.at_dock + lane.received + lane.waiting  # before it was unloaded, goods of the period included
            most = largest[trucks.name] = np.maximum(largest.get(trucks.name, 0.0), there)
            assert (lane.at_dock >= -1e-9 * most).all(), f"after period {period}: {trucks.name}"
        assert all(np.array_equal(trucks.departed, np.floor(trucks.departed)) for trucks in world.trucks)
        for trucks in world.trucks:
            loaded_now = trucks.outbound is None  # at a dock they may have been loaded before the capacity was changed
            moved = add_all([lane.moved for lane in getattr(trucks, "pool", [trucks])])
            fits = (moved <= trucks.departed * trucks.capacity * (1 + 1e-9)).all()
            assert fits or not (loaded_now and trucks.leads)
    world.dispose()


def a_fleet_is_not_exceeded(scenario: Scenario) -> None:
    """No carrier sends a truck that it does not have; more may be away at the start, or when a fleet has shrunk."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    for _ in range(scenario.periods):
        before = [carrier.away for carrier in world.carriers.values()]
        world.step()
        for carrier, away in zip(world.carriers.values(), before, strict=True):
            if carrier.fleet is not None:
                assert (carrier.away <= np.maximum(carrier.owned, away)).all()
    world.dispose()


LAWS = (
    law.goods_are_conserved,
    law.a_run_does_not_depend_on_its_batch,
    law.agents_of_a_moment_commute,
    law.debts_add_up,
    law.nothing_is_owed_twice,
    law.money_adds_up,
    law.setting_what_is_set_changes_nothing,
    law.looking_changes_nothing,
    law.design_points_do_not_mix,
    trucks_add_up,
    a_fleet_is_not_exceeded,
)


def hold(check: Property, examples: int, *, derandomize: bool, pooled: bool = False) -> None:
    """Check a property on random worlds; a failure is reported for the simplest world that shows it."""

    @settings(
        max_examples=examples,
        derandomize=derandomize,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(pooled_worlds() if pooled else truck_worlds())
    def on_every_world(scenario: Scenario) -> None:
        check(scenario)

    on_every_world()


@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_property(check: Property) -> None:
    hold(check, 12, derandomize=True)


@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_property_with_pools(check: Property) -> None:
    hold(check, 6, derandomize=True, pooled=True)


@pytest.mark.slow
@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_property_on_many_worlds(check: Property) -> None:
    hold(check, 300, derandomize=False)
    hold(check, 150, derandomize=False, pooled=True)
