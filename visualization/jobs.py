"""Simulations for many people on one machine: a few at once, the others in line, each stopped when it is not wanted.

A job is a list of units. Units run in worker processes, so that pages stay quick; between two units the job looks
whether it was cancelled. Finished units are kept for a while by what went into them: the same inputs never run twice,
and whoever asks for what is just being simulated waits for that.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from typing import Any

from .caps import Caps, TooMuch, from_environment
from .chunks import Mail

KEPT = 200
"""How many finished units are kept."""
KEPT_BYTES = 60_000_000
LOOK = 0.1
"""Seconds between two looks whether a running unit is still wanted."""


class Cancelled(Exception):
    """The job was cancelled; what was finished before has been handed over."""


@dataclass(frozen=True)
class Unit:
    """A piece of work of a few seconds at most: a function of a module, its arguments, and a hash of them.

    A ``chunked`` one takes longer: its function takes a `Mail` as its last argument, sends by it what there is so far,
    and ends when it is closed.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    key: str
    chunked: bool = False


@dataclass(eq=False)
class Flight:
    """A unit on its way: how many wait for it, and the newest of its chunks."""

    future: Future[Any]
    mail: Mail | None
    waiting: int = 0
    chunk: bytes = b""


@dataclass
class Ticket:
    """One job's place in line: who waits reads ``ahead``, ``done`` and ``total``; `cancel` ends it.

    ``chunk`` is what there is of the running unit, empty for most. ``report`` is called whenever one of them changed.
    """

    report: Callable[[Ticket], None] = lambda ticket: None
    ahead: int = 0
    done: int = 0
    total: int = 0
    started: float = 0.0
    chunk: bytes = b""
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
    """The workers and the line before them; ``inline`` has threads for workers, for tests."""

    def __init__(self, caps: Caps, *, inline: bool = False) -> None:
        self.caps = caps
        self._inline = inline
        self._pool: Executor | None = None
        self._lock = threading.Condition()
        self._line: deque[Ticket] = deque()
        self._running = 0
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._flights: dict[str, Flight] = {}
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
                ticket.done, ticket.chunk = ticket.done + 1, b""
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
            for flight in self._flights.values():
                _end(flight)
        self._drop()

    def _drop(self) -> None:
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
            flight = self._board(unit)
        try:
            while not flight.future.done():
                wait([flight.future], timeout=LOOK)
                ticket.check()
                self._deliver(flight, ticket)
            value = flight.future.result()
            self._keep(unit.key, value)
            return value
        except BrokenProcessPool:
            self._drop()
            raise TooMuch(
                "the simulation ended before it was done, perhaps for lack of memory; try a smaller one"
            ) from None
        finally:
            self._leave(unit, flight)

    def _board(self, unit: Unit) -> Flight:
        """The flight of a unit that is on its way already, or a new one."""
        flight = self._flights.get(unit.key)
        if flight is None:
            mail = Mail.opened() if unit.chunked else None
            future = self._submit(unit.function, unit.arguments if mail is None else (*unit.arguments, mail))
            flight = self._flights[unit.key] = Flight(future, mail)
            landed = flight
            future.add_done_callback(lambda done: self._land(unit.key, landed))
        flight.waiting += 1
        return flight

    def _deliver(self, flight: Flight, ticket: Ticket) -> None:
        """Hand the newest chunk to one who waits."""
        if flight.mail is None or flight.future.done():
            return
        with self._lock:
            flight.chunk = flight.mail.take() or flight.chunk
        if ticket.chunk is not flight.chunk:
            ticket.chunk = flight.chunk
            ticket.report(ticket)

    def _leave(self, unit: Unit, flight: Flight) -> None:
        """One waits no more. After the last one a unit in chunks ends; another one goes on, and its result is kept."""
        with self._lock:
            flight.waiting -= 1
            if flight.waiting or flight.future.done():
                return
            flight.future.cancel()
            if flight.mail is not None:
                _end(flight)
                self._forget(unit.key, flight)

    def _land(self, key: str, flight: Flight) -> None:
        """A unit is over."""
        done = flight.future
        if not done.cancelled() and done.exception() is None:
            self._keep(key, done.result())
        _end(flight)
        with self._lock:
            self._forget(key, flight)

    def _forget(self, key: str, flight: Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    def _keep(self, key: str, value: Any) -> None:
        with self._lock:
            self._kept[key] = (value, _size(value))
            while len(self._kept) > KEPT or sum(size for _, size in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)

    def _submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        with self._lock:
            if self._pool is None:
                self._pool = (
                    ThreadPoolExecutor(self.caps.at_once)
                    if self._inline
                    else ProcessPoolExecutor(self.caps.at_once, get_context("spawn"), _ignore_interrupts)
                )
            return self._pool.submit(function, *arguments)


def _end(flight: Flight) -> None:
    """Say to the worker that nobody waits for chunks any more."""
    if flight.mail is not None:
        flight.mail.close()


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
