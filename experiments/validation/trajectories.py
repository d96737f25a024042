"""Whole trajectories of a scenario: a `SupplyChain` that keeps its series, read as arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

import numpy as np

from ...model.schema import Scenario
from ...model.supply_chain import SupplyChain
from .estimates import Array

Tracks = Callable[..., Array]
"""(agent, quantity, partner="") to the values after the warm-up, ``[periods, runs]``."""


def trajectories(scenario: Scenario, runs: int = 1, keep_warm_up: bool = False) -> Tracks:
    """Run a scenario and give access to its quantities, summed over products."""
    world = SupplyChain(scenario, range(runs), seed=crc32(scenario.name.encode()), series=True).run()
    first = 0 if keep_warm_up else scenario.warm_up

    def track(agent: str, quantity: str, partner: str = "") -> Any:
        values = world.recorder.array(agent, quantity, partner)  # type: ignore[union-attr]
        return np.asarray(values[first:].sum(axis=1))

    world.dispose()
    return track
