"""Chunks on the workers of a Dask cluster, a local one that is started for the purpose or one that exists."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
from typing import Any

from .chunks import Chunk, Failure, Outcome, run_chunk
from .errors import StudyError
from .executors import Executor

PRELOAD = "ripieno.experiments.sweeps.dask_preload"
CONNECT_SECONDS = 20
CLOSE_SECONDS = 0.25
LOST = ("lost", "pending")  # states of a finished task whose worker died before its result was fetched


class OnDask(Executor):
    """Runs chunks as Dask tasks. Results come back to this process, which alone writes to the store.

    A worker that is killed loses its chunk, which then runs elsewhere; Dask gives up after several deaths, and the
    chunk is cut in two until the run that kills its worker stands alone.
    """

    def __init__(self, client: Any, cluster: Any = None, workers: int = 1) -> None:
        self._client, self._cluster, self._workers = client, cluster, workers
        self._ready: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._running: dict[str, tuple[Any, Chunk]] = {}

    @classmethod
    def local(cls, workers: int) -> OnDask:
        """On so many new worker processes of this machine. They end when this process does, however it ends."""
        from distributed import LocalCluster

        cluster: Any = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=0, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0",
            memory_limit=0, silence_logs=logging.CRITICAL, preload=[PRELOAD],
        )  # fmt: skip
        found = cls(_client(cluster), cluster, workers)
        # The workers start while chunks are made already, so that an interrupt finds a cluster that can be closed.
        cluster.scale(workers)
        return found

    @classmethod
    def remote(cls, address: str) -> OnDask:
        """On the workers of the scheduler at ``address``; raises `StudyError` if there is none."""
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what is lost is said in one message of our own
        try:
            return cls(_client(address, timeout=CONNECT_SECONDS))
        except (OSError, ValueError, TimeoutError) as error:
            cure = "start it with `dask scheduler`, or correct the address"
            raise StudyError(f"--scheduler {address}: there is no Dask scheduler there ({error}); {cure}") from None

    @property
    def slots(self) -> int:  # type: ignore[override]
        """How many threads the workers have together, those that are starting on this machine included; at least 1."""
        return max(self._workers, int(sum(self._client.nthreads().values())))

    @property
    def pending(self) -> int:
        """The chunks on the cluster."""
        return len(self._running)

    @property
    def room(self) -> int:
        """One chunk for every thread and one waiting behind it."""
        return 2 * self.slots

    def submit(self, chunk: Chunk) -> None:
        """Send the chunk to the cluster."""
        future = self._client.submit(run_chunk, chunk, pure=False)
        self._running[future.key] = (future, chunk)
        future.add_done_callback(self._ready.put)

    def collect(self, timeout: float) -> list[Outcome]:
        """Outcomes that have arrived; raises `StudyError` if the scheduler is gone."""
        if self._client.status in ("closed", "closing"):
            raise StudyError("the connection to the Dask scheduler is lost; run again to go on")
        try:
            first = self._outcome(self._ready.get(timeout=timeout))
        except queue.Empty:
            return []
        return ([] if first is None else [first]) + self.ready()

    def ready(self) -> list[Outcome]:
        """Outcomes that have arrived already."""
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._outcome(self._ready.get_nowait()))
        return [outcome for outcome in found if outcome is not None]

    def _outcome(self, future: Any) -> Outcome | None:
        from distributed import KilledWorker

        _, chunk = self._running.pop(future.key)
        if future.status == "finished":
            return future.result()  # type: ignore[no-any-return]
        if future.status in LOST and self._client.status == "running":
            self.submit(chunk)
            return None
        if future.status != "error":
            raise StudyError(
                "the Dask scheduler was stopped or restarted; what is finished is kept, run again to go on"
            )
        error = future.exception()
        if not isinstance(error, KilledWorker):
            cure = "install the same versions of ripieno and its libraries on the workers"
            return Outcome(len(chunk), refused=f"a worker could not run a chunk ({error!r}); {cure}")
        if len(chunk) > 1:
            for half in chunk.halves():
                self.submit(half)
            return None
        text = "the worker process died several times during this run alone, perhaps for lack of memory"
        return Outcome(1, failures=[Failure(chunk.keys[0], int(chunk.replication[0]), chunk.overrides[0], text, "")])

    @property
    def idle(self) -> bool:
        """Whether the cluster has no worker at the moment."""
        return not self._client.nthreads()

    def close(self) -> None:
        """Stop at once: workers of a local cluster are killed, whatever they are doing."""
        for pid in [getattr(nanny, "pid", None) for nanny in getattr(self._cluster, "workers", {}).values()]:
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(Exception):
            self._client.close(timeout=CLOSE_SECONDS)
        if self._cluster is not None:
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=CLOSE_SECONDS)
            # Workers that were still starting end with this process; closing them again at its exit would fail.
            self._cluster.shutdown_on_close = False


def _client(where: Any, **options: Any) -> Any:
    from distributed import Client

    return Client(where, set_as_default=False, **options)  # type: ignore[no-untyped-call]
