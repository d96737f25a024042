"""Capacity of factories that owners have reserved, and may trade: shadow prices in a running world.

Every so many periods the shares of a factory's capacity are put up: a price rises until its owners want no more than
there is, each by its own newsvendor model of what it is asked for, and what is used beyond the proportional ration is
paid for at that price to those who use less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agents.negotiation.ledger import Proposal, Status
from ..agents.negotiation.protocols.base import Decision
from ..agents.negotiation.slots import Cleared, SlotMarket
from ..agents.numeric import add_all, total
from ..agents.objectives.flow import Rates
from ..agents.objectives.newsvendor import cost
from ..agents.objectives.special import LEAST, quantile
from ..agents.quantity import Array, Money, Units

WEIGHT = 0.05  # of the newest period in what an owner believes of its demand
MOST = 0.999999  # probability of not running short above which nobody asks for more


@dataclass
class Claimant:
    """An owner with a share of a factory: its place among the owners, the lanes that it orders on, its costs of a unit
    too many and a unit too few, and what it believes of its demand for capacity.
    """

    owner: int
    lever: int
    lanes: Sequence[Any]
    rates: Rates
    mean: Array
    variance: Array

    def note(self, usage: Any, weight: float) -> None:
        """Learn what was asked for in a period, in units of capacity."""
        asked = add_all([total(lane.booked * usage) for lane in self.lanes])
        off = asked - self.mean
        self.mean = self.mean + weight * off
        self.variance = (1.0 - weight) * (self.variance + weight * off * off)

    def wants(self, price: Array) -> Units:
        """What it would use at a price: up to the critical ratio (backlog - price) / (backlog + holding)."""
        ratio = np.clip((self.rates.backlog - price) / (self.rates.backlog + self.rates.holding), 0.0, MOST)
        wanted = self.mean + np.sqrt(self.variance) * quantile(np.maximum(ratio, 1.0 - MOST))
        return np.where(ratio > 0.0, np.maximum(wanted, 0.0), 0.0)

    def cost(self, use: Units) -> Money:
        """What it expects a period with so much capacity to cost."""
        return cost(use - self.mean, np.maximum(np.sqrt(self.variance), LEAST), self.rates)


class CapacityMarket:
    """The markets for the reserved capacity of all factories of a world, held one after the other."""

    def __init__(self, model: Any, levers: Any, owners: Sequence[str]) -> None:
        self.model = model
        self.levers = levers
        self.owners = tuple(owners)
        self.market = SlotMarket()
        self.factories = {
            spec.name: self.claimants(spec) for spec in model.scenario.factories if spec.capacity is not None
        }
        self.periods = 0

    def claimants(self, spec: Any) -> list[Claimant]:
        """The owners who have reserved capacity of a factory."""
        factory, found = self.model.sites[spec.name], []
        for place, item in enumerate(spec.reserved):
            lanes = [lane for lane in factory.customers if self.owner_of(lane.destination.name) == item.owner]
            lever = self.levers.names.index(f"factories.{spec.name}.reserved.{place + 1}.share")
            rates = self.rates_of([lane.destination.name for lane in lanes])
            none = np.zeros(self.model.runs)
            found.append(Claimant(self.owners.index(item.owner), lever, lanes, rates, none, none))
        return found

    def owner_of(self, name: str) -> str:
        """Whose a site or market is."""
        return str(self.model.scenario.site(name).owner)

    def rates_of(self, names: Sequence[str]) -> Rates:
        """The mean cost of a unit too many and of one too few at some sites."""
        specs = [self.model.scenario.site(name) for name in names]
        holding = [_mean(getattr(spec, "holding_cost", 0.0)) for spec in specs]
        backlog = [_mean(getattr(spec, "backlog_cost", 0.0)) for spec in specs]
        return Rates(float(np.mean(holding)) + LEAST, float(np.mean(backlog)) + LEAST)

    def note(self) -> None:
        """Let every owner learn what it was asked for this period."""
        self.periods = self.periods + 1
        weight = max(WEIGHT, 1.0 / self.periods)
        for name, claimants in self.factories.items():
            usage = np.reshape(self.model.sites[name].usage, (-1, 1)) if np.ndim(self.model.sites[name].usage) else 1.0
            for claimant in claimants:
                claimant.note(usage, weight)

    def __call__(self, current: Array) -> tuple[Decision, list[str]]:
        """The shares for the time to come, with what is paid for them, and the names of what was traded."""
        shape = (len(self.owners), self.model.runs)
        target, payments, claims = current, np.zeros(shape), np.zeros(shape)
        sat = np.zeros(shape, dtype=bool)
        for name, claimants in self.factories.items():
            if len(claimants) < 2:
                continue
            cleared = self.cleared(name, claimants)
            capacity = self.model.sites[name].capacity
            for place, claimant in enumerate(claimants):
                row = np.arange(len(current)) == claimant.lever
                target = np.where(row[:, None], cleared.use[place] / capacity, target)
                mine = (np.arange(len(self.owners)) == claimant.owner)[:, None]
                payments = payments + np.where(mine, cleared.payments[place], 0.0)
                gained = claimant.cost(cleared.use[place]) - claimant.cost(cleared.endowment[place])
                claims = claims + np.where(mine, gained, 0.0)
                sat = sat | mine
        return self.decision(current, target, (payments, claims, sat)), ["trade of reserved capacity"]

    def cleared(self, name: str, claimants: Sequence[Claimant]) -> Cleared:
        """The market for the capacity of one factory."""
        capacity = np.zeros(self.model.runs) + self.model.sites[name].capacity
        asked = np.ones((len(claimants), self.model.runs), dtype=bool)
        return self.market(lambda price: np.stack([item.wants(price) for item in claimants]), capacity, asked)

    def decision(self, current: Array, target: Array, traded: tuple[Money, Money, NDArray[np.bool_]]) -> Decision:
        """The trade as a decision that is kept and paid for until the next one."""
        payments, claims, sat = traded
        some = np.asarray((target != current).any(axis=0))
        none = np.zeros(self.model.runs)
        gain = -add_all(list(claims))
        proposal = Proposal(
            np.zeros(self.model.runs, dtype=np.intp), some, gain, claims, sat, sat, -payments, -claims - payments, none,
            current, target,
        )  # fmt: skip
        status = np.where(some, int(Status.ADOPTED), int(Status.NOT_MATERIAL))
        return Decision(target, some, none, -payments, True, proposal, status)


def _mean(value: Any) -> float:
    """The mean of a number, a table of numbers or an array."""
    return float(np.mean(list(value.values()) if isinstance(value, dict) else value))
