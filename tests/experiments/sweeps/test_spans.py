from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ripieno.experiments.sweeps import Options, Store, Study, merge, run_study
from ripieno.experiments.sweeps.spans import BY_PART, TREND

Make = Callable[..., Study]


@pytest.fixture
def table(tmp_path: Path, make_study: Make) -> object:
    scenario = dict(make_study().scenario) | {"periods": 22, "warm_up": 2}  # type: ignore[arg-type]
    study = make_study(scenario=scenario, metrics=["cost", *BY_PART, TREND], replications=4)
    run_study(study, tmp_path / "s", Options(quiet=True))
    return merge(Store.open(tmp_path / "s")).frame


def test_the_parts_add_up_to_the_cost_of_the_run(table: object) -> None:
    parts = table[list(BY_PART)].to_numpy()  # type: ignore[index]
    np.testing.assert_allclose(parts.mean(axis=1), table["cost"], rtol=1e-12)  # type: ignore[index]
    assert np.ptp(parts, axis=1).min() > 0


def test_the_trend_is_the_last_part_less_the_first(table: object) -> None:
    np.testing.assert_array_equal(table[TREND], table[BY_PART[-1]] - table[BY_PART[0]])  # type: ignore[index]


def test_noting_the_parts_changes_no_run(tmp_path: Path, make_study: Make, table: object) -> None:
    scenario = dict(make_study().scenario) | {"periods": 22, "warm_up": 2}  # type: ignore[arg-type]
    run_study(make_study(scenario=scenario, metrics=["cost"], replications=4), tmp_path / "t", Options(quiet=True))
    np.testing.assert_array_equal(merge(Store.open(tmp_path / "t")).frame["cost"], table["cost"])  # type: ignore[index]
