"""Readable tables of a result: means over the runs with their uncertainty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich.table import Table

from ..model.metrics import all_metrics
from ..model.result import Result

Z = 1.959963984540054  # 95 % of a normal distribution lie within
INDEX = ("run", "replication")
AGENT_COLUMNS = ("fill_rate", "stock", "mean_backlog", "in_transit", "bullwhip", "bullwhip_end", "cost")


def summarised(values: pd.Series) -> tuple[float, float]:
    """Mean of the runs that have a value and the half width of its 95 % interval (missing for a single run)."""
    present = values.dropna()
    if present.empty:
        return float("nan"), float("nan")
    spread = present.std(ddof=1) if len(present) > 1 else float("nan")
    return float(present.mean()), float(Z * spread / len(present) ** 0.5)


def echelon_bullwhip(result: Result) -> pd.DataFrame:
    """Bullwhip against end demand by echelon, in the form that `bullwhip_by_echelon` draws."""
    name = f"bullwhip_end_{result.scenarios[0].period}"
    rows = result.agents[(result.agents["metric"] == name) & result.agents["agent"].str.startswith("echelon ")]
    table = []
    for agent, part in rows.groupby("agent", sort=False):
        mean, half = summarised(part["value"])
        table.append((str(agent).removeprefix("echelon "), "", mean, mean - half, mean + half))
    return pd.DataFrame(table, columns=["echelon", "arm", "estimate", "low", "high"])


def tables(result: Result) -> Iterator[Table]:
    """The network's metrics and, below, one row for each site."""
    yield network_table(result)
    yield sites_table(result)


def network_table(result: Result) -> Table:
    """Metric, mean over the runs, 95 % interval, unit."""
    scenario = result.scenarios[0]
    units = {m.named(scenario.period): (m.unit, m.meaning) for m in all_metrics() if m.of == "network"}
    runs = len(result.summary)
    table = Table(title=f"{scenario.name}: {runs} run{'s' * (runs != 1)}, {_span(scenario)}", title_justify="left")
    for column, justify in (("metric", "left"), ("mean", "right"), ("± 95 %", "right"), ("unit", "left"), ("", "left")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    for name in result.summary.columns:
        if name in INDEX or not pd.api.types.is_numeric_dtype(result.summary[name]):
            continue
        unit, meaning = units.get(name, ("money per period" if name.startswith("cost_") else "", ""))
        mean, half = summarised(result.summary[name])
        table.add_row(name, number(mean), number(half), unit.replace("period", scenario.period), meaning)
    return table


def sites_table(result: Result) -> Table:
    """One row a site: mean over the runs of the metrics that are looked at first."""
    scenario = result.scenarios[0]
    names = [_bucketed(column, scenario.period) for column in AGENT_COLUMNS]
    means = result.agents.groupby(["agent", "metric"], sort=False)["value"].mean()
    table = Table(title="sites, means over the runs", title_justify="left")
    table.add_column("site")
    for column in AGENT_COLUMNS:
        table.add_column(column.replace("_", " "), justify="right")
    for site in scenario.resolved().sites():
        cells = [number(float(means.get((site.name, name), float("nan")))) for name in names]
        table.add_row(site.name, *cells)
    return table


def number(value: float) -> str:
    """A number for people: five digits, and a dash where it is missing."""
    return "–" if value != value else f"{value:,.5g}" if abs(value) < 1e5 else f"{value:,.0f}"


def _bucketed(name: str, period: str) -> str:
    return f"{name}_{period}" if name.startswith("bullwhip") else name


def _span(scenario: Any) -> str:
    warm_up = f" after {scenario.warm_up} of warm-up" if scenario.warm_up else ""
    return f"{scenario.periods - scenario.warm_up} {scenario.period}s{warm_up}"
