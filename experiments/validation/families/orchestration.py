"""Cases with a known joint optimum, negotiated in a running world by the orchestrator.

Owners start from what is best for one of them. A trial that knows the future shows each what the joint setting changes,
equal transfers share the saving, and all have to agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from ....agents.parameters import Number, parameter
from ....agents.policies.base import Policy, SiteView
from ....agents.policies.proportional_order_up_to import ProportionalOrderUpTo
from ....agents.quantity import Units
from ....model.schema import parse
from ....model.supply_chain import SupplyChain
from ..estimates import Array, mean_of
from ..facts import facts
from ..targets import Effort, Target, exact, statistical
from ..worlds import MARKET, SOURCE, Chain, stage
from .eoq import AT_ONCE
from .smoothing import pout

SITE = stage(1)
NORMAL = NormalDist()
CHAIN_OPTIMUM = 0.3535189985
SEED = 1950


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from smoothing(effort)
    yield from joint_lot()


@dataclass(kw_only=True)
class TwoGains(ProportionalOrderUpTo):
    """The proportional rule of a retailer that may choose between its own best gain and that of the chain.

    1. As `ProportionalOrderUpTo`, with two values of the inventory gain to choose from.
    """

    inventory_gain: Number = parameter(
        "part of the gap in net stock ordered at once", default=1.0, minimum=0, maximum=2, grid=(CHAIN_OPTIMUM, 1.0)
    )


@dataclass
class MadeToOrder(Policy):
    """Orders a lot when the stock lasts just as long as the vendor needs to make one.

    1. reorder point = demand x (lot / rate - 1/2).
    2. quantity = lot if the inventory position is at or below the reorder point, else nothing.
    """

    lot: Number = parameter("size of the lot", unit="units", above=0, grid=(200.0, 400.0, 800.0))
    demand: Number = parameter("demand", unit="units per period", above=0)
    rate: Number = parameter("what the vendor makes", unit="units per period", above=0)

    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""
        low = site.inventory_position <= self.demand * (self.lot / self.rate - 0.5)
        return np.where(low, self.lot, 0.0)


def negotiated(mapping: dict[str, Any], lever: str, first: int, history: int) -> dict[str, Any]:
    """A scenario in which one lever is negotiated about once, with trials of the future."""
    search = {
        "trials": "exact",
        "first_look": "trial",
        "history": history,
        "horizon": 1,  # all of the future counts alike
        "rounds": 1,
        "singles": 3,
        "menus": [],
        "caution": 0.0,
    }
    table = {"arm": "orch", "first": first, "cadence": 100_000, "levers": [lever], "rollback": False, "search": search}
    return mapping | {"orchestration": table}


@dataclass(frozen=True)
class Outcome:
    """Each run's cost a period of some owners, without transfers; transfers to the first owner; where the lever is."""

    costs: Mapping[str, Array]
    transfer: Array
    lever: Array


def outcome(mapping: dict[str, Any], runs: int, owners: tuple[str, ...]) -> Outcome:
    """What comes of a negotiated scenario."""
    world = SupplyChain(parse(mapping, source=str(mapping["name"])), np.arange(runs), seed=SEED).run()
    assert world.levers is not None
    assert world.planning is not None
    paid = {name: _transfer(world, name) for name in owners}
    costs = {name: world.accounts.balance(name) / world.measured_periods - paid[name] for name in owners}
    return Outcome(costs, -paid[owners[0]], world.levers.values[0])


def _transfer(world: SupplyChain, owner: str) -> Array:
    """What an owner pays a period by agreements, less what it is paid."""
    lines = [line for line in world.accounts.lines if line.name == "transfer" and line.payer == owner]
    return np.asarray(sum(line.money() for line in lines) / world.measured_periods)


# -- smoothed orders ------------------------------------------------------------------------------------------------


def smoothing(effort: Effort) -> Iterator[Target]:
    """A retailer in front of a factory with overtime: it smooths its orders, and is paid for it.

    The retailer's safety stock and the factory's regular capacity are those that are best at the chain's optimum, so
    the optimum is the published one; the transfer is what equal shares are with both as they are.
    """
    case = facts("smoothing_chain_cost")
    given, expected = case.parameters, case.expected
    found = outcome(_retailer_and_factory(given, effort), effort.pick(512, 256), (SITE, SOURCE))
    name = "orchestration/smoothing"
    yield exact(f"{name}/gain agreed on", case.source, expected["beta_star"], float(found.lever.mean()), 1e-9)
    rent = given["c_regular"] * _spare(given)
    costs = expected["cost_star"]
    yield statistical(f"{name}/retailer cost", case.source, costs["retailer"], mean_of(found.costs[SITE]))
    yield statistical(f"{name}/factory cost", case.source, costs["factory"], mean_of(found.costs[SOURCE] + rent))
    before, after = (_closed_costs(gain, given) for gain in (1.0, CHAIN_OPTIMUM))
    loss, saving = after[0] - before[0], sum(before) - sum(after)
    yield statistical(f"{name}/transfer by equal shares", case.source, loss + saving / 2, mean_of(found.transfer))


def _deviations(gain: float, given: Mapping[str, float]) -> tuple[float, float]:
    """Standard deviations of net stock and of orders."""
    rest = (1.0 - gain) ** 2
    return given["sigma"] * sqrt(given["Lx"] + rest / (1.0 - rest)), given["sigma"] * sqrt(gain / (2.0 - gain))


