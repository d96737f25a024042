"""Comparing in Python and on the command line: same random numbers, tables, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.__main__ import main
from ripieno.experiments.compare import arms as arms_module
from ripieno.experiments.compare import running
from ripieno.experiments.compare.running import joined, simulate_arms
from ripieno.experiments.simulate import Result
from ripieno.model.schema import Scenario, ScenarioError, dumps_toml, with_values

from .conftest import ledger_of

LEVEL = "warehouses.Shop.policy.level"
OWN = {"none": {}, "low": {LEVEL: 22.0}}


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[None]:
    """Arms that set a level, in place of those that negotiate."""
    levels = {"none": 30.0, "opt": 45.0, "selfish": 27.0, "orch": 33.0, "central": 34.0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arms_module, "armed", lambda scenario, arm: with_values(scenario, {LEVEL: levels[arm]}))
        yield


@pytest.fixture
def file(world: Scenario, tmp_path: Path) -> str:
    path = tmp_path / "two.toml"
    path.write_text(dumps_toml(world), encoding="utf-8")
    return str(path)


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code: Any = 0
    try:
        main(["compare", *arguments])
    except SystemExit as stopped:
        code = stopped.code or 0
    printed = capsys.readouterr()
    return int(code), printed.out, printed.err


def test_each_arm_is_what_simulating_it_alone_gives(world: Scenario) -> None:
    found = ripieno.compare(world, OWN, runs=5, seed=9)
    for arm, values in OWN.items():
        alone = ripieno.simulate(with_values(world, values) if values else world, runs=5, seed=9)
        for name in ("summary", "agents"):
            table: pd.DataFrame = getattr(found, name)
            rows = table[table["arm"] == arm].drop(columns="arm").reset_index(drop=True)
            pd.testing.assert_frame_equal(rows, getattr(alone, name), check_exact=True)
    assert (found.arms, found.reference, found.seed, found.runs) == (("none", "low"), "none", 9, 5)
    # Demand is not touched by the arms: the same random numbers give the same demand.
    demand = found.summary.pivot(index="replication", columns="arm", values="demand")
    assert (demand["none"] == demand["low"]).all()
    assert demand["none"].nunique() > 1


def test_paired_differences_are_those_of_the_runs(world: Scenario) -> None:
    found = ripieno.compare(world, OWN, periods=60)
    wide = found.summary.pivot(index="replication", columns="arm", values="cost")
    row = found.paired.query("metric == 'cost' and arm == 'low' and control == 'none'").iloc[0]
    assert row["estimate"] == pytest.approx((wide["low"] - wide["none"]).mean())
    assert row["count"] == world.runs
    assert {scenario.periods for scenario in found.worlds.values()} == {60}


def test_chunks_do_not_change_the_runs(world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ripieno.compare(world, OWN)
    monkeypatch.setattr(running, "CHUNK", 4)
    seen: list[tuple[str, int]] = []
    made = simulate_arms({"none": world}, 6, world.seed, lambda arm, count: seen.append((arm, count)))
    assert seen == [("none", 0), ("none", 4), ("none", 2)]
    rows = whole.summary[whole.summary["arm"] == "none"]
    pd.testing.assert_frame_equal(joined(made, "summary"), rows.reset_index(drop=True), check_exact=True)


def test_processes_do_not_change_the_results(world: Scenario) -> None:
    worlds = {"none": world, "low": world.changed(name="low")}
    seen: list[tuple[str, int]] = []
    apart = simulate_arms(worlds, 3, 5, lambda arm, count: seen.append((arm, count)), workers=2)
    assert list(apart) == ["none", "low"]
    assert sorted(seen) == [("low", 3), ("none", 3)]
    one = simulate_arms(worlds, 3, 5)
    pd.testing.assert_frame_equal(joined(one, "summary"), joined(apart, "summary"), check_exact=True)


def test_the_reference(world: Scenario) -> None:
    first = ripieno.compare(world, {"low": {LEVEL: 22.0}, "high": {LEVEL: 40.0}}, runs=2)
    assert first.reference == "low"
    assert ripieno.compare(world, {"low": {LEVEL: 22.0}, "none": {}}, runs=2).reference == "none"
    assert ripieno.compare(world, OWN, runs=2, reference="low").others == ("none",)
    with pytest.raises(ScenarioError, match=r'the reference "lw" is not among the arms; did you mean "low"'):
        ripieno.compare(world, OWN, runs=2, reference="lw")
    with pytest.raises(ScenarioError, match="runs is 0; ask for at least 1"):
        ripieno.compare(world, OWN, runs=0)


def test_a_cost_line_that_an_arm_lacks_is_nothing_there() -> None:
    none = pd.DataFrame({"run": [0], "cost": [5.0], "dock_wait": [1.0]})
    opt = pd.DataFrame({"run": [0], "cost": [7.0], "cost_switching": [2.0]})
    results = {arm: Result((), 1, table, table) for arm, table in (("none", none), ("opt", opt))}
    table = joined(results, "summary")
    assert table["cost_switching"].tolist() == [0.0, 2.0]
    assert np.isnan(table["dock_wait"][1])


def test_ledgers_are_joined_and_may_be_missing() -> None:
    class Negotiated:
        ledger = ledger_of([{"arm": "", "run": 0, "owner": "A"}]).drop(columns="arm")

    class Alone:
        ledger = None

    results: Any = {"none": Alone(), "opt": object(), "orch": Negotiated()}
    assert joined(results, "ledger")[["arm", "owner"]].to_numpy().tolist() == [["orch", "A"]]
    alone: Any = {"none": Alone()}
    empty = joined(alone, "ledger")
    assert empty.empty
    assert {"arm", "run", "package", "transfer"} <= set(empty.columns)


@pytest.mark.usefixtures("stand_ins")
def test_the_command_prints_and_writes(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments: tuple[str, ...] = (
        file,
        "--arms",
        "none,opt,selfish,orch,central",
        "--runs",
        "4",
        "--seed",
        "8",
        "--periods",
        "50",
    )
    arguments = (*arguments, "--workers", "1")
    code, text, errors = called(capsys, *arguments, "--set", "warehouses.Shop.backlog_cost=20", "-o", str(out))
    assert code == 0, errors
    assert "two-stages: 4 runs an arm with seed 8, 40 weeks after 10 of warm-up" in text
    assert "opt loses: it costs more than none by" in text
    assert f"wrote {out / 'report.html'}" in text
    arms = ("none", "opt", "selfish", "orch", "central")
    lines = [f"{4 * (place + done)} of 20 runs, {arm}" for place, arm in enumerate(arms) for done in (0, 1)]
    assert errors.splitlines() == lines
    summary = pd.read_parquet(out / "summary.parquet")
    expected = ripieno.simulate(
        with_values(ripieno.load(file), {"warehouses.Shop.backlog_cost": 20, LEVEL: 45.0, "periods": 50}),
        runs=4,
        seed=8,
    )
    assert summary.loc[summary["arm"] == "opt", "cost"].tolist() == expected.summary["cost"].tolist()


@pytest.mark.usefixtures("stand_ins")
def test_the_default_arms(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text, errors = called(capsys, file, "--runs", "2", "--csv")
    assert code == 0
    starts = [line.split()[1] for line in text.splitlines() if line.startswith("│ ") and line.split()[1] != "│"]
    assert starts[:4] == ["none", "opt", "selfish", "orch"]
    assert "note: --csv is about files and needs -o DIR" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--arms", "none,slefish"), 'there is no arm "slefish"; did you mean "selfish"?'),
        (("--arms", ","), "no arm to compare; name at least one, as in --arms none,opt"),
        (("--arms", "none", "--set", "nothing"), "--set 'nothing' is not KEY=VALUE"),
        (("--arms", "none", "--set", "warehouses.Shop.policy.levle=3"), "levle"),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, text, errors = called(capsys, file, *arguments, "-o", str(tmp_path / "out"))
    assert (code, text) == (2, "")
    assert errors.startswith("ripieno: ")
    assert message in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused_before_anything_is_simulated(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    monkeypatch.setattr(running, "simulate_in_chunks", lambda *_, **__: pytest.fail("simulated"))
    code, _, errors = called(capsys, file, "--arms", "none", "-o", str(taken))
    assert code == 2
    assert "is a file, not a folder" in errors
    assert taken.read_text() == "mine"
