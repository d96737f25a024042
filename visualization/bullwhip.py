"""Amplification of orders by echelon, from what `work.orders_of` gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .pairing import Paired, paired


@dataclass(frozen=True)
class Level:
    """One echelon in both worlds: who is in it, its totals in the first run, and its amplification over runs."""

    name: str
    members: tuple[str, ...]
    a: Any
    b: Any
    ratio: Paired


def levels_of(a: Mapping[str, Any], b: Mapping[str, Any], after_warm_up: bool) -> list[Level]:
    """The levels of two worlds, from outside demand upstream.

    The ratio is the variance of a level's orders over that of outside demand, in each run; it is missing where demand
    does not vary. Population variances, products added up.
    """
    which = "after" if after_warm_up else "whole"
    found = []
    for name, mine in a["levels"].items():
        theirs = b["levels"].get(name)
        if theirs is not None:
            ratio = paired(_ratio(a, name, which), _ratio(b, name, which))
            found.append(Level(name, tuple(mine["members"]), mine["series"], theirs["series"], ratio))
    return found


def _ratio(world: Mapping[str, Any], name: str, which: str) -> Any:
    below = np.asarray(world["levels"]["demand"][which], dtype=float)
    return np.asarray(world["levels"][name][which], dtype=float) / np.where(below == 0, np.nan, below)
