from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.sweeps import chunks, metrics
from ripieno.experiments.sweeps.chunks import Rows
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.exporting import export
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.shards import Stamp, read_shard, write_shard
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.experiments.sweeps.verification import verify

Make = Callable[..., Study]


@pytest.fixture
def store(tmp_path: Path, make_study: Make) -> Store:
    run_study(make_study(), tmp_path / "s", Options(quiet=True, chunk_runs=13))
    return Store.open(tmp_path / "s")


def forged(store: Store, cpu: str | None = None, factor: float | None = None) -> Path:
    """One shard written again with one cost changed, by the last bit or by a factor, perhaps from another CPU."""
    path = store.shard_paths()[0]
    shard = read_shard(path)
    cost = shard.metrics["cost"].copy()
    cost[3] = np.nextafter(cost[3], np.inf) if factor is None else cost[3] * factor
    rows = Rows(shard.keys, shard.setting, shard.replication, shard.metrics | {"cost": cost})
    old = shard.stamp
    return write_shard(path.parent, rows, Stamp(old.code, old.scenario, old.seed, cpu or old.cpu))


class TestVerify:
    def test_runs_made_alone_have_the_same_bits(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        sizes: list[int] = []
        original = metrics.values_of

        def counting(scenarios: Any, setting: Any, *rest: Any) -> Any:
            sizes.append(len(setting))
            return original(scenarios, setting, *rest)

        monkeypatch.setattr(chunks, "values_of", counting)
        result = verify(store, sample=9, seed=2)
        assert (result.runs, result.differences) == (9, [])
        assert sizes == [1] * 9

    def test_a_single_bit_is_seen(self, store: Store) -> None:
        genuine = store.shard_paths()[0]
        forged(store)
        genuine.unlink()
        (difference,) = verify(store, sample=1000).differences
        assert (difference.metric, np.nextafter(difference.again, np.inf)) == ("cost", difference.stored)

    def test_another_cpu_may_differ_in_the_last_bits_only(self, store: Store, tmp_path: Path) -> None:
        genuine = store.shard_paths()[0]
        copy = shutil.copy(genuine, tmp_path)
        path = forged(store, cpu="another")
        genuine.unlink()
        assert verify(store, sample=1000).differences == []
        path.unlink()
        shutil.copy(copy, genuine)
        forged(store, cpu="another", factor=1 + 1e-8)
        genuine.unlink()
        assert [difference.metric for difference in verify(store, sample=1000).differences] == ["cost"]

    def test_an_empty_folder_has_nothing_to_verify(self, store: Store) -> None:
        for path in store.shard_paths():
            path.unlink()
        with pytest.raises(StudyError, match="has no finished runs to verify"):
            verify(store, sample=1)


class TestDuplicates:
    def test_equal_ones_are_counted_once(self, store: Store, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path / "t", Options(quiet=True, chunk_runs=7))
        before = table_hash(merge(store).frame)
        for path in Store.open(tmp_path / "t").shard_paths():
            shutil.copy(path, store.folder / "shards")
        merged = merge(store)
        assert (merged.duplicates, len(merged.frame)) == (48, 48)
        assert table_hash(merged.frame) == before

    def test_one_that_differs_in_a_bit_is_refused_and_named(self, store: Store) -> None:
        forged(store)
        with pytest.raises(StudyError, match=r"point \d, arm \w+, replication \d: cost is .* delete the wrong shard"):
            merge(store)

    def test_another_cpu_is_compared_to_one_part_in_a_billion(self, store: Store) -> None:
        close = forged(store, cpu="another")
        assert merge(store).duplicates == 13
        close.unlink()
        forged(store, cpu="another", factor=1 + 1e-8)
        with pytest.raises(StudyError, match="cost is"):
            merge(store)


class TestExport:
    def test_parquet_and_csv_hold_the_table_bit_by_bit(self, store: Store, tmp_path: Path) -> None:
        merged = export(store, tmp_path / "parquet")
        export(store, tmp_path / "csv", csv=True)
        from pyarrow.csv import read_csv

        whole = pd.read_parquet(tmp_path / "parquet" / "runs.parquet")
        text = read_csv(tmp_path / "csv" / "runs.csv").to_pandas().astype(merged.frame.dtypes)
        for frame in (whole, text):
            assert table_hash(frame) == table_hash(merged.frame)
        assert {path.name for path in (tmp_path / "parquet").iterdir()} == {
            "runs.parquet", "about.json", "study.toml", "provenance",
        }  # fmt: skip

    def test_a_zip_file_has_the_same_bytes_every_time(self, store: Store, tmp_path: Path) -> None:
        export(store, tmp_path / "a.zip")
        export(store, tmp_path / "b.zip")
        assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
        assert "runs.parquet" in zipfile.ZipFile(tmp_path / "a.zip").namelist()

    def test_nothing_is_overwritten(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        with pytest.raises(StudyError, match="exists already"):
            export(store, tmp_path / "there")
        with pytest.raises(StudyError, match="there is no folder"):
            export(store, tmp_path / "none" / "x")
