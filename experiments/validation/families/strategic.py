"""Results on bargaining and contracts that this engine cannot run yet: formulas of our own against published numbers.

They are closed forms, kept for the negotiation that they will be measured on, and say nothing about the engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import facts
from ..targets import Effort, Target, closed_form


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from private_information()
    yield from padded_claims()
    yield from price_only_contracts()


def private_information() -> Iterator[Target]:
    """Split-the-difference bargaining with uniform private values: the parties trade when v - c >= 1/4.

    P(v - c >= k) = (1-k)^2/2 and the surplus is the integral of x (1-x) from k to 1.
    """
    case = facts("bilateral_trade_private_info")

    def trade(k: float) -> float:
        return (1.0 - k) ** 2 / 2.0

    def surplus(k: float) -> float:
        return 1.0 / 6.0 - k**2 / 2.0 + k**3 / 3.0

    found = {
        "P_trade": trade(0.25),
        "surplus": surplus(0.25),
        "first_best": surplus(0.0),
        "efficiency": surplus(0.25) / surplus(0.0),
        "P_trade_first_best": trade(0.0),
    }
    for key, value in case.expected.items():
        yield closed_form(f"strategic/bilateral trade/{key.replace('_', ' ')}", case.source, value, found[key])


def padded_claims() -> Iterator[Target]:
    """Padding m of exponential gains and losses: adopted with probability (1-m)/2, surplus (1-m^2)/2."""
    case = facts("strategic_padding")
    for m in case.parameters["m"]:
        name, key = f"strategic/padding m={m:g}", f"{m:g}"
        yield closed_form(f"{name}/adopted", case.source, case.expected["P_adopt"][key], (1 - m) / 2)
        yield closed_form(f"{name}/surplus", case.source, case.expected["surplus"][key], (1 - m * m) / 2)


def price_only_contracts() -> Iterator[Target]:
    """Price of anarchy of wholesale prices for Pareto demand: ((1-k)^(-(1-k)/k) - 1)/(1-k)."""
    case = facts("price_of_anarchy_wholesale")
    for k in case.parameters["k"]:
        found = ((1 - k) ** (-(1 - k) / k) - 1) / (1 - k)
        yield closed_form(f"strategic/price of anarchy k={k:g}", case.source, case.expected["PoA"][f"{k:g}"], found)
