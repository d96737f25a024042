"""The page about connectors: its code runs, and its example gives the figures that it states."""

from __future__ import annotations

import importlib.util
import re
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from ripieno.model.schema import Scenario

HOWTO = Path(__file__).parents[3] / "docs" / "howto"
PAGE = (HOWTO / "connectors.md").read_text(encoding="utf-8")

pytest.importorskip("gymnasium")


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("train_policy", HOWTO / "train_policy.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules["train_policy"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["train_policy"]


def test_the_code_of_the_page_runs() -> None:
    pytest.importorskip("pettingzoo")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # EMA Workbench warns of parallel back-ends that are not installed
        pytest.importorskip("ema_workbench")
        names: dict[str, Any] = {}
        for block in re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
            exec(compile(block, "connectors.md", "exec"), names)
    assert len(names["outcomes"]["cost"]) == 100
    assert set(names["table"]["index"]) == {"S1", "ST"}
    assert set(names["rewards"]) == {"Stage1", "Stage2"}


def test_base_stock_through_the_environment_is_the_scenarios_own(example: Any) -> None:
    from ripieno.model.api import simulate
    from ripieno.model.schema import with_values

    scenario = example.shop("lost", periods=80)
    found = example.costs(scenario, example.base_stock, np.array([[30.0], [34.0]]), np.array([0, 5]))
    assert found.shape == (2, 2)
    scenario = with_values(scenario, {"warm_up": example.WARM_UP})
    for level, row in zip((30.0, 34.0), found, strict=True):
        own = simulate(with_values(scenario, {"warehouses.Shop.policy.level": level}), runs=6, seed=example.SEED)
        assert row == pytest.approx(own.summary["cost"].to_numpy()[[0, 5]], rel=1e-12)
    wide = np.array([[30.0, 1.0, 1.0, 1e9]])
    assert example.costs(scenario, example.linear, wide, np.array([0, 5])).tolist() == [found[0].tolist()]


def test_a_short_training_learns_and_the_comparison_holds_runs_back(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    effort = example.Effort(candidates=20, generations=6, replications=8, test_runs=60)
    played: list[set[int]] = []
    costs = example.costs

    def noted(scenario: Scenario, rule: Any, thetas: Any, replications: Any) -> Any:
        played.append(set(replications.tolist()))
        return costs(scenario, rule, thetas, replications)

    monkeypatch.setattr(example, "costs", noted)
    outcome = example.compare("lost", effort, periods=150)
    *tuning, base, learnt = played
    assert base == learnt
    assert not base & set().union(*tuning)
    # Far off zero already: the rule has learnt to limit its orders.
    assert outcome.difference.high < 0
    assert outcome.difference.count == 60
    text = example.report("lost", outcome)
    assert f"base stock, level {outcome.level:g}" in text
    assert "60 held-out runs" in text


@pytest.mark.slow
def test_the_page_states_what_the_example_gives(example: Any) -> None:
    for case in ("lost", "backlog"):
        assert example.report(case, example.compare(case, example.Effort())) in PAGE
