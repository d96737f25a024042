from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from ripieno.__main__ import main
from ripieno.experiments.regimes.ingredients import INGREDIENTS
from ripieno.experiments.regimes.regime_map import dumps_map, make_map, read_map
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.model.schema import Scenario, dumps_toml, load

from .conftest import MakeGains
from .test_gains import study


def call(*arguments: str | Path) -> int:
    """The exit code of the command line."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map") / "results"
    approvals = {"values": list(range(10)), "keys": ["orchestration.response.mean"]}
    run_study(study(parameters={"approvals": approvals}, replications=2), folder, Options(quiet=True))
    return folder


@pytest.fixture
def world(chain: Scenario, tmp_path: Path) -> Path:
    path = tmp_path / "chain.toml"
    path.write_text(dumps_toml(chain), encoding="utf-8")
    return path


def test_a_study_becomes_a_map(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("regimes", results, "-o", tmp_path / "map", "--overhead", "0.01") == 0
    printed = capsys.readouterr().out
    assert "of left-out points; always saying the same:" in printed
    assert f"wrote {tmp_path / 'map' / 'regime_map.html'}" in printed
    made = read_map(tmp_path / "map")
    assert made.overhead == 0.01
    assert set(made.rows["arm"]) == {"orch-two", "orch-one"}
    assert set(pd.read_csv(tmp_path / "map" / "regime_map.csv")["against"]) == {"selfish", "opt"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--axes", "owners"], "a map has two coordinates"),
        (["--axes", "owners,distanse"], 'did you mean "distance"?'),
        (["--axes", "owners,sites"], "sites does not vary"),
        (["--against", "none"], "has a control of the kind none"),
    ],
)
def test_what_cannot_be_mapped_writes_nothing(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert call("regimes", results, "-o", tmp_path / "map", *more) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "map").exists()


def test_a_map_does_not_go_into_the_folder_of_a_study(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(results.iterdir())
    assert call("regimes", results, "-o", results) == 2
    assert "holds a study" in capsys.readouterr().err
    assert sorted(results.iterdir()) == before


def test_advice_is_printed_and_written(
    world: Path, tmp_path: Path, make_gains: MakeGains, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "regime_map.json").write_bytes(dumps_map(make_map(make_gains(lambda table: 0.01 * table["owners"]))))
    assert call("advise", world, "--runs", "3", "--map", tmp_path, "-o", tmp_path / "advice") == 0
    printed = capsys.readouterr().out
    assert "synchronised cycles" in printed
    assert "on the map from" in printed
    assert "This rests on 3 paired runs" in printed
    names = {path.name for path in (tmp_path / "advice").iterdir()}
    assert {"advice.html", "advice.json", "ingredients.csv", "against.csv", "coordinates.csv", "summary.csv"} <= names
    assert {f"scenario-{arm}.toml" for arm in INGREDIENTS.values()} <= names
    page = (tmp_path / "advice" / "advice.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count("<figure>") == 2
    verdict = json.loads((tmp_path / "advice" / "advice.json").read_text(encoding="utf-8"))["verdict"]
    assert page.count(f"{verdict}.</strong>") == 1
    assert "without-governance" in page
    again = load(tmp_path / "advice" / "scenario-without-visibility.toml")
    assert again.runs == 3
    assert again.orchestration is not None
    assert again.orchestration.visibility.share == 0.0


def test_a_map_in_other_periods_is_refused(
    world: Path, tmp_path: Path, make_gains: MakeGains, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "regime_map.json").write_bytes(dumps_map(make_map(make_gains(lambda table: 0.01 * table["owners"]))))
    assert call("advise", world, "--map", tmp_path, "--set", 'period="week"', "-o", tmp_path / "advice") == 2
    assert "is a map in days, and the scenario counts in weeks; leave --map out" in capsys.readouterr().err
    assert not (tmp_path / "advice").exists()


def test_json_is_all_that_is_printed(world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("advise", world, "--quick", "--runs", "2", "--set", "periods=40", "--json", "-o", tmp_path / "a") == 0
    table = json.loads(capsys.readouterr().out)
    assert table == json.loads((tmp_path / "a" / "advice.json").read_text(encoding="utf-8"))
    assert table["verdict"] == "no verdict"
    assert table["runs"] == 2
    assert load(tmp_path / "a" / "scenario-orch.toml").periods == 40


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--map", "nowhere"], "cannot be read"),
        (["--set", "orchestration.cadense=3"], "cadence"),
        (["--set", "nothing"], "is not KEY=VALUE"),
    ],
)
def test_bad_input_writes_nothing(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert call("advise", world, "--runs", "2", "-o", tmp_path / "advice", *more) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "advice").exists()


def test_the_map_that_comes_with_the_package_is_looked_at_unless_another_is_named() -> None:
    """It is of a full run of the built-in study; of a network that counts in other periods it says nothing."""
    from ripieno.experiments.regimes.cli import _map

    found = _map(None, "day")
    assert found is not None
    assert (found.study, found.quick, found.period) == ("regimes", False, "day")
    assert found.right["points"] >= 18
    assert _map(None, "week") is None
