from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ripieno.experiments.sweeps import files


def test_a_new_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert files.write_new(path, b"one")
    assert not files.write_new(path, b"two")
    assert path.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_file_system_without_links_does_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert files.write_new(tmp_path / "a", b"one")
    assert not files.write_new(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_replacing_leaves_only_the_new_content(tmp_path: Path) -> None:
    files.replace(tmp_path / "a", b"one")
    files.replace(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def noting(steps: list[str], name: str) -> Callable[..., object]:
    """A function of ``os`` that also writes down that it was called."""
    original = getattr(os, name)

    def noted(*arguments: object) -> object:
        steps.append(name)
        return original(*arguments)

    return noted


def test_content_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    for name in ("fsync", "link"):
        monkeypatch.setattr(os, name, noting(steps, name))
    files.write_new(tmp_path / "a", b"one")
    assert steps == ["fsync", "link", "fsync"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in (files.write_new, files.replace):
        with pytest.raises(OSError, match="No space"):
            write(tmp_path / "a", b"one")
    assert [path.name for path in tmp_path.iterdir()] == []


def leftover(folder: Path, pid: int, age: float, machine: str = platform.node()) -> Path:
    path = folder / f".x.parquet.{machine}.{pid}.0.tmp"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_leftovers_of_dead_processes_go_and_others_stay(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = leftover(tmp_path, gone.pid, 10_000)
    fresh = leftover(tmp_path, gone.pid + 1_000_000, 0)
    alive = leftover(tmp_path, os.getpid(), 10_000)
    elsewhere = leftover(tmp_path, gone.pid, 10_000, "another-machine")
    (tmp_path / "x.parquet").write_bytes(b"whole")
    files.remove_leftovers(tmp_path)
    assert not dead.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([fresh.name, alive.name, elsewhere.name, "x.parquet"])
