"""Every metric against its definition, worked out by brute force from the series of random worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.agents.lane import Lane, MarketLane
from ripieno.agents.order_rules import TINY
from ripieno.agents.quantity import Array
from ripieno.model.metrics import Metric, all_metrics
from ripieno.model.metrics.reference import metrics_page, quantities_page
from ripieno.model.schema import parse, with_values
from ripieno.model.supply_chain import SupplyChain
from ripieno.model.tables import agent_values, agents_table, summary_table

from .brute_orders import BRUTE, BY_HAND
from .worlds import world_number

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SUBJECTS = ("network", "site", "factory", "market", "echelon")  # trucks and docks have tests of their own
ELSEWHERE = BY_HAND | set(BRUTE)  # tested in test_order_metrics.py
WORLDS = (0, 1, 2, 3, 5, 7, 8, 11, 13, 21, 34, 41, 49, 55, 62, 72)


class Series:
    """The series of a finished world after its warm-up, ``[periods, products, runs]``."""

    def __init__(self, world: SupplyChain) -> None:
        self.world = world
        assert world.recorder is not None
        holders = [(holder, name) for holder, name in world.recorder._sources]
        self.rows = {
            (id(holder), name): np.stack(track.rows)[world.scenario.warm_up :]
            for (holder, name), track in zip(holders, world.recorder.tracks, strict=True)
        }
        self.money = [
            (line, np.stack(track.rows)[world.scenario.warm_up :, 0])
            for line, track in zip(world.accounts.lines, world.recorder._money, strict=True)
        ]

    def of(self, holder: Any, name: str) -> Array:
        return self.rows.get((id(holder), name), np.zeros((self.periods, 1, self.world.runs)))

    def booked_before(self, lane: Lane, late: bool) -> Array:
        """What a market asked of a site, as the site saw it when it ordered; where ``late``, of the period before."""
        assert self.world.recorder is not None
        every = self.world.recorder.array(lane.origin.name, "booked", lane.destination.name)
        seen = np.concatenate([np.zeros_like(every[:1]), every[:-1]]) if late else every
        return seen[self.world.scenario.warm_up :]

    @property
    def periods(self) -> int:
        return self.world.scenario.periods - self.world.scenario.warm_up

    def mean(self, holder: Any, *names: str) -> Array:
        """Mean over periods, summed over products and names."""
        return sum((self.of(holder, name).sum(axis=1).mean(axis=0) for name in names), np.zeros(self.world.runs))

    def variance(self, holder: Any, name: str) -> Array:
        return self.of(holder, name).var(axis=0).sum(axis=0)  # type: ignore[no-any-return]

    def cost(self, chosen: Callable[[Any], bool]) -> Array:
        """Money per period of the lines that are chosen."""
        return sum((rows.mean(axis=0) for line, rows in self.money if chosen(line)), np.zeros(self.world.runs))

    def together(self, members: list[Any], name: str) -> Array:
        """Variance over time of the sum over several agents, added up over products."""
        by_product: dict[str, Array] = {}
        for member in members:
            for row, product in enumerate(member.products):
                by_product[product] = by_product.get(product, 0.0) + self.of(member, name)[:, row]
        return sum((rows.var(axis=0) for rows in by_product.values()), np.zeros(self.world.runs))

    def fill(self, asked: Array, lanes: list[Lane]) -> Array:
        unmet = sum((self.mean(lane, "unmet") for lane in lanes), np.zeros(self.world.runs))
        return 1.0 - divided(unmet, asked)


def divided(above: Array, below: Array) -> Array:
    return np.array([a / b if b != 0 else np.nan for a, b in zip(above, below, strict=True)])


def orders(site: Any, value: Array) -> Array:
    return value if site.policy is not None else np.full(site.runs, np.nan)


def end_demand(s: Series, site: Any) -> Array:
    """Variance of the outside demand that reaches the site, traced down the network lane by lane."""
    return reaching(s, site).var(axis=0).sum(axis=0)  # type: ignore[no-any-return]


def reaching(s: Series, site: Any) -> Array:
    """The outside demand for each product of a site, ``[periods, products, runs]``, each lane by its share."""
    found: dict[str, Array] = {product: np.zeros((s.periods, s.world.runs)) for product in site.products}
    late = s.world.books_when_ordering  # orders are decided before the demand of the period is known
    for lane in site.customers:
        carried = [site.products[row] for row in lane.rows.theirs]
        if isinstance(lane, MarketLane):
            part = dict(zip(site.products, np.moveaxis(s.booked_before(lane, late), 1, 0), strict=True))
        else:
            part = in_parts(s, lane.destination)
        for product in carried:
            share = lane.share_of_demand
            if not isinstance(lane, MarketLane) and not isinstance(share, float):
                share = share[lane.destination.wanted.index(product)]
            found[product] = found[product] + part[product] * (1.0 if isinstance(lane, MarketLane) else share)
    return np.stack(list(found.values()), axis=1)


def in_parts(s: Series, site: Any) -> dict[str, Array]:
    """The outside demand that reaches a site, in what the site takes in."""
    demand = np.moveaxis(reaching(s, site), 1, 0)
    if not hasattr(site, "needs"):
        return dict(zip(site.products, demand, strict=True))
    parts = {part: np.zeros_like(demand[0]) for part in site.inputs}
    for row, part, units in site.needs:
        parts[site.inputs[part]] = parts[site.inputs[part]] + units * demand[row]
    return parts


def value_of(s: Series, holders: list[Any]) -> Array:
    worth = {product.name: product.value for product in s.world.scenario.products}
    amount = np.zeros(s.world.runs)
    for holder in holders:
        for name in ("on_hand", "in_work", "input_stock", "set_aside", "in_transit", "waiting"):
            if (id(holder), name) in s.rows:
                products = holder.inputs if name == "input_stock" else holder.products
                rows = s.of(holder, name).mean(axis=0)
                amount = amount + sum(row * worth[product] for row, product in zip(rows, products, strict=True))
    return amount


def used(s: Series, site: Any) -> Array:
    if getattr(site, "capacity", None) is None:
        return np.full(site.runs, np.nan)
    if hasattr(site, "usage"):
        return (load(s, site) - s.mean(site.workshop, "overtime")) / site.capacity  # type: ignore[no-any-return]
    return (s.of(site, "made") / site.capacity).mean(axis=(0, 1))  # type: ignore[no-any-return]


def load(s: Series, site: Any) -> Array:
    """The mean capacity that starts and setups of a factory take."""
    made = (s.of(site, "started") * site.usage).sum(axis=1).mean(axis=0)
    lost = 0.0 if site.workshop is None or site.workshop.setup_time is None else site.workshop.setup_time
    setups = (s.of(site.workshop, "setups") * lost).sum(axis=1).mean(axis=0)
    return made + setups * site.capacity  # type: ignore[no-any-return]


def where(kept: bool, value: Callable[[], Array], site: Any) -> Array:
    return value() if kept else np.full(site.runs, np.nan)


def rules(scenario: Any, site: Any, *keys: str) -> bool:
    """Whether the scenario sets one of these keys of a site."""
    return any(getattr(scenario.site(site.name), key, None) is not None for key in keys)


def everything(s: Series, of: Callable[[Any], Array], holders: Any) -> Array:
    return sum((of(holder) for holder in holders), np.zeros(s.world.runs))


def market_lanes(world: SupplyChain) -> list[Any]:
    return [lane for lane in world.lanes.values() if isinstance(lane, MarketLane)]


def travelling(s: Series, lanes: Any) -> Array:
    return everything(s, lambda lane: s.mean(lane, "in_transit"), lanes)


def lost(s: Series, lanes: Any) -> Array:
    return everything(s, lambda lane: s.mean(lane, "lost"), lanes)


def incoming(s: Series, sites: Any) -> Array:
    return everything(s, lambda site: s.mean(site, "incoming"), sites)


def demanded(s: Series) -> Array:
    return everything(s, lambda market: s.mean(market, "demanded"), s.world.markets.values())


STOCK = ("on_hand", "in_work", "input_stock")
UNDER_WAY = ("set_aside", "loading", "in_transit", "at_dock", "waiting")
NETWORK: dict[str, Callable[[Series], Array]] = {
    "cost": lambda s: s.cost(lambda line: line.payee is None),
    "logistics_cost": lambda s: s.cost(lambda line: line.payee is None and line.name != "production"),
    "cost_per_unit": lambda s: divided(
        s.cost(lambda line: line.payee is None),
        everything(s, lambda market: s.mean(market, "delivered"), s.world.markets.values()),
    ),
    "revenue": lambda s: s.cost(lambda line: line.name == "revenue"),
    "profit": lambda s: s.cost(lambda line: line.name == "revenue") - s.cost(lambda line: line.payee is None),
    "fill_rate": lambda s: s.fill(demanded(s), market_lanes(s.world)),
    "mean_backlog": lambda s: everything(s, lambda site: s.mean(site, "unserved"), s.world.sites.values()),
    "lost_demand": lambda s: lost(s, market_lanes(s.world)),
    "demand": demanded,
    "stock": lambda s: everything(s, lambda site: s.mean(site, *STOCK), s.world.sites.values()),
    "in_transit": lambda s: travelling(s, s.world.lanes.values()),
    "working_capital": lambda s: value_of(s, [*s.world.sites.values(), *s.world.lanes.values()]),
    "bullwhip_{period}": lambda s: divided(
        s.together(s.world.echelons[-1].members, "ordered"), s.together(list(s.world.markets.values()), "demanded")
    ),
}
OF_AGENTS: dict[tuple[str, str], Callable[[Series, Any], Array]] = {
    ("site", "cost"): lambda s, a: s.cost(lambda line: line.payee is None and line.agent == a.name),
    ("site", "score"): lambda s, a: (
        s.cost(lambda line: line.payer == s.world.owner_of(a.name))
        - s.cost(lambda line: line.payee == s.world.owner_of(a.name))
    ),
    ("site", "fill_rate"): lambda s, a: s.fill(s.mean(a, "incoming"), a.customers),
    ("site", "cycle_service"): lambda s, a: (s.of(a, "unserved") <= TINY).mean(axis=(0, 1)),
    ("site", "mean_backlog"): lambda s, a: s.mean(a, "unserved"),
    ("site", "lost_demand"): lambda s, a: lost(s, a.customers),
    ("site", "delivery_time"): lambda s, a: divided(
        s.mean(a, "unserved") + everything(s, lambda lane: s.mean(lane, *UNDER_WAY), a.customers),
        s.mean(a, "incoming") - lost(s, a.customers),
    ),
    ("site", "stock"): lambda s, a: s.mean(a, *STOCK),
    ("site", "in_transit"): lambda s, a: travelling(s, a.suppliers),
    ("site", "working_capital"): lambda s, a: value_of(s, [a, *a.suppliers]),
    ("site", "utilisation"): used,
    ("site", "spare_capacity"): lambda s, a: 1.0 - used(s, a),
    ("site", "setups"): lambda s, a: where(
        rules(s.world.scenario, a, "lot", "setup_cost", "setup_time"), lambda: s.mean(a.workshop, "setups"), a
    ),
    ("site", "overtime_share"): lambda s, a: where(
        rules(s.world.scenario, a, "overtime"), lambda: divided(s.mean(a.workshop, "overtime"), load(s, a)), a
    ),
    ("site", "yield"): lambda s, a: where(
        rules(s.world.scenario, a, "yield_rate"),
        lambda: 1.0 - divided(s.mean(a.workshop, "scrapped"), s.mean(a.workshop, "inspected")),
        a,
    ),
    ("site", "bullwhip_{period}"): lambda s, a: orders(a, divided(s.variance(a, "ordered"), s.variance(a, "incoming"))),
    ("site", "bullwhip_end_{period}"): lambda s, a: orders(a, divided(s.variance(a, "ordered"), end_demand(s, a))),
    ("site", "net_stock_amplification_{period}"): lambda s, a: orders(
        a, divided(s.variance(a, "closing_stock"), s.variance(a, "incoming"))
    ),
    ("site", "mean_order"): lambda s, a: orders(a, s.mean(a, "ordered")),
    ("site", "order_variance_{period}"): lambda s, a: orders(a, s.variance(a, "ordered")),
    ("factory", "production_variance_{period}"): lambda s, a: s.variance(a, "finished"),
    ("market", "fill_rate"): lambda s, a: s.fill(s.mean(a, "demanded"), a.suppliers),
    ("market", "demand"): lambda s, a: s.mean(a, "demanded"),
    ("market", "delivered"): lambda s, a: s.mean(a, "delivered"),
    ("market", "demand_variance_{period}"): lambda s, a: s.variance(a, "demanded"),
    ("echelon", "fill_rate"): lambda s, a: s.fill(
        incoming(s, a.members), [lane for site in a.members for lane in site.customers]
    ),
    ("echelon", "mean_backlog"): lambda s, a: everything(s, lambda site: s.mean(site, "unserved"), a.members),
    ("echelon", "stock"): lambda s, a: everything(s, lambda site: s.mean(site, *STOCK), a.members),
    ("echelon", "bullwhip_{period}"): lambda s, a: divided(
        s.together(a.members, "ordered"), s.together(a.members, "incoming")
    ),
    ("echelon", "bullwhip_end_{period}"): lambda s, a: divided(
        s.together(a.members, "ordered"), s.together(list(s.world.markets.values()), "demanded")
    ),
}


@pytest.fixture(scope="module")
def finished() -> Iterator[list[Series]]:
    """Random worlds that have been run to their end, two runs each."""
    worlds = [SupplyChain(world_number(number), (3, 1), seed=9, series=True).run() for number in WORLDS]
    yield [Series(world) for world in worlds]
    for world in worlds:
        world.dispose()


def subjects(metric: Metric, world: SupplyChain) -> list[Any]:
    """Whom a metric is of."""
    found: dict[str, list[Any]] = {
        "site": list(world.sites.values()),
        "factory": [site for site in world.sites.values() if hasattr(site, "needs")],
        "market": list(world.markets.values()),
        "echelon": list(world.echelons),
    }
    return found[metric.of]


@pytest.mark.parametrize(
    "metric",
    [m for m in all_metrics() if m.of in SUBJECTS and (m.of, m.name) not in ELSEWHERE],
    ids=lambda metric: f"{metric.of}-{metric.name}",
)
def test_a_metric_is_what_its_definition_says(metric: Metric, finished: list[Series]) -> None:
    there = 0
    for series in finished:
        world = series.world
        if metric.of == "network":
            pairs = [(metric.function(world), NETWORK[metric.name](series))]
        else:
            brute = OF_AGENTS[metric.of, metric.name]
            pairs = [(metric.function(a, world), brute(series, a)) for a in subjects(metric, world)]
        for value, expected in pairs:
            least = 1.0 if metric.unit == "share" else 1e-6  # shares are differences from 1
            scale = max(np.abs(np.nan_to_num(expected)).max(), least)
            assert np.allclose(value, expected, rtol=1e-7, atol=1e-9 * scale, equal_nan=True), (value, expected)
            there += int(np.isfinite(expected).sum())
    assert there >= 10, "too few worlds have a value to compare"


def test_the_cost_lines_are_in_both_tables(finished: list[Series]) -> None:
    for series in finished:
        world = series.world
        summary = summary_table(world, [0, 1], [3, 1])
        agents = agents_table(list(agent_values(world)), [0, 1])
        for name in world.accounts.names():
            paid_away = [line for line in world.accounts.lines if line.name == name and line.payee is None]
            expected = series.cost(paid_away.__contains__)
            assert (f"cost_{name}" in summary) == bool(paid_away)
            if paid_away:
                assert np.allclose(summary[f"cost_{name}"], expected, rtol=1e-9)
                by_run = agents[agents["metric"] == f"cost_{name}"].groupby("run")["value"].sum()
                assert np.allclose(by_run, expected, rtol=1e-9)


def test_a_zero_denominator_gives_a_missing_value() -> None:
    """Constant demand: no variance, so no bullwhip; no demand at all: no fill rate and no cost per unit."""
    table = {
        "name": "still",
        "periods": 12,
        "period": "week",
        "suppliers": [{"name": "Plant"}],
        "warehouses": [{"name": "Shop", "policy": "pass-through", "holding_cost": 1.0, "initial_stock": 5.0}],
        "markets": [{"name": "Town", "demand": {"type": "constant", "mean": 2.0}, "sites": ["Shop"]}],
        "lanes": [{"from": "Plant", "to": "Shop"}],
    }
    scenario = parse(table)
    steady = SupplyChain(scenario).run()
    still = SupplyChain(with_values(scenario, {"markets.Town.demand.mean": 0.0})).run()
    summary, empty = summary_table(steady, [0], [0]), summary_table(still, [0], [0])
    agents = agents_table(list(agent_values(steady)), [0])
    assert np.isnan(summary["bullwhip_week"][0])
    assert "bullwhip_week" not in agents["metric"].tolist()
    assert "order_variance_week" in agents["metric"].tolist()
    assert summary["fill_rate"][0] == pytest.approx(1.0)
    assert np.isnan(empty["fill_rate"][0])
    assert np.isnan(empty["cost_per_unit"][0])
    assert empty["cost"][0] == 5.0


def test_metrics_before_the_end_of_the_warm_up_are_about_the_periods_so_far() -> None:
    world = SupplyChain(world_number(1, periods=30), [0])
    for _ in range(world.scenario.warm_up + 3):
        world.step()
        assert len(summary_table(world, [0], [0])) == 1
        assert list(agent_values(world))


@pytest.mark.parametrize(("name", "page"), [("metrics.md", metrics_page), ("quantities.md", quantities_page)])
def test_the_reference_pages_are_in_step_with_the_code(name: str, page: Callable[[], str]) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == page(), "python -m ripieno.model.metrics.reference writes it anew"


def test_every_metric_says_how_it_is_computed() -> None:
    for metric in all_metrics():
        assert metric.meaning.endswith(".")
        assert metric.definition.endswith(".")
        assert metric.unit
