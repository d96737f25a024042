"""Simulations for many people on one machine: a few at once, the others in line, each stopped when it is not wanted.

A job is a list of units. Units run in worker processes, so that pages stay quick; between two units the job looks
whether it was cancelled. Finished units are kept for a while by what went into them: the same inputs never run twice.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import Any

from .caps import Caps, TooMuch, from_environment

KEPT = 200
"""How many finished units are kept."""
KEPT_BYTES = 60_000_000
LOOK = 0.1
"""Seconds between two looks whether a running unit is still wanted."""


class Cancelled(Exception):
    """The job was cancelled; what was finished before has been handed over."""


@dataclass(frozen=True)
class Unit:
    """A piece of work of a few seconds at most: a function of a module, its arguments, and a hash of them."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    key: str


@dataclass
class Ticket:
    """One job's place in line: who waits reads ``ahead``, ``done`` and ``total``; `cancel` ends it.

    ``report`` is called whenever one of them changed.
    """

    report: Callable[[Ticket], None] = lambda ticket: None
    ahead: int = 0
    done: int = 0
    total: int = 0
    started: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """End the job as soon as its running unit is over."""
        self.stop.set()

    def check(self) -> None:
        """Raise `Cancelled` when the job is not wanted any more."""
        if self.stop.is_set():
            raise Cancelled

    def seconds_left(self) -> float | None:
        """From the units that are done; nothing before the first one."""
        if not self.done or not self.started:
            return None
        return (time.monotonic() - self.started) / self.done * (self.total - self.done)


class Service:
    """The workers and the line before them; ``inline`` runs everything in the calling thread, for tests."""

    def __init__(self, caps: Caps, *, inline: bool = False) -> None:
        self.caps = caps
        self._inline = inline
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Condition()
        self._line: deque[Ticket] = deque()
        self._running = 0
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._visitors: set[int] = set()

    def work(self, units: Sequence[Unit], ticket: Ticket) -> Iterator[Any]:
        """The results of the units, each as soon as it is there.

        Raises `Cancelled` when the ticket is cancelled, `TooMuch` when too many wait or it takes too long, and what
        a unit raises.
        """
        ticket.total = len(units)
        with self._turn(ticket, needed=any(unit.key not in self._kept for unit in units)):
            ticket.started = time.monotonic()
            for unit in units:
                ticket.check()
                self.caps.check("seconds", int(time.monotonic() - ticket.started))
                value = self._value(unit, ticket)
                ticket.done += 1
                ticket.report(ticket)
                yield value

    def admit(self, visitor: int) -> bool:
        """Whether a visitor may come in; one who is in is not counted twice."""
        with self._lock:
            if visitor not in self._visitors and len(self._visitors) >= self.caps.sessions:
                return False
            self._visitors.add(visitor)
            return True

    def leave(self, visitor: int) -> None:
        """A visitor goes, and makes room for another one."""
        with self._lock:
            self._visitors.discard(visitor)

    def warm(self) -> None:
        """Start the workers, so that the first visitor does not wait for them."""
        self._submit(_nothing, ()).result()

    def close(self) -> None:
        """Let the workers go."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def _turn(self, ticket: Ticket, needed: bool) -> Iterator[None]:
        """First come, first served; at most so many at once as the caps say."""
        if not needed:
            yield
            return
        self._wait(ticket)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                self._lock.notify_all()

    def _wait(self, ticket: Ticket) -> None:
        with self._lock:
            if len(self._line) >= self.caps.waiting and self._running >= self.caps.at_once:
                raise TooMuch(f"{len(self._line)} simulations wait already; {self.caps.waiting} may. Try again soon")
            self._line.append(ticket)
            try:
                while self._running >= self.caps.at_once or self._line[0] is not ticket:
                    ticket.check()
                    self._tell(ticket)
                    self._lock.wait(LOOK)
                ticket.check()
                self._running += 1
            finally:
                self._line.remove(ticket)
        self._tell(ticket, 0)

    def _tell(self, ticket: Ticket, ahead: int | None = None) -> None:
        place = self._line.index(ticket) + self._running if ahead is None else ahead
        if place != ticket.ahead:
            ticket.ahead = place
            ticket.report(ticket)

    def _value(self, unit: Unit, ticket: Ticket) -> Any:
        with self._lock:
            if unit.key in self._kept:
                self._kept.move_to_end(unit.key)
                return self._kept[unit.key][0]
        future = self._submit(unit.function, unit.arguments)
        future.add_done_callback(lambda done: self._finished(unit.key, done))
        try:
            while not future.done():
                wait([future], timeout=LOOK)
                ticket.check()
            return future.result()
        except Cancelled:
            future.cancel()  # one that runs goes on to its end, and its result is kept for whoever asks again
            raise
        except BrokenProcessPool:
            self.close()
            raise TooMuch(
                "the simulation ended before it was done, perhaps for lack of memory; try a smaller one"
            ) from None

    def _finished(self, key: str, done: Future[Any]) -> None:
        if not done.cancelled() and done.exception() is None:
            self._keep(key, done.result())

    def _keep(self, key: str, value: Any) -> None:
        with self._lock:
            self._kept[key] = (value, _size(value))
            while len(self._kept) > KEPT or sum(size for _, size in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)

    def _submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        if self._inline:
            done: Future[Any] = Future()
            try:
                done.set_result(function(*arguments))
            except Exception as error:  # noqa: BLE001  handed to the caller, as a pool does
                done.set_exception(error)
            return done
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(self.caps.at_once, get_context("spawn"), _ignore_interrupts)
            return self._pool.submit(function, *arguments)


def _size(value: Any) -> int:
    """About how many bytes a result holds."""
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, tuple | list):
        return sum(map(_size, value))
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if hasattr(value, "memory_usage"):
        return int(value.memory_usage(deep=True).sum())
    return int(getattr(value, "nbytes", 100))


def _ignore_interrupts() -> None:
    """Ctrl+C ends the server, which lets its workers go; they themselves say nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _nothing() -> None:
    """The first work of a worker: it loads the engine."""
    from . import work  # noqa: F401


@cache
def service() -> Service:
    """The workers of this process; they hold nothing about anybody, only finished numbers by what went into them."""
    return Service(from_environment())
