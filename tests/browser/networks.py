"""Small worlds for the tests of the player."""

from __future__ import annotations

from typing import Any

import ripieno
from ripieno.model.schema import Scenario, parse, with_values
from ripieno.model.schema.world import plain
from ripieno.visualization.recording import Making, Recording, record

DAYS = 90


LABELS = "Trucks leave early", "Trucks leave <full>"


def regional_pair() -> Recording:
    """Trucks that leave early against trucks that leave full, with an outage and an intervention."""
    return record(*regional_worlds(), labels=LABELS, money="€")


def regional_begun(*days: int) -> list[Recording]:
    """The same, as far as it is made after some days."""
    found = []
    with Making(regional_worlds(), LABELS, money="€") as making:
        for day in range(1, max(days) + 1):
            making.step()
            if day in days:
                found.append(making.recording())
    return found


def regional_worlds() -> tuple[Scenario, Scenario]:
    """Its two worlds."""
    first = parse(
        plain(with_values(ripieno.load("regional"), {"periods": DAYS, "warm_up": 0}))
        | {
            "outages": [{"site": "Linz", "kind": "production", "start": 20, "length": 9}],
            "interventions": [{"at": 60, "until": 70, "set": {"markets.Berlin homes.demand_factor": 1.5}}],
        }
    )
    return first, with_values(first, {"carriers.Long haul.dispatch.threshold": 0.95})


def wide(regions: int = 8, shops: int = 9, days: int = 12) -> Scenario:
    """A network of more sites than are shown one by one: hubs by region, each with its shops."""
    names = [(f"Hub {r}", f"Shop {r}.{k}", f"region {r}") for r in range(regions) for k in range(shops)]
    hubs: list[dict[str, Any]] = [
        {"name": f"Hub {r}", "region": f"region {r}", "policy": {"type": "base-stock", "level": 700}}
        for r in range(regions)
    ]
    retailers = [
        {"name": shop, "region": region, "policy": {"type": "base-stock", "level": 60}} for _, shop, region in names
    ]
    return parse(
        {
            "name": "wide",
            "periods": days,
            "suppliers": [{"name": "Plant"}],
            "warehouses": [*hubs, *retailers],
            "markets": [
                {"name": f"{shop} town", "sites": [shop], "demand": {"type": "poisson", "mean": 20}}
                for _, shop, _ in names
            ],
            "lanes": [
                *({"from": "Plant", "to": f"Hub {r}"} for r in range(regions)),
                *({"from": hub, "to": shop} for hub, shop, _ in names),
            ],
        }
    )
