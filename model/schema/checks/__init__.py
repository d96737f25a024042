"""Checks of a scenario as a whole; those of single values are part of the tables themselves.

Each check is a function that yields problems. Those of the first list look at the scenario as it is given and make sure
that its structure can be derived; those of the second look at the resolved scenario. Adding one touches its own file
and one of the two lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..problems import Problem
from .carriers import check_carriers, check_dispatch, check_docks
from .contracts import check_contracts, check_parties, check_shelf_life
from .goods import check_bills, check_empty, check_offers, check_parts, check_supply
from .measures import check_measures
from .names import check_duplicates, check_lanes, check_sizes, check_times
from .network import check_customers, check_cycle, check_ends, check_markets, check_suppliers
from .outages import check_outages
from .pools import check_pools, check_reserved
from .production import check_price_breaks, check_production
from .products import check_products
from .settings import check_pipelines, check_policies, check_rules, check_shares
from .tables import check_tables

if TYPE_CHECKING:
    from ..frame import Frame
    from ..world import World

FIRST = (
    check_sizes,
    check_times,
    check_duplicates,
    check_lanes,
    check_ends,
    check_markets,
    check_products,
    check_outages,
    check_carriers,
    check_dispatch,
    check_parties,
)
NEXT = (check_cycle, check_bills)
RESOLVED = (
    check_suppliers,
    check_customers,
    check_offers,
    check_parts,
    check_supply,
    check_empty,
    check_tables,
    check_policies,
    check_rules,
    check_pipelines,
    check_shares,
    check_production,
    check_price_breaks,
    check_docks,
    check_pools,
    check_reserved,
    check_shelf_life,
    check_contracts,
    check_measures,
)


def before_resolving(scenario: World) -> list[Problem]:
    """Faults that keep the structure of the network from being derived."""
    found = [problem for check in FIRST for problem in check(scenario)]
    return found or [problem for check in NEXT for problem in check(scenario)]


def when_resolved(scenario: World, frame: Frame) -> list[Problem]:
    """Faults of a resolved scenario. Interventions are looked at later, as they need a scenario that is sound."""
    return [problem for check in RESOLVED for problem in check(scenario, frame)]
