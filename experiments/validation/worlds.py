"""Scenarios for the targets: serial chains of the literature, written as the mapping that a TOML file gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from ...model.schema import Scenario, parse
from ..simulate import simulate
from .estimates import Sample, samples

SOURCE = "Source"
MARKET = "Market"


def stage(number: int) -> str:
    """The name of a stage; number 1 serves the market."""
    return f"Stage{number}"


@dataclass(frozen=True)
class Stage:
    """A site of a serial chain: periods of travel to it, its policy, and further keys of the site and of its lane."""

    travel: int
    policy: Mapping[str, Any]
    site: Mapping[str, Any] = field(default_factory=dict)
    lane: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """A serial chain from an unlimited source to one market."""

    name: str
    demand: Mapping[str, Any]
    stages: Sequence[Stage]  # the one that serves the market first
    periods: int
    warm_up: int
    sequence: str = "serve-then-order"

    def mapping(self, **more: Any) -> dict[str, Any]:
        """The scenario as a file would give it, with ``more`` keys of its top level."""
        names = [stage(i + 1) for i in range(len(self.stages))]
        return {
            "name": self.name,
            "periods": self.periods + self.warm_up,
            "warm_up": self.warm_up,
            "sequence": self.sequence,
            "suppliers": [{"name": SOURCE}],
            "warehouses": [
                {"name": name, "policy": dict(made.policy), **made.site}
                for name, made in zip(names, self.stages, strict=True)
            ],
            "markets": [{"name": MARKET, "sites": [names[0]], "demand": dict(self.demand)}],
            "lanes": [
                {"from": above, "to": name, "travel_time": made.travel, **made.lane}
                for above, name, made in zip([*names[1:], SOURCE], names, self.stages, strict=True)
            ],
            **more,
        }

    def scenario(self, **more: Any) -> Scenario:
        """The scenario, checked."""
        return parse(self.mapping(**more), source=self.name)


def measure(scenarios: Sequence[Scenario], runs: int) -> list[Sample]:
    """Simulate scenarios on the same random numbers; one sample each.

    The seed comes from the name of the first one, so that targets of different names are independent.
    """
    seed = crc32(scenarios[0].name.encode())
    return samples(simulate(list(scenarios), runs=runs, seed=seed), len(scenarios))
