"""Running a scenario and keeping everything that can be seen of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from ripieno.agents.quantity import Array, quantities_of
from ripieno.model.schema import Scenario
from ripieno.model.supply_chain import SupplyChain
from ripieno.model.tables import agent_values, summary_table

Key: TypeAlias = tuple[str, str]
Seen: TypeAlias = dict[Key, Array]
"""By holder and quantity (or metric): an array whose last axis is the runs."""

Change: TypeAlias = Callable[[SupplyChain], None]


def watch(
    scenario: Scenario,
    replications: Sequence[int] = (0,),
    *,
    seed: int = 3,
    audit: bool = False,
    change: Change | None = None,
) -> Seen:
    """Every quantity of every period and every metric; ``change`` may meddle with the world before its first period."""
    world = SupplyChain(scenario, replications, seed=seed, audit=audit, series=True)
    if change is not None:
        change(world)
    seen = seen_of(world.run())
    world.dispose()
    return seen


def seen_of(world: SupplyChain) -> Seen:
    """What can be seen of a finished world that has kept its series."""
    seen: Seen = {}
    assert world.recorder is not None
    for (name, quantity), track in zip(_tracked(world), world.recorder.tracks, strict=True):
        seen[name, quantity] = np.stack(track.rows)
    for line in world.accounts.lines:
        seen[line.agent, f"cost {line.name} of {getattr(line.source, 'name', '')}/{line.quantity}"] = line.money()
    return seen | metrics(world)


def metrics(world: SupplyChain) -> Seen:
    """All numbers of the summary and of the table of agents."""
    summary = summary_table(world, list(range(world.runs)), list(world.replications))
    names = [str(name) for name in summary.columns if name not in ("run", "replication")]
    seen: Seen = {("summary", name): summary[name].to_numpy() for name in names}
    return seen | {(agent, f"metric {name}"): values for agent, name, values in agent_values(world)}


def _tracked(world: SupplyChain) -> list[Key]:
    """The holder and the quantity of each of the recorder's tracks; lanes by their name, which is unique."""
    return [(holder.name, name) for holder in world.holders for name in quantities_of(type(holder))]


def runs_of(seen: Seen, runs: Any) -> Seen:
    """Some of the runs."""
    return {key: values[..., runs] for key, values in seen.items()}


def assert_same(one: Seen, other: Seen) -> None:
    """The same numbers to the last bit; metrics that are missing on one side are missing on the other."""
    keys = [key for key in {**one, **other} if not _equal(one.get(key), other.get(key))]
    assert not keys, f"{len(keys)} of {len(one)} differ: {', '.join(map(' of '.join, map(reversed, keys[:5])))}"


def assert_close(one: Seen, other: Seen, keys: Sequence[Key], tolerance: float = 1e-9) -> None:
    """The same numbers but for rounding."""
    for key in keys:
        scale = max(float(np.abs(one[key]).max(initial=0.0)), 1e-12)
        assert np.allclose(one[key], other[key], rtol=tolerance, atol=tolerance * scale, equal_nan=True), key


def _equal(one: Array | None, other: Array | None) -> bool:
    missing = [values is None or bool(np.isnan(values).all()) for values in (one, other)]
    if any(missing):
        return all(missing)
    assert one is not None
    assert other is not None
    return one.shape == other.shape and np.array_equal(one, other, equal_nan=True)
