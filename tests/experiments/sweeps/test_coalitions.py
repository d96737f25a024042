"""What each player adds: by hand with invented numbers, and on a small network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.sweeps import Options, Store, Study, merge, run_study
from ripieno.experiments.sweeps.coalitions import Coalitions, attributed
from ripieno.experiments.sweeps.errors import StudyError, valid
from ripieno.experiments.sweeps.published import write_points
from ripieno.experiments.sweeps.reading import prepare

SPREAD = np.array([-1.0, 0.0, 1.0])
THREE = Coalitions(players={"a": ["A"], "b": ["B"], "c": ["C"]})


def invented(worth: dict[str, float]) -> pd.DataFrame:
    """Three replications at one point; a coalition costs 100 and its worth more."""
    rows = [
        (0, THREE.name(code), r, 100.0 + worth.get(THREE.name(code), 0.0) + noise)
        for code in range(8)
        for r, noise in enumerate(SPREAD)
    ]
    return pd.DataFrame(rows, columns=["point", "arm", "replication", "cost"])


def test_values_of_a_game_worked_out_by_hand() -> None:
    # a alone 10, with b 30, with c 10, all 36; b and c alone nothing, together 6.
    worth = {"a": 10.0, "a+b": 30.0, "a+c": 10.0, "b+c": 6.0, "a+b+c": 36.0}
    table = attributed(THREE, invented(worth)).set_index("player")
    # a: (10 + 10 + (30 - 0) + (10 - 0) + 2 (36 - 6)) / 6 = 20, b: (0 + 0 + 20 + 6 + 2 (36 - 10)) / 6 = 13, c: 3.
    np.testing.assert_allclose(table["estimate"], [20.0, 13.0, 3.0, 36.0], rtol=1e-12)
    np.testing.assert_allclose(table["relative"], [0.2, 0.13, 0.03, 0.36], rtol=1e-12)
    # The noise of a replication is the same in all arms, so that it cancels.
    np.testing.assert_allclose(table["high"] - table["low"], 0.0, atol=1e-12)


def test_a_replication_without_a_coalition_is_left_out() -> None:
    runs = invented({"a": 5.0})
    runs = runs[~((runs["arm"] == "a+b") & (runs["replication"] == 1))]
    assert attributed(THREE, runs)["count"].tolist() == [2] * 4


def chain(**more: Any) -> dict[str, Any]:
    return {
        "name": "who",
        "scenario": "serial-owners",
        "metrics": ["cost"],
        "values": {"periods": 160, "warm_up": 60, "orchestration.first": 30, "orchestration.own.cadence": 20},
        "coalitions": {"players": {"stores": ["Store", "Depot"], "shop": ["Shop"], "haulier": ["Haulier"]}},
        "replications": 3,
    } | more


def test_the_values_add_up_to_what_all_do_together(tmp_path: Path) -> None:
    study = Study.model_validate(chain())
    assert list(study.arms) == [
        "nobody", "stores", "shop", "stores+shop", "haulier", "stores+haulier", "shop+haulier", "stores+shop+haulier",
    ]  # fmt: skip
    run_study(study, tmp_path / "s", Options(quiet=True))
    frame = merge(Store.open(tmp_path / "s")).frame
    assert study.coalitions is not None
    table = attributed(study.coalitions, frame).set_index("player")["estimate"]
    means = frame.groupby("arm")["cost"].mean()
    whole = means["stores+shop+haulier"] - means["nobody"]
    assert abs(whole) > 1.0
    assert table["all"] == pytest.approx(whole, rel=1e-12)
    assert table[["stores", "shop", "haulier"]].sum() == pytest.approx(whole, rel=1e-9)
    assert table.abs().min() > 0
    paths = write_points([tmp_path / "s"], tmp_path / "points")
    assert [path.name for path in paths] == ["who.csv", "who.json", "who-shapley.csv"]
    published = pd.read_csv(paths[-1]).set_index("player")["estimate"]
    assert published.to_numpy() == pytest.approx(table.to_numpy(), rel=1e-8)


def test_a_player_whom_a_scenario_lacks_decides_nothing_there() -> None:
    players = {"hub": ["Store", "Hub"], "shops": ["Shop", "Birch"], "parts": ["Parts"]}
    study = Study.model_validate(
        chain(
            scenarios={"chain": "serial-owners", "tree": "wide-tree"},
            parameters={"network": {"values": ["chain", "tree"], "keys": ["scenario"]}},
            coalitions={"players": players},
        )
    )
    prepared = prepare(study)
    assert prepared.arm_values["chain", "hub+parts"]["orchestration.levers"] == ["*.Store.*"]
    assert prepared.arm_values["tree", "hub+parts"]["orchestration.levers"] == ["*.Hub.*"]
    alone: dict[str, Any] = {"network": "tree"}
    assert prepared.overrides(alone, "parts") == prepared.overrides(alone, "nobody")


def test_a_study_with_coalitions_is_read_again_as_it_is() -> None:
    study = Study.model_validate(chain())
    assert valid(Study, study.table(), "again") == study


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"players": {"a": ["A"]}}, "players"),
        ({"players": {f"p{i}": ["A"] for i in range(9)}}, "each one doubles the arms"),
        ({"players": {"a+b": ["A"], "c": ["C"]}}, "cannot be the name of a player"),
        ({"players": {"a": [], "c": ["C"]}}, "has no agents"),
        ({"player": {}, "players": {"a": ["A"], "b": ["B"]}}, 'did you mean "players"'),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError, match=message) as refused:
        valid(Study, chain(coalitions=changed), "file")
    assert "coalitions" in str(refused.value)
