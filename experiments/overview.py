"""Readable tables of a result: means over the runs with their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
from rich.table import Table

from ..model.metrics import all_metrics
from ..model.result import Result
from ..model.schema import Scenario

LEVEL = 0.95
INDEX = ("run", "replication")
BULLWHIPS = ("bullwhip_{period}", "bullwhip_end_{period}")
SITE_METRICS = ("fill_rate", "stock", "mean_backlog", "in_transit", *BULLWHIPS, "cost")
NOTE = (
    "bullwhip: variance of the site's orders over that of what it is asked for;\nend: over that of the outside demand"
)


def summarised(values: pd.Series) -> tuple[float, float]:
    """Mean of the runs that have a value and the half width of its 95 % interval (missing for a single run).

    Student's interval, as `ripieno.experiments.statistics.mean_interval` has it; without the time to load SciPy's
    distributions, which a printed table does not need.
    """
    from scipy.special import stdtrit

    present = values.dropna().to_numpy(dtype=float)
    if len(present) < 2:
        return (float(present[0]) if len(present) else math.nan), math.nan
    # Equal values have a spread of rounding errors only, if the mean of many is not exactly one of them.
    if np.ptp(present) == 0:
        return float(present[0]), 0.0
    quantile = float(stdtrit(len(present) - 1, (1 + LEVEL) / 2))
    return float(present.mean()), float(quantile * present.std(ddof=1) / len(present) ** 0.5)


def tables(result: Result) -> Iterator[Table]:
    """The network's metrics and, below, one row for each site; of a result with one scenario."""
    yield network_table(result)
    yield sites_table(result)


def network_table(result: Result) -> Table:
    """Metric, mean over the runs, half width of the 95 % interval, unit, meaning; below, those without any value."""
    scenario = result.scenarios[0]
    known = {m.named(scenario.period): (m.unit, m.meaning) for m in all_metrics() if m.in_summary}
    runs = len(result.summary)
    title = f"{scenario.name}: {runs} run{'s' * (runs != 1)} with seed {result.seed}, {span(scenario)}"
    table = Table(title=title, title_justify="left")
    for column, justify in (("metric", "left"), ("mean", "right"), ("± 95 %", "right"), ("unit", "left")):
        table.add_column(column, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("meaning")
    numbers = result.summary.drop(columns=list(INDEX)).select_dtypes("number")
    missing = [str(name) for name in numbers.columns if numbers[name].isna().all()]
    for name in numbers.columns.drop(missing):
        unit, meaning = known.get(name, _cost_line(name))
        mean, half = measured(*summarised(result.summary[name]))
        table.add_row(name, mean, half, unit.replace("period", scenario.period), meaning)
    table.caption = f"without a value in any run: {', '.join(missing)}" if missing else None
    table.caption_justify = "left"
    return table


def sites_table(result: Result) -> Table:
    """One row a site: mean over the runs of the metrics that are looked at first."""
    scenario = result.scenarios[0]
    units = {m.name: m.unit.replace("period", scenario.period) for m in all_metrics() if m.of == "site"}
    means = result.agents.groupby(["agent", "metric"], sort=False)["value"].mean()
    table = Table(title="sites, means over the runs", title_justify="left", caption=NOTE, caption_justify="left")
    table.add_column("site")
    for name in SITE_METRICS:
        heading = name.removesuffix("_{period}").removeprefix("mean_").replace("_", " ")
        table.add_column(f"{heading}\n{units[name]}", justify="right")
    for site in scenario.resolved().sites():
        places = [(site.name, name.replace("{period}", scenario.period)) for name in SITE_METRICS]
        table.add_row(site.name, *(number(float(means.get(place, math.nan))) for place in places))
    return table


def number(value: float) -> str:
    """A number for people: five digits, and a dash where it is missing.

    >>> number(0.123456789), number(1234567.8), number(float("nan"))
    ('0.12346', '1,234,568', '–')
    """
    return "–" if math.isnan(value) else f"{value:,.5g}" if abs(value) < 1e5 else f"{value:,.0f}"


def measured(mean: float, half: float) -> tuple[str, str]:
    """A mean and the half width of its interval: two digits of the half width, and as many places of the mean.

    >>> measured(184.904, 4.1733), measured(0.989194, 0.0022138), measured(20.0, 0.0), measured(123456.7, 2345.6)
    (('184.9', '4.2'), ('0.9892', '0.0022'), ('20', '0'), ('123,457', '2,346'))
    """
    if not (math.isfinite(mean) and math.isfinite(half)) or half == 0:
        return number(mean), number(half)
    places = min(max(1 - math.floor(math.log10(half)), 0), 12)
    return f"{mean:,.{places}f}", f"{half:,.{places}f}"


def _cost_line(name: str) -> tuple[str, str]:
    if not name.startswith("cost_"):
        return "", ""
    return "money per period", f"Part of the cost: {name.removeprefix('cost_').replace('_', ' ')}."


def span(scenario: Scenario) -> str:
    """The periods that count, and those before them that do not."""
    warm_up = f" after {scenario.warm_up} of warm-up" if scenario.warm_up else ""
    return f"{scenario.periods - scenario.warm_up} {scenario.period}s{warm_up}"
