"""Serial systems: Clark & Scarf (1960), and what local rules cost in them.

``order-then-serve``: the travel time is the lead time. Stock on hand costs the local rate of its stage, goods on the
way the rate of the stage that shipped them, goods on the way from the unlimited source nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ....model.schema import Scenario
from ..estimates import mean_of
from ..facts import facts
from ..targets import Effort, Target, statistical
from ..worlds import Chain, Stage, measure

RUNS = 1024


def targets(effort: Effort) -> Iterator[Target]:
    """The least cost with the best levels, by echelon and by stage, and the cost of rules that look at one stage."""
    yield from optimum(effort)
    yield from local_rules(effort)


def optimum(effort: Effort) -> Iterator[Target]:
    """Cost with the optimal echelon levels, and with the same levels given stage by stage."""
    case = facts("clark_scarf")
    for row in case.expected["rows"]:
        rates = local_rates(row["echelon_holding_downstream_to_upstream"])
        system = System(rates, row["lead_times_downstream_to_upstream"], row["penalty"], *row["demand"][1:])
        label = row["instance"].replace("snyder_shen_", "").replace("_", " ")
        scenarios = [
            system.scenario(label, "echelon-base-stock", row["S_echelon"], effort),
            system.scenario(label, "base-stock", row["S_local"], effort),
        ]
        for which, sample in zip(("echelon levels", "local levels"), measure(scenarios, RUNS), strict=True):
            yield statistical(
                f"clark_scarf/{label}/{which}", case.source, row["optimal_cost"], mean_of(sample.network("cost"))
            )


def local_rules(effort: Effort) -> Iterator[Target]:
    """Cost when each stage takes its newsvendor level, and when the upper stages keep no safety stock."""
    case = facts("clark_scarf_local")
    given, expected = case.parameters, case.expected
    order = sorted(given["L"])
    leads = [given["L"][j] for j in order]
    system = System([given["h_local"][j] for j in order], leads, given["p"], given["mu"], given["sigma"])
    best = [expected["S_echelon_opt"][j] for j in order]
    levels = [given["local_basestock"][j] for j in order]
    bare = [levels[0], *(given["mu"] * L for L in leads[1:])]
    arms = {
        "echelon optimum": ("echelon-base-stock", best, expected["cost_opt"]),
        "newsvendor level at each stage": ("base-stock", levels, expected["cost_local_newsvendor"]),
        "no safety stock upstream": ("base-stock", bare, expected["cost_upstream_no_safety"]),
    }
    scenarios = [system.scenario("local rules", kind, chosen, effort) for kind, chosen, _ in arms.values()]
    for (arm, (_, _, cost)), sample in zip(arms.items(), measure(scenarios, RUNS), strict=True):
        yield statistical(f"clark_scarf/{arm}", case.source, cost, mean_of(sample.network("cost")))


def local_rates(echelon: Sequence[float]) -> list[float]:
    """Holding rates of the stages from those of the echelons, both from the market upstream."""
    return [sum(echelon[j:]) for j in range(len(echelon))]


class System:
    """A serial system: holding rates and lead times from the market upstream, penalty, mean and deviation of demand."""

    def __init__(
        self, rates: Sequence[float], leads: Sequence[int], penalty: float, mean: float, deviation: float
    ) -> None:
        self.rates = rates
        self.leads = leads
        self.penalty = penalty
        self.mean = mean
        self.deviation = deviation

    def scenario(self, name: str, kind: str, levels: Sequence[float], effort: Effort) -> Scenario:
        """The system under base-stock levels of one kind."""
        demand = {"type": "normal", "mean": self.mean, "sd": self.deviation}
        stages = [self._stage(j, {"type": kind, "level": level}) for j, level in enumerate(levels)]
        return Chain(name, demand, stages, effort.pick(1_000, 100), 100, "order-then-serve").scenario()

    def _stage(self, j: int, policy: Mapping[str, Any]) -> Stage:
        site = {"initial_stock": self.mean * self.leads[j], "holding_cost": self.rates[j]}
        upstream = self.rates[j + 1] if j + 1 < len(self.rates) else 0.0
        penalty = {"backlog_cost": self.penalty} if j == 0 else {}
        return Stage(self.leads[j], policy, site | penalty, {"transit_cost": upstream})
