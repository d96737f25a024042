"""Order batching: Lee, Padmanabhan & Whang (1997) for calendars, the uniform inventory position for lots.

The depot passes on at once what its customers order together, so the variance of its orders is that of their total.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....model.schema import Scenario, parse
from ..estimates import mean_of, ratio_of
from ..facts import facts
from ..targets import Effort, Target, statistical
from ..worlds import MARKET, SOURCE, Chain, Stage, measure, stage

DEPOT = "Depot"


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from calendars(effort)
    yield from lots(effort)


def calendars(effort: Effort) -> Iterator[Target]:
    """Variance of the orders of N retailers together, each ordering every R periods what it sold since.

    Random phases are drawn for each run, so many short runs are needed; the phases are the same all through a run.
    """
    case = facts("batching")
    for row in case.expected["lpw"]:
        for calendar, expected in row["formula"].items():
            runs = effort.pick(40_000, 6_000) if calendar == "random" else 1_024
            (sample,) = measure([_retailers(row, calendar, effort)], runs)
            name = f"batching/{calendar} N={row['N']} R={row['R']}"
            yield statistical(name, case.source, expected, mean_of(sample.orders(DEPOT)))


def _phases(calendar: str, N: int, R: int) -> list[Any]:
    """The first period in which each retailer orders."""
    if calendar == "balanced":
        return [i % R for i in range(N)]
    return ["random" if calendar == "random" else 0] * N


def _retailers(row: dict[str, Any], calendar: str, effort: Effort) -> Scenario:
    names = [f"Shop{i + 1}" for i in range(row["N"])]
    demand = {"type": "normal", "mean": row["m"], "sd": row["s"]}
    cycles = 4 if calendar == "random" else effort.pick(100, 10)
    shops = [
        {"name": name, "policy": "pass-through", "orders": {"review_period": row["R"], "phase": phase}}
        for name, phase in zip(names, _phases(calendar, row["N"], row["R"]), strict=True)
    ]
    return parse(
        {
            "name": f"calendars {calendar} {row['N']}",
            "periods": row["R"] * (cycles + 2),
            "warm_up": row["R"] * 2,
            "suppliers": [{"name": SOURCE}],
            "warehouses": [{"name": DEPOT, "policy": "pass-through"}, *shops],
            "markets": [{"name": f"Town{name}", "sites": [name], "demand": demand} for name in names],
            "lanes": [{"from": SOURCE, "to": DEPOT}, *({"from": DEPOT, "to": name} for name in names)],
        },
        source="calendars",
    )


def lots(effort: Effort) -> Iterator[Target]:
    """Variance of the orders of an (r,nQ) policy over that of Poisson demand."""
    case = facts("batching")
    for row in case.expected["rnQ"]:
        policy = {"type": "r-nQ", "reorder_point": 3 * row["lam"], "lot": row["Q"]}
        demand = {"type": "poisson", "mean": row["lam"]}
        site = Stage(1, policy, {"initial_stock": 4 * row["lam"]})
        chain = Chain(f"lots {row['lam']} {row['Q']}", demand, [site], effort.pick(1_000, 200), 200)
        (sample,) = measure([chain.scenario()], 1_024)
        ratio = ratio_of(sample.orders(stage(1)), sample.demand(MARKET))
        yield statistical(f"batching/lots Q={row['Q']} demand={row['lam']}", case.source, row["formula"], ratio)
