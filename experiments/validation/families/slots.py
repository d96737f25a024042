"""Shared capacity by price and tradable slots.

Owners answer a price by the newsvendor formula, or by the choice between two docks; nothing is simulated, so all of it
is `closed-form`. What the levels at that price cost is measured on the engine by `newsvendor`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ....agents.negotiation.slots import Cleared, SlotMarket
from ..estimates import Array
from ..facts import facts
from ..targets import Effort, Target, closed_form

PRINTED = 1e-8  # relative: the expected numbers have ten digits


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from four_newsvendors()
    yield from two_docks()


class Newsvendors:
    """Owners that order for one period of normal demand, and pay a price for each unit of capacity."""

    def __init__(self) -> None:
        given = facts("shared_capacity").parameters
        self.mean, self.sd, self.backlog, self.holding = (
            np.array(given[key])[:, None] for key in ("mu", "sd", "b", "h")
        )

    def respond(self, price: Array) -> Array:
        """The best order at a price."""
        from scipy.special import ndtri

        share = np.maximum((self.backlog - price) / (self.backlog + self.holding), 1e-300)
        return np.asarray(np.maximum(self.mean + self.sd * ndtri(share), 0.0))

    def cost(self, order: Array) -> Array:
        """Expected cost of stock and of backlog."""
        from scipy.special import ndtr

        z = (order - self.mean) / self.sd
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        return np.asarray(self.sd * ((self.backlog + self.holding) * (density + z * ndtr(z)) - self.backlog * z))


def four_newsvendors() -> Iterator[Target]:
    """The price, who uses what, and what each pays."""
    case = facts("shared_capacity")
    owners, expected = Newsvendors(), case.expected
    found = SlotMarket()(owners.respond, np.array([case.parameters["K"]]), np.ones((4, 1), dtype=bool))
    cost, alone = owners.cost(found.use), owners.cost(found.endowment)
    net = cost + found.payments

    def target(name: str, value: float, measured: float) -> Target:
        return closed_form(f"slots/four newsvendors/{name}", case.source, value, measured, PRINTED * abs(value))

    yield target("price", expected["lambda_star"], found.price.item())
    yield target("cost", expected["cost_star"], float(cost.sum()))
    yield target("value of the capacity", expected["dual_revenue"], float((found.price * found.use).sum()))
    traded = expected["tradable_slots"]
    yield closed_form("slots/four newsvendors/sum of payments", case.source, 0.0, float(found.payments.sum()))
    columns = {
        "use": (expected["q_star"], found.use),
        "endowment": (traded["endowment_proportional"], found.endowment),
        "net cost": (traded["net_cost"], net),
        "cost at the endowment": (traded["cost_at_endowment"], alone),
        "gain by trading": (traded["gain_per_agent"], alone - net),
    }
    for name, (values, measured) in columns.items():
        for owner, value in enumerate(values):
            yield target(f"{name} of owner {owner + 1}", value, measured[owner].item())


def two_docks() -> Iterator[Target]:
    """A dock that gets slower with its load beside one that does not: free, and with tradable slots for half of it."""
    case = facts("pigou")
    expected, given = case.expected, case.parameters

    def arriving(price: Array) -> Array:
        """Trucks go to the first dock until its delay and the price together are the delay of the second."""
        return np.asarray(np.clip(given["constant_delay"] - price, 0.0, 1.0)[None])

    def delay(found: Cleared) -> float:
        here = found.use.item()
        return float(here * here + (1.0 - here) * given["constant_delay"])

    def market(room: float) -> Cleared:
        return SlotMarket()(arriving, np.array([room]), np.ones((1, 1), dtype=bool))

    free, slots = market(1.0), market(given["room"])
    numbers = {
        "nash_x": free.use.item(),
        "nash_cost": delay(free),
        "opt_x": slots.use.item(),
        "opt_cost": delay(slots),
        "price_of_anarchy": delay(free) / delay(slots),
        "optimal_toll_on_A": slots.price.item(),
    }
    for name, measured in numbers.items():
        yield closed_form(f"slots/two docks/{name.replace('_', ' ')}", case.source, expected[name], measured)
