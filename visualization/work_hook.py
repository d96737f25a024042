"""A hook for pages: simulate in the background, show how far it is, stop when nobody wants it any more."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import solara

from ..model.schema import ScenarioError
from . import plans
from .caps import TooMuch
from .jobs import Cancelled, Service, Ticket, Unit
from .recordings import kept
from .session import plainly
from .worlds import Worlds

log = logging.getLogger(__name__)
TELL = 0.2
"""Seconds between two reports of progress to the page."""
State = Literal["idle", "waiting", "running", "done", "cancelled", "failed"]
Plan = Callable[[], Sequence[Unit]]


@dataclass(frozen=True, eq=False)
class Progress:
    """How far a job is. ``values`` belong to the inputs ``key``; while another job runs they are the earlier ones."""

    state: State = "idle"
    key: str = ""
    values: tuple[Any, ...] = ()
    done: int = 0
    total: int = 0
    ahead: int = 0
    left: float | None = None
    message: str = ""

    @property
    def busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")


class Job:
    """One job at a time for one place in a page; a new one cancels the one before."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.progress = Progress()
        self.partial: tuple[Any, ...] = ()
        self.show: Callable[[Progress], None] = lambda progress: None
        self._ticket: Ticket | None = None

    def start(self, key: str, plan: Plan) -> None:
        """Start in the background; the values so far stay until the first new ones are there."""
        self.cancel(quietly=True)
        ticket = self._ticket = Ticket()
        self.partial = ()
        told = [0.0]

        def report(ticket: Ticket) -> None:
            now = time.monotonic()
            if now - told[0] > TELL or ticket.ahead:
                told[0] = now
                state: State = "waiting" if ticket.ahead else "running"
                left = ticket.seconds_left()
                self._set(ticket, state=state, done=ticket.done, total=ticket.total, ahead=ticket.ahead, left=left)

        ticket.report = report
        self._set(ticket, state="running", done=0, total=0, ahead=0, left=None, message="")
        threading.Thread(target=self._run, args=(ticket, key, plan), daemon=True).start()

    def take(self, key: str, values: tuple[Any, ...]) -> None:
        """Results that are at hand already, instead of a job."""
        self.cancel(quietly=True)
        self.progress = Progress("done", key, values)
        self.show(self.progress)

    def cancel(self, quietly: bool = False) -> None:
        """End the job; what is finished stays."""
        if self._ticket is not None:
            self._ticket.cancel()
            if quietly:
                self._ticket = None

    def _run(self, ticket: Ticket, key: str, plan: Plan) -> None:
        values: list[Any] = []
        try:
            for value in self.service.work(plan(), ticket):
                values.append(value)
                if ticket is self._ticket:
                    self.partial = tuple(values)
            self._set(ticket, state="done", key=key, values=tuple(values))
        except Cancelled:
            kept = {"key": key, "values": tuple(values)} if values else {}
            self._set(ticket, state="cancelled", **kept)
        except (TooMuch, ScenarioError) as refused:
            self._set(ticket, state="failed", message=plainly(refused))
        except Exception:
            log.exception("a simulation failed")
            self._set(ticket, state="failed", message="The simulation failed; the server's log says why.")

    def _set(self, ticket: Ticket, **news: Any) -> None:
        if ticket is self._ticket:
            self.progress = replace(self.progress, **news)
            self.show(self.progress)


def use_job(
    service: Service, key: str, plan: Plan, auto: bool = True, ready: tuple[Any, ...] = ()
) -> tuple[Progress, Callable[[], None], Job]:
    """The progress of a job, a function that starts it, and the job itself.

    With ``auto`` it starts whenever ``key``, the hash of its inputs, is another one. It ends with the page. Results
    that are ``ready`` are taken instead.
    """
    job = solara.use_memo(lambda: _new(service, key, ready), [])
    progress, show = solara.use_state(job.progress)
    job.show = show

    def start() -> None:
        job.start(key, plan)

    def begin() -> Callable[[], None]:
        if job.progress.key != key and ready:
            job.take(key, ready)
        elif auto and job.progress.key != key:
            start()
        return lambda: job.cancel(quietly=True)

    solara.use_effect(begin, [key, auto])
    return progress, start, job


def _new(service: Service, key: str, ready: tuple[Any, ...]) -> Job:
    """A job; with results at hand it is done before the first drawing."""
    job = Job(service)
    if ready:
        job.take(key, ready)
    return job


@dataclass(frozen=True)
class Played:
    """The recording of two worlds: its bytes, those of other worlds while theirs are made, or none; and its job."""

    progress: Progress
    job: Job
    anew: bool

    @property
    def content(self) -> bytes:
        """The bytes for the player, empty before there are any."""
        return bytes(self.progress.values[0]) if self.progress.values else b""

    @property
    def doing(self) -> str:
        """What the job does, in words."""
        old = "The recording that came with this version was made by other code. " if self.anew else ""
        return f"{old}Simulating one run of both worlds"


def use_recording(service: Service, worlds: Worlds, shipped: bool = False) -> Played:
    """The recording of two worlds: the one that came with the package where it is fresh, else it is made.

    ``shipped`` says that one came with the package, so that a stale one is spoken of.
    """
    ready = solara.use_memo(lambda: kept(worlds), [worlds.key])
    found = () if ready is None else (ready,)
    progress, _, job = use_job(service, worlds.key, lambda: [plans.recording(worlds)], ready=found)
    return Played(progress, job, shipped and ready is None)
