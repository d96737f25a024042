"""A wrong engine, or a wrong number in the facts, is seen as a miss by the family that should see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ripieno.agents.demand.normal import Normal
from ripieno.agents.forecasts.exponential_smoothing import ExponentialSmoothing
from ripieno.agents.lane import Lane
from ripieno.agents.policies.order_up_to import OrderUpTo
from ripieno.agents.policies.pass_through import PassThrough
from ripieno.agents.policies.proportional_order_up_to import ProportionalOrderUpTo
from ripieno.agents.policies.sterman import Sterman
from ripieno.agents.site import Site
from ripieno.experiments.validation.collect import measured
from ripieno.experiments.validation.facts import Facts, facts
from ripieno.experiments.validation.families import clark_scarf, eoq
from ripieno.experiments.validation.targets import Effort

QUICK = Effort(quick=True)
Patch = Callable[[pytest.MonkeyPatch], None]


def missed(family: str, only: str | None = None) -> int:
    return sum(target.verdict == "miss" for target in measured(family, QUICK, only))


def misses_something(family: str, only: str | None = None) -> bool:
    """Whether there is a miss; measures no further once there is one."""
    return any(target.verdict == "miss" for target in measured(family, QUICK, only))


def goods_travel_longer(patch: pytest.MonkeyPatch) -> None:
    send = Lane.depart

    def late(self: Any, period: int) -> None:
        self.travel_time = self.travel_time + 1
        send(self, period)
        self.travel_time = self.travel_time - 1

    patch.setattr(Lane, "depart", late)


def orders_travel_longer(patch: pytest.MonkeyPatch) -> None:
    place = Lane.place

    def late(self: Any, wanted: Any, period: int) -> None:
        given, self.order_delay = self.order_delay, self.order_delay + (self.order_delay > 0)
        place(self, wanted, period)
        self.order_delay = given

    patch.setattr(Lane, "place", late)


def backlog_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    look = Site.look

    def blind(self: Any) -> None:
        look(self)
        self.inventory_position = self.on_hand + self.on_order

    patch.setattr(Site, "look", blind)


def level_covers_half_a_period_more(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrderUpTo, "__call__", _order_up_to_more)


def _order_up_to_more(self: Any, site: Any) -> Any:
    self.learn(site)
    return self.forecast.over(self.cover + 0.5) - site.inventory_position


def pipeline_gap_counts_once_more(patch: pytest.MonkeyPatch) -> None:
    decide = ProportionalOrderUpTo.__call__

    def more(self: Any, site: Any) -> Any:
        return decide(self, site) - 0.1 * (site.on_order - self.forecast.over(self.lead_time))

    patch.setattr(ProportionalOrderUpTo, "__call__", more)


def forecast_follows_faster(patch: pytest.MonkeyPatch) -> None:
    def update(self: Any, seen: Any) -> None:
        mean = seen if self._mean is None else self._mean
        self._mean = mean + 1.05 * self.alpha * (seen - mean)

    patch.setattr(ExponentialSmoothing, "update", update)


def rounding_goes_down(patch: pytest.MonkeyPatch) -> None:
    decide = Sterman.__call__

    def down(self: Any, site: Any) -> Any:
        self.rounding, given = "none", self.rounding
        wanted = decide(self, site)
        self.rounding = given
        return np.floor(wanted) if given == "half-up" else wanted

    patch.setattr(Sterman, "__call__", down)


def demand_varies_more(patch: pytest.MonkeyPatch) -> None:
    draw = Normal.__call__

    def more(self: Any, period: int) -> Any:
        return self.mean + 1.05 * (draw(self, period) - self.mean)

    patch.setattr(Normal, "__call__", more)


def batches_lose_a_hundredth(patch: pytest.MonkeyPatch) -> None:
    decide = PassThrough.__call__
    patch.setattr(PassThrough, "__call__", lambda self, site: 0.97 * decide(self, site))


@pytest.mark.parametrize(
    ("family", "only", "mutate"),
    [
        ("sterman", "sterman/benchmark", goods_travel_longer),
        ("sterman", "sterman/benchmark", orders_travel_longer),
        ("sterman", None, rounding_goes_down),
        ("clark_scarf", None, goods_travel_longer),
        ("clark_scarf", None, backlog_is_forgotten),
        ("newsvendor", None, demand_varies_more),
        ("littles_law", None, goods_travel_longer),
        ("eoq", None, goods_travel_longer),
        ("chen", None, level_covers_half_a_period_more),
        ("sharing", None, level_covers_half_a_period_more),
        ("dejonckheere", None, forecast_follows_faster),
        ("smoothing", None, pipeline_gap_counts_once_more),
        ("batching", None, batches_lose_a_hundredth),
        ("clipping", None, level_covers_half_a_period_more),
    ],
)
def test_a_wrong_engine_misses(family: str, only: str | None, mutate: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    mutate(monkeypatch)
    assert misses_something(family, only)


def test_a_wrong_statistical_fact_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    right = facts

    def wrong(name: str) -> Facts:
        case = right(name)
        rows = [row | {"optimal_cost": row["optimal_cost"] * 1.02} for row in case.expected.get("rows", [])]
        return dataclasses.replace(case, expected=case.expected | {"rows": rows})

    monkeypatch.setattr(clark_scarf, "facts", wrong)
    assert missed("clark_scarf", "clark_scarf/*levels") == 6


def test_a_wrong_exact_fact_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    right = facts

    def wrong(name: str) -> Facts:
        case = right(name)
        given = {key: value * (1 + 1e-7) if key == "K" else value for key, value in case.parameters.items()}
        return case if name != "eoq" else dataclasses.replace(case, parameters=given)

    monkeypatch.setattr(eoq, "facts", wrong)
    assert missed("eoq", "eoq/unit demand") == 1
