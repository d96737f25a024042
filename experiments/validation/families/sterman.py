"""The beer game: Sterman (1989), through the bundled scenarios ``beer-game`` and ``beer-game-estimated``.

An order slip is filled two weeks after it was written and goods travel two weeks: order delay 2, travel time 2 in the
default sequence, in which orders are decided after shipping. The brewery begins a week after its decision and takes
two weeks. Nothing is random; costs of the estimated rule are published to four decimals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ....model.schema import Scenario, load, with_values
from ..facts import facts
from ..targets import Effort, Target, exact, information
from ..trajectories import Tracks, trajectories

SITES = {
    "retailer": "warehouses.Retailer",
    "wholesaler": "warehouses.Wholesaler",
    "distributor": "warehouses.Distributor",
    "factory": "factories.Brewery",
}
WEEKS = 36
DECIMALS = 5e-5  # half of the last printed digit


def targets(effort: Effort) -> Iterator[Target]:
    """All of them; quick and full are the same."""
    yield from benchmark()
    yield from estimated()
    yield from people()


def benchmark() -> Iterator[Target]:
    """Costs and the value of every week under the benchmark rule, and costs when it is used from another week on."""
    case = facts("beer_game")
    game = load("beer-game")
    tracks = trajectories(game)
    yield from cost_targets("sterman/benchmark", case.source, case.expected["costs"], tracks, None)
    names = {"inventory": "on_hand", "backlog": "unserved", "order": "ordered", "incoming": "incoming"}
    for label, quantity in names.items():
        weeks = np.asarray(case.expected["weeks"][label])
        for column, position in enumerate(case.expected["positions"]):
            same = int((tracks(name_of(position), quantity)[:, 0] == weeks[:, column]).sum())
            yield exact(f"sterman/benchmark/{label} of the {position}, weeks alike", case.source, WEEKS, same, 0.0)
    for label, costs in case.expected["costs_if_rule_used_earlier"].items():
        week = int(label.rsplit("=", 1)[1])
        from_then = trajectories(free_from(game, week))
        yield from cost_targets(f"sterman/benchmark from week {week}", case.source, costs, from_then, None)
    passing = with_values(free_from(game, 1), {f"{key}.policy": "pass-through" for key in SITES.values()})
    costs = case.expected["pass_through"]
    yield from cost_targets("sterman/orders passed on", case.source, costs, trajectories(passing), None)


def estimated() -> Iterator[Target]:
    """Costs, largest orders and variances under the rule that people follow on average, in all its readings."""
    case = facts("beer_game_estimated")
    game = load("beer-game-estimated")
    for row in case.expected["rows"]:
        memory = {"L_t": "current", "L_{t-1}": "previous"}[row["expectation_uses"]]
        rounding = "half-up" if row["integer_orders"] else "none"
        changes = {f"{key}.policy.expectation": memory for key in SITES.values()}
        changes |= {f"{key}.policy.rounding": rounding for key in SITES.values()}
        week = row["first_free_week"]
        tracks = trajectories(with_values(free_from(game, week), changes))
        name = f"sterman/estimated, {memory} orders, rounding {rounding}, from week {week}"
        yield from cost_targets(name, case.source, row["costs"], tracks, DECIMALS)
        for label, found in order_facts(tracks).items():
            fits = sum(abs(found[position] - row[label][position]) <= DECIMALS for position in SITES)
            yield exact(f"{name}/{label.replace('_', ' ')}, positions alike", case.source, len(SITES), fits, 0.0)


def people() -> Iterator[Target]:
    """What teams of people paid, beside the cost of the rule estimated from them."""
    case = facts("beer_game_people")
    tracks = trajectories(load("beer-game-estimated"))
    for position, cost in case.expected["mean_cost"].items():
        name = f"sterman/people against the estimated rule/{position}"
        yield information(name, f"{case.source} ({case.origin})", cost, costs_of(tracks)[position])


def name_of(position: str) -> str:
    """The site of a position of the game."""
    return SITES[position].split(".")[1]


def free_from(game: Scenario, week: int) -> Scenario:
    """The game with orders fixed at 4 until a week, the first one being 1."""
    forced = [{"until": week - 1, "quantity": 4}] if week > 1 else []
    return with_values(game, {f"{key}.orders.forced": forced for key in SITES.values()})


def costs_of(tracks: Tracks) -> dict[str, float]:
    """Costs of the whole game by position, and of the team."""
    costs = {
        position: float(sum(tracks(name_of(position), f"cost {line}").sum() for line in ("holding", "backlog")))
        for position in SITES
    }
    return costs | {"team": sum(costs.values())}


def cost_targets(
    name: str, source: str, expected: Mapping[str, float], tracks: Tracks, tolerance: float | None
) -> Iterator[Target]:
    """One target a position and one for the team."""
    found = costs_of(tracks)
    for position, cost in expected.items():
        yield exact(f"{name}/cost of the {position}", source, cost, found[position], tolerance)


def order_facts(tracks: Tracks) -> dict[str, dict[str, Any]]:
    """Largest order, the first week of it, and the variance of orders over the weeks, by position."""
    orders = {position: tracks(name_of(position), "ordered")[:, 0] for position in SITES}
    return {
        "peak_orders": {position: float(of.max()) for position, of in orders.items()},
        "peak_week": {position: int(of.argmax()) + 1 for position, of in orders.items()},
        "order_variance": {position: float(of.var()) for position, of in orders.items()},
    }
