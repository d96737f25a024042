"""What holds in every world, on random ones with carriers and docks; and trucks that are nowhere lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ripieno.agents.dock import Dock
from ripieno.agents.numeric import add_all
from ripieno.agents.quantity import Array
from ripieno.agents.trucks import Trucks
from ripieno.model.schema import Scenario
from ripieno.model.supply_chain import SupplyChain

from . import properties as law
from .haulage import truck_worlds
from .properties import REPLICATIONS, near

Property = Callable[[Scenario], None]


def trucks_add_up(scenario: Scenario) -> None:
    """Trucks that are away are at a dock, on the road or on the way back, whole ones, and no more than there are."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    for period in range(scenario.periods):
        world.step()
        for name, carrier in world.carriers.items():
            places = [whereabouts(trucks) for trucks in carrier.lanes]
            assert np.array_equal(carrier.away, add_all([carrier.way_back.content(), *places])), f"{period}: {name}"
            assert np.array_equal(carrier.away, np.floor(carrier.away))
        for dock in world.docks.values():
            assert (dock.busy >= 0).all()
            assert (dock.busy <= dock.doors).all()
            assert np.array_equal(dock.busy, dock.at_doors.content())
            assert (dock.waiting >= 0).all()
    world.dispose()


def whereabouts(trucks: Trucks) -> Array:
    """The trucks of a lane that are being loaded, on the road, waiting or being unloaded."""
    found = trucks.way.content()
    for dock, number in ((trucks.dock, trucks.number_at_dock), (trucks.outbound, trucks.number_outbound)):
        if dock is not None:
            found = found + queueing(dock, number) + dock.trucks[number].content()
    return found


def queueing(dock: Dock, number: int) -> Array:
    """The trucks of a lane in the queue of a dock, looked up entry by entry."""
    queue, found = dock.queue, np.zeros((1, dock.runs))
    for run in range(dock.runs):
        for entry in range(int(queue._head[run]), int(queue._tail[run])):
            place = entry % queue._size * queue.runs + run
            if queue._numbers["lane"][place] == number:
                found[0, run] += queue._numbers["trucks"][place]
    return found


def a_fleet_is_not_exceeded(scenario: Scenario) -> None:
    """No carrier sends a truck that it does not have; what is away already may be more, at the start or when it shrank."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    for _ in range(scenario.periods):
        world.step()
        for carrier in world.carriers.values():
            if carrier.fleet is not None:
                sent = add_all([trucks.departed for trucks in carrier.lanes])
                without_dock = all(trucks.outbound is None for trucks in carrier.lanes)
                assert not without_dock or ((sent == 0) | (carrier.away <= carrier.owned)).all()
    world.dispose()


def goods_at_docks_are_on_trucks(scenario: Scenario) -> None:
    """What a lane has at the dock is what the trucks in its queue and at its doors carry."""
    world = SupplyChain(scenario, REPLICATIONS, seed=3)
    for period in range(scenario.periods):
        world.step()
        for name, dock in ((name, site.dock) for name, site in world.sites.items() if getattr(site, "dock", None)):
            held = add_all([lane.rows.to_ours(lane.at_dock) for lane in dock.lanes])
            carried = add_all([goods.content() for goods in dock.goods])
            for run in range(world.runs):
                for entry in range(int(dock.queue._head[run]), int(dock.queue._tail[run])):
                    place = entry % dock.queue._size * world.runs + run
                    carried[:, run] += [rows[place] for rows in dock.queue._goods]
            near(held, carried, f"period {period}: at the dock of {name}", float(held.max(initial=0.0)) + 1.0)
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


def hold(check: Property, examples: int, *, derandomize: bool) -> None:
    """Check a property on random worlds; a failure is reported for the simplest world that shows it."""

    @settings(
        max_examples=examples,
        derandomize=derandomize,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(truck_worlds())
    def on_every_world(scenario: Scenario) -> None:
        check(scenario)

    on_every_world()


@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_property(check: Property) -> None:
    hold(check, 12, derandomize=True)


@pytest.mark.slow
@pytest.mark.parametrize("check", LAWS, ids=lambda check: check.__name__)
def test_property_on_many_worlds(check: Property) -> None:
    hold(check, 300, derandomize=False)
