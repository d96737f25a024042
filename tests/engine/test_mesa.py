"""A supply chain is a Mesa model like others: stepping, choosing agents, collecting data, and being let go."""

from __future__ import annotations

import gc
import warnings
import weakref

import mesa
import numpy as np
import pytest
from ripieno.agents.market import Market
from ripieno.agents.site import Site
from ripieno.agents.warehouse import Warehouse
from ripieno.model.supply_chain import SupplyChain

from .worlds import world_number


def test_it_can_be_stepped_and_its_agents_chosen_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        world = SupplyChain(world_number(1), range(4))
        for _ in range(3):
            world.step()
        assert isinstance(world, mesa.Model)
        assert world.period == 3
        shops = world.agents.select(agent_type=Warehouse)
        assert {shop.name for shop in shops} == {site.name for site in world.scenario.warehouses}
        assert {site.name for site in world.agents.select(lambda agent: isinstance(agent, Site))} == set(world.sites)
        assert len(world.agents_by_type[Market]) == len(world.markets)
        assert all(stock.shape[-1] == 4 for stock in shops.get("on_hand"))
        world.dispose()


def test_data_can_be_collected() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        world = SupplyChain(world_number(1), range(2), series=True)
        collector = mesa.DataCollector(
            model_reporters={"stock": lambda model: np.mean([site.on_hand.mean() for site in model.sites.values()])},
            agenttype_reporters={Warehouse: {"name": "name", "on_hand": lambda shop: float(shop.on_hand.sum())}},
        )
        for _ in range(5):
            world.step()
            collector.collect(world)
        frame = collector.get_agenttype_vars_dataframe(Warehouse)
    assert len(collector.get_model_vars_dataframe()) == 5
    assert world.recorder is not None
    for name, rows in frame.groupby("name"):
        expected = world.recorder.array(str(name), "on_hand").sum(axis=(1, 2))
        assert rows["on_hand"].to_numpy() == pytest.approx(expected)
    world.dispose()


def test_a_step_takes_no_arguments_and_the_seed_is_mesas_too() -> None:
    one, other = (SupplyChain(world_number(2), [0], seed=5) for _ in range(2))
    assert one.rng.random() == other.rng.random()
    with pytest.raises(TypeError):
        one.step(1)  # type: ignore[call-arg]
    for world in (one, other):
        world.dispose()


def test_a_world_that_was_disposed_of_is_freed() -> None:
    world = SupplyChain(world_number(1), [0]).run()
    agents = [weakref.ref(site) for site in world.sites.values()]
    model = weakref.ref(world)
    assert len(agents) > 1
    world.dispose()
    del world
    gc.collect()
    assert model() is None
    assert not [agent for agent in agents if agent() is not None]
