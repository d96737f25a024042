"""Progress of a study: a bar with the remaining time on a terminal or in a notebook, plain lines otherwise."""

from __future__ import annotations

import time
from datetime import timedelta
from types import TracebackType
from typing import Any, Self, TextIO

LINE_SECONDS = 10.0


class Progress:
    """Shows how many runs are finished. ``update`` may be called at any rate."""

    def __init__(self, stream: TextIO | None = None, quiet: bool = False) -> None:
        self._stream, self._quiet = stream, quiet
        self._bar: Any = None
        self._task: Any = None
        self._began = time.monotonic()
        self._first: int | None = None
        self._last_line = -LINE_SECONDS

    def __enter__(self) -> Self:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self._console = Console(file=self._stream, stderr=self._stream is None, highlight=False)
        if not self._quiet and (self._console.is_terminal or self._console.is_jupyter):
            columns = [
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("runs"),
                TimeElapsedColumn(),
                TextColumn("{task.fields[note]}"),
            ]
            self._bar = Bar(*columns, console=self._console)
            self._bar.start()
            self._task = self._bar.add_task("", total=None, note="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def update(self, done: int, wanted: int, failed: int = 0, note: str = "") -> None:
        """Show the state: finished runs of those wanted, failed ones, and a note."""
        if self._quiet:
            return
        if self._first is None:
            self._first = done
        note = ", ".join(filter(None, [self._remaining(done, wanted), f"{failed} failed" if failed else "", note]))
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=wanted, note=note)
        elif time.monotonic() - self._last_line >= LINE_SECONDS:
            self._last_line = time.monotonic()
            self._console.print(f"{done} of {wanted} runs" + (f", {note}" if note else ""), soft_wrap=True)

    def _remaining(self, done: int, wanted: int) -> str:
        made = done - (self._first or 0)
        if made <= 0 or done >= wanted:
            return ""
        seconds = (time.monotonic() - self._began) / made * (wanted - done)
        return f"{timedelta(seconds=round(seconds))} left"
