"""What a Dask worker does when it starts. Named in the start of a worker: ``dask worker --preload ...``."""

from __future__ import annotations

import contextlib
import ctypes
import signal
from typing import Any

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_MMAP = 2**25


def dask_setup(worker: Any) -> None:
    """Leave an interrupt to the coordinator, keep freed memory, and load the code before the first chunk comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_freed_memory()
    from . import chunks  # noqa: F401


def keep_freed_memory() -> None:
    """Undo, where the C library is glibc, what Dask sets for its workers: to return freed memory at once.

    Every period frees and takes arrays over the run axis; returning them costs six times the page faults.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGEST_MMAP)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
