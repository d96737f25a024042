"""Sweeps: studies over many settings of a scenario, run anywhere and kept in a folder that survives being killed.

The public names are loaded when they are first used, so that the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import StudyError
    from .exporting import export
    from .merging import Merged, merge, table_hash
    from .reading import load_study
    from .runner import Options, run_study
    from .store import Store
    from .study import Study
    from .verification import verify

__all__ = [
    "Merged",
    "Options",
    "Store",
    "Study",
    "StudyError",
    "export",
    "load_study",
    "merge",
    "run_study",
    "table_hash",
    "verify",
]

_HOMES = {
    "Merged": "merging",
    "Options": "runner",
    "Store": "store",
    "Study": "study",
    "StudyError": "errors",
    "load_study": "reading",
    "merge": "merging",
    "run_study": "runner",
    "table_hash": "merging",
    "export": "exporting",
    "verify": "verification",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
