"""Running on Dask: the same bits from worker processes, from a scheduler that exists, and after workers die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps.chunks import Chunk, Job, Outcome, run_chunk
from ripieno.experiments.sweeps.dask_executor import OnDask
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.reading import prepare
from ripieno.experiments.sweeps.runner import Options, run_study
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study

Make = Callable[..., Study]
# Dask closes its sockets when the garbage collector comes, or warns that its own code is old: not what is tested here.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"), pytest.mark.filterwarnings("ignore:.*unraisable")]


def hash_of(folder: Path) -> str:
    merged = merge(Store.open(folder))
    assert (merged.missing, merged.duplicates) == (0, 0)
    return table_hash(merged.frame)


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask scheduler with one worker."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address="127.0.0.1:0", memory_limit=0
    ) as cluster:
        yield cluster.scheduler_address


def test_workers_give_the_same_bits(tmp_path: Path, make_study: Make) -> None:
    run_study(make_study(), tmp_path / "one", Options(quiet=True))
    tally = run_study(make_study(), tmp_path / "two", Options(workers=2, chunk_runs=5, quiet=True))
    assert (tally.added, tally.chunks) == (48, 10)
    assert hash_of(tmp_path / "one") == hash_of(tmp_path / "two")
    (session,) = Store.open(tmp_path / "two").sessions()
    assert session["workers"][0]["numpy"] == np.__version__


def test_an_existing_scheduler_gives_the_same_bits(tmp_path: Path, make_study: Make, scheduler: str) -> None:
    run_study(make_study(), tmp_path / "one", Options(quiet=True))
    run_study(make_study(), tmp_path / "two", Options(scheduler=scheduler, quiet=True, chunk_runs=7))
    assert hash_of(tmp_path / "one") == hash_of(tmp_path / "two")


class Task:
    """A task as the client sees it."""

    def __init__(self, key: str, status: str = "pending") -> None:
        self.key, self.status = key, status

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        """Finished at once, and then lost with its worker."""
        callback(self)


class Forgetful:
    """A connection to a scheduler; of what is submitted the first results are lost."""

    def __init__(self, status: str, lost: int) -> None:
        self.status, self.lost, self.submitted = status, lost, 0

    def submit(self, function: Any, chunk: Any, pure: bool) -> Task:
        self.submitted += 1
        found = Task(str(self.submitted), "lost" if self.submitted <= self.lost else "finished")
        found.result = lambda: Outcome(len(chunk))  # type: ignore[attr-defined]
        return found


def test_a_result_that_is_lost_with_its_worker_is_made_again() -> None:
    client = Forgetful("running", lost=1)
    executor = OnDask(client)
    chunk: Any = [1, 2]
    executor.submit(chunk)
    assert [outcome.runs for outcome in executor.collect(0.1)] == [2]
    assert (client.submitted, executor.pending) == (2, 0)


def test_a_result_that_is_lost_with_the_scheduler_ends_the_study() -> None:
    executor = OnDask(Forgetful("connecting", lost=1))
    chunk: Any = [1, 2]
    executor.submit(chunk)
    with pytest.raises(StudyError, match="stopped or restarted"):
        executor.collect(0.1)


def test_a_scheduler_that_is_not_there_is_named(
    tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ripieno.experiments.sweeps.dask_executor.CONNECT_SECONDS", 0.2)
    with pytest.raises(StudyError, match=r"--scheduler tcp://127\.0\.0\.1:9: there is no Dask scheduler there"):
        run_study(make_study(), tmp_path / "s", Options(scheduler="tcp://127.0.0.1:9", quiet=True))


class Future:
    """A task that ended in the way the test wants."""

    def __init__(self, key: str, result: Any) -> None:
        self.key, self._result = key, result
        self.status = "error" if isinstance(result, Exception) else "finished"

    def add_done_callback(self, function: Callable[[Future], None]) -> None:
        function(self)

    def exception(self) -> Any:
        return self._result

    def result(self) -> Any:
        return self._result


class Client:
    """A cluster whose workers die whenever a chunk holds replication 3."""

    status = "running"

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def submit(self, function: Callable[[Chunk], Outcome], chunk: Chunk, pure: bool) -> Future:
        from distributed import KilledWorker

        self.sizes.append(len(chunk))
        nobody: Any = None
        deadly = 3 in chunk.replication.tolist()
        return Future(str(len(self.sizes)), KilledWorker("task", nobody, 3) if deadly else function(chunk))

    def nthreads(self) -> dict[str, int]:
        return {"a": 1}


def test_the_run_that_kills_its_worker_is_found_and_the_others_are_made(make_study: Make) -> None:
    job = Job.of(prepare(make_study()))
    chunk = Chunk(job, ("k",), ({},), np.zeros(8, dtype=np.int64), np.arange(8))
    client = Client()
    executor = OnDask(client)
    executor.submit(chunk)
    outcomes: list[Outcome] = []
    while executor.pending:
        outcomes += executor.collect(1.0)
    assert sorted(r for o in outcomes for rows in o.rows for r in rows.replication.tolist()) == [0, 1, 2, 4, 5, 6, 7]
    ((failure),) = [failure for outcome in outcomes for failure in outcome.failures]
    assert (failure.replication, "died several times" in failure.error) == (3, True)
    assert client.sizes == [8, 4, 4, 2, 2, 1, 1]


def test_an_error_on_a_worker_is_refused_with_a_cure(make_study: Make) -> None:
    class Broken(Client):
        def submit(self, function: Callable[[Chunk], Outcome], chunk: Chunk, pure: bool) -> Future:
            return Future("1", ModuleNotFoundError("No module named 'ripieno'"))

    executor = OnDask(Broken())
    executor.submit(Chunk(Job.of(prepare(make_study())), ("k",), ({},), np.zeros(1, dtype=np.int64), np.arange(1)))
    (outcome,) = executor.collect(1.0)
    assert "install the same versions" in outcome.refused


def test_a_chunk_gives_the_same_bits_after_a_journey(make_study: Make) -> None:
    import pickle

    chunk = Chunk(Job.of(prepare(make_study())), ("k",), ({},), np.zeros(3, dtype=np.int64), np.arange(3))
    here, there = run_chunk(chunk), run_chunk(pickle.loads(pickle.dumps(chunk)))
    assert all((here.rows[0].metrics[n] == there.rows[0].metrics[n]).all() for n in here.rows[0].metrics)
