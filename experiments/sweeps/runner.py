"""Running a study: chunks of missing runs go to an executor, and what comes back goes into the store."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from .chunks import Job, Outcome, joined
from .errors import StudyError
from .executors import Executor, InProcess
from .ledger import BoolArray, Ledger
from .machine import Host
from .opening import Opened, open_study
from .progress import Progress
from .provenance import Session, stamp_of
from .shards import Stamp
from .sizing import Sizer
from .stopping import wanted_counts
from .study import Study
from .supply import Supply

POLL_SECONDS = 0.2
REFRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Options:
    """How a study is run; none of it changes a result.

    ``workers`` processes of this machine (1: this process), or the Dask ``scheduler`` at an address; ``shard`` (i, n),
    counted from 1, makes one of n parts; ``chunk_runs`` fixes the size of a chunk.
    """

    workers: int = 1
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    chunk_runs: int | None = None
    allow_changed: bool = False
    quiet: bool = False
    command: str = "run"

    def checked(self) -> Self:
        """These options; raises `StudyError` if they contradict each other."""
        if self.workers < 1:
            raise StudyError(f"--workers {self.workers}: at least one process is needed; give 1 or more")
        if self.scheduler is not None and self.workers != 1:
            raise StudyError(f"--workers {self.workers} and --scheduler {self.scheduler}: give only one of them")
        if self.chunk_runs is not None and self.chunk_runs < 1:
            raise StudyError(f"--chunk-runs {self.chunk_runs}: a chunk has at least one run; give 1 or more")
        return self


@dataclass
class Tally:
    """What a session did: runs finished in all of those wanted, added and failed in this session, and its chunks."""

    finished: int = 0
    wanted: int = 0
    added: int = 0
    failed: int = 0
    chunks: int = 0
    seconds: float = 0.0
    outcome: str = ""
    hosts: set[Host] = field(default_factory=set)


def run_study(study: Study, folder: str | Path, options: Options | None = None) -> Tally:
    """Run all runs of a study that its folder does not hold yet.

    An interrupt keeps what is finished and is raised again. Raises `StudyError` or `ScenarioError` before anything is
    written if the study, the scenario or the folder cannot be used.
    """
    options = (options or Options()).checked()
    return run_opened(open_study(study, folder, options.allow_changed), options)


def run_opened(opened: Opened, options: Options) -> Tally:
    """Run what a store that is open lacks."""
    return _Campaign(opened, options).run()


def make_executor(options: Options) -> Executor:
    """The executor that the options ask for; Dask is only imported where it is used."""
    if options.scheduler is None and options.workers == 1:
        return InProcess()
    from .dask_executor import OnDask

    return OnDask.remote(options.scheduler) if options.scheduler is not None else OnDask.local(options.workers)


class _Campaign:
    """One session: the state that its steps share."""

    def __init__(self, opened: Opened, options: Options) -> None:
        self.store, self.plan, self.options = opened.store, opened.plan, options
        self.ledger = Ledger(self.plan, self.store)
        self.ledger.refresh()
        self.tally = Tally()
        prepared = self.plan.prepared
        self.job, self.stamp = Job.of(prepared), stamp_of(prepared)
        self.sizer = Sizer.of(prepared.chosen_from.values(), options.chunk_runs)
        self.share = self._share()
        others = any("ended" not in session for session in self.store.sessions())
        self.session = Session(self.store, prepared, options.command, opened.changed)
        self.offset = zlib.crc32(self.session.name.encode()) if others else 0
        self._refreshed = time.monotonic()

    def run(self) -> Tally:
        began = time.monotonic()
        outcome = "stopped by an error"
        try:
            self._work()
            outcome = "failures" if self.tally.failed else "complete"
        except KeyboardInterrupt:
            outcome = "interrupted"
            raise
        finally:
            self.tally.seconds, self.tally.outcome = time.monotonic() - began, outcome
            self.session.end(outcome, self.tally.added, self.tally.failed, self.tally.hosts)
        return self.tally

    def _share(self) -> BoolArray | None:
        if self.options.shard is None:
            return None
        part, parts = self.options.shard
        return self.plan.share(part - 1, parts, self.plan.prepared.study.replications.sequential)

    def _wanted(self) -> BoolArray:
        """The mask of the runs that this session is to see finished, as far as is known now."""
        wanted: BoolArray = np.arange(self.plan.most) < wanted_counts(self.ledger)[:, None]
        return wanted if self.share is None else wanted & self.share

    def _missing(self) -> BoolArray:
        wanted = self._wanted()
        self.tally.wanted = int(wanted.sum())
        self.tally.finished = int((wanted & self.ledger.done).sum())
        return wanted & ~self.ledger.done & ~self.ledger.failed

    def _work(self) -> None:
        missing = self._missing()
        if not missing.any():
            return
        with Progress(quiet=self.options.quiet) as progress, make_executor(self.options) as executor:
            try:
                while missing.any():
                    self._round(missing, executor, progress)
                    self.ledger.refresh()
                    missing = self._missing()
            except KeyboardInterrupt:
                for outcome in executor.ready():
                    self._absorb(outcome)
                raise

    def _round(self, missing: BoolArray, executor: Executor, progress: Progress) -> None:
        """Make the missing runs, in chunks, as many at a time as the executor has room for."""
        setting, replication = self.plan.ordered(missing)
        supply = Supply(self.ledger, self.job, np.roll(setting, -self.offset), np.roll(replication, -self.offset))
        while True:
            while executor.pending < executor.room and (chunk := supply.next(self.sizer, executor.slots)) is not None:
                executor.submit(chunk)
            if not executor.pending:
                return
            self._show(progress, executor)
            for outcome in executor.collect(POLL_SECONDS):
                self._absorb(outcome)
            if time.monotonic() - self._refreshed > REFRESH_SECONDS:
                self._refreshed = time.monotonic()
                if self.ledger.refresh():
                    self._missing()

    def _show(self, progress: Progress, executor: Executor) -> None:
        note = "waiting for workers" if executor.idle else ""
        progress.update(self.tally.finished, self.tally.wanted, self.tally.failed, note)

    def _absorb(self, outcome: Outcome) -> None:
        """Put what came back into the store and the ledger."""
        if outcome.refused:
            raise StudyError(outcome.refused)
        for key, found in outcome.found.items():
            self.store.add_reference(key, found)
        cpu = outcome.host.cpu if outcome.host else self.stamp.cpu
        for rows in joined(outcome.rows):
            path = self.store.add(rows, Stamp(self.stamp.code, self.stamp.scenario, self.stamp.seed, cpu))
            self.ledger.know(path)
            self.ledger.enter(rows.keys, rows.setting, rows.replication, rows.metrics)
            self.tally.added += len(rows)
            self.tally.finished += len(rows)
        for failure in outcome.failures:
            self.store.add_failure(failure, self.session.name)
            self.ledger.enter_failure(failure.key, failure.replication)
            self.tally.failed += 1
        if outcome.host is not None:
            self.tally.hosts.add(outcome.host)
        if not outcome.found:
            self.sizer.learn(outcome.runs, outcome.seconds)
        self.tally.chunks += 1
