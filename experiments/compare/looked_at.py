"""The metrics that a comparison shows first, and how a number of them is written."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ...model.metrics import all_metrics
from ...model.schema import Scenario
from ..overview import measured, number
from ..sweeps.metrics import COST


class Shown(NamedTuple):
    """A metric of the network: its name, what a table calls it, its unit, and which way is better."""

    name: str
    title: str
    unit: str
    better: str  # "lower" or "higher"

    def good(self, outcome: str) -> bool | None:
        """Whether a change is for the better; nothing for one that cannot be told from 0."""
        return None if outcome == "open" else outcome == self.better


FIRST = (
    ("cost", "cost", "lower"),
    ("logistics_cost", "cost without production", "lower"),
    ("fill_rate", "fill rate", "higher"),
    ("bullwhip_{period}", "bullwhip", "lower"),
    ("dock_wait", "dock wait", "lower"),
    ("dock_queue", "dock queue", "lower"),
    ("working_capital", "working capital", "lower"),
)
SHARE = "share"


def shown_first(scenario: Scenario, summary: pd.DataFrame) -> list[Shown]:
    """The metrics to look at first, as far as the network has them; one that is 0 in every run says nothing."""
    units = units_of(scenario)
    named = [(name.replace("{period}", scenario.period), title, better) for name, title, better in FIRST]
    return [
        Shown(name, title, units.get(name, ""), better)
        for name, title, better in named
        if name in summary.columns and (summary[name].fillna(0) != 0).any()
    ]


def units_of(scenario: Scenario) -> dict[str, str]:
    """The units of the network's metrics, with the scenario's word for a period."""
    period = scenario.period
    return {m.named(period): m.unit.replace("period", period) for m in all_metrics() if m.in_summary}


def unit_of(scenario: Scenario, metric: str) -> str:
    """The unit of a metric or of a cost line."""
    return f"money per {scenario.period}" if metric.startswith(COST) else units_of(scenario).get(metric, "")


def change(row: pd.Series, unit: str) -> str:
    """A paired difference with the half width of its interval: points of a share, per cent of the control otherwise.

    Where the control's mean is 0 there is no percentage, and the difference itself is written.
    """
    half = (row["high"] - row["low"]) / 2
    if unit == SHARE:
        return _signed(100 * row["estimate"], 100 * half, " pt")
    if pd.isna(row["relative"]):
        return _signed(row["estimate"], half, "")
    share = (row["relative_high"] - row["relative_low"]) / 2
    return _signed(100 * row["relative"], 100 * share, " %")


def difference(row: pd.Series) -> str:
    """A paired difference with the half width of its interval, in the metric's unit."""
    return _signed(row["estimate"], (row["high"] - row["low"]) / 2, "")


def _signed(value: float, half: float, sign: str) -> str:
    size, width = measured(abs(value), half)
    if half == 0 or pd.isna(half):
        size, width = number(float(f"{abs(value):.3g}")), number(half)
    lead = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else "±"
    lead = lead if size.strip("0.,") else "±"
    return f"{lead}{size}{sign}" if half == 0 or pd.isna(half) else f"{lead}{size} ± {width}{sign}"
