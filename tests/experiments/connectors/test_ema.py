from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.connectors.ema import ema_model, python_name, run_axis_evaluator
from ripieno.model.api import simulate
from ripieno.model.schema import Scenario, with_values

UNCERTAINTIES = {"markets.Town.demand_factor": (0.5, 1.5)}
LEVERS = {"warehouses.Shop.policy.level": (20.0, 60.0), "lanes.Source->Depot.travel_time": (1, 3)}


@pytest.fixture
def workbench() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parallel back-ends that are not installed, and of its own libraries
        yield pytest.importorskip("ema_workbench")


@pytest.fixture
def model(workbench: Any, scenario: Scenario) -> Any:
    return ema_model(scenario, UNCERTAINTIES, LEVERS, ["cost", "fill_rate"], replications=2, seed=3)


def test_the_model_declares_parameters_and_outcomes(model: Any) -> None:
    assert [parameter.name for parameter in model.uncertainties] == ["markets_Town_demand_factor"]
    levers = {parameter.name: parameter for parameter in model.levers}
    assert set(levers) == {python_name(key) for key in LEVERS}
    assert type(levers["lanes_Source_Depot_travel_time"]).__name__ == "IntegerParameter"
    assert [outcome.name for outcome in model.outcomes] == ["cost", "fill_rate"]


def test_experiments_side_by_side_are_those_run_alone(model: Any, scenario: Scenario) -> None:
    with run_axis_evaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=4, policies=3)
    assert len(experiments) == 12
    keys = UNCERTAINTIES | LEVERS
    for row in (0, 7, 11):
        values = {key: experiments.iloc[row][python_name(key)] for key in keys}
        values = {key: int(v) if "travel_time" in key else float(v) for key, v in values.items()}
        alone = simulate(with_values(scenario, values), runs=2, seed=3).summary
        assert outcomes["cost"][row] == alone["cost"].mean()
        assert outcomes["fill_rate"][row] == alone["fill_rate"].mean()


def test_all_experiments_run_in_one_batch(model: Any) -> None:
    sizes: list[int] = []
    inner = model.function._run

    def noted(points: list[tuple[float, ...]]) -> Any:
        sizes.append(len(points))
        return inner(points)

    model.function._run = noted
    with run_axis_evaluator(model) as evaluator:
        evaluator.perform_experiments(scenarios=5, policies=2)
    assert sizes == [10]


def test_the_workbenchs_own_evaluator_gives_the_same(workbench: Any, model: Any) -> None:
    sampled: dict[str, Any] = {}
    with run_axis_evaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=3)
    factors = experiments["markets_Town_demand_factor"].to_numpy(dtype=float)
    for factor, cost in zip(factors, outcomes["cost"], strict=True):
        sampled = {"markets.Town.demand_factor": float(factor)}
        assert model.function(**sampled)["cost"] == cost
    with workbench.SequentialEvaluator(model) as evaluator:
        _, own = evaluator.perform_experiments(scenarios=2)
    assert np.isfinite(own["cost"]).all()


def test_without_policies_the_levers_stay_where_the_scenario_has_them(model: Any, scenario: Scenario) -> None:
    found = model.function(**{"markets.Town.demand_factor": 1.0})
    assert found["cost"] == simulate(scenario, runs=2, seed=3).summary["cost"].mean()


def test_a_key_in_both_roles_is_refused(workbench: Any, scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="an uncertainty and a lever"):
        ema_model(scenario, UNCERTAINTIES, UNCERTAINTIES, ["cost"])


def test_other_models_are_refused(workbench: Any) -> None:
    with pytest.raises(TypeError, match="made by ema_model"):
        run_axis_evaluator(workbench.Model("other", function=len))


def test_without_the_library_the_cure_is_named(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(ImportError, match=r'pip install "ripieno\[ema\]"'):
        ema_model(scenario, UNCERTAINTIES, LEVERS, ["cost"])
