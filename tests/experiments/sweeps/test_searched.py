"""The arm that is searched for: found once, kept in the folder, the same whoever searches."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ripieno.experiments import central
from ripieno.experiments.sweeps import Options, Store, Study, merge, run_study, searched
from ripieno.experiments.sweeps.merging import table_hash
from ripieno.experiments.sweeps.verification import verify

Make = Callable[..., Study]
SEARCH = {"replications": 4, "rounds": 2, "singles": 4}


@pytest.fixture
def study(make_study: Make) -> Study:
    scenario = dict(make_study().scenario) | {"periods": 80, "warm_up": 20}  # type: ignore[arg-type]
    dear = {"warehouses.W.backlog_cost": {"values": [2.0, 40.0]}}
    return make_study(
        scenario=scenario,
        parameters=dear,
        arms={"none": {}},
        metrics=["cost"],
        reference=SEARCH,
        replications=6,
    )


def made(study: Study, folder: Path, **options: Any) -> pd.DataFrame:
    run_study(study, folder, Options(quiet=True, **options))
    return merge(Store.open(folder)).frame


def test_the_best_setting_costs_less_at_every_point(tmp_path: Path, study: Study) -> None:
    means = made(study, tmp_path / "s").groupby(["point", "arm"])["cost"].mean().unstack()
    assert (means["central"] < means["none"]).all()
    found = [Store.open(tmp_path / "s").reference(path.stem) for path in sorted((tmp_path / "s/references").iterdir())]
    assert len(found) == 2
    assert found[0] is not None
    assert found[0]["settings"].keys() == {"warehouses.W.policy.level"}
    assert {k: found[0]["effort"][k] for k in SEARCH} == SEARCH


def test_the_size_of_chunks_changes_no_bit(tmp_path: Path, study: Study) -> None:
    first, second = (made(study, tmp_path / str(size), chunk_runs=size) for size in (1, 100))
    assert table_hash(first) == table_hash(second)


def test_what_was_found_is_not_searched_for_again(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(study, tmp_path / "s")
    for shard in (tmp_path / "s/shards").iterdir():
        shard.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(searched, "best_setting", lambda *_: pytest.fail("searched again"))
        assert table_hash(made(study, tmp_path / "s")) == table_hash(first)
        assert not verify(Store.open(tmp_path / "s"), 20).differences
    # Without it the search is made again and finds the same.
    shutil.rmtree(tmp_path / "s/references")
    shutil.rmtree(tmp_path / "s/shards")
    assert table_hash(made(study, tmp_path / "s")) == table_hash(first)


def test_arms_that_begin_at_the_best_setting_share_the_search(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made once for them and for ``central``, whichever of them runs first."""
    searches: list[int] = []
    search = central.best_setting

    def counted(*asked: Any) -> Any:
        searches.append(1)
        return search(*asked)

    monkeypatch.setattr(searched, "best_setting", counted)
    arms = {"none": {}, "there": {"orchestration.arm": "none"}, "opt": {"orchestration.arm": "opt"}}
    late = {"orchestration.first": 20}
    table = study.table() | {"values": late, "reference": SEARCH | {"starts": ["there", "opt"]}}
    means = []
    for name, order in (("s", arms), ("t", {"central": {"orchestration.arm": "central"}, **arms})):
        frame = made(Study.model_validate(table | {"arms": order}), tmp_path / name)
        means.append(frame.groupby(["point", "arm"])["cost"].mean().unstack().sort_index(axis=1))
    assert len(searches) == 4, "two points, two studies"
    pd.testing.assert_frame_equal(means[0], means[1])
    assert (means[0]["there"] == means[0]["central"]).all()
    assert (means[0]["none"] != means[0]["central"]).all()
    assert (means[0]["opt"] != means[0]["central"]).any(), "agents that plan move nothing: the test says little"
    assert not verify(Store.open(tmp_path / "s"), 20).differences


def test_an_arm_that_is_to_begin_at_the_best_setting_has_to_be_there(study: Study) -> None:
    with pytest.raises(ValueError, match="not an arm"):
        Study.model_validate(study.table() | {"reference": SEARCH | {"starts": ["nowhere"]}})


def test_an_arm_that_is_to_begin_at_the_best_setting_has_no_settings_of_its_own(study: Study) -> None:
    arms = {"there": {"orchestration.settings": {"warehouses.W.policy.level": 1.2}}}
    with pytest.raises(ValueError, match="to be searched for"):
        Study.model_validate(study.table() | {"arms": arms, "reference": SEARCH | {"starts": ["there"]}})


def test_another_effort_is_another_run(tmp_path: Path, study: Study, make_study: Make) -> None:
    from ripieno.experiments.sweeps.plan import make_plan
    from ripieno.experiments.sweeps.reading import prepare

    harder = Study.model_validate(study.table() | {"reference": SEARCH | {"rounds": 3}})
    keys = [
        {setting.key for setting in make_plan(prepare(one), [{"warehouses.W.backlog_cost": 2.0}]).settings}
        for one in (study, harder)
    ]
    assert len(keys[0] & keys[1]) == 1  # none stays the same run, central does not
    assert len(keys[0]) == 2


def test_a_study_may_be_extended_by_a_harder_search(tmp_path: Path, study: Study) -> None:
    """What is searched for anew takes the place of what was found before; no other run is made again."""
    from ripieno.experiments.sweeps.opening import open_study
    from ripieno.experiments.sweeps.runner import run_opened

    first = made(study, tmp_path / "s")
    harder = Study.model_validate(study.table() | {"reference": SEARCH | {"rounds": 3}})
    tally = run_opened(open_study(harder, tmp_path / "s", extending=True), Options(quiet=True))
    assert tally.added == 2 * 6  # central at both points
    frame = merge(Store.open(tmp_path / "s")).frame
    assert len(frame) == len(first)
    none = frame["arm"] == "none"
    pd.testing.assert_frame_equal(
        frame[none].drop(columns="run", errors="ignore").reset_index(drop=True),
        first[first["arm"] == "none"].drop(columns="run", errors="ignore").reset_index(drop=True),
    )


def test_a_search_that_fails_is_a_failure_of_its_runs(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("no best one")

    monkeypatch.setattr(searched, "best_setting", broken)
    frame = made(study, tmp_path / "s")
    assert set(frame["arm"]) == {"none"}
    assert len(Store.open(tmp_path / "s").failures()) == 12
