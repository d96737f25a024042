"""W1 in the engine and in plain Mesa are the same chain: the same numbers for the same demand."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.bench import scalar_w1
from ripieno.model.api import run_batch
from ripieno.model.result import Result
from ripieno.model.schema import load, with_values

PERIODS = 300


@pytest.fixture(scope="module")
def result() -> Result:
    scenario = with_values(load("w1"), {"periods": PERIODS})
    return run_batch([scenario], [(0, 0), (0, 7)], 3, series=True)


def demand_of(result: Result, run: int) -> list[float]:
    """The demand that the engine drew, period by period."""
    series = result.series
    assert series is not None
    rows = series[(series.run == run) & (series.agent == "Market") & (series["quantity"] == "demanded")]
    return [float(value) for value in rows.sort_values("period")["value"]]


@pytest.mark.parametrize("run", [0, 1])
def test_the_engine_agrees_with_the_scalar_chain(result: Result, run: int) -> None:
    demand = demand_of(result, run)
    assert len(demand) == PERIODS
    chain = scalar_w1.run(PERIODS, demand=demand)
    agents = result.agents[result.agents.run == run].set_index(["agent", "metric"])["value"]
    for number, stage in enumerate(chain.stages, 1):
        name = f"Stage{number}"
        assert agents[name, "cost"] == pytest.approx(stage.cost / PERIODS, rel=1e-9)
        assert agents[name, "bullwhip_day"] == pytest.approx(stage.bullwhip, rel=1e-9)
        assert agents[name, "net_stock_amplification_day"] == pytest.approx(stage.amplification, rel=1e-9)


def test_the_scalar_chain_draws_what_the_scenario_says() -> None:
    chain = scalar_w1.run(4_000, seed=5)
    mean, square = (total / chain.stages[0].periods for total in chain.stages[0].demand_sums)
    assert mean == pytest.approx(scalar_w1.MEAN, abs=4 * scalar_w1.DEVIATION / np.sqrt(4_000))
    assert np.sqrt(square - mean**2) == pytest.approx(scalar_w1.DEVIATION, rel=0.05)
