from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from ripieno.experiments.sweeps.chunks import Rows
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.shards import Stamp, read_shard, write_shard

STAMP = Stamp(code="c0de", scenario="5ce", seed=3, cpu="x86_64 A B")
AWKWARD = [0.0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, float("inf"), float("-inf"), 0.1, 1 / 3, 2.0**-1074 * 3]


def rows(values: list[float], keys: tuple[str, ...] = ("b" * 32, "a" * 32)) -> Rows:
    count = len(values)
    setting = np.arange(count) % len(keys)
    return Rows(keys, setting, np.arange(count) // len(keys), {"cost": np.array(values), "fill": np.arange(count) / 7})


def bits(values: np.ndarray) -> list[bytes]:
    return [struct.pack("<d", value) for value in values.tolist()]


def test_every_bit_of_a_float_survives(tmp_path: Path) -> None:
    shard = read_shard(write_shard(tmp_path, rows(AWKWARD), STAMP))
    by_run = {(shard.keys[s], r): i for i, (s, r) in enumerate(zip(shard.setting, shard.replication, strict=True))}
    before = rows(AWKWARD)
    order = [by_run[before.keys[s], r] for s, r in zip(before.setting, before.replication, strict=True)]
    assert bits(shard.metrics["cost"][order]) == bits(before.metrics["cost"])
    assert bits(shard.metrics["fill"][order]) == bits(before.metrics["fill"])


def test_missing_values_are_all_alike(tmp_path: Path) -> None:
    odd = np.array([0x7FF8000000000000, 0xFFF8000000000000, 0x7FF0000000000001, 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
    shard = read_shard(write_shard(tmp_path, rows(odd.view(np.float64).tolist()), STAMP))
    assert len(set(bits(shard.metrics["cost"]))) == 1
    assert np.isnan(shard.metrics["cost"]).all()


def test_the_stamp_is_kept(tmp_path: Path) -> None:
    assert read_shard(write_shard(tmp_path, rows([1.0, 2.0]), STAMP)).stamp == STAMP


def test_the_same_runs_have_the_same_name_and_bytes_in_any_order(tmp_path: Path) -> None:
    forward = rows([1.0, 2.0, 3.0, 4.0])
    turned = slice(None, None, -1)
    backward = Rows(
        forward.keys[::-1],
        1 - forward.setting[turned],
        forward.replication[turned],
        {name: column[turned] for name, column in forward.metrics.items()},
    )
    first = write_shard(tmp_path, forward, STAMP)
    content = first.read_bytes()
    assert write_shard(tmp_path, backward, STAMP) == first
    assert first.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_other_runs_have_another_name(tmp_path: Path) -> None:
    names = {write_shard(tmp_path, rows([1.0] * count), STAMP).name for count in (2, 3, 4)}
    names.add(write_shard(tmp_path, rows([1.0] * 2, ("b" * 32, "c" * 32)), STAMP).name)
    assert len(names) == 4


def test_other_numbers_of_the_same_runs_are_kept_beside(tmp_path: Path) -> None:
    first = write_shard(tmp_path, rows([1.0, 2.0]), STAMP)
    second = write_shard(tmp_path, rows([1.0, np.nextafter(2.0, 3.0)]), STAMP)
    assert second != first
    assert second.name.startswith(first.stem)
    assert read_shard(first).metrics["cost"].max() == 2.0
    assert write_shard(tmp_path, rows([1.0, np.nextafter(2.0, 3.0)]), STAMP) == second


def test_only_some_metrics_can_be_read(tmp_path: Path) -> None:
    path = write_shard(tmp_path, rows([1.0, 2.0]), STAMP)
    assert list(read_shard(path, ["fill", "other"]).metrics) == ["fill"]
    assert read_shard(path, []).replication.tolist() == [0, 0]


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"no shard"])
def test_a_damaged_shard_is_named_with_the_cure(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "damaged.parquet"
    path.write_bytes(damage)
    with pytest.raises(StudyError, match=r"damaged\.parquet: is not a readable shard.*delete the file"):
        read_shard(path)


def test_a_truncated_shard_is_named(tmp_path: Path) -> None:
    path = write_shard(tmp_path, rows([1.0, 2.0]), STAMP)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StudyError, match="delete the file"):
        read_shard(path)


def test_a_foreign_parquet_file_is_named(tmp_path: Path) -> None:
    import pandas as pd

    pd.DataFrame({"setting": ["a"], "replication": [1]}).to_parquet(tmp_path / "foreign.parquet")
    with pytest.raises(StudyError, match=r"foreign\.parquet"):
        read_shard(tmp_path / "foreign.parquet")
