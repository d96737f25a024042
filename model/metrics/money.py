"""What it costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.numeric import add_all
from ...agents.quantity import Array, Money
from .base import metric, over_products, ratio


@metric("network", "money per period")
def cost(world: Any) -> Money:
    """Costs of the whole network, payments between owners cancelled.

    Sum of rate x quantity over all cost lines that leave the network and over all periods, / T.
    """
    return world.accounts.cost() / world.measured_periods  # type: ignore[no-any-return]


@metric("network", "money per period")
def logistics_cost(world: Any) -> Money:
    """Costs of the whole network but for making the goods, which follow demand whatever anybody decides.

    `cost` - the cost of production.
    """
    return (world.accounts.cost() - world.accounts.cost(name="production")) / world.measured_periods  # type: ignore[no-any-return]


@metric("network", "money per unit")
def cost_per_unit(world: Any) -> Array:
    """Costs of the whole network for each unit handed to a market.

    Sum of the same costs / sum of `delivered` over markets, products and periods. Missing where nothing was
    handed over.
    """
    delivered = (over_products(market.total("delivered"), world.runs) for market in world.markets.values())
    handed = add_all([np.zeros(world.runs), *delivered])
    return ratio(world.accounts.cost(), handed)


@metric("network", "money per period")
def revenue(world: Any) -> Money:
    """What the markets paid.

    Sum of price x `received` over the lanes to markets, products and periods, / T.
    """
    return world.accounts.payments("revenue") / world.measured_periods  # type: ignore[no-any-return]


@metric("network", "money per period")
def profit(world: Any) -> Money:
    """Revenue less the costs of the whole network.

    `revenue` - `cost`.
    """
    return (world.accounts.payments("revenue") - world.accounts.cost()) / world.measured_periods  # type: ignore[no-any-return]


@metric("site", "money per period", name="cost")
def site_cost(site: Any, world: Any) -> Money:
    """Costs that arise at the site, payments to other owners left out.

    As the network's, over the lines that arise at the site: those of its stock, orders, production and debts, and
    of the goods on the way that it pays for.
    """
    return world.accounts.cost(agent=site.name) / world.measured_periods  # type: ignore[no-any-return]


@metric("owner", "money per period", name="profit")
def owner_profit(owner: str, world: Any) -> Money:
    """What the owner was paid, by markets and other owners, less what it paid: its score with the sign turned.

    (Sum of all lines that it is paid - sum of those that it pays), / T. Missing for an owner that nothing is paid to
    by anybody, as no price says what its goods are worth.
    """
    if all(line.payee != owner for line in world.accounts.lines):
        return np.full(world.runs, np.nan)
    return -world.accounts.balance(owner) / world.measured_periods  # type: ignore[no-any-return]


@metric("owner", "money per period", name="score")
def owner_score(owner: str, world: Any) -> Money:
    """What the owner paid less what it was paid: its own score, the less the better.

    (Sum of all lines that it pays - sum of those that it is paid), / T. The scores of all owners add up to the costs
    of the network, as payments cancel.
    """
    return world.accounts.balance(owner) / world.measured_periods  # type: ignore[no-any-return]


@metric("site", "money per period")
def score(site: Any, world: Any) -> Money:
    """What the site's owner paid less what it was paid: its own score, the less the better.

    (Sum of all lines that the owner pays - sum of those that it is paid), over all its sites and markets; / T.
    The same for all sites of one owner.
    """
    return world.accounts.balance(world.owner_of(site.name)) / world.measured_periods  # type: ignore[no-any-return]


@metric("carrier", "money per period", name="cost")
def carrier_cost(carrier: Any, world: Any) -> Money:
    """Costs of the carrier, payments left out: its departures and its trucks.

    As the network's, over the lines that arise at the carrier.
    """
    return world.accounts.cost(agent=carrier.name) / world.measured_periods  # type: ignore[no-any-return]


@metric("carrier", "money per period", name="score")
def carrier_score(carrier: Any, world: Any) -> Money:
    """What the carrier's owner paid less what it was paid, freight and detention above all: the less the better.

    As a site's.
    """
    owner = next(spec.owner for spec in world.scenario.carriers if spec.name == carrier.name)
    return world.accounts.balance(owner) / world.measured_periods  # type: ignore[no-any-return]
