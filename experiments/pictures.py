"""Which picture of a result is drawn when nobody asks for a certain one, and the tables behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..model.metrics import all_metrics
from ..model.result import Result
from .overview import summarised

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def picture(result: Result, metric: str = "cost") -> Figure:
    """A first look at a result.

    - Several design points: the mean of ``metric`` at each value of the parameters in which they differ.
    - One scenario: the bullwhip ratio by echelon.
    - One scenario without any variation in its demand, which has no bullwhip ratio: the cost lines by site.

    All but the last with 95 % intervals over the runs. Raises `ValueError` for an unknown metric.
    """
    from ..visualization import figures

    if len(result.scenarios) > 1:
        table = effects(result, metric)
        return figures.main_effects(table, label=metric.replace("_", " "), unit=_unit(result, metric))
    echelons = echelon_bullwhip(result)
    if echelons["estimate"].notna().any():
        return figures.bullwhip_by_echelon(echelons, explanation="variance of orders / variance of outside demand")
    return figures.cost_bars(site_costs(result), unit=f"money per {result.scenarios[0].period}")


def effects(result: Result, metric: str) -> pd.DataFrame:
    """Means of a metric at each value of the parameters that differ, as `main_effects` draws them."""
    from .statistics import main_effects

    summary = result.summary
    # A key that some points lack (that of another policy, say) says nothing that the type of the policy does not.
    factors = [str(name) for name in summary.columns if "." in str(name) and summary[name].nunique() > 1]
    if not factors:
        raise ValueError("the scenarios of the result differ in no value that a run depends on: there is no effect")
    return main_effects(summary.assign(**{name: _readable(summary[name]) for name in factors}), factors, metric)


def echelon_bullwhip(result: Result) -> pd.DataFrame:
    """Bullwhip against end demand by echelon, as `bullwhip_by_echelon` draws it."""
    name = f"bullwhip_end_{result.scenarios[0].period}"
    rows = result.agents[(result.agents["metric"] == name) & result.agents["agent"].str.startswith("echelon ")]
    table = []
    for agent, part in rows.groupby("agent", sort=False):
        mean, half = summarised(part["value"])
        table.append((str(agent).removeprefix("echelon "), "", mean, mean - half, mean + half))
    return pd.DataFrame(table, columns=["echelon", "arm", "estimate", "low", "high"])


def site_costs(result: Result) -> pd.DataFrame:
    """Mean cost lines of every site, as `cost_bars` draws them."""
    sites = [site.name for site in result.scenarios[0].resolved().sites()]
    chosen = result.agents["agent"].isin(sites) & result.agents["metric"].str.startswith("cost_")
    means = result.agents[chosen].groupby(["agent", "metric"], sort=False)["value"].mean().reset_index()
    return pd.DataFrame(
        {
            "arm": means["agent"],
            "line": means["metric"].str.removeprefix("cost_").str.replace("_", " "),
            "value": means["value"],
        }
    )


def _readable(values: pd.Series) -> pd.Series:
    """Values that are no plain numbers (texts, lists, numbers that some points lack) as text, to group runs by them."""
    if pd.api.types.is_numeric_dtype(values) and values.notna().all():
        return values
    return values.map(lambda value: "none" if value is None or value != value else str(value))


def _unit(result: Result, metric: str) -> str:
    period = result.scenarios[0].period
    units = {m.named(period): m.unit for m in all_metrics() if m.in_summary}
    unit = units.get(metric, "money per period" if metric.startswith("cost_") else "")
    return unit.replace("period", period)
