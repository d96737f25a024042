"""Small worlds that are orchestrated, stopped in the middle of a period, and looked at bit by bit."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from ripieno.agents.quantity import quantities_of
from ripieno.model.levers import Levers, levers_of
from ripieno.model.schema import Scenario, parse, with_values
from ripieno.model.streams import Stream, Streams
from ripieno.model.supply_chain import SupplyChain

Table = dict[str, Any]
QUICK: Table = {
    "first": 20,
    "cadence": 10,
    "trial": 10,
    "search": {
        "singles": 2,
        "rounds": 1,
        "history": 20,
        "menus": ["bundles"],
        "first_look": "trial",
        "caution": 0.0,
    },
    "threshold": {"share": 0.0},
}
"""An orchestration that takes few trials; the first look is a trial of every single move."""


def pair(periods: int = 60, level: float = 60.0, **more: Any) -> Table:
    """A maker, a shop, and a carrier who waits for full trucks: three owners with levers, one dock.

    With the level of 60 the shop keeps far too much stock, with one of 24 far too little.
    """
    return {
        "name": "pair",
        "periods": periods,
        "warm_up": 10,
        "seed": 11,
        "suppliers": [{"name": "Plant"}],
        "warehouses": [
            {"name": "Maker", "holding_cost": 0.1, "backlog_cost": 1.0, "initial_stock": 60,
             "policy": {"type": "base-stock", "level": 60}},
            {"name": "Shop", "holding_cost": 0.5, "backlog_cost": 4.0, "initial_stock": 60,
             "policy": {"type": "base-stock", "level": level}, "docks": {"inbound": {"doors": 1, "time": 1}}},
        ],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"type": "poisson", "mean": 8}}],
        "lanes": [{"from": "Plant", "to": "Maker", "travel_time": 2},
                  {"from": "Maker", "to": "Shop", "travel_time": 1}],
        "carriers": [{"name": "Haulier", "lanes": ["Maker->Shop"], "fleet": {"capacity": 16},
                      "dispatch": {"threshold": 1.0}, "tariff": {"unit": 0.4}, "costs": {"departure": 4.0}}],
    } | more  # fmt: skip


def orchestrated(arm: str = "orch", world: Table | None = None, **orchestration: Any) -> Scenario:
    """The scenario of a small world under an arm; tables of the orchestration replace those of `QUICK` key by key."""
    table = dict(QUICK, arm=arm)
    for name, value in orchestration.items():
        both = isinstance(value, Mapping) and isinstance(table.get(name), Mapping)
        table[name] = {**table[name], **value} if both else value
    return parse((pair() if world is None else world) | {"orchestration": table})


def world_of(scenario: Scenario, runs: int = 3, **more: Any) -> SupplyChain:
    """Some runs of a scenario."""
    return SupplyChain(scenario, list(range(runs)), **more)


def with_levers(scenario: Scenario, runs: int = 3) -> SupplyChain:
    """A world without an orchestrator in which a test moves the levers; its books never begin anew by themselves."""
    world = world_of(with_values(scenario, {"warm_up": 0}), runs)
    world.levers = Levers(world, levers_of(world.scenario))
    return world


def moved(world: SupplyChain, *moves: tuple[int, int]) -> np.ndarray:
    """Where the levers stand when some of them, by their place, are moved to a value of their grid, by its place.

    Every run gets another value, one further on the grid. A lever that is traded has no grid and stays.
    """
    levers = world.levers
    assert levers is not None
    values = levers.values.copy()
    for lever, place in moves:
        grid = levers.items[lever].grid
        if grid:
            values[lever] = [grid[(place + run) % len(grid)] for run in range(world.runs)]
    return values


def halt(world: SupplyChain) -> None:
    """Let a period begin and happen as far as the moment ``plan``, in which a shadow is made."""
    world.begin_period()
    for moment, acts in world.agenda:
        if world.sequence.index(moment) < world.sequence.index("plan"):
            for act in acts:
                act()


def go_on(world: SupplyChain, periods: int) -> None:
    """End a period that was halted, and live on with fresh books, as a shadow does."""
    for moment, acts in world.agenda:
        if world.sequence.index(moment) > world.sequence.index("plan"):
            for act in acts:
                act()
    for holder in [*world.holders, *world.groups]:
        holder.close_warm_up()
    world.accounts.reset()
    world.period = world.period + 1
    for _ in range(periods):
        world.step()


def state_of(world: SupplyChain) -> Table:
    """Every number that agents declare, and every balance, by name."""
    found: Table = {f"balance {owner}": world.accounts.balance(owner) for owner in world.accounts.owners()}
    for place, holder in enumerate(world.holders):
        for quantity in quantities_of(type(holder)):
            found[f"{place} {holder.name} {quantity}"] = getattr(holder, quantity)
    return found


def everything_in(world: SupplyChain) -> list[tuple[str, Any]]:
    """All numbers that can be reached from the agents and the accounts of a world, with the way to each."""
    seen: set[int] = {id(world)}
    found: list[tuple[str, Any]] = []
    parts = [*world.holders, *world.groups, world.accounts, world.levers, world.outages]
    waiting: list[tuple[str, Any]] = [(str(place), part) for place, part in enumerate(parts)]
    while waiting:
        path, thing = waiting.pop()
        if isinstance(thing, np.ndarray):
            found.append((path, (thing.shape, thing.tobytes())))
        elif isinstance(thing, bool | int | float | str | None):
            found.append((path, thing))
        elif id(thing) not in seen and not isinstance(thing, Stream | Streams):  # what was drawn in advance is no state
            seen.add(id(thing))
            waiting += _inside(path, thing)
    return sorted(found, key=lambda pair: pair[0])


def _inside(path: str, thing: Any) -> list[tuple[str, Any]]:
    if isinstance(thing, dict):
        return [(f"{path}/{place}", item) for place, item in enumerate(thing.values())]
    if isinstance(thing, list | tuple | deque | set):
        return [(f"{path}/{place}", item) for place, item in enumerate(thing)]
    return [(f"{path}.{name}", item) for name, item in getattr(thing, "__dict__", {}).items() if name != "model"]
