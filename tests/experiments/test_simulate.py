"""`ripieno.simulate`, its pictures, and long simulations in chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.experiments import progress
from ripieno.experiments.pictures import echelon_bullwhip, effects, picture, site_costs
from ripieno.experiments.statistics import mean_interval
from ripieno.model.schema import Scenario, ScenarioError, with_values

LEVEL = "warehouses.Shop.policy.level"
WINDOW = "warehouses.Depot.policy.forecast.window"
CONSTANT = {"markets.Town.demand": {"type": "constant", "mean": 10.0}}


def test_runs_seed_and_periods_replace_those_of_the_scenario(world: Scenario) -> None:
    own = ripieno.simulate(world)
    assert (len(own.summary), own.seed, own.series) == (6, 3, None)
    other = ripieno.simulate(world, runs=2, seed=4, periods=20, series=True)
    assert (len(other.summary), other.seed, other.scenarios[0].periods) == (2, 4, 20)
    assert other.series is not None
    assert other.series["period"].max() == 19
    assert other.summary["demand"][0] != own.summary["demand"][0]
    with pytest.raises(ScenarioError, match="runs is 0"):
        ripieno.simulate(world, runs=0)


def test_chunks_do_not_change_a_bit(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = progress.simulate_with_progress(world, runs=7, series=True)
    monkeypatch.setattr(progress, "CHUNK", 3)
    parts = progress.simulate_with_progress(world, runs=7, series=True)
    pd.testing.assert_frame_equal(parts.summary, whole.summary, check_exact=True)
    keys: dict[str, list[str]] = {
        "agents": ["run", "agent", "metric"],
        "series": ["run", "period", "agent", "partner", "product", "quantity"],
    }
    for name, order in keys.items():
        first, second = (getattr(r, name).sort_values(order, ignore_index=True) for r in (parts, whole))
        pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert progress.simulate_with_progress(world, runs=7).series is None


def labels(figure: Any) -> str:
    texts = [axis.get_xlabel() + axis.get_ylabel() + axis.get_title(loc="left") for axis in figure.axes]
    return " | ".join([*texts, figure.get_supylabel()])


def test_one_scenario_is_drawn_as_its_bullwhip(world: Scenario) -> None:
    result = ripieno.simulate(world)
    table = echelon_bullwhip(result)
    assert table["echelon"].tolist() == ["1", "2"]
    runs = result.agents[(result.agents["agent"] == "echelon 2") & (result.agents["metric"] == "bullwhip_end_week")]
    expected = mean_interval(runs["value"].to_numpy(dtype=float))
    assert table[["estimate", "low", "high"]].to_numpy()[1].tolist() == pytest.approx(
        [expected.estimate, expected.low, expected.high]
    )
    figure: Any = result.plot()
    drawn = figure.axes[0].lines[1].get_ydata()
    assert drawn.tolist() == table["estimate"].tolist()
    assert "variance of outside demand" in labels(figure)


def test_a_single_run_has_no_interval_and_is_drawn(world: Scenario) -> None:
    result = ripieno.simulate(world, runs=1)
    assert echelon_bullwhip(result)["low"].isna().all()
    assert result.plot().axes


def test_without_variation_the_costs_are_drawn(world: Scenario) -> None:
    result = ripieno.simulate(with_values(world, CONSTANT))
    table = site_costs(result)
    total = table.groupby("arm")["value"].sum()
    assert total["Shop"] == pytest.approx(result.agent("Shop", "cost").mean())
    assert "cost (money per week)" in labels(result.plot())


def test_design_points_are_drawn_as_their_effects(world: Scenario) -> None:
    points = [with_values(world, {LEVEL: level, WINDOW: window}) for level in (20.0, 40.0) for window in (2, 6)]
    result = ripieno.simulate(points)
    figure = result.plot()
    assert "cost (money per week)" in labels(figure)
    assert len([axis for axis in figure.axes if axis.get_visible()]) == 2
    table = effects(result, "cost").set_index(["factor", "setting"])["estimate"]
    for level in (20.0, 40.0):
        assert table[LEVEL, level] == pytest.approx(result.summary.query(f"`{LEVEL}` == {level}")["cost"].mean())
    assert "fill rate (share)" in labels(result.plot("fill_rate"))
    with pytest.raises(ValueError, match=r"no column \['fil'\]"):
        result.plot("fil")


def test_design_points_that_differ_in_a_whole_part_are_told_apart(world: Scenario) -> None:
    other = with_values(world, {"warehouses.Shop.policy": {"type": "fixed-order", "quantity": 10.0}})
    table = effects(ripieno.simulate([world, other]), "cost")
    assert table["setting"].tolist() == ["base-stock", "fixed-order"]
    assert table["factor"].unique().tolist() == ["warehouses.Shop.policy.type"]
    assert picture(ripieno.simulate([world, other])).axes


def test_equal_points_have_no_effect(world: Scenario) -> None:
    with pytest.raises(ValueError, match="there is no effect"):
        ripieno.simulate([world, world]).plot()


def test_an_agent_is_asked_by_name(world: Scenario) -> None:
    result = ripieno.simulate(world)
    assert np.isfinite(result.agent("Shop", "stock")).all()
    with pytest.raises(LookupError, match="no metric 'stokc' of 'Shop'"):
        result.agent("Shop", "stokc")
