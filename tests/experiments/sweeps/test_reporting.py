from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.reporting import write_report
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study

LEVEL = "warehouses.W.policy.level"
Make = Callable[..., Study]
PREDICTIONS: list[dict[str, Any]] = [
    {"metric": "cost", "expected": "higher", "why": "stock is dearer <there>"},
    {"metric": "cost", "arm": "none", "expected": "at-least", "value": "level / 10"},
]


@pytest.fixture
def page(tmp_path: Path, make_study: Make) -> Callable[..., str]:
    """The report of a study, as text."""

    def make(**changed: Any) -> str:
        run_study(make_study(**changed), tmp_path / "s", Options(quiet=True))
        return write_report(Store.open(tmp_path / "s")).read_text(encoding="utf-8")

    return make


def test_it_says_what_was_expected_and_what_came(page: Callable[..., str], tmp_path: Path) -> None:
    text = page(
        parameters={"level": {"values": [5.0, 15.0, 25.0, 35.0], "keys": [LEVEL]}},
        predictions=PREDICTIONS,
        metrics=["cost", "W.fill_rate"],
    )
    assert "cost in dear is higher, compared with none." in text
    assert "stock is dearer &lt;there&gt;" in text
    assert "cost in none is at least level / 10" in text
    assert len(re.findall(r'class="verdict".*?(supported|only here|not supported)\.', text)) == 2
    assert "money per day" in text
    assert table_hash(merge(Store.open(tmp_path / "s")).frame) in text
    assert text.count("<figure>") == 1 + 1 + 2 * 2


def test_it_says_what_was_run(page: Callable[..., str]) -> None:
    text = page(
        parameters={"level": {"low": 5.0, "high": 40.0, "log": True, "act": "set", "keys": [LEVEL]}},
        design={"type": "latin-hypercube", "points": 3},
        replications=4,
        predictions=[{"metric": "cost", "arm": "dear", "expected": "higher", "refuted": "it is not"}],
    )
    assert "3 design points of 1 network (" in text
    assert "2 arms, 4 replications of each at every point" in text
    assert "warehouses.W.holding_cost = 3.0" in text
    assert "5 to 40, evenly by ratio" in text
    assert f"<td>{LEVEL}</td>" in text
    assert "It would be refuted if: it is not." in text


def test_it_needs_nothing_from_outside(page: Callable[..., str]) -> None:
    text = page()
    assert not re.findall(r'(?:src|href)="(?!data:|#)', text)
    assert "<script" not in text


def test_the_same_folder_gives_the_same_bytes(page: Callable[..., str], tmp_path: Path) -> None:
    first = page(metrics=["cost"])
    write_report(Store.open(tmp_path / "s"), tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == first


def test_a_quick_study_says_so_and_gives_no_verdict(page: Callable[..., str]) -> None:
    text = page(predictions=PREDICTIONS[:1], metrics=["cost"], quick=True)
    assert "quick version" in text
    assert "no verdict." in text
    assert "supported" not in text


def test_unfinished_runs_are_mentioned(tmp_path: Path, make_study: Make) -> None:
    run_study(make_study(metrics=["cost"]), tmp_path / "s", Options(quiet=True, chunk_runs=12))
    Store.open(tmp_path / "s").shard_paths()[0].unlink()
    text = write_report(Store.open(tmp_path / "s")).read_text(encoding="utf-8")
    assert "12 runs of the study are not finished" in text


@pytest.mark.parametrize(
    ("design", "index"),
    [({"type": "saltelli", "samples": 4}, "ST"), ({"type": "morris", "trajectories": 3}, "mu_star")],
)
def test_a_design_for_indices_gets_its_indices(page: Callable[..., str], design: dict[str, Any], index: str) -> None:
    parameters = {LEVEL: {"low": 5.0, "high": 35.0}, "warehouses.W.backlog_cost": {"low": 1.0, "high": 9.0}}
    text = page(parameters=parameters, design=design, replications=2, metrics=["cost"])
    assert "Sensitivity" in text
    assert f"<td>{index}</td>" in text


def test_equivalence_is_counted_where_a_margin_is_given(page: Callable[..., str]) -> None:
    text = page(comparison={"control": "none", "metrics": ["fill_rate"], "equivalence": 0.02})
    assert "Equivalent: within 2 % of none" in text


def test_a_single_point_without_arms_is_fine(page: Callable[..., str]) -> None:
    text = page(parameters=None, arms=None, comparison=None, replications=3)
    assert "All means" in text


def test_a_folder_without_runs_is_refused(tmp_path: Path, make_study: Make) -> None:
    run_study(make_study(), tmp_path / "s", Options(quiet=True))
    for path in Store.open(tmp_path / "s").shard_paths():
        path.unlink()
    with pytest.raises(StudyError, match="has no finished runs to report"):
        write_report(Store.open(tmp_path / "s"))
    with pytest.raises(StudyError, match="there is no folder"):
        write_report(Store.open(tmp_path / "s"), tmp_path / "none" / "x.html")
