"""Small worlds in which one lever is moved, and the cost of it as the engine has it and as a model predicts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import ripieno
from ripieno.agents.quantity import Array
from ripieno.model.schema import parse

Table = dict[str, Any]
Reading = Callable[[Any], Array]
WARM_UP = 100


@dataclass(frozen=True)
class Comparison:
    """Costs a period of every value of a lever: simulated ``[levers, runs]`` and predicted ``[levers]``."""

    simulated: Array
    predicted: Array

    def pairs(self) -> tuple[Array, Array, Array]:
        """Simulated changes between every two values of the lever, their standard errors, predicted changes."""
        both = list(combinations(range(len(self.predicted)), 2))
        changes = np.array([self.simulated[b] - self.simulated[a] for a, b in both])
        errors = changes.std(axis=1, ddof=1) / np.sqrt(changes.shape[1])
        return changes.mean(axis=1), errors, np.array([self.predicted[b] - self.predicted[a] for a, b in both])

    @property
    def correlation(self) -> float:
        """Of predicted and simulated changes, both ways each, so that their mean is zero."""
        found, _, said = self.pairs()
        return float((found * said).sum() / np.sqrt((found**2).sum() * (said**2).sum()))

    @property
    def wrong_signs(self) -> int:
        """Changes beyond three standard errors and half a per cent of the cost whose sign is predicted wrongly."""
        found, errors, said = self.pairs()
        counts = np.abs(found) > np.maximum(3 * errors, 0.005 * np.abs(self.simulated).mean())
        assert counts.any(), "no value of the lever makes a difference: the test says nothing"
        return int((counts & (np.sign(found) != np.sign(said))).sum())

    @property
    def off(self) -> float:
        """The largest error of a predicted cost, relative to the simulated one."""
        mean = self.simulated.mean(axis=1)
        return float(np.abs(self.predicted / mean - 1.0).max())


def compare(scenarios: Sequence[Table], reading: Reading, predicted: Sequence[Any], runs: int) -> Comparison:
    """Simulate the scenarios of a lever's values on the same random numbers."""
    found = [reading(simulate(table, runs)) for table in scenarios]
    return Comparison(np.stack(found), np.array([float(value) for value in predicted]))


def simulate(table: Table, runs: int) -> Any:
    return ripieno.simulate(parse(table, source="lever"), runs=runs, seed=7)


def cost_of(*agents: str) -> Reading:
    """The costs that arise at these agents together."""
    return lambda result: np.asarray(sum(np.asarray(result.agent(agent, "cost")) for agent in agents))


def shop(
    policy: Mapping[str, Any], demand: Mapping[str, Any], *, periods: int = 600, travel: int = 2, **more: Any
) -> Table:
    """A plant that always delivers, a shop, and its town; ``lane`` and ``supplier`` hold keys of those."""
    lane, supplier = more.pop("lane", {}), more.pop("supplier", {})
    mean = demand["mean"]
    site = {"name": "Shop", "policy": dict(policy), "holding_cost": 1.0, "backlog_cost": 9.0,
            "initial_stock": (travel + 2) * mean, **more}  # fmt: skip
    return {
        "name": "lever",
        "periods": periods + WARM_UP,
        "warm_up": WARM_UP,
        "suppliers": [{"name": "Plant", **supplier}],
        "warehouses": [site],
        "markets": [{"name": "Town", "sites": ["Shop"], "demand": dict(demand)}],
        "lanes": [{"from": "Plant", "to": "Shop", "travel_time": travel, **lane}],
    }


def hauled(
    demand: Mapping[str, Any], capacity: float, dispatch: Mapping[str, Any], *, periods: int, **more: Any
) -> Table:
    """A plant whose goods wait for trucks to a hub, which orders what it is asked for in the same period."""
    table = shop({"type": "order-up-to", "cover": 0, "forecast": {"type": "constant", "mean": 0.0}}, demand,
                 periods=periods, travel=1, supplier={"holding_cost": 0.5})  # fmt: skip
    table["warehouses"] = [{"name": "Shop", "policy": "pass-through", **more.pop("site", {})}]
    table["lanes"][0]["carrier"] = "Haulier"
    table["carriers"] = [
        {"name": "Haulier", "fleet": {"capacity": capacity}, "dispatch": dict(dispatch), "costs": {"departure": 60.0}}
    ]
    return table | more
