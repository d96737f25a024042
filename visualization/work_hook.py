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
    """How far a job is. ``values`` belong to the inputs ``key``; while another job runs they are the earlier ones.

    ``chunk`` is what there is of the running unit, or was when the job was cancelled.
    """

    state: State = "idle"
    key: str = ""
    values: tuple[Any, ...] = ()
    done: int = 0
    total: int = 0
    ahead: int = 0
    left: float | None = None
    message: str = ""
    chunk: bytes = b""

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
        self._key = ""

    def start(self, key: str, plan: Plan) -> None:
        """Start in the background; the values so far stay until the first new ones are there.

        What there was of the same inputs stays as well.
        """
        self.cancel(quietly=True)
        begun = self.progress.chunk if key == self._key else b""
        self._key = key
        ticket = self._ticket = Ticket()
        self.partial = ()
        told = [0.0]

        def report(ticket: Ticket) -> None:
            now = time.monotonic()
            fresh = ticket.chunk or self.progress.chunk  # the last one stays until the result is there
            if now - told[0] > TELL or ticket.ahead or fresh is not self.progress.chunk:
                told[0] = now
                state: State = "waiting" if ticket.ahead else "running"
                seen = {name: getattr(ticket, name) for name in ("done", "total", "ahead")}
                self._set(ticket, state=state, left=ticket.seconds_left(), chunk=fresh, **seen)

        ticket.report = report
        self._set(ticket, state="running", done=0, total=0, ahead=0, left=None, message="", chunk=begun)
        threading.Thread(target=self._run, args=(ticket, key, plan), daemon=True).start()

    def take(self, key: str, values: tuple[Any, ...]) -> None:
        """Results that are at hand already, instead of a job."""
        self.cancel(quietly=True)
        self.progress = Progress("done", key, values)
        self.show(self.progress)

    def rest(self) -> None:
        """Show that nothing runs any more, after a job that was cancelled quietly."""
        self.progress = replace(self.progress, state="idle", chunk=b"")
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
            self._set(ticket, state="done", key=key, values=tuple(values), chunk=b"")
        except Cancelled:
            kept = {"key": key, "values": tuple(values)} if values else {}
            self._set(ticket, state="cancelled", **kept)
        except (TooMuch, ScenarioError) as refused:
            self._set(ticket, state="failed", message=plainly(refused), chunk=b"")
        except Exception:
            log.exception("a simulation failed")
            self._set(ticket, state="failed", message="The simulation failed; the server's log says why.", chunk=b"")

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
        due = job.progress.key != key or job.progress.busy  # busy with what was cancelled quietly
        if due and ready:
            job.take(key, ready)
        elif due and auto:
            start()
        elif job.progress.busy:
            job.rest()
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
    """The recording of two worlds, whose hash is ``key``; its job, what starts it again, and whether it is made anew.

    The values of the job are its bytes, or those of other worlds as long as there are none of these.
    """

    key: str
    progress: Progress
    job: Job
    start: Callable[[], None]
    anew: bool

    @property
    def content(self) -> bytes:
        """The finished recording, empty before it is there."""
        return bytes(self.progress.values[0]) if self.progress.values and self.progress.key == self.key else b""

    @property
    def shown(self) -> bytes:
        """The bytes for the player: the recording, its beginning, that of other worlds, or none."""
        return self.content or self.progress.chunk or (bytes(self.progress.values[0]) if self.progress.values else b"")

    @property
    def stale(self) -> bool:
        """Whether what is shown belongs to other worlds."""
        return bool(self.progress.values) and not self.content and not self.progress.chunk

    @property
    def growing(self) -> bool:
        """Whether what is shown is the beginning of a recording of which more is to come."""
        return self.progress.busy and bool(self.progress.chunk)

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
    progress, start, job = use_job(service, worlds.key, lambda: [plans.recording(worlds)], ready=found)
    return Played(worlds.key, progress, job, start, shipped and ready is None)
