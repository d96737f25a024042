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
from ripieno.model.tables import agent_values, summary_table

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
    agents: dict[str, list[Any]] = {
        "site": list(world.sites.values()),
        "market": list(world.markets.values()),
        "owner": list(world.accounts.owners()),
    }
    return agents[metric.of]


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


def chain(**more: Any) -> dict[str, Any]:
    """A depot supplies a shop, which sells 5 a day and more on day 6."""
    demand = {"type": "trace", "values": [5.0] * 6 + [25.0] + [5.0] * 9}
    return {
        "name": "chain",
        "periods": 16,
        "warm_up": 2,
        "suppliers": [{"name": "Plant"}],
        "warehouses": [
            {"name": "Depot", "policy": {"type": "fixed-order", "quantity": 6.0}, "initial_stock": 8.0},
            {"name": "Shop", "policy": {"type": "base-stock", "level": 15.0}, "initial_stock": 15.0},
        ],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": demand}],
        "lanes": [
            {"from": "Plant", "to": "Depot", "travel_time": 1},
            {"from": "Depot", "to": "Shop", "travel_time": 1},
        ],
    } | more


def run(table: dict[str, Any]) -> SupplyChain:
    return SupplyChain(parse(table), [0], audit=True).run()


def of_agent(world: SupplyChain, agent: str) -> dict[str, float]:
    return {
        name: float(value[0]) for who, name, value in agent_values(world) if who == agent and not np.isnan(value[0])
    }


def test_lead_times_by_hand() -> None:
    """An order of the evening leaves on the next day and is there the day after; a scarce depot makes it later."""
    world = run(chain(measures=["lead-times"]))
    assert of_agent(world, "Depot")["lead_time"] == 2.0
    assert of_agent(world, "Depot")["lead_time_variance"] == 0.0
    assert of_agent(world, "Shop")["lead_time"] > 2.0
    assert of_agent(world, "Shop")["lead_time_variance"] > 0.0
    calm = run(chain(measures=["lead-times"], warm_up=0, periods=6))
    assert of_agent(calm, "Shop")["lead_time"] == 2.0
    assert of_agent(calm, "Town")["lead_time"] == 0.0


def test_nothing_is_kept_that_nobody_asked_for() -> None:
    world = run(chain())
    assert world.watch.everybody() == []
    assert not {"lead_time", "on_time_in_full", "nervousness_day"} & set(of_agent(world, "Shop"))
    assert not {"on_time_in_full", "expired", "time_to_recover"} & set(summary_table(world, [0], [0]))


def debts(periods: int) -> list[float]:
    """What the shop owes at the end of each day."""
    world = SupplyChain(parse(chain()), [0])
    found = []
    for _ in range(periods):
        world.step()
        found.append(float(world.sites["Shop"].unserved[0, 0]))
    return found


def test_a_shock_by_hand() -> None:
    """The day of the large demand leaves a debt, and the network has recovered on the first day without one."""
    owed = debts(16)
    behind = [day for day, debt in enumerate(owed) if debt > 0]
    assert behind
    assert behind[0] == 6
    assert behind == list(range(6, behind[-1] + 1))
    news = {"at": 6, "set": {"markets.Town.price": 1.0}}  # a date, and no other effect on goods
    summary = summary_table(run(chain(measures=["recovery"], interventions=[news])), [0], [0])
    assert summary["time_to_recover"][0] == behind[-1] + 1 - 6
    unmet = owed[6] + sum(min(5.0, debt) for debt in owed[7:])
    assert summary["service_lost"][0] == pytest.approx(unmet)


def test_a_promise_by_hand() -> None:
    """Every day on which the shop is behind fails; the order of one day is one order, however large."""
    late = sum(debt > 0 for debt in debts(12)[2:])
    world = run(chain(markets=[chain()["markets"][0] | {"promise": 0}], periods=12))
    assert 0 < late < 10
    assert of_agent(world, "Town")["on_time_in_full"] == pytest.approx(1 - late / 10)
    assert of_agent(world, "Shop")["on_time_in_full"] == of_agent(world, "Town")["on_time_in_full"]
    assert float(summary_table(world, [0], [0])["on_time_in_full"][0]) == of_agent(world, "Town")["on_time_in_full"]


def test_the_use_of_pickers_by_hand() -> None:
    table = chain(periods=6)
    table["warehouses"][1] |= {"picking": {"capacity": 20.0}}
    world = run(table)
    assert of_agent(world, "Shop")["picking_utilisation"] == pytest.approx(0.25)
    assert "picking_utilisation" not in of_agent(world, "Depot")
