"""Kill -9 of workers and coordinators, at random, until a study is complete: nothing is lost and nothing made twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.reading import dumps_study
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.experiments.sweeps.verification import verify

from .conftest import tiny_scenario

PATIENCE = 120.0
"""Seconds after which something hangs."""


class Campaign:
    """A study that is run by one coordinator after another, most of which are killed."""

    def __init__(self, folder: Path, study: Study, seed: int) -> None:
        self.study_file, self.folder = folder / "study.toml", folder / "disturbed"
        self.study_file.write_text(dumps_study(study), encoding="utf-8")
        self.random = random.Random(seed)
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, workers: int, chunk_runs: int | None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "ripieno", "study", "run", str(self.study_file), "-o", str(self.folder)]
        command += ["--quiet", "--workers", str(workers)]
        command += [] if chunk_runs is None else ["--chunk-runs", str(chunk_runs)]
        coordinator = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=hear_interrupts,  # noqa: PLW1509 - the tests start no threads
        )
        self.started.append(coordinator)
        return coordinator

    def shards(self) -> int:
        return len(list((self.folder / "shards").glob("*.parquet"))) if self.folder.exists() else 0

    def wait_for_shards(self, coordinator: subprocess.Popen[bytes], more: int) -> bool:
        """Whether so many more shards have come before the coordinator ended."""
        target = self.shards() + more
        enough = until(lambda: self.shards() >= target or coordinator.poll() is not None) and coordinator.poll() is None
        if coordinator.poll():  # it has failed: say why
            assert coordinator.stderr is not None
            raise AssertionError(coordinator.stderr.read().decode())
        return enough

    def kill_worker(self, coordinator: subprocess.Popen[bytes]) -> None:
        workers = children(coordinator.pid)
        if workers:
            self.random.choice(workers).kill()

    def kill(self, coordinator: subprocess.Popen[bytes]) -> None:
        """Kill the coordinator alone; its workers have to notice by themselves."""
        workers = children(coordinator.pid)
        coordinator.kill()
        coordinator.communicate()
        assert until(lambda: not any(alive(worker) for worker in workers), 10.0), f"orphans: {workers}"

    def finish(self, coordinator: subprocess.Popen[bytes]) -> None:
        _, error = coordinator.communicate(timeout=PATIENCE)
        assert coordinator.returncode == 0, error.decode()


def hear_interrupts() -> None:
    """A shell starts what it runs in the background deaf to interrupts; these processes are to hear them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(pid: int) -> list[psutil.Process]:
    """The worker processes of a coordinator."""
    try:
        found = psutil.Process(pid).children(recursive=True)
        return [child for child in found if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def until(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def campaign(tmp_path: Path, make_study: Callable[..., Study]) -> Iterator[Callable[..., Campaign]]:
    made: list[Campaign] = []

    def make(seed: int, periods: int, **changed: Any) -> Campaign:
        study = make_study(scenario=tiny_scenario() | {"periods": periods}, **changed)
        made.append(Campaign(tmp_path, study, seed))
        return made[-1]

    yield make
    for one in made:
        for process in one.started:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


def demand_nothing_lost_and_nothing_twice(one: Campaign, tmp_path: Path) -> None:
    from ripieno.experiments.sweeps.reading import load_study

    run_study(load_study(one.study_file), tmp_path / "undisturbed", Options(quiet=True))
    disturbed, undisturbed = (merge(Store.open(folder)) for folder in (one.folder, tmp_path / "undisturbed"))
    assert (disturbed.missing, disturbed.duplicates) == (0, 0)
    assert table_hash(disturbed.frame) == table_hash(undisturbed.frame)
    assert verify(Store.open(one.folder), sample=5, seed=1).differences == []


def test_coordinators_and_workers_are_killed(campaign: Callable[..., Campaign], tmp_path: Path) -> None:
    one = campaign(1, periods=150, replications=100)
    first = one.start(workers=1, chunk_runs=3)
    assert one.wait_for_shards(first, 5)
    one.kill(first)
    second = one.start(workers=2, chunk_runs=7)
    assert one.wait_for_shards(second, 3)
    one.kill_worker(second)
    assert one.wait_for_shards(second, 3)
    one.kill(second)
    one.finish(one.start(workers=1, chunk_runs=None))
    sessions = Store.open(one.folder).sessions()
    assert [session.get("outcome") for session in sessions] == [None, None, "complete"]
    demand_nothing_lost_and_nothing_twice(one, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_long_campaign(campaign: Callable[..., Campaign], tmp_path: Path, seed: int) -> None:
    one = campaign(seed, periods=300, replications=400)
    kills = 0
    for _ in range(40):
        size = one.random.choice([2, 5, 11, 24])
        coordinator = one.start(one.random.choice([1, 1, 2, 3]), size)
        while one.wait_for_shards(coordinator, one.random.randrange(1, 6)):
            kills += 1
            time.sleep(one.random.random() * 0.3)
            if one.random.random() < 0.5:
                one.kill(coordinator)
                break
            one.kill_worker(coordinator)
        if coordinator.poll() == 0:
            break
    one.finish(one.start(1, None))
    assert kills >= 10
    demand_nothing_lost_and_nothing_twice(one, tmp_path)


def test_an_interrupt_ends_it_soon_and_keeps_what_is_finished(
    campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    one = campaign(1, periods=150, replications=5_000)
    coordinator = one.start(workers=1, chunk_runs=3)
    assert one.wait_for_shards(coordinator, 4)
    began = time.monotonic()
    os.kill(coordinator.pid, signal.SIGINT)
    _, error = coordinator.communicate(timeout=PATIENCE)
    # It takes half a second; the bar leaves room for a busy machine, and is far from the time of the whole study.
    assert time.monotonic() - began < 5.0
    assert coordinator.returncode == 130
    assert b"run again to go on" in error
    assert Store.open(one.folder).sessions()[0]["outcome"] == "interrupted"
    assert 4 * 3 <= sum(len(shard.setting) for shard in Store.open(one.folder).shards([])) < 4 * 2 * 5_000
