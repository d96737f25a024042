from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.connectors.evaluation import Evaluation
from ripieno.experiments.connectors.salib import SalibModel
from ripieno.experiments.statistics import sobol_indices
from ripieno.model.api import simulate
from ripieno.model.schema import Scenario, ScenarioError, with_values

RANGES = {"warehouses.Shop.policy.level": (20.0, 60.0), "markets.Town.demand_factor": (0.5, 1.5)}


def test_the_problem_is_salibs(scenario: Scenario) -> None:
    model = SalibModel(scenario, RANGES, ["cost"])
    assert model.problem == {
        "num_vars": 2,
        "names": list(RANGES),
        "bounds": [[20.0, 60.0], [0.5, 1.5]],
        "outputs": ["cost"],
    }
    model.problem["bounds"][0][0] = -1  # SALib writes into its problem
    assert model.problem["bounds"][0][0] == 20.0


def test_a_point_is_the_same_run_as_without_salib(scenario: Scenario) -> None:
    model = SalibModel(scenario, RANGES, ["cost", "fill_rate"], replications=3, seed=5)
    points = np.array([[20.0, 0.5], [35.5, 1.25]])
    runs = model.replicated(points)
    assert runs.shape == (2, 3, 2)
    for point, found in zip(points, runs, strict=True):
        alone = simulate(with_values(scenario, dict(zip(RANGES, point.tolist(), strict=True))), runs=3, seed=5).summary
        assert found.tolist() == alone[["cost", "fill_rate"]].to_numpy().tolist()
    assert model.evaluate(points).tolist() == runs.mean(axis=1).tolist()
    assert SalibModel(scenario, RANGES, ["cost"], 3, 5).evaluate(points).tolist() == runs[:, :, 0].mean(axis=1).tolist()


def test_chunks_do_not_change_a_bit(scenario: Scenario) -> None:
    points = np.random.Generator(np.random.PCG64(1)).uniform([20, 0.5], [60, 1.5], (11, 2))
    whole = Evaluation(scenario, RANGES, ("cost",), replications=2)(points)
    small = Evaluation(scenario, RANGES, ("cost",), replications=2, chunk=5)(points)
    assert whole.tobytes() == small.tobytes()


def test_whole_numbers_are_rounded(scenario: Scenario) -> None:
    key = "lanes.Source->Depot.travel_time"
    evaluation = Evaluation(scenario, {key: (1, 4)}, ("cost",))
    found = evaluation(np.array([[1.2], [1.0], [3.6]]))[:, 0, 0]
    assert found[0] == found[1]
    assert found[2] == simulate(with_values(scenario, {key: 4}), runs=1, seed=0).summary["cost"][0]


def test_sobol_finds_what_matters(scenario: Scenario) -> None:
    from SALib.sample import sobol

    ranges = RANGES | {"warehouses.Shop.holding_cost": (0.999, 1.001)}
    model = SalibModel(scenario, ranges, ["cost"], replications=4)
    points = sobol.sample(model.problem, 64, calc_second_order=False, seed=2)
    table = sobol_indices(model.problem, model.replicated(points)[:, :, 0], resamples=50)
    total = table[table["index"] == "ST"].set_index("parameter")["estimate"]
    assert total["warehouses.Shop.holding_cost"] < 0.01
    assert total["markets.Town.demand_factor"] > 0.2


def test_salibs_own_interface_works(scenario: Scenario) -> None:
    from SALib import ProblemSpec

    model = SalibModel(scenario, RANGES, ["cost"], replications=2)
    problem = ProblemSpec(model.problem)
    problem.sample_latin(64, seed=3)
    problem.evaluate(model.evaluate)
    problem.analyze_pawn(S=4, seed=1)
    assert set(problem.analysis["names"]) == set(RANGES)


def test_wrong_keys_and_ranges_are_refused_at_once(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="level"):
        SalibModel(scenario, {"warehouses.Shop.policy.levle": (1, 2)}, ["cost"])
    with pytest.raises(ScenarioError, match="holding_cost"):
        SalibModel(scenario, {"warehouses.Shop.holding_cost": (-1, 2)}, ["cost"])
    with pytest.raises(ValueError, match="has to rise"):
        SalibModel(scenario, {"warehouses.Shop.holding_cost": (2, 2)}, ["cost"])
    with pytest.raises(ValueError, match="are needed"):
        SalibModel(scenario, RANGES, [])
    with pytest.raises(ValueError, match=r"points are \[points, 2\]"):
        SalibModel(scenario, RANGES, ["cost"]).evaluate(np.ones((3, 1)))
    with pytest.raises(ValueError, match="did you mean 'fill_rate'"):
        SalibModel(scenario, RANGES, ["fil_rate"]).evaluate(np.array([[30.0, 1.0]]))
