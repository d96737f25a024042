"""What a Dask worker does when it starts. Named in the start of a worker: ``dask worker --preload ...``."""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Leave an interrupt from the keyboard to the coordinator, and load the code before the first chunk comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from . import chunks  # noqa: F401
