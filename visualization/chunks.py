"""What a worker hands over before it is done: chunks of a recording that takes longer than two seconds.

A chunk is the recording of all periods so far, with scales of its own; each takes the place of the one before, and the
finished recording that of the last. So nothing has to be put together, and what stays does not depend on the chunks.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .recording import Making

FIRST = 2.0
"""Seconds from which on chunks are sent."""
PAUSE = 1.0
SHARE = 0.15
"""The pause between two chunks is at least this share of the time so far, so that a long run sends few."""
EFFORT = 0.1
"""The share of the time that making chunks may take."""
LEAST = 0.5
"""Seconds that have to be left for a chunk to be worth it."""
LOOK = 0.1
"""Seconds between two looks whether the recording is still wanted."""


class Abandoned(Exception):
    """Nobody waits for the result any more."""


@dataclass(frozen=True)
class Mail:
    """A folder between a worker and the server; it is there as long as somebody waits."""

    folder: str

    @classmethod
    def opened(cls) -> Mail | None:
        """A new one among the temporary files, or none where nothing can be written: then there are no chunks."""
        try:
            return cls(mkdtemp(prefix="ripieno-"))
        except OSError:
            return None

    def close(self) -> None:
        """Nobody waits any more: the folder is gone at once, whatever is just written into it."""
        closed = f"{self.folder}-closed"
        with suppress(OSError):
            Path(self.folder).rename(closed)
        for folder in (closed, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    def wanted(self) -> bool:
        """Whether somebody waits."""
        return Path(self.folder).is_dir()

    def send(self, content: bytes) -> None:
        """Hand a chunk over; it takes the place of one that was not taken yet. Without a place on disk it is lost."""
        written = Path(self.folder, "written")
        with suppress(OSError):
            written.write_bytes(content)
            written.replace(Path(self.folder, "chunk"))

    def take(self) -> bytes:
        """The newest chunk, once; empty where there is no new one."""
        taken = Path(self.folder, "taken")
        try:
            Path(self.folder, "chunk").replace(taken)
            return taken.read_bytes()
        except OSError:
            return b""


class Chunks:
    """Sends what there is of a recording, when it is time; short runs send nothing."""

    def __init__(self, mail: Mail, clock: Callable[[], float] = time.monotonic) -> None:
        self.mail = mail
        self.clock = clock
        self.start = clock()
        self.look_at = self.start + LOOK
        self.send_at = self.start + FIRST

    def note(self, making: Making) -> None:
        """A period is over; raises `Abandoned` when nobody waits for the recording any more."""
        now = self.clock()
        if now < self.look_at:
            return
        self.look_at = now + LOOK
        if not self.mail.wanted():
            raise Abandoned
        if now >= self.send_at and self._left(now, making) > LEAST:
            self.mail.send(making.recording().to_bytes())
            after = self.clock()
            self.send_at = after + max(PAUSE, SHARE * (after - self.start), (after - now) / EFFORT)

    def _left(self, now: float, making: Making) -> float:
        """About how many seconds are left."""
        return (now - self.start) / making.done * (making.periods - making.done)
