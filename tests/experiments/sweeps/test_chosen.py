"""Arms whose values are chosen at every design point: the best of the candidates, once, the same whoever looks."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.central import OTHER_SEED
from ripieno.experiments.sweeps import Options, Store, Study, chunks, merge, run_study
from ripieno.experiments.sweeps.choosing import choose
from ripieno.experiments.sweeps.chosen import MOST_CANDIDATES
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import table_hash
from ripieno.experiments.sweeps.opening import extended, open_study, plan_of
from ripieno.experiments.sweeps.plan import Setting
from ripieno.experiments.sweeps.reading import prepare
from ripieno.experiments.sweeps.reporting import write_report
from ripieno.experiments.sweeps.runner import run_opened
from ripieno.experiments.sweeps.verification import verify
from ripieno.model.api import run_batch

LEVEL, PENALTY = "warehouses.W.policy.level", "warehouses.W.backlog_cost"
LEVELS = [8.0, 14.0, 20.0, 26.0, 32.0]
Make = Callable[..., Study]
PARAMETERS = {
    "penalty": {"values": [2.0, 40.0], "keys": [PENALTY]},
    "size": {"values": [1.0, 1.5], "act": "scale", "keys": ["markets.M.demand.mean", LEVEL]},
}
CHEAP = {"metric": "cost", "replications": 5, "among": {LEVEL: LEVELS}}
SERVING = {"metric": "W.fill_rate", "best": "highest", "periods": 20, "among": [{LEVEL: 20.0}, {LEVEL: 14.0}]}


@pytest.fixture
def study(make_study: Make) -> Study:
    return studied(make_study)


def studied(make_study: Make, **changed: Any) -> Study:
    scenario = dict(make_study().scenario) | {"periods": 60, "warm_up": 20}  # type: ignore[arg-type]
    table: dict[str, Any] = {
        "scenario": scenario,
        "parameters": PARAMETERS,
        "arms": {"none": {}, "cheap": {"warehouses.W.holding_cost": 2.0}},
        "chosen": {"cheap": CHEAP, "serving": SERVING},
        "metrics": ["cost", "W.fill_rate"],
    }
    return make_study(**(table | changed))


def made(study: Study, folder: Path, **options: Any) -> pd.DataFrame:
    run_study(study, folder, Options(quiet=True, **options))
    return merge(Store.open(folder)).frame


def kept(folder: Path, arm: str) -> list[tuple[Setting, dict[str, Any]]]:
    """The settings of an arm, in the order of the points, with what was chosen for them."""
    store = Store.open(folder)
    plan = plan_of(store)
    settings = [plan.settings[i] for i in plan.setting_of[:, plan.arms.index(arm)]]
    return [(setting, store.reference(setting.key) or {}) for setting in settings]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The settings for which a choice is made from now on, those that are looked at together in a list."""
    asked: list[list[str]] = []

    def choosing(wanted: Mapping[str, Any], *others: Any) -> dict[str, dict[str, Any]]:
        asked.append(list(wanted))
        return choose(wanted, *others)

    monkeypatch.setattr(chunks, "choose", choosing)
    return asked


