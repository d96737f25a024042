"""The commands ``ripieno study ...``, called as a user calls them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ripieno.__main__ import main
from ripieno.experiments.sweeps.reading import built_in, load_study
from ripieno.experiments.sweeps.store import Store

Write = Callable[..., Path]


@pytest.fixture
def study(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Calls ``ripieno study`` and returns the exit code and all that was printed."""

    def call(*arguments: object) -> tuple[int, str]:
        try:
            main(["study", *map(str, arguments)])
            code: Any = 0
        except SystemExit as stopped:
            code = stopped.code or 0
        printed = capsys.readouterr()
        return int(code), printed.out + printed.err

    return call


Call = Callable[..., tuple[int, str]]


def test_the_whole_way(study: Call, study_file: Write, tmp_path: Path) -> None:
    path, folder = study_file(), tmp_path / "s"
    assert study("run", path, "-o", folder, "--quiet") == (
        0,
        ANY_TIME(f"{folder}: 48 of 48 runs finished, 48 made now"),
    )
    assert study("run", folder, "--quiet") == (0, f"{folder}: 48 of 48 runs finished, nothing was left to do\n")
    assert study("extend", folder, "--replications", 2, "--quiet")[1].startswith(
        f"{folder}: 64 of 64 runs finished, 16"
    )
    code, text = study("status", folder)
    assert code == 0
    assert "64 of 64 runs finished" in text
    assert json.loads(study("status", folder, "--json")[1])["arms"] == {"none": [32, 32], "dear": [32, 32]}
    assert study("verify", folder, "--sample", 3) == (0, f"{folder}: 3 runs made again, 0 differ\n")
    assert study("report", folder) == (0, f"wrote {folder / 'report.html'}\n")
    code, text = study("export", folder, "-o", tmp_path / "out", "--csv")
    assert (code, "64 rows, table hash" in text) == (0, True)
    with (tmp_path / "out" / "runs.csv").open() as stream:
        assert len(list(csv.reader(stream))) == 65
    assert study("run", path, "-o", folder)[0] == 2  # the folder has grown beyond the file


class ANY_TIME(str):  # noqa: N801  reads as what it stands for
    """A line that may end in a time."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other.startswith(str(self))

    __hash__ = str.__hash__


def test_plan_writes_the_points_and_nothing_else(study: Call, study_file: Write, tmp_path: Path) -> None:
    path = study_file()
    code, text = study("plan", path, "--points", tmp_path / "points.csv")
    assert code == 0
    assert "4 points x 2 arms, 6 replications" in text
    assert "8 different settings in 1 structure, 48 runs" in text
    assert (tmp_path / "points.csv").read_text().splitlines()[:2] == ["warehouses.W.policy.level", "5.0"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["points.csv", "small.toml"]


def test_show_says_everything(study: Call, study_file: Write) -> None:
    predictions = [{"metric": "cost", "expected": "higher", "why": "dear stock"}]
    code, text = study("show", study_file(predictions=predictions))
    assert code == 0
    for word in ("tiny, 12 periods, seed 3", "grid", "6 replications", "dear", "holding_cost = 3.0", "dear stock"):
        assert word in text


def test_a_shard_makes_its_part(study: Call, study_file: Write, tmp_path: Path) -> None:
    path = study_file()
    for part, made in ((1, 16), (2, 16), (3, 16)):
        code, text = study("run", path, "-o", tmp_path / "s", "--shard", f"{part}/3", "--quiet")
        assert (code, f"16 of 16 runs finished, {made} made now" in text) == (0, True)
    assert "48 of 48" in study("status", tmp_path / "s")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "{file}"], "says not where to; give -o DIR"),
        (["run", "{file}", "-o", "{out}", "--shard", "4/3"], "--shard 4/3: is not one of the parts"),
        (["run", "{file}", "-o", "{out}", "--workers", "0"], "--workers 0: at least one process"),
        (["run", "{file}", "-o", "{out}", "--workers", "2", "--scheduler", "tcp://x:1"], "give only one of them"),
        (["run", "{file}", "-o", "{out}", "--chunk-runs", "0"], "--chunk-runs 0"),
        (["run", "nothing", "-o", "{out}"], "there is no such file and no built-in study"),
        (["status", "{out}"], "no study was run in this folder"),
        (["verify", "{out}"], "no study was run in this folder"),
        (["report", "{out}"], "no study was run in this folder"),
        (["extend", "{out}", "--points", "3"], "no study was run in this folder"),
        (["export", "{out}", "-o", "x"], "no study was run in this folder"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(
    study: Call, study_file: Write, tmp_path: Path, arguments: list[str], message: str
) -> None:
    path = study_file()
    code, text = study(*(a.format(file=path, out=tmp_path / "out") for a in arguments))
    assert code == 2
    assert message in text
    assert "Traceback" not in text
    assert not (tmp_path / "out").exists()


def test_a_failed_run_ends_in_exit_code_1(study: Call, study_file: Write, tmp_path: Path) -> None:
    level = "warehouses.W.policy.level"
    path = study_file(parameters=None, design={"type": "list", "points": [{level: 5.0}, {level: 6.0}]})
    path.write_text(path.read_text().replace("6.0", '"many"'), encoding="utf-8")
    code, text = study("run", path, "-o", tmp_path / "s", "--quiet")
    assert code == 1
    assert "12 runs failed" in text
    assert "many" in study("status", tmp_path / "s")[1]


def test_the_list_names_every_built_in_study(study: Call) -> None:
    code, text = study("list")
    assert code == 0
    assert all(name in text for name in built_in())


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) for name in built_in()])
def test_a_built_in_study_runs_and_reports(study: Call, tmp_path: Path, name: str) -> None:
    assert study("run", name, "--quick", "-o", tmp_path / "s", "--quiet")[0] == 0
    assert study("report", tmp_path / "s")[0] == 0
    text = (tmp_path / "s" / "report.html").read_text(encoding="utf-8")
    assert all(prediction.metric in text for prediction in load_study(name).predictions)


def test_the_quickest_built_in_study_comes_out_as_predicted(study: Call, tmp_path: Path) -> None:
    """The two closed forms of Disney and Lambrecht, measured: no point of eight against them."""
    from ripieno.experiments.sweeps.judging import judge_predictions
    from ripieno.experiments.sweeps.merging import merge

    assert study("run", "smoothing", "--quick", "-o", tmp_path / "s", "--quiet")[0] == 0
    store = Store.open(tmp_path / "s")
    bullwhip, amplification = judge_predictions(store.prepared().study, merge(store))
    assert (bullwhip.verdict.against, amplification.verdict.against) == (0, 0)
    assert bullwhip.verdict.share >= 0.5
