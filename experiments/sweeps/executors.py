"""Where chunks run: in this process, or on the workers of a Dask cluster. All of them map the same function."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from types import TracebackType
from typing import Self

from .chunks import Chunk, Outcome, run_chunk


class Executor(ABC):
    """Runs chunks. Used as a context; leaving it, also on an interrupt, stops all work that it started."""

    slots: int = 1
    """How many chunks can run at once."""

    @property
    @abstractmethod
    def pending(self) -> int:
        """How many chunks were submitted and not collected yet."""

    @property
    def room(self) -> int:
        """How many chunks may be pending: enough to keep every process busy."""
        return 1

    @abstractmethod
    def submit(self, chunk: Chunk) -> None:
        """Accept a chunk."""

    @abstractmethod
    def collect(self, timeout: float) -> list[Outcome]:
        """Outcomes that have become ready; waits up to about ``timeout`` seconds for the first."""

    def ready(self) -> list[Outcome]:
        """Outcomes that are ready already; starts and waits for nothing."""
        return []

    @property
    def idle(self) -> bool:
        """Whether there is no worker at the moment that could run a chunk."""
        return False

    def close(self) -> None:
        """Stop all work and free what was started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class InProcess(Executor):
    """Runs chunks one after the other in this process; the run axis makes that fast."""

    def __init__(self) -> None:
        self._waiting: deque[Chunk] = deque()

    @property
    def pending(self) -> int:
        """The chunks that wait."""
        return len(self._waiting)

    def submit(self, chunk: Chunk) -> None:
        """Keep the chunk until it is collected."""
        self._waiting.append(chunk)

    def collect(self, timeout: float) -> list[Outcome]:
        """Run the next chunk."""
        return [run_chunk(self._waiting.popleft())]
