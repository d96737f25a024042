"""The tables that `ripieno run` prints, and the command around them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import ripieno
from rich.console import Console
from ripieno.__main__ import main
from ripieno.experiments.cli import setting
from ripieno.experiments.overview import measured, number, summarised, tables
from ripieno.experiments.statistics import mean_interval
from ripieno.model.schema import Scenario, ScenarioError, dumps_toml, with_values


def printed(scenario: Scenario, width: int, runs: int | None = None) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    for table in tables(ripieno.simulate(scenario, runs=runs)):
        console.print(table)
    return stream.getvalue()


def cells(text: str, name: str) -> list[str]:
    """The cells of the row that begins with a name."""
    line = next(line for line in text.splitlines() if line.startswith(f"│ {name} "))
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_the_interval_is_students() -> None:
    values = pd.Series(np.random.Generator(np.random.PCG64(2)).normal(5, 2, 7))
    expected = mean_interval(values.to_list())
    assert summarised(values) == pytest.approx((expected.estimate, expected.half_width), rel=1e-12)
    assert summarised(pd.concat([values, pd.Series([np.nan])])) == summarised(values)


def test_few_values_and_equal_values() -> None:
    mean, half = summarised(pd.Series([4.0, np.nan]))
    assert mean == 4
    assert np.isnan(half)
    assert np.isnan(summarised(pd.Series([np.nan]))).all()
    assert summarised(pd.Series([0.1] * 20)) == (0.1, 0.0)  # though 0.1 twenty times has a mean of 0.1 + 1e-17


@pytest.mark.parametrize("width", [100, 140])
def test_every_number_has_its_unit_and_fits(world: Scenario, width: int) -> None:
    text = printed(world, width)
    assert "two-stages: 6 runs with seed 3, 30 weeks after 10 of warm-up" in text
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    summary = ripieno.simulate(world).summary
    for name in summary.columns[2:][summary.notna().any()[2:]]:
        row = cells(text, name)
        assert row[3], f"{name} has no unit"
        assert row[4], f"{name} has no meaning"
        assert float(row[1].replace(",", "")) == pytest.approx(summary[name].mean(), rel=0.1)
    assert cells(text, "cost")[3] == "money per week"
    heading = next(line for line in text.splitlines() if line.startswith("┃ site "))
    assert [cell.strip() for cell in heading.strip("┃").split("┃")] == [
        "site", "share", "units", "units", "units", "ratio", "ratio", "money per week",
    ]  # fmt: skip


def test_sites_have_their_means(world: Scenario) -> None:
    result = ripieno.simulate(world)
    row = cells(printed(world, 140), "Shop")
    metrics = ["fill_rate", "stock", "mean_backlog", "in_transit", "bullwhip_week", "bullwhip_end_week", "cost"]
    assert row[1:] == [number(result.agent("Shop", name).mean()) for name in metrics]


def test_a_single_run_shows_a_dash_for_its_interval(world: Scenario) -> None:
    text = printed(world, 140, runs=1)
    assert "two-stages: 1 run with seed 3" in text
    assert cells(text, "cost")[2] == "–"


def test_metrics_without_a_value_are_named_below(world: Scenario) -> None:
    text = printed(with_values(world, {"markets.Town.demand": {"type": "constant", "mean": 10.0}}), 140)
    line = next(line for line in text.splitlines() if line.startswith("without a value in any run: "))
    assert "bullwhip_week" in line
    assert not any(line.startswith("│ bullwhip_week ") for line in text.splitlines())


def test_places_follow_the_uncertainty() -> None:
    assert measured(0.98919, 0.0022) == ("0.9892", "0.0022")
    assert measured(-184.904, 41.7) == ("-185", "42")
    assert measured(1.0, float("nan")) == ("1", "–")
    assert measured(float("nan"), float("nan")) == ("–", "–")
    assert measured(5.0, 1e-300)[1] == "0.000000000000"


def test_the_command_writes_what_it_says(
    world: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("w.toml").write_text(dumps_toml(world), encoding="utf-8")
    arguments = ["run", "w.toml", "--runs", "3", "--seed", "5", "--periods", "30", "--series", "--audit", "-o", "out"]
    with pytest.raises(SystemExit, match="0"):
        main([*arguments, "--set", "warehouses.Shop.policy.level=44"])
    said = capsys.readouterr().out
    assert "3 runs with seed 5, 20 weeks" in said
    assert "audit: goods balanced" in said
    for path in Path("out").iterdir():
        assert f"wrote {path}" in said
    changed = with_values(world, {"warehouses.Shop.policy.level": 44.0})
    expected = ripieno.simulate(changed, runs=3, seed=5, periods=30).summary
    pd.testing.assert_frame_equal(pd.read_parquet("out/summary.parquet"), expected, check_exact=True)
    assert pd.read_parquet("out/series.parquet")["period"].max() == 29


def test_the_command_refuses_before_it_simulates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def simulated(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be simulated")

    monkeypatch.setattr("ripieno.experiments.progress.simulate_with_progress", simulated)
    (tmp_path / "file").write_text("")
    for arguments, word in (
        (["-o", str(tmp_path / "file")], "is a file, not a folder"),
        (["--set", "warehouses"], "is not KEY=VALUE"),
        (["--set", "warehouses.Shpo.policy.level=3"], "Shpo"),
    ):
        with pytest.raises(SystemExit, match="2"):
            main(["run", "beer-game", *arguments])
        assert word in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_options_about_files_without_a_folder_are_noted(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["run", "beer-game", "--runs", "1", "--csv"])
    assert "--csv is about files and needs -o DIR" in capsys.readouterr().err


def test_settings_are_read_as_toml_or_text() -> None:
    assert setting("a.b = 3") == ("a.b", 3)
    assert setting("a=[1, 2]") == ("a", [1, 2])
    assert setting("a={type='constant', mean=2.0}") == ("a", {"type": "constant", "mean": 2.0})
    assert setting("a=order-first") == ("a", "order-first")
    with pytest.raises(ScenarioError, match="is not KEY=VALUE"):
        setting("=3")
