"""The folder that `ripieno run -o` writes."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.experiments import output
from ripieno.experiments.sweeps import files
from ripieno.model.schema import Scenario, load, with_values

LEVEL = "warehouses.Shop.policy.level"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_files_are_the_tables(world: Scenario, tmp_path: Path) -> None:
    result = ripieno.simulate(world, series=True)
    paths = result.save(tmp_path / "deep" / "out")
    folder = tmp_path / "deep" / "out"
    assert names(folder) == [
        "agents.parquet", "provenance.json", "scenario.toml", "series.parquet", "summary.parquet",
    ]  # fmt: skip
    assert sorted(paths) == [folder / name for name in names(folder)]
    for name in ("summary", "agents", "series"):
        pd.testing.assert_frame_equal(pd.read_parquet(folder / f"{name}.parquet"), getattr(result, name))
    assert list(result.summary.columns[:2]) == ["run", "replication"]
    assert list(result.agents.columns) == ["run", "agent", "metric", "value"]
    assert result.series is not None
    assert list(result.series.columns) == ["run", "period", "agent", "partner", "product", "quantity", "value"]


def test_csv_reads_back_to_the_last_bit(world: Scenario, tmp_path: Path) -> None:
    result = ripieno.simulate(world)
    result.save(tmp_path, csv=True)
    assert names(tmp_path) == ["agents.csv", "provenance.json", "scenario.toml", "summary.csv"]
    for name in ("summary", "agents"):
        with (tmp_path / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        table: pd.DataFrame = getattr(result, name)
        assert list(rows[0]) == list(table.columns)
        for column in table.columns:
            texts = [row[column] for row in rows]
            numeric = pd.api.types.is_numeric_dtype(table[column])
            back = np.array([float(text or "nan") for text in texts] if numeric else texts)
            np.testing.assert_array_equal(back, table[column].to_numpy(dtype=back.dtype))


def test_the_scenario_in_the_folder_gives_the_same_bits_again(world: Scenario, tmp_path: Path) -> None:
    result = ripieno.simulate(with_values(world, {LEVEL: 33.0}), runs=4, seed=11)
    result.save(tmp_path)
    again = ripieno.simulate(load(str(tmp_path / "scenario.toml")))
    pd.testing.assert_frame_equal(again.summary, result.summary, check_exact=True)
    pd.testing.assert_frame_equal(again.agents, result.agents, check_exact=True)


def test_several_design_points_have_a_scenario_each(world: Scenario, tmp_path: Path) -> None:
    points = [with_values(world, {LEVEL: level}) for level in (20.0, 30.0, 40.0)]
    result = ripieno.simulate(points, runs=2)
    result.save(tmp_path)
    assert [name for name in names(tmp_path) if name.endswith(".toml")] == [f"scenario-{i}.toml" for i in range(3)]
    assert result.summary[LEVEL].tolist() == [20, 20, 30, 30, 40, 40]
    again = ripieno.simulate(load(str(tmp_path / "scenario-2.toml")))
    assert again.summary["cost"].tolist() == result.summary["cost"].tolist()[4:]


def test_provenance_says_what_it_was_made_with_and_vouches_for_every_file(world: Scenario, tmp_path: Path) -> None:
    ripieno.simulate(world, seed=7).save(tmp_path)
    about = json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8"))
    assert (about["scenario"], about["seed"], about["runs"]) == (["two-stages"], 7, 6)
    assert about["versions"]["ripieno"] == ripieno.__version__
    assert {"numpy", "mesa", "python"} <= set(about["versions"])
    assert about["machine"]["cpu_level"]
    assert len(about["code_hash"]) == 32
    hashes = {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
        for name in names(tmp_path)
        if name != "provenance.json"
    }
    assert about["files"] == hashes


def test_earlier_results_are_replaced_as_a_whole_and_other_files_stay(world: Scenario, tmp_path: Path) -> None:
    points = [with_values(world, {LEVEL: level}) for level in (20.0, 30.0)]
    ripieno.simulate(points, runs=1, series=True).save(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    ripieno.simulate(world).save(tmp_path, csv=True)
    assert names(tmp_path) == ["agents.csv", "notes.txt", "provenance.json", "scenario.toml", "summary.csv"]


@pytest.mark.parametrize("fails_at", [0, 1, 3])
def test_a_failure_leaves_no_folder_that_looks_complete(
    world: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    result = ripieno.simulate(world)
    result.save(tmp_path)
    written: list[str] = []
    real = files.replace

    def full_disk(path: Path, content: bytes) -> None:
        if len(written) == fails_at:
            raise OSError(28, "No space left on device", str(path))
        written.append(path.name)
        real(path, content)

    monkeypatch.setattr(output, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        result.save(tmp_path)
    assert names(tmp_path) == sorted(written)
    assert "provenance.json" not in written


def test_a_table_that_cannot_be_made_leaves_the_earlier_results_alone(
    world: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = ripieno.simulate(world)
    result.save(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}

    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pd.DataFrame, "to_parquet", broken)
    with pytest.raises(MemoryError):
        result.save(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_places_that_cannot_hold_results_are_named(world: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("")
    result = ripieno.simulate(world, runs=1)
    for place in ("file", "file/below"):
        with pytest.raises(NotADirectoryError, match="is a file, not a folder"):
            result.save(tmp_path / place)
    with pytest.raises(FileExistsError, match="holds a study"):
        result.save(tmp_path / "study")
    assert names(tmp_path / "study") == ["study.toml"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="may not be written to"):
        output.check_folder(tmp_path / "out")
    tmp_path.chmod(0o700)
