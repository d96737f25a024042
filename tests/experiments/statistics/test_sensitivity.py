from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import morris_indices, sobol_indices

PROBLEM: dict[str, Any] = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
WEIGHTS = np.array([3.0, 2.0, 0.0])
# A sum of independent uniforms: the share of each in the variance, without interactions.
EXACT = WEIGHTS**2 / (WEIGHTS**2).sum()


def sobol_points(blocks: int = 256, second_order: bool = False) -> np.ndarray:
    from SALib.sample import sobol

    return np.asarray(sobol.sample(PROBLEM, blocks, calc_second_order=second_order, seed=5))


def by_index(table: pd.DataFrame, index: str) -> pd.DataFrame:
    return table[table["index"] == index].set_index("parameter")


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_a_sum(second_order: bool) -> None:
    values = sobol_points(512, second_order) @ WEIGHTS
    table = sobol_indices(PROBLEM, values, second_order=second_order)
    for index in ("S1", "ST"):
        rows = by_index(table, index)
        assert rows["estimate"].to_numpy() == pytest.approx(EXACT, abs=0.02)
        assert ((rows["low"] <= EXACT + 1e-9) & (rows["high"] >= EXACT - 1e-9)).all()
    assert np.isnan(table.attrs["noise_share"])
    both = table[table["index"] == "S2"]
    assert both["parameter"].tolist() == (["a, b", "a, c", "b, c"] if second_order else [])
    assert both["estimate"].to_numpy() == pytest.approx(0, abs=0.05)


def test_an_interaction_is_found_between_its_two_parameters() -> None:
    points = sobol_points(512, second_order=True)
    # (a - 1/2) (b - 1/2): all of the variance is the interaction's.
    table = sobol_indices(PROBLEM, (points[:, 0] - 0.5) * (points[:, 1] - 0.5), second_order=True, resamples=20)
    assert by_index(table, "S1")["estimate"].to_numpy() == pytest.approx(0, abs=0.06)
    assert by_index(table, "S2")["estimate"].to_dict() == pytest.approx({"a, b": 1, "a, c": 0, "b, c": 0}, abs=0.1)
    assert by_index(table, "ST")["estimate"].to_numpy() == pytest.approx([1, 1, 0], abs=0.05)


def test_replications_widen_the_intervals(rng: np.random.Generator) -> None:
    exact = sobol_points() @ WEIGHTS
    calm = sobol_indices(PROBLEM, exact[:, None] + rng.normal(0, 0.01, (len(exact), 8)))
    wild = sobol_indices(PROBLEM, exact[:, None] + rng.normal(0, 2, (len(exact), 8)))
    width = {name: (by_index(t, "S1")["high"] - by_index(t, "S1")["low"]) for name, t in (("c", calm), ("w", wild))}
    assert (width["w"] > 1.2 * width["c"]).all()
    assert calm.attrs["noise_share"] < 1e-3
    # Two thirds of the variance between points: 4 / 8 of noise beside 13 / 12 of signal.
    assert wild.attrs["noise_share"] == pytest.approx(0.5 / (0.5 + 13 / 12), rel=0.1)


def test_few_replications_that_disagree_give_a_wide_interval() -> None:
    points = sobol_points()
    # In one replication only a matters and in the other only b: resampling the design alone would not show it.
    values = np.stack([points[:, 0], points[:, 1]], axis=1)
    row = by_index(sobol_indices(PROBLEM, values), "S1").loc["a"]
    assert row["low"] < 0.05
    assert row["high"] > 0.95


def test_what_all_points_share_is_no_noise(rng: np.random.Generator) -> None:
    exact = sobol_points() @ WEIGHTS
    table = sobol_indices(PROBLEM, exact[:, None] + rng.normal(0, 50, 8))
    assert table.attrs["noise_share"] < 1e-9
    assert by_index(table, "ST")["estimate"].to_numpy() == pytest.approx(EXACT, abs=0.03)


def test_a_block_with_a_hole_is_left_out_and_counted(rng: np.random.Generator) -> None:
    values = (sobol_points() @ WEIGHTS)[:, None] + rng.normal(0, 0.1, (5 * 256, 3))
    whole = sobol_indices(PROBLEM, values[5:])
    values[2, 1] = np.nan
    holed = sobol_indices(PROBLEM, values)
    assert holed["missing"].tolist() == [1] * 6
    pd.testing.assert_series_equal(holed["estimate"], whole["estimate"])
    pd.testing.assert_series_equal(holed["low"], whole["low"])


def test_morris_effects_of_a_sum() -> None:
    from SALib.sample import morris

    points = np.asarray(morris.sample(PROBLEM, 20, seed=3))
    before = {key: list(value) if isinstance(value, list) else value for key, value in PROBLEM.items()}
    values = points @ WEIGHTS
    table = morris_indices(PROBLEM, points, values)
    assert before == PROBLEM
    for index in ("mu", "mu_star"):
        assert by_index(table, index)["estimate"].to_numpy() == pytest.approx(WEIGHTS)
    assert by_index(table, "sigma")["estimate"].to_numpy() == pytest.approx(0, abs=1e-9)
    product = morris_indices(PROBLEM, points, points[:, 0] * points[:, 1])
    assert (by_index(product, "sigma")["estimate"][["a", "b"]] > 0.1).all()
    values[0] = np.nan
    assert set(morris_indices(PROBLEM, points, values)["missing"]) == {1}


def test_intervals_are_drawn_from_the_seed_alone(rng: np.random.Generator) -> None:
    values = (sobol_points() @ WEIGHTS)[:, None] + rng.normal(0, 1, (5 * 256, 4))
    first = sobol_indices(PROBLEM, values, resamples=20)
    np.random.seed(99)  # noqa: NPY002 - the global generator must not matter
    pd.testing.assert_frame_equal(first, sobol_indices(PROBLEM, values, resamples=20))


def test_values_that_do_not_fit_the_design_are_refused() -> None:
    with pytest.raises(ValueError, match="blocks of 5 points"):
        sobol_indices(PROBLEM, np.ones(7))
    with pytest.raises(ValueError, match="1 complete blocks"):
        sobol_indices(PROBLEM, np.ones(5))


def test_a_constant_output_has_no_indices() -> None:
    assert sobol_indices(PROBLEM, np.ones(5 * 16))["estimate"].isna().all()
