from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.compare.comparison import Comparison
from ripieno.experiments.regimes.advice import Advice
from ripieno.experiments.regimes.coordinates import NAMES
from ripieno.experiments.regimes.gains import Gains
from ripieno.experiments.regimes.ingredients import CONTROLS, INGREDIENTS, ORCH
from ripieno.model.schema import Scenario, parse

Shape = Callable[[pd.DataFrame], Any]
MakeGains = Callable[..., Gains]
MakeAdvice = Callable[..., Advice]


STEPS = (0.6180340, 0.0, 0.0, 0.4142136, 0.7320508, 0.6457513)


def points_table(count: int = 40) -> pd.DataFrame:
    """Design points at known places: owners 1 to 10, everything else spread by irrational steps."""
    steps = np.arange(count)
    spread = {name: (steps * step) % 1 for name, step in zip(NAMES, STEPS, strict=True)}
    table = pd.DataFrame({"point": steps} | spread)
    return table.assign(owners=1 + (9 * table["owners"]).round(), sites=3.0, partners=2.0)


@pytest.fixture
def make_gains() -> MakeGains:
    """Gains of invented runs: as ``shape`` has them at each point, with a half width of the interval."""

    def make(shape: Shape, half: float = 0.01, count: int = 40, quick: bool = False) -> Gains:
        table = points_table(count)
        gain = np.asarray(shape(table), dtype=float)
        table = table.assign(arm="orch", control="selfish", against="selfish", relative=gain, control_mean=200.0)
        table = table.assign(relative_low=gain - half, relative_high=gain + half, fees=0.0, count=128, p=0.01)
        table = table.assign(estimate=200 * gain, low=200 * (gain - half), high=200 * (gain + half))
        return Gains("invented", quick, "day", table, {"runs": 2 * 128 * count, "code hash": "abc"})

    return make


def tiny_chain(**changes: Any) -> Scenario:
    """Two owners in a row with levers, for few periods."""
    sites = [
        {
            "name": name,
            "holding_cost": holding,
            "backlog_cost": 2.0,
            "initial_stock": 60.0,
            "orders": {"review_period": 2, "cost": 6.0},
            "policy": {"type": "order-up-to", "cover": 5, "safety_factor": factor, "forecast": SMOOTHED},
        }
        for name, holding, factor in (("Depot", 0.2, 3.0), ("Shop", 0.5, 0.0))
    ]
    return parse({**WORLD, "warehouses": sites, **changes})


SMOOTHED = {"type": "exponential-smoothing", "alpha": 0.2, "initial": 10.0}
WORLD: dict[str, Any] = {
    "name": "tiny chain",
    "periods": 60,
    "warm_up": 20,
    "seed": 5,
    "suppliers": [{"name": "Plant"}],
    "markets": [{"name": "Town", "sites": ["Shop"], "demand": {"type": "poisson", "mean": 10.0}}],
    "lanes": [
        {"from": "Plant", "to": "Depot", "travel_time": 3},
        {"from": "Depot", "to": "Shop", "travel_time": 1},
    ],
    "orchestration": {
        "first": 12,
        "cadence": 10,
        "trial": 5,
        "search": {"singles": 3, "rounds": 1, "history": 10, "menus": ["bundles"]},
    },
}


@pytest.fixture
def chain() -> Scenario:
    return tiny_chain()


@pytest.fixture
def make_advice(chain: Scenario) -> MakeAdvice:
    """Advice from invented costs by arm; arms left out cost what the orchestrated one does."""

    def make(costs: Mapping[str, Sequence[float]], more: Mapping[str, float] | None = None, **changed: Any) -> Advice:
        arms = (*CONTROLS, ORCH, *INGREDIENTS.values())
        rows = [
            {"arm": arm, "run": run, "replication": run, "cost": cost} | dict(more or {})
            for arm in arms
            for run, cost in enumerate(costs.get(arm, costs[ORCH]))
        ]
        empty = pd.DataFrame()
        found = Comparison(
            chain, dict.fromkeys(arms, chain), "none", 5, len(costs[ORCH]), pd.DataFrame(rows), empty, empty
        )
        place = dict(zip(NAMES, (2.0, 2.0, 1.5, 1.0, 0.3, 10.0), strict=True))
        return Advice(found, place, **changed)

    return make
