"""The designs: which points of the parameters a study runs. One design a file, found by name.

A design is a subclass of `Design` in one of the files here; its name in a study file is its class name in kebab case
(``LatinHypercube`` is ``latin-hypercube``), or one of its ``aliases``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any

from ....agents.plugins import scenario_name
from ..errors import fault, inner, nearest
from .base import Design

__all__ = ["Design", "designs", "read"]


@cache
def designs() -> dict[str, type[Design]]:
    """All designs by their names in a study file."""
    found: dict[str, type[Design]] = {}
    for module in pkgutil.iter_modules(__path__):
        for kind in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if inspect.isclass(kind) and issubclass(kind, Design) and not inspect.isabstract(kind):
                found[scenario_name(kind)] = kind
    return dict(sorted(found.items()))


def read(table: Any) -> Design:
    """A table ``{type = "sobol", points = 64}`` as a design; raises what pydantic collects."""
    if isinstance(table, Design):
        return table
    if not isinstance(table, dict) or not isinstance(table.get("type"), str):
        raise fault("names no design", f"give type, one of {', '.join(designs())}")
    known = designs() | {alias: kind for kind in designs().values() for alias in kind.aliases}
    if table["type"] not in known:
        raise fault("is not a design", nearest(table["type"], known), "type", value=table["type"])
    return inner(known[table["type"]], {key: value for key, value in table.items() if key != "type"})
