"""Lead times, promises, nervousness, shelf lives, shocks and profits against their definitions, by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from ripieno.model.metrics import Metric, all_metrics
from ripieno.model.schema import ScenarioError, parse
from ripieno.model.schema.world import plain
from ripieno.model.supply_chain import SupplyChain
from ripieno.model.tables import summary_table

from .brute_orders import BRUTE, OF_WORLD, History
from .worlds import world_number

WORLDS = range(24)
METRICS = [metric for metric in all_metrics() if (metric.of, metric.name) in BRUTE]


@pytest.fixture(scope="module")
def finished() -> Iterator[list[History]]:
    """Random worlds that have been run to their end, two runs each, and that measure what they can."""
    worlds = []
    for number in WORLDS:
        table = plain(world_number(number, returns=False)) | {"measures": ["lead-times", "nervousness"]}
        shock = {"at": table["warm_up"] + 2, "set": {f"markets.{table['markets'][0]['name']}.demand_factor": 5.0}}
        shock |= {"until": table["warm_up"] + 3} if number % 2 else {}
        shocked = table | {"measures": [*table["measures"], "recovery"], "interventions": [shock]}
        worlds.append(SupplyChain(parse(shocked if sound(shocked) else table), (3, 1), seed=9, series=True).run())
    yield [History(world) for world in worlds]
    for world in worlds:
        world.dispose()


def sound(table: dict[str, Any]) -> bool:
    """Whether a scenario is accepted; with an outage during the warm-up recovery is refused."""
    try:
        parse(table).resolved()
    except ScenarioError:
        return False
    return True


def subjects(metric: Metric, world: SupplyChain) -> list[Any]:
    """Whom a metric is of."""
    return {
        "site": list(world.sites.values()),
        "market": list(world.markets.values()),
        "owner": world.accounts.owners(),
    }[metric.of]


def takes_back(history: History, agent: Any) -> bool:
    """Whether demand is below zero at times, so that no unit is the n-th."""
    return any((history.of(lane, "ordered") < 0).any() for lane in agent.suppliers)


def near(value: Any, expected: Any, scale: float) -> bool:
    """The same but for rounding, missing ones included."""
    return np.allclose(value, expected, rtol=1e-7, atol=1e-9 * max(scale, 1e-6), equal_nan=True)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: f"{metric.of}-{metric.name}")
def test_a_metric_is_what_its_definition_says(metric: Metric, finished: list[History]) -> None:
    there = 0
    for history in finished:
        for agent in subjects(metric, history.world):
            if metric.name.startswith("lead_time") and takes_back(history, agent):
                continue
            value, expected = metric.function(agent, history.world), BRUTE[metric.of, metric.name](history, agent)
            scale = max(np.abs(np.nan_to_num(expected)).max(), 1.0 if metric.unit.startswith("periods") else 0.0)
            assert near(value, expected, scale), (history.world.scenario.name, agent, value, expected)
            there += int(np.isfinite(expected).sum())
    assert there >= 10, "too few worlds have a value to compare"


@pytest.mark.parametrize("name", OF_WORLD)
def test_a_metric_of_the_summary_is_what_its_definition_says(name: str, finished: list[History]) -> None:
    there = 0
    for history in finished:
        summary = summary_table(history.world, [0, 1], [3, 1])
        if name in summary:
            value, expected = summary[name].to_numpy(), OF_WORLD[name](history)
            assert near(value, expected, float(np.abs(np.nan_to_num(expected)).max())), (value, expected)
            there += int(np.isfinite(expected).sum())
    assert there >= 6, "too few worlds have a value to compare"
