"""A large distribution network, written by rule: for the time to load, build and simulate thousands of sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SHARES = (50, 450, 1_500, 950)  # suppliers, warehouses, retailers and markets of a network of 2,000 sites
LINKS = (8, 7, 2)  # lanes into each warehouse, retailer and market: 16,000 altogether
SITES = sum(SHARES[:3])


def distribution_network(sites: int = SITES, periods: int = 365) -> dict[str, Any]:
    """A scenario of suppliers, warehouses, retailers and markets with eight lanes a site.

    Every site buys from several others in equal shares. ``sites`` scales all layers alike; 2,000 sites have 16,000
    lanes, those to the markets included.
    """
    suppliers, warehouses, retailers, markets = (
        [f"{kind}{i + 1}" for i in range(max(round(share * sites / SITES), 1))]
        for kind, share in zip("SWRM", SHARES, strict=True)
    )
    return {
        "name": f"network-{sites}",
        "periods": periods,
        "suppliers": [{"name": name} for name in suppliers],
        "warehouses": [*map(_warehouse, warehouses), *map(_retailer, retailers)],
        "markets": [
            {"name": name, "demand": {"type": "poisson", "mean": 10}, "split": "share", "sites": list(sources)}
            for name, sources in _sources(markets, retailers, LINKS[2])
        ],
        "lanes": [
            {"from": source, "to": name, "travel_time": 2}
            for layer, above, links in ((warehouses, suppliers, LINKS[0]), (retailers, warehouses, LINKS[1]))
            for name, sources in _sources(layer, above, links)
            for source in sources
        ],
    }


def _warehouse(name: str) -> dict[str, Any]:
    return {"name": name, "policy": {"type": "base-stock", "level": 120}, "initial_stock": 80, "holding_cost": 0.5}


def _retailer(name: str) -> dict[str, Any]:
    return {"name": name, "policy": {"type": "base-stock", "level": 40}, "initial_stock": 30, "holding_cost": 1.0}


def _sources(layer: list[str], above: list[str], links: int) -> Iterator[tuple[str, list[str]]]:
    """Each member of a layer with its sources, spread evenly over the layer above it."""
    links = min(links, len(above))
    for i, name in enumerate(layer):
        yield name, [above[(i * links + k) % len(above)] for k in range(links)]
