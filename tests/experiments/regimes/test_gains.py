from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.regimes.coordinates import NAMES, coordinates
from ripieno.experiments.regimes.gains import gains_of, paired_arms
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import merge
from ripieno.experiments.sweeps.reading import load_study, prepare
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.model.schema.world import plain

from .conftest import tiny_chain

ARM = "orchestration.arm"
ONE = {"warehouses.*.owner": "One"}
ARMS: dict[str, Any] = {
    "selfish-two": {ARM: "selfish"},
    "orch-two": {ARM: "orch"},
    "selfish-one": {ARM: "selfish", **ONE},
    "orch-one": {ARM: "orch", **ONE},
    "opt-two": {ARM: "opt"},
}
Run = Callable[..., Path]


def study(**changed: Any) -> Study:
    table: dict[str, Any] = {
        "name": "little",
        "scenario": plain(tiny_chain()),
        "metrics": ["cost"],
        "parameters": {"approvals": {"values": [0, 4, 8], "keys": ["orchestration.response.mean"]}},
        "replications": 3,
        "arms": ARMS,
        "comparison": {"control": "selfish-two"},
    }
    return Study.model_validate(table | changed)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a little study that was run."""
    folder = tmp_path_factory.mktemp("little") / "results"
    run_study(study(), folder, Options(quiet=True))
    return folder


def test_arms_are_paired_with_those_that_differ_in_who_decides_alone() -> None:
    assert paired_arms(prepare(study())) == [
        ("orch-two", "selfish-two", "selfish"),
        ("orch-two", "opt-two", "opt"),
        ("orch-one", "selfish-one", "selfish"),
    ]


def test_the_arm_called_orch_has_controls_called_as_their_kinds() -> None:
    arms = {"none": {ARM: "none"}, "selfish": {ARM: "selfish", "orchestration.cadence": 9}, "orch": {ARM: "orch"}}
    assert paired_arms(prepare(study(arms=arms, comparison=None))) == [("orch", "selfish", "selfish")]
    assert ("orch", "selfish", "selfish") in paired_arms(prepare(load_study("ingredients")))


def test_the_study_of_the_regimes_is_mapped_for_many_owners_and_for_one() -> None:
    assert paired_arms(prepare(load_study("regimes"))) == [
        ("orch-many", "selfish-many", "selfish"),
        ("orch-many", "opt-many", "opt"),
        ("orch-one", "selfish-one", "selfish"),
    ]


def test_gains_are_what_the_control_costs_more(results: Path) -> None:
    found = gains_of(results)
    assert found.period == "day"
    assert len(found.table) == 3 * 3
    runs = merge(Store.open(results)).frame.set_index(["point", "arm", "replication"])["cost"].sort_index()
    for _, row in found.table.iterrows():
        control, arm = (runs.loc[(row["point"], name)] for name in (row["control"], row["arm"]))
        assert row["estimate"] == pytest.approx((control - arm).mean())
        assert row["control_mean"] == pytest.approx(control.mean())
        assert row["relative"] == pytest.approx((control - arm).mean() / control.mean())
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["relative_low"] == pytest.approx(row["low"] / control.mean())
        assert np.isnan(row["fees"])  # the study does not keep what agreements cost


def test_every_row_stands_at_the_place_of_its_own_world(results: Path) -> None:
    table = gains_of(results).table
    assert table.groupby("arm")["owners"].unique().map(list).to_dict() == {"orch-two": [2.0], "orch-one": [1.0]}
    assert table.groupby("point")["decision_path"].unique().map(list).to_list() == [[10.0], [14.0], [18.0]]
    here = coordinates(tiny_chain())
    same = table[(table["point"] == 0) & (table["arm"] == "orch-two")].iloc[0]
    assert [same[name] for name in NAMES] == pytest.approx([here[name] for name in NAMES])


def test_rows_of_one_kind_of_control(results: Path) -> None:
    found = gains_of(results)
    assert set(found.against("opt")["control"]) == {"opt-two"}
    with pytest.raises(StudyError, match="no orchestrated arm has a control of the kind none; it has selfish, opt"):
        found.against("none")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"arms": {"opt": {ARM: "opt"}, "none": {ARM: "none"}}, "comparison": None}, "a map needs an arm with"),
        ({"metrics": ["fill_rate"]}, "keeps no cost"),
        ({"replications": 1}, "no design point has two runs"),
    ],
)
def test_a_study_that_cannot_be_mapped_is_refused(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    small = {"parameters": {}, "arms": {"selfish": {ARM: "selfish"}, "orch": {ARM: "orch"}}, "comparison": None}
    run_study(study(**(small | changed)), tmp_path / "s", Options(quiet=True))
    with pytest.raises(StudyError, match=message):
        gains_of(tmp_path / "s")


def test_what_agreements_cost_is_shown_and_is_in_the_cost(tmp_path: Path) -> None:
    fees = {"values": [0.0, 3.0], "keys": ["orchestration.overhead"]}
    arms = {"selfish": {ARM: "selfish"}, "orch": {ARM: "orch"}}
    changed = study(parameters={"fee": fees}, arms=arms, metrics=[], comparison=None)
    run_study(changed, tmp_path / "s", Options(quiet=True))
    found = gains_of(tmp_path / "s").table.set_index("point")["fees"]
    assert found[0] == 0
    assert 0 < found[1] < 1
    runs = merge(Store.open(tmp_path / "s")).frame
    charged = runs[(runs["point"] == 1) & (runs["arm"] == "orch")]["cost_orchestration"].mean()
    base = runs[(runs["point"] == 1) & (runs["arm"] == "selfish")]["cost"].mean()
    assert found[1] == pytest.approx(charged / base)
    assert np.isfinite(found).all()
