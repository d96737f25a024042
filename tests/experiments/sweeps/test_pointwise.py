from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.sweeps.findings import Findings
from ripieno.experiments.sweeps.judging import Judged
from ripieno.experiments.sweeps.merging import merge
from ripieno.experiments.sweeps.opening import plan_of
from ripieno.experiments.sweeps.pointwise import point_names, relative
from ripieno.experiments.sweeps.reporting import write_report
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.visualization import figures

Make = Callable[..., Study]
HIGHER = {"metric": "cost", "arm": "dear", "expected": "higher"}


@pytest.fixture
def finished(tmp_path: Path, make_study: Make) -> Callable[..., Store]:
    """A small study that has been run with these predictions."""

    def make(*predictions: dict[str, Any], **changed: Any) -> Store:
        run_study(make_study(predictions=list(predictions), **changed), tmp_path / "s", Options(quiet=True))
        return Store.open(tmp_path / "s")

    return make


def judged(store: Store) -> tuple[Judged, pd.DataFrame]:
    findings = Findings(store, plan_of(store), merge(store))
    return findings.judged[0], findings.merged.frame


def test_a_difference_is_drawn_as_a_share_of_the_mean_of_the_arm_compared_with(finished: Callable[..., Store]) -> None:
    one, runs = judged(finished(HIGHER))
    rows = relative(one, runs)
    assert rows is not None
    means = runs.pivot_table(index="point", columns="arm", values="cost").loc[rows["point"]]
    assert np.allclose(rows["estimate"], 100 * (means["dear"] / means["none"] - 1))
    shrunk = (rows["high"] - rows["low"]) / (one.rows["high"] - one.rows["low"])
    assert np.allclose(shrunk, 100 / means["none"])


def test_of_a_difference_of_arms_the_first_one_is_the_whole(finished: Callable[..., Store]) -> None:
    arms = {name: {"warehouses.W.holding_cost": cost} for name, cost in {"a": 1.0, "b": 2.0, "c": 3.0}.items()}
    gain = {"metric": "cost", "arm": "c - a", "against": "b - a", "expected": "higher"}
    one, runs = judged(finished(gain, arms=arms, comparison={"control": "a"}))
    rows = relative(one, runs)
    assert rows is not None
    means = runs.pivot_table(index="point", columns="arm", values="cost").loc[rows["point"]]
    assert np.allclose(rows["estimate"], 100 * (means["c"] - means["b"]) / means["b"])


@pytest.mark.parametrize(("expected", "zones"), [("equivalent", 1), ("not-higher", 0), ("higher", 0)])
def test_only_equivalence_has_a_zone(
    finished: Callable[..., Store], monkeypatch: pytest.MonkeyPatch, expected: str, zones: int
) -> None:
    margins: list[float | None] = []
    draw = figures.paired_dots

    def noted(table: pd.DataFrame, label: str, unit: str, margin: float | None = None, **how: Any) -> Any:
        margins.append(margin)
        return draw(table, label, unit, margin=margin, **how)

    monkeypatch.setattr(figures, "paired_dots", noted)
    tolerance = {} if expected == "higher" else {"tolerance": 0.05}
    write_report(finished(HIGHER | {"expected": expected} | tolerance))
    assert [margin for margin in margins if margin] == zones * [pytest.approx(5.0)]


def test_a_share_of_nothing_is_not_drawn(finished: Callable[..., Store]) -> None:
    one, runs = judged(finished(HIGHER))
    assert relative(one, runs.assign(cost=runs["cost"].where(runs["arm"] != "none", 0.0))) is None


def test_points_are_called_by_what_differs() -> None:
    table = pd.DataFrame({"point": [0, 4], "level": [5.0, 7.5], "network": ["chain", "tree"], "calendar": [0, 0]})
    assert point_names(table, ["level", "calendar"]) == ["level 5", "level 7.5"]
    assert point_names(table, ["level", "network", "calendar"]) == ["point 0, network chain", "point 4, network tree"]
    assert point_names(table, ["calendar"]) == ["", ""]


@pytest.mark.parametrize(("claims", "drawn"), [((None, None), 2), (("C0", None), 1)])
def test_the_report_draws_what_decides_a_claim_or_else_all(
    finished: Callable[..., Store], claims: tuple[str | None, ...], drawn: int
) -> None:
    lower = HIGHER | {"expected": "lower"}
    store = finished(*({**one, "claim": claim} for one, claim in zip((HIGHER, lower), claims, strict=True)))
    text = write_report(store).read_text(encoding="utf-8").split("What came at every point", 2)[2]
    assert text.split("<h2", 1)[0].count("<figure>") == drawn


def test_levels_and_predictions_of_many_metrics_are_not_drawn(finished: Callable[..., Store]) -> None:
    level = {"metric": "cost", "arm": "dear", "expected": "at-least", "value": 1.0}
    many = {"metric": "*.cost", "arm": "dear", "expected": "higher"}
    assert "What came at every point" not in write_report(finished(level, many)).read_text(encoding="utf-8")
