"""A scenario as readable tables: the network, what happens to it, and every default that was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table as RichTable
from rich.text import Text

from ..moments import SEQUENCES
from .defaults import filled_in
from .lanes import Lane
from .partspec import PartSpec
from .problems import brief, listing
from .scenario import Scenario
from .times import Choice, GeometricPeriods, UniformPeriods
from .world import plain

ROWS = 40
"""How many rows of a table are shown unless all are asked for."""


def overview(scenario: Scenario, most: int = ROWS) -> Iterator[RichTable | str]:
    """The tables and lines that describe a scenario, each table with at most ``most`` rows."""
    full = scenario.resolved()
    moments = SEQUENCES[full.sequence] if isinstance(full.sequence, str) else full.sequence
    yield f"{full.name}: {full.description}" if full.description else full.name
    yield f"{full.periods} periods of one {full.period}, warm-up {full.warm_up}, seed {full.seed}, runs {full.runs}"
    yield f"each period: {', '.join(moments)}"
    yield _products(full, most)
    yield _sites(scenario, full, most)
    yield _lanes(full, most)
    yield _markets(scenario, full, most)
    yield from _happenings(full, most)
    yield _defaults(scenario, full, most)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], most: int) -> RichTable:
    table = RichTable(title=Text(title, style="bold"), title_justify="left", show_lines=False)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows[:most]:
        table.add_row(*(Text(shown(cell)) for cell in row))
    if len(rows) > most:
        table.add_row(Text(f"and {len(rows) - most} more (--all shows them)"))
    return table


def _products(full: Scenario, most: int) -> RichTable:
    rows = [(item.name, item.value, item.weight, item.volume) for item in full.products]
    return _table("Products", ("product", "value [money/unit]", "weight [/unit]", "volume [/unit]"), rows, most)


def _sites(scenario: Scenario, full: Scenario, most: int) -> RichTable:
    period = full.period
    columns = (
        "site", "kind", "echelon", "products", "policy", f"capacity [units/{period}]", f"lead time [{period}]",
        f"holding [money/unit/{period}]", "on hand at start [units]",
    )  # fmt: skip
    rows = [
        (
            site.name, full.kind_of(site.name), site.echelon, listing(site.products or [], 4), given.policy,
            getattr(site, "capacity", None), getattr(site, "lead_time", None), site.holding_cost, site.initial_stock,
        )
        for given, site in zip(scenario.sites(), full.sites(), strict=True)
    ]  # fmt: skip
    return _table("Sites", columns, rows, most)


def _lanes(full: Scenario, most: int) -> RichTable:
    period = full.period
    columns = (
        "lane", "products", f"travel time [{period}]", f"order delay [{period}]", f"capacity [units/{period}]",
        f"transit [money/unit/{period}]", "price [money/unit]", "unmet",
    )  # fmt: skip
    return _table("Lanes", columns, [_lane(lane) for lane in full.lanes], most)


def _lane(lane: Lane) -> tuple[Any, ...]:
    products = listing(lane.products or [], 4)
    costs = (lane.capacity, lane.transit_cost, lane.price)
    return (lane.name, products, lane.travel_time, lane.order_delay, *costs, lane.unmet)


def _markets(scenario: Scenario, full: Scenario, most: int) -> RichTable:
    columns = ("market", "product", f"demand [units/{full.period}]", "times", "price [money/unit]", "unmet", "split")
    rows = [
        (
            market.name,
            product,
            _demand(given.demand, product),
            market.demand_factor,
            market.price,
            market.unmet,
            market.split,
        )
        for given, market in zip(scenario.markets, full.markets, strict=True)
        for product in market.products or []
    ]
    return _table("Markets", columns, rows, most)


def _demand(given: Any, product: str) -> Any:
    return given if isinstance(given, PartSpec) else given[product]


def _happenings(full: Scenario, most: int) -> Iterator[RichTable]:
    if full.outages:
        rows = [(item.name, item.site or item.lane, item.kind, _when(plain(item))) for item in full.outages]
        yield _table("Outages", ("outage", "where", "kind", f"when [{full.period}]"), rows, most)
    if full.interventions:
        columns = (f"from [{full.period}]", f"until before [{full.period}]", "key", "value")
        yield _table("Interventions", columns, list(_interventions(full)), most)


def _interventions(full: Scenario) -> Iterator[tuple[Any, ...]]:
    for item in full.interventions:
        yield from ((item.at, item.until, key, value) for key, value in item.set.items())
        yield from ((item.at, item.until, key, f"times {brief(factor)}") for key, factor in item.scale.items())


def _when(outage: Mapping[str, Any]) -> str:
    keys = ("states", "start", "length", "every", "mean_up", "mean_down")
    return ", ".join(f"{key} {brief(outage[key])}" for key in keys if outage.get(key) not in (None, []))


def _defaults(scenario: Scenario, full: Scenario, most: int) -> RichTable:
    rows = []
    for item in filled_in(scenario):
        unit = item.unit.replace("periods", f"{full.period}s").replace("period", full.period)
        rows.append((item.key, item.value, unit, listing(item.entries, 6)))
    columns = ("key", "value", "unit", "for")
    return _table("Defaults that were filled in", columns, rows, max(most, len(rows)))


def shown(value: Any) -> str:
    """A value as a cell of a table: ``policy(level = 20)``, ``beer 3, ale 4``, a dash for nothing."""
    if value is None:
        return "-"
    if isinstance(value, PartSpec):
        given = ", ".join(f"{name} = {shown(item)}" for name, item in value.given().items())
        return f"{value.type}({given})" if given else value.type
    if isinstance(value, UniformPeriods):
        return f"{value.low} to {value.high}"
    if isinstance(value, Choice):
        return f"one of {shown(value.values)}"
    if isinstance(value, GeometricPeriods):
        return f"{shown(value.mean)} on average, at most {value.longest}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(item)}" for key, item in value.items()) or "{}"
    if isinstance(value, list):
        return listing([shown(item) for item in value], 6)
    return str(value) if isinstance(value, str) else brief(value)