def _safety(given: Mapping[str, float]) -> float:
    ratio = given["backorder"] / (given["backorder"] + given["h"])
    return NORMAL.inv_cdf(ratio) * _deviations(CHAIN_OPTIMUM, given)[0]


def _spare(given: Mapping[str, float]) -> float:
    """Regular capacity above the mean."""
    return NORMAL.inv_cdf(1.0 - given["c_regular"] / given["c_overtime"]) * _deviations(CHAIN_OPTIMUM, given)[1]


def _short(level: float, deviation: float) -> float:
    """The mean of what a normal variable with mean zero exceeds a level by."""
    z = level / deviation
    return deviation * (NORMAL.pdf(z) - z * (1.0 - NORMAL.cdf(z)))


def _closed_costs(gain: float, given: Mapping[str, float]) -> tuple[float, float]:
    """Stock and backlog of the retailer; overtime of the factory."""
    net_stock, orders = _deviations(gain, given)
    level = _safety(given)
    retailer = given["h"] * level + (given["h"] + given["backorder"]) * _short(level, net_stock)
    return retailer, given["c_overtime"] * _short(_spare(given), orders)


def _retailer_and_factory(given: Mapping[str, float], effort: Effort) -> dict[str, Any]:
    demand = {"type": "normal", "mean": given["mu"], "sd": given["sigma"]}
    site = pout(int(given["Lx"]) - 1, 1.0, demand, target_net_stock=_safety(given), holding_cost=given["h"],
                backlog_cost=given["backorder"], orders={})  # fmt: skip
    site.policy["type"] = f"{__name__}:{TwoGains.__name__}"  # type: ignore[index]
    mapping = Chain("negotiated smoothing", demand, [site], effort.pick(800, 400), 100).mapping()
    del mapping["suppliers"]
    mapping["factories"] = [{
        "name": SOURCE, "policy": "pass-through", "bill": {"goods": {}}, "capacity": given["mu"] + _spare(given),
        "overtime": {"capacity": 10.0 * given["mu"], "unit_cost": given["c_overtime"]},
    }]  # fmt: skip
    return negotiated(mapping, f"warehouses.{SITE}.policy.inventory_gain", 50, effort.pick(800, 400))


# -- the joint lot --------------------------------------------------------------------------------------------------


def joint_lot() -> Iterator[Target]:
    """A buyer that orders its own lot, and a vendor with a dear setup: they agree on the joint lot.

    It is talked about in the period in which the vendor would have to begin with the larger lot, so that all copies
    of a trial go through whole cycles.
    """
    case = facts("joint_lot")
    given, expected = case.parameters, case.expected
    a_year = 400
    found = outcome(_buyer_and_vendor(given, a_year), 1, (SITE, SOURCE))
    name = "orchestration/joint lot"
    yield exact(f"{name}/lot agreed on", case.source, expected["Q_joint"], float(found.lever[0]), 0.0)
    step = given["D"] / a_year / 2.0
    buyer = found.costs[SITE][0] * a_year - given["r"] * given["Cp"] * step
    vendor = found.costs[SOURCE][0] * a_year + given["r"] * given["Cv"] * step
    yield exact(f"{name}/buyer's cost", case.source, expected["buyer_cost_at_Qj"], float(buyer))
    yield exact(f"{name}/vendor's cost", case.source, expected["vendor_cost_at_Qj"], float(vendor))
    paid = float(found.transfer[0] * a_year)
    yield exact(f"{name}/transfer by equal shares", case.source, expected["transfer_equal_split"], paid)
    least, most = expected["transfer_IR_range"]
    yield exact(f"{name}/transfer outside its range", case.source, 0.0, max(least - paid, paid - most, 0.0), 0.0)


def _buyer_and_vendor(given: Mapping[str, float], a_year: int) -> dict[str, Any]:
    demand, rate = given["D"] / a_year, given["P"] / a_year
    own, joint, largest = (round(lot / demand) for lot in (200.0, 400.0, 800.0))  # periods that a lot lasts
    late = round(joint * demand / rate)  # periods that the joint lot takes to make
    first = 3 * own - late
    policy = {"type": f"{__name__}:{MadeToOrder.__name__}", "lot": own * demand, "demand": demand, "rate": rate}
    site = {"name": SITE, "policy": policy, "initial_stock": own * demand, "orders": {"cost": given["A"]},
            "holding_cost": given["r"] * given["Cp"] / a_year}  # fmt: skip
    vendor = {"name": SOURCE, "policy": "pass-through", "bill": {"goods": {}}, "capacity": rate,
              "orders": {"cost": given["S"]}, "holding_cost": given["r"] * given["Cv"] / a_year}  # fmt: skip
    at = AT_ONCE.index("order")
    mapping = {
        "name": "negotiated lot",
        "periods": first + 4 * joint,
        "warm_up": first + joint,
        "sequence": [*AT_ONCE[:at], "plan", *AT_ONCE[at:]],
        "factories": [vendor],
        "warehouses": [site],
        "markets": [{"name": MARKET, "sites": [SITE], "demand": {"type": "constant", "mean": demand}}],
        "lanes": [{"from": SOURCE, "to": SITE, "travel_time": 0, "partial": False}],
    }
    return negotiated(mapping, f"warehouses.{SITE}.policy.lot", first, 6 * largest)
