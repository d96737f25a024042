"""What a process runs on: versions, machine, and the level of vector instructions that NumPy uses."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

LIBRARIES = ("ripieno", "numpy", "scipy", "pandas", "pyarrow", "mesa", "pydantic", "dask", "distributed", "SALib")


@dataclass(frozen=True)
class Host:
    """The part of a platform that can change the last bits of a result, and the name of the machine."""

    name: str
    cpu: str
    numpy: str
    python: str


@cache
def host() -> Host:
    """The platform of this process."""
    return Host(platform.node(), cpu_level(), np.__version__, platform.python_version())


def cpu_level() -> str:
    """The vector instructions for which NumPy has code and this machine has support.

    Bits are only promised to be equal within one level.
    """
    found: dict[str, Any] = dict(np.show_config(mode="dicts"))
    simd = found.get("SIMD Extensions", {})
    return " ".join([platform.machine(), *simd.get("baseline", []), *simd.get("found", [])])


def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that take part."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> dict[str, Any]:
    """The machine and its operating system."""
    return {
        "host": platform.node(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "processor": platform.processor(),
        "cores": os.cpu_count(),
        "cpu_level": cpu_level(),
        "byte_order": sys.byteorder,
    }
