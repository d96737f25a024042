"""Price of anarchy of wholesale prices: a formula of our own against published numbers, not the engine."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import facts
from ..targets import Effort, Target, closed_form


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from price_only_contracts()


def price_only_contracts() -> Iterator[Target]:
    """Price of anarchy of wholesale prices for Pareto demand: ((1-k)^(-(1-k)/k) - 1)/(1-k)."""
    case = facts("price_of_anarchy_wholesale")
    for k in case.parameters["k"]:
        found = ((1 - k) ** (-(1 - k) / k) - 1) / (1 - k)
        yield closed_form(f"strategic/price of anarchy k={k:g}", case.source, case.expected["PoA"][f"{k:g}"], found)