@pytest.mark.parametrize(("arm", "best"), [("cheap", np.argmin), ("serving", np.argmax)])
def test_the_best_candidate_is_chosen_on_other_random_numbers(
    tmp_path: Path, study: Study, arm: str, best: Callable[..., Any]
) -> None:
    """Every candidate is simulated here by hand, set in the scenario at its point."""
    made(study, tmp_path / "s")
    prepared, rule = prepare(study), study.chosen[arm]
    points = plan_of(Store.open(tmp_path / "s")).points
    for point, (_, found) in zip(points, kept(tmp_path / "s", arm), strict=True):
        means = []
        for candidate in rule.candidates:
            fixed = prepare(study.model_copy(update={"chosen": {}, "arms": {arm: study.arms[arm] | candidate}}))
            scenario = fixed.built(point, arm)
            if rule.periods:
                scenario = scenario.replaced(periods=rule.periods, warm_up=rule.periods // 2)
            pairs = [(0, i) for i in range(rule.replications)]
            result = run_batch([scenario], pairs, int(prepared.study.seed or 0) + OTHER_SEED)
            values = result.summary["cost"] if rule.metric == "cost" else result.agent("W", "fill_rate")
            means.append(float(values.to_numpy().mean()))
        assert found["means"] == means
        assert found["place"] == best(means)
    assert len({found["place"] for _, found in kept(tmp_path / "s", "cheap")}) > 1


def test_parameters_act_on_what_is_chosen(tmp_path: Path, study: Study) -> None:
    made(study, tmp_path / "s")
    points = plan_of(Store.open(tmp_path / "s")).points
    for point, (setting, found) in zip(points, kept(tmp_path / "s", "cheap"), strict=True):
        assert found["values"] == {LEVEL: LEVELS[found["place"]] * float(point["size"])}
        assert setting.overrides["warehouses.W.holding_cost"] == 2.0


def test_the_arm_runs_as_one_with_the_chosen_values(tmp_path: Path, study: Study) -> None:
    frame = made(study, tmp_path / "s")
    for number, (_, found) in enumerate(kept(tmp_path / "s", "cheap")):
        arms = {"fixed": study.arms["cheap"] | {LEVEL: LEVELS[found["place"]]}}
        fixed = study.model_copy(update={"chosen": {}, "arms": arms, "comparison": None})
        by_hand = made(fixed, tmp_path / str(number))
        columns = ["replication", "cost", "W.fill_rate"]
        at = [
            f[f["point"] == number][columns].reset_index(drop=True) for f in (frame[frame["arm"] == "cheap"], by_hand)
        ]
        pd.testing.assert_frame_equal(at[0], at[1], check_exact=True)


def test_neither_chunks_nor_company_change_a_choice(tmp_path: Path, study: Study) -> None:
    first, second = (made(study, tmp_path / str(size), chunk_runs=size) for size in (1, 1000))
    assert table_hash(first) == table_hash(second)
    one, other = ({path.name: path.read_text() for path in (tmp_path / f"{n}/references").iterdir()} for n in (1, 1000))
    assert one == other
    assert len(one) == 8


def test_settings_are_looked_at_together(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = noted(monkeypatch)
    made(study, tmp_path / "s", chunk_runs=30)  # five settings of six replications
    assert list(map(len, asked)) == [5, 3]


def test_what_was_chosen_is_not_looked_for_again(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(study, tmp_path / "s")
    for shard in (tmp_path / "s/shards").iterdir():
        shard.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(chunks, "choose", lambda *_: pytest.fail("looked for again"))
        assert table_hash(made(study, tmp_path / "s")) == table_hash(first)
        assert not verify(Store.open(tmp_path / "s"), 12).differences
        grown = extended(tmp_path / "s", replications=3)
        tally = run_opened(open_study(grown, tmp_path / "s", extending=True), Options(quiet=True))
        assert (tally.added, tally.failed) == (4 * 3 * 3, 0)
    # Without it the choice is made again, and is the same: also for one that is to be verified.
    shutil.rmtree(tmp_path / "s/references")
    assert not verify(Store.open(tmp_path / "s"), 10).differences


def test_only_what_is_missing_is_looked_for(tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made(study, tmp_path / "s")
    lost = [setting.key for setting, _ in kept(tmp_path / "s", "cheap")][1:3]
    for key in lost:
        (tmp_path / f"s/references/{key}.json").unlink()
    for shard in (tmp_path / "s/shards").iterdir():
        shard.unlink()
    asked = noted(monkeypatch)
    assert table_hash(made(study, tmp_path / "s", chunk_runs=7)) == table_hash(first)
    assert sorted(key for keys in asked for key in keys) == sorted(lost)


def test_a_metric_that_is_missing_for_all_is_a_failure_of_the_runs(tmp_path: Path, make_study: Make) -> None:
    idle = {"metric": "W.fill_rate", "replications": 2, "among": {LEVEL: [10.0, 20.0]}}
    scenario = dict(make_study().scenario)  # type: ignore[arg-type]
    scenario["markets"] = [{"name": "M", "sites": ["W"], "demand": {"type": "constant", "mean": 0.0}}]
    study = make_study(scenario=scenario, parameters=None, arms={"none": {}}, chosen={"idle": idle}, metrics=["cost"])
    frame = made(study, tmp_path / "s")
    assert set(frame["arm"]) == {"none"}
    failures = Store.open(tmp_path / "s").failures()
    assert len(failures) == 6
    assert "W.fill_rate is missing for every candidate; choose by another metric" in failures[0]["error"]


def test_of_equal_candidates_the_first_is_chosen(tmp_path: Path, make_study: Make) -> None:
    same = {"metric": "cost", "among": [{LEVEL: 12.0}, {LEVEL: 12.0}]}
    made(studied(make_study, chosen={"same": same}), tmp_path / "s")
    assert {found["place"] for _, found in kept(tmp_path / "s", "same")} == {0}


def test_several_scenarios_and_keys_for_many(tmp_path: Path, make_study: Make) -> None:
    one = dict(make_study().scenario)  # type: ignore[arg-type]
    two = json.loads(json.dumps(one).replace('"W"', '"V"'))
    study = studied(
        make_study,
        scenario=one,
        scenarios={"one": one, "two": two},
        parameters={"network": {"values": ["one", "two"], "keys": ["scenario"]}},
        arms={"none": {}},
        chosen={"cheap": CHEAP | {"among": {"warehouses.*.policy.level": LEVELS}}},
        metrics=["cost"],
    )
    frame = made(study, tmp_path / "s")
    assert [list(found["values"]) for _, found in kept(tmp_path / "s", "cheap")] == [[LEVEL], [LEVEL.replace("W", "V")]]
    costs = frame.pivot(index=["arm", "replication"], columns="point", values="cost")
    np.testing.assert_allclose(costs[0], costs[1])


def test_the_report_says_what_was_chosen(tmp_path: Path, make_study: Make) -> None:
    chosen = {"own": CHEAP | {"metric": "W.fill_rate", "best": "highest"}, "cheap": CHEAP}
    made(studied(make_study, chosen=chosen, arms={"none": {}}), tmp_path / "s")
    page = write_report(Store.open(tmp_path / "s")).read_text(encoding="utf-8")
    assert "What was chosen" in page
    assert "In cheap the candidate with the lowest mean of cost over 5 replications of its own" in page
    assert "at a point size act on them" in page
    own, cheap = ([found["place"] for _, found in kept(tmp_path / "s", arm)] for arm in chosen)
    apart = sum(a != b for a, b in zip(own, cheap, strict=True))
    assert f"own and cheap differ at {apart} of 4 design points." in page
    assert apart > 0
    cells = re.findall(rf">{LEVEL}</t[hd]>" + r"<td[^>]*>([^<]*)</td>" * 3, page)
    assert cells == [(f"{level:g}", str(own.count(i)), str(cheap.count(i))) for i, level in enumerate(LEVELS)]


def test_a_study_reads_back_as_it_was(study: Study) -> None:
    assert Study.model_validate(study.table()) == study
    assert list(study.arms) == ["none", "cheap", "serving"]
    nested = {"warehouses": {"W": {"policy": {"level": LEVELS}}}}
    again = Study.model_validate(study.table() | {"chosen": {"cheap": CHEAP | {"among": nested}}})
    assert again.chosen["cheap"] == study.chosen["cheap"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"among": {LEVEL: []}}, r"chosen.cheap.among.*level.*is empty"),
    ({"among": {}}, r"chosen.cheap.among.*is 1 candidates; give 1 to 200"),
    ({"among": []}, r"chosen.cheap.among.*is 0 candidates"),
    ({"among": {LEVEL: [[1.0]]}}, r"is not a number, text or truth value"),
    ({"among": [{LEVEL: 1.0}, {PENALTY: 1.0}]}, r"are tables with different keys"),
    ({"among": {LEVEL: [float(i) for i in range(MOST_CANDIDATES + 1)]}}, r"is 201 candidates"),
    ({"among": {"warehouses.W.polcy.level": [1.0]}}, r"chosen.cheap.among.*polcy.*policy"),
    ({"among": {"warehouses.*.nothing": [1.0]}}, r"chosen.cheap.among.warehouses.\*.nothing: stands for nothing"),
    ({"among": {LEVEL: ["high"]}}, r"chosen.cheap.among.*level.*high"),
    ({"among": {LEVEL: [5.0, "high"]}}, r"chosen.cheap.among, warehouses.W.policy.level = high"),
    ({"among": {PENALTY: [1.0]}}, r"parameters.penalty: sets what chosen.cheap chooses; vary it"),
    ({"among": {"warehouses.W.holding_cost": [1.0]}}, r"arms.cheap.warehouses.W.holding_cost: is chosen"),
    ({"among": {"warehouses.*.holding_cost": [1.0]}}, r"arms.cheap.warehouses.W.holding_cost: is chosen"),
    ({"metric": "W.fil_rate"}, r"chosen.cheap.metric: 'W.fil_rate' is not a metric of the scenario.*W.fill_rate"),
    ({"metric": "W.*"}, r"chosen.cheap.metric: 'W.\*' is not a metric"),
]


@pytest.mark.parametrize(("changed", "message"), REFUSED)
def test_what_cannot_be_chosen_is_refused_before_anything_is_written(
    tmp_path: Path, study: Study, changed: dict[str, Any], message: str
) -> None:
    from ripieno.experiments.sweeps.errors import valid

    table = study.table() | {"chosen": {"cheap": CHEAP | changed}}
    table["arms"] = {"none": {}, "cheap": {"warehouses.W.holding_cost": 2.0}}
    with pytest.raises(StudyError, match=message):
        open_study(valid(Study, table, "small.toml"), tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_candidate_is_tried_with_the_parameters_that_act_on_it(study: Study, tmp_path: Path) -> None:
    """The candidate and the parameter are fine, each alone."""
    shrink = {"values": [0, -3], "act": "shift", "keys": ["warehouses.W.orders.review_period"]}
    often = {"metric": "cost", "among": {"warehouses.W.orders.review_period": [2, 5]}}
    scenario = dict(study.scenario)  # type: ignore[arg-type]
    scenario["warehouses"] = [scenario["warehouses"][0] | {"orders": {"review_period": 7}}]
    table = study.table() | {"scenario": scenario, "parameters": {"shrink": shrink}, "chosen": {"often": often}}
    table["arms"] = {"none": {}}
    with pytest.raises(StudyError, match=r"chosen.often.among, .*review_period = 2, shrink = -3"):
        open_study(Study.model_validate(table), tmp_path / "s")
