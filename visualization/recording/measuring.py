"""What is kept of a run: numbers of sites, lanes, owners, echelons and the whole network, period by period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .fields import LEVELS, Field, exact, quantised
from .layout import Network

Row: TypeAlias = NDArray[np.float64]  # [periods]
Table: TypeAlias = NDArray[np.float64]  # [rows, periods]
Rows = Literal["sites", "lanes", "owners", "echelons", "network"]
WIDTHS = 63
"""Steps of what is drawn as the width of a line."""
FILL_WINDOW = 7
"""Periods over which the fill rate of the charts is taken."""


@dataclass(frozen=True)
class Kept:
    """The declaration of a field: its rows, meaning and unit, and how finely it travels.

    ``levels`` is the largest code of a field of bytes, 0 for single floats.
    """

    meaning: str
    unit: str
    rows: Rows
    levels: int = LEVELS


FIELDS = {
    "sites/stock": Kept("stock ready to be picked", "units", "sites"),
    "sites/parts": Kept("parts ready to be used", "units", "sites"),
    "sites/backlog": Kept("owed to customers after serving them", "units", "sites"),
    "sites/incoming": Kept("orders and demand booked", "units", "sites"),
    "sites/ordered": Kept("ordered by the policy of the site", "units", "sites"),
    "sites/position": Kept("inventory position when deciding on the order", "units", "sites"),
    "sites/queue": Kept("trucks waiting for a door", "trucks", "sites"),
    "sites/load": Kept("share of the capacity that was used", "share", "sites"),
    "lanes/shipped": Kept("departed", "units", "lanes", WIDTHS),
    "lanes/in transit": Kept("on the way", "units", "lanes", WIDTHS),
    "lanes/held": Kept("owed by the origin, or waiting at one of the two ends", "units", "lanes", WIDTHS),
    "lanes/departed": Kept("trucks that left", "trucks", "lanes"),
    "lanes/on road": Kept("trucks on the way to the destination", "trucks", "lanes"),
    "lanes/queueing": Kept("trucks waiting at the destination", "trucks", "lanes"),
    "owners/cost": Kept("own objective: paid less received", "money", "owners"),
    "echelons/orders": Kept("ordered by all sites of the echelon; where nobody orders, what they are asked for",
                            "units", "echelons", levels=0),
    "network/demand": Kept("outside demand", "units", "network", levels=0),
    "network/cost": Kept("costs that leave the network", "money", "network", levels=0),
    "network/fill": Kept(f"outside demand of the last {FILL_WINDOW} periods served from stock", "share", "network",
                         levels=0),
    "network/waiting": Kept("owed to markets", "units", "network", levels=0),
    "network/queue": Kept("trucks waiting for a door", "trucks", "network", levels=0),
    "network/stock": Kept("stock and parts of all sites", "units", "network", levels=0),
    "network/transit": Kept("on the way on all lanes", "units", "network", levels=0),
}  # fmt: skip
"""Every field of a recording. Units of all products are added up."""

_SITE = {"stock": "on_hand", "parts": "input_stock", "backlog": "unserved", "incoming": "incoming",
         "ordered": "ordered", "position": "inventory_position", "queue": "waiting"}  # fmt: skip
_LANE = {"shipped": "shipped", "in transit": "in_transit", "departed": "departed", "on road": "on_road",
         "queueing": "queueing"}  # fmt: skip
_HELD = ("owed", "set_aside", "loading", "at_dock", "waiting")


class Ledgers:
    """What the recorder does not keep: the money of owners and the load of capacities, noted period by period."""

    def __init__(self, chain: Any, network: Network) -> None:
        self.chain = chain
        self.network = network
        self._money: list[list[float]] = []
        self._network: list[float] = []
        self._load: list[list[float]] = []

    def note(self) -> None:
        """Note the period that has just ended."""
        paid = dict.fromkeys(self.network.owners, 0.0)
        leaves = 0.0
        for line in self.chain.accounts.lines:
            money = float(line.money_now()[0])
            if line.payer in paid:
                paid[line.payer] += money
            if line.payee in paid:
                paid[line.payee] -= money
            leaves += money if line.payee is None else 0.0
        self._money.append(list(paid.values()))
        self._network.append(leaves)
        self._load.append([_load(self.chain.sites[site.name]) for site in self.network.sites])

    def tables(self) -> dict[str, Table]:
        """The fields, ``[rows, periods]``; no load where nobody has a capacity."""
        found = {"owners/cost": np.array(self._money).T, "network/cost": np.array([self._network])}
        load = np.array(self._load).T
        return found | ({} if np.isnan(load).all() else {"sites/load": np.nan_to_num(load)})


def _load(site: Any) -> float:
    """The share of its capacity that a site used in this period; missing where it has none."""
    capacity = getattr(site, "capacity", None)
    if capacity is None:
        return float("nan")
    if hasattr(site, "started"):  # a factory: shared by the products
        used, most = np.sum(site.started * site.usage), np.sum(capacity)
    else:
        used, most = np.sum(site.made), np.sum(np.broadcast_to(capacity, site.made.shape))
    return float(used / most) if 0 < most < np.inf else float("nan")


def fields_of(chain: Any, network: Network, noted: Ledgers) -> dict[str, Field]:
    """All fields of a model that has run with its series kept; those that it has nothing to say about are left out."""
    tables = _site_tables(chain, network) | _lane_tables(chain, network) | noted.tables()
    tables |= _echelon_tables(chain, network, tables) | _network_tables(chain, tables)
    return {
        name: quantised(tables[name], kept.levels) if kept.levels else exact(tables[name])
        for name, kept in FIELDS.items()
        if name in tables
    }


def _site_tables(chain: Any, network: Network) -> dict[str, Table]:
    names = [(site.name, "") for site in network.sites]
    return _tables("sites", _SITE.items(), lambda quantity: _stacked(chain, quantity, names))


def _lane_tables(chain: Any, network: Network) -> dict[str, Table]:
    sites = network.sites
    names = [(sites[lane.origin].name, sites[lane.destination].name) for lane in network.lanes]
    found = _tables("lanes", _LANE.items(), lambda quantity: _stacked(chain, quantity, names))
    parts = [table for quantity in _HELD if (table := _stacked(chain, quantity, names)) is not None]
    return found | ({"lanes/held": np.sum(parts, axis=0)} if parts else {})


def _tables(rows: str, chosen: Any, read: Callable[[str], Table | None]) -> dict[str, Table]:
    return {f"{rows}/{name}": table for name, quantity in chosen if (table := read(quantity)) is not None}


def _stacked(chain: Any, quantity: str, names: Sequence[tuple[str, str]]) -> Table | None:
    """A quantity of several holders, added up over the products; nothing where none of them has it."""
    found = [_series(chain, agent, quantity, partner) for agent, partner in names]
    if all(row is None for row in found):
        return None
    return np.array([np.zeros(chain.period) if row is None else row for row in found])


def _series(chain: Any, agent: str, quantity: str, partner: str) -> Row | None:
    try:
        values: NDArray[np.float64] = chain.recorder.array(agent, quantity, partner)
    except LookupError:
        return None
    total: Row = values[:, :, 0].sum(axis=1)
    return total


def _echelon_tables(chain: Any, network: Network, tables: dict[str, Table]) -> dict[str, Table]:
    """Orders by echelon; suppliers that make what they are asked for place no orders."""
    orders = np.zeros((len(network.echelons), chain.period))
    for row, site in enumerate(network.sites):
        asked = chain.sites[site.name].policy is None
        orders[site.echelon] += tables["sites/incoming" if asked else "sites/ordered"][row]
    return {"echelons/orders": orders}


def _network_tables(chain: Any, tables: dict[str, Table]) -> dict[str, Table]:
    ends = list(_market_ends(chain))
    demand, unmet, waiting = (_stacked(chain, name, ends) for name in ("booked", "unmet", "owed"))
    if demand is None or unmet is None or waiting is None:
        raise AssertionError("a world without lanes to markets is not a scenario")
    served = _trailing(np.maximum(demand.sum(axis=0) - unmet.sum(axis=0), 0.0))
    wanted = _trailing(demand.sum(axis=0))
    found = {
        "network/demand": demand.sum(axis=0)[None],
        "network/fill": np.where(wanted > 0, served / np.where(wanted > 0, wanted, 1.0), np.nan)[None],
        "network/waiting": waiting.sum(axis=0)[None],
        "network/stock": (tables["sites/stock"] + tables.get("sites/parts", 0.0)).sum(axis=0)[None],
    }
    sums = {"network/transit": "lanes/in transit", "network/queue": "sites/queue"}
    return found | {name: tables[source].sum(axis=0)[None] for name, source in sums.items() if source in tables}


def _market_ends(chain: Any) -> Iterator[tuple[str, str]]:
    for site in chain.sites.values():
        for lane in site.market_lanes:
            yield site.name, lane.destination.name


def _trailing(values: Row) -> Row:
    """Sums over the last `FILL_WINDOW` periods, over fewer at the start."""
    before = np.zeros(FILL_WINDOW - 1)
    sums: Row = np.lib.stride_tricks.sliding_window_view(np.concatenate([before, values]), FILL_WINDOW).sum(axis=1)
    return sums
