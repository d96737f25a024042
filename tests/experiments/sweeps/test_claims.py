"""The table of verdicts: from full runs alone, one line a claim, corrected over all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.statistics import holm, paired_table
from ripieno.experiments.sweeps import Options, Store, Study, StudyError, merge, run_study
from ripieno.experiments.sweeps.claims import effect_of, markdown, verdicts, write_verdicts
from ripieno.experiments.sweeps.cli import app
from ripieno.experiments.sweeps.judging import judge_predictions
from ripieno.experiments.sweeps.merging import Merged, table_hash
from ripieno.experiments.sweeps.opening import plan_of
from typer.testing import CliRunner

Make = Callable[..., Study]
DEAR = {"claim": "C2 dear", "metric": "cost", "arm": "dear", "expected": "higher"}
LEAN = {"claim": "C10 lean", "metric": "cost", "arm": "lean", "expected": "lower"}
ARMS = {"none": {}, "dear": {"warehouses.W.holding_cost": 3.0}, "lean": {"warehouses.W.policy.level": 15.0}}


def run(make_study: Make, folder: Path, *predictions: dict[str, Any], **changed: Any) -> Path:
    table: dict[str, Any] = {
        "name": folder.name,
        "metrics": ["cost"],
        "arms": ARMS,
        "parameters": {"warehouses.W.backlog_cost": {"values": [1.0, 2.0, 3.0, 4.0, 20.0, 25.0, 30.0, 60.0]}},
        "predictions": list(predictions),
        "replications": 128,
    }
    run_study(make_study(**(table | changed)), folder, Options(quiet=True))
    return folder


def test_one_line_a_claim_in_the_order_people_count(tmp_path: Path, make_study: Make) -> None:
    run(make_study, tmp_path / "full", LEAN, DEAR | {"claim": None})
    run(make_study, tmp_path / "other", DEAR)
    table = verdicts([tmp_path]).set_index("claim")
    assert list(table.index) == ["C2 dear", "C10 lean"]
    dear, lean = table.loc["C2 dear"], table.loc["C10 lean"]
    assert (dear["verdict"], dear["share"], dear["points"], dear["runs"]) == ("supported", 1.0, 8, 2 * 8 * 128)
    # Little stock is cheaper where a shortage costs little, and the table says where.
    assert lean["verdict"] == "only here"
    assert lean["where"].startswith("warehouses.W.backlog_cost <= ")
    assert lean["where"].endswith("else 0%")
    low = paired_table(merge(Store.open(tmp_path / "full")).frame, ["cost"], "none").query("arm == 'lean'")["low"]
    assert (dear["contrary"], lean["contrary"]) == (0, (low > 0).sum())
    assert lean["contrary"] > 0
    np.testing.assert_array_equal(table["p_holm"], holm(table["p"].to_numpy()))
    assert dear["effect_low"] < dear["effect"] < dear["effect_high"]
    paths = write_verdicts(table.reset_index(), tmp_path / "out")
    assert [path.name for path in paths] == ["verdicts.csv", "verdicts.md"]
    assert pd.read_csv(paths[0])["claim"].tolist() == list(table.index)
    assert paths[1].read_text(encoding="utf-8") == markdown(table.reset_index())
    assert "| C2 dear | other | 8 | 100 %" in markdown(table.reset_index())


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"quick": True}, "quick version"), ({"replications": 127}, "127 replications, fewer than 128")],
)
def test_no_verdict_from_less_than_a_full_run(
    tmp_path: Path, make_study: Make, changed: dict[str, Any], why: str
) -> None:
    row = verdicts([run(make_study, tmp_path / "s", DEAR, **changed)]).iloc[0]
    assert (row["verdict"], row["where"]) == ("no verdict", why)
    assert np.isnan(row["p_holm"])


def test_an_unfinished_study_has_no_verdict(tmp_path: Path, make_study: Make) -> None:
    run(make_study, tmp_path / "t", DEAR, replications=128)
    study_file = (tmp_path / "t" / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "t" / "study.toml").write_text(study_file.replace("number = 128", "number = 130"), encoding="utf-8")
    assert verdicts([tmp_path / "t"]).iloc[0][["verdict", "where"]].tolist() == ["no verdict", "unfinished"]


def test_studies_that_decide_no_claim_are_refused(tmp_path: Path, make_study: Make) -> None:
    with pytest.raises(StudyError, match="no study here decides a claim"):
        verdicts([run(make_study, tmp_path / "s", parameters={}, replications=2)])


def test_a_single_setting_supports_nothing_beyond_itself(tmp_path: Path, make_study: Make) -> None:
    row = verdicts([run(make_study, tmp_path / "s", DEAR, parameters={})]).iloc[0]
    assert (row["verdict"], row["where"]) == ("only here", "at its one setting")


def test_two_studies_of_one_claim_are_refused(tmp_path: Path, make_study: Make) -> None:
    for name in ("a", "b"):
        run(make_study, tmp_path / name, DEAR, parameters={}, replications=2)
    with pytest.raises(StudyError, match="claim C2 dear is decided by a as well; name one of the two"):
        verdicts([tmp_path])
    with pytest.raises(StudyError, match="holds no study"):
        verdicts([tmp_path / "c"])


def effect(make_study: Make, prediction: dict[str, Any], costs: dict[str, np.ndarray]) -> tuple[float, float]:
    """The effect and p of a prediction on invented costs ``[points, replications]`` of each arm."""
    rows = [
        (point, arm, r, value, value / 2)
        for arm, values in costs.items()
        for point, row in enumerate(values)
        for r, value in enumerate(row)
    ]
    frame = pd.DataFrame(rows, columns=["point", "arm", "replication", "cost", "a.cost"])
    study = make_study(arms={arm: {} for arm in costs}, predictions=[{"metric": "cost"} | prediction], parameters={})
    merged = Merged(frame, ["cost"], 0, 0, np.zeros(len(frame), dtype=np.int64), [""] * len(frame))
    found, p = effect_of(judge_predictions(study, merged)[0], frame)
    return found.estimate, p


def test_an_effect_is_the_mean_of_shares_over_points_and_its_test_has_the_run_as_unit(make_study: Make) -> None:
    from scipy.stats import ttest_1samp

    none = np.array([[100.0, 100.0, 100.0], [10.0, 10.0, 10.0]])
    costs = {"none": none, "dear": none * np.array([[1.1, 1.2, 1.3], [1.0, 1.1, 1.3]])}
    estimate, p = effect(make_study, {"arm": "dear", "expected": "higher"}, costs)
    means = np.array([0.05, 0.15, 0.3])
    assert estimate == pytest.approx(means.mean())
    assert p == pytest.approx(ttest_1samp(means, 0.0, alternative="greater").pvalue)
    assert effect(make_study, {"arm": "dear", "expected": "lower"}, costs)[1] == pytest.approx(1 - p)
    slack = {"arm": "dear", "expected": "not-higher", "tolerance": 0.4}
    expected = ttest_1samp(means, 0.4, alternative="less").pvalue
    assert effect(make_study, slack, costs)[1] == pytest.approx(expected)
    both = max(expected, ttest_1samp(means, -0.4, alternative="greater").pvalue)
    assert effect(make_study, slack | {"expected": "equivalent"}, costs)[1] == pytest.approx(both)


def test_the_effect_on_many_metrics_is_the_share_that_moved(make_study: Make) -> None:
    none = np.array([[100.0, 100.0, 100.0]])
    costs = {"none": none, "dear": np.array([[110.0, 110.0, 90.0]])}
    prediction = {"metric": "*cost", "arm": "dear", "expected": "higher", "quorum": 0.5}
    assert effect(make_study, prediction, costs)[0] == pytest.approx(2 / 3)


def test_a_metric_that_a_point_does_not_have_says_nothing_there(make_study: Make) -> None:
    """Networks have other owners: those of one are missing at the points of another, which is no contrary move."""
    missing = np.full((1, 3), np.nan)
    costs = {
        "none": np.concatenate([np.array([[100.0, 100.0, 100.0]]), missing]),
        "dear": np.concatenate([np.array([[110.0, 110.0, 90.0]]), missing]),
    }
    prediction = {"metric": "*cost", "arm": "dear", "expected": "higher", "quorum": 0.5}
    assert effect(make_study, prediction, costs)[0] == pytest.approx(2 / 3)


def test_the_command_prints_and_writes(tmp_path: Path, make_study: Make) -> None:
    run(make_study, tmp_path / "s", DEAR, parameters={}, replications=2)
    result = CliRunner().invoke(app, ["verdicts", str(tmp_path / "s"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "C2 dear" in result.output
    assert (tmp_path / "out" / "verdicts.csv").is_file()


def test_a_table_grows_by_what_is_run_later(tmp_path: Path, make_study: Make) -> None:
    """Rows of a table written before stay, those of a study that is there again are replaced, and p is corrected."""
    run(make_study, tmp_path / "in" / "full", DEAR)
    run(make_study, tmp_path / "late" / "other", LEAN, LEAN | {"claim": "C11", "arm": "dear"})
    both = verdicts([tmp_path / "in", tmp_path / "late"])
    write_verdicts(verdicts([tmp_path / "in"]), tmp_path / "out")
    grown = verdicts([tmp_path / "out" / "verdicts.csv", tmp_path / "late"])
    pd.testing.assert_frame_equal(grown, both)
    write_verdicts(grown, tmp_path / "out")
    again = verdicts([tmp_path / "out" / "verdicts.csv", tmp_path / "late"])
    assert markdown(again) == markdown(both)
    renamed = run(make_study, tmp_path / "anew" / "other", LEAN | {"claim": "C10 new"})
    kept = verdicts([tmp_path / "out" / "verdicts.csv", renamed])
    assert kept["claim"].tolist() == ["C2 dear", "C10 new"]


def test_the_points_of_each_study_are_written_with_their_provenance(tmp_path: Path, make_study: Make) -> None:
    run(make_study, tmp_path / "in" / "full", DEAR, LEAN | {"claim": None}, replications=4)
    out = tmp_path / "out"
    told = CliRunner().invoke(app, ["verdicts", str(tmp_path / "in"), "-o", str(out), "--points", str(out)])
    assert told.exit_code == 0, told.output
    table = pd.read_csv(out / "full.csv")
    store = Store(tmp_path / "in" / "full")
    merged = merge(store, plan_of(store))
    judged = judge_predictions(plan_of(store).prepared.study, merged)
    assert len(table) == 2 * 8
    for one in judged:
        rows = table[table["prediction"] == one.sentence]
        np.testing.assert_allclose(rows["estimate"], one.rows["estimate"], rtol=1e-8)
        assert rows["came"].tolist() == one.rows["came"].tolist()
        assert rows["warehouses.W.backlog_cost"].tolist() == [1.0, 2.0, 3.0, 4.0, 20.0, 25.0, 30.0, 60.0]
    made = json.loads((out / "full.json").read_text(encoding="utf-8"))
    assert made["table hash"] == table_hash(merged.frame)
    assert made["runs"] == 3 * 8 * 4


@pytest.mark.parametrize("text", ["", "claim,study\nC1,nodes\n"])
def test_what_is_no_table_of_verdicts_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "verdicts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="table of verdicts"):
        verdicts([tmp_path / "verdicts.csv"])
