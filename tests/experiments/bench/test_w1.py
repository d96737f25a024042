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


def numbers_of(stage: scalar_w1.Stage) -> dict[str, float]:
    """The books of a stage, by the name of the engine's metric."""
    return {
        "stock": stage.stock_sum / PERIODS,
        "mean_backlog": stage.owed_sum / PERIODS,
        "cycle_service": 1.0 - stage.short_periods / PERIODS,
        "fill_rate": stage.fill_rate,
        "in_transit": stage.moving_sum / PERIODS,
        "mean_order": stage.order_sum / PERIODS,
        "order_variance_day": stage.order_variance,
        "bullwhip_day": stage.bullwhip,
        "net_stock_amplification_day": stage.amplification,
        "cost": stage.cost / PERIODS,
        "cost_holding": scalar_w1.HOLDING_COST * stage.stock_sum / PERIODS,
        "cost_backlog": scalar_w1.BACKLOG_COST * stage.owed_sum / PERIODS,
    }


@pytest.mark.parametrize("run", [0, 1])
def test_the_engine_agrees_with_the_scalar_chain(result: Result, run: int) -> None:
    demand = demand_of(result, run)
    assert len(demand) == PERIODS
    chain = scalar_w1.run(PERIODS, demand=demand)
    agents = result.agents[result.agents.run == run].set_index(["agent", "metric"])["value"]
    for number, stage in enumerate(chain.stages, 1):
        found = {name: agents[f"Stage{number}", name] for name in numbers_of(stage)}
        assert found == pytest.approx(numbers_of(stage), rel=1e-9)
    market = {"demand": chain.stages[0].demand_sum / PERIODS, "delivered": chain.delivered / PERIODS}
    market |= {"demand_variance_day": chain.stages[0].demand_variance, "fill_rate": chain.stages[0].fill_rate}
    assert {name: agents["Market", name] for name in market} == pytest.approx(market, rel=1e-9)


def test_the_chain_falls_short_now_and_then(result: Result) -> None:
    """Else backlogs and fill rates would agree whatever they are."""
    fill = result.agents[result.agents.metric == "fill_rate"]["value"]
    assert (fill < 1.0).any()


def test_the_scalar_chain_draws_what_the_scenario_says() -> None:
    chain = scalar_w1.run(4_000, seed=5)
    mean, square = (
        total / chain.stages[0].periods for total in (chain.stages[0].demand_sum, chain.stages[0].demand_squares)
    )
    assert mean == pytest.approx(scalar_w1.MEAN, abs=4 * scalar_w1.DEVIATION / np.sqrt(4_000))
    assert np.sqrt(square - mean**2) == pytest.approx(scalar_w1.DEVIATION, rel=0.05)
