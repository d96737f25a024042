"""Random travel times from recorded deliveries, and the stock that they call for.

    python docs/howto/transport_delays.py DATA

DATA is the file `usaid_scms_shipments.csv`. `transport-delays.md` explains the steps and gives the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import ripieno
from ripieno.model.schema import parse, with_values

PLANNED = 10  # weeks that every order should take
DEMAND = 100.0  # units a week
DEVIATION = 30.0
TARGET = 0.98  # share of the demand that is to be served from the shelf
LEVELS = np.arange(1000.0, 2600.0, 20.0)
RUNS = 20
EARLIEST = 1  # weeks: nothing arrives sooner than that


def read(path: Path) -> pd.DataFrame:
    """The deliveries with a mode of transport, with their delay in days; a delay below zero is an early delivery."""
    table = pd.read_csv(path)
    if table["delay_days"].isna().any():
        raise SystemExit(f"{path}: some deliveries have no delay; leave them out first")
    return table[table["Shipment Mode"].notna()]


def travel_time(delays: pd.Series[float]) -> dict[str, Any]:
    """The travel time of a lane, in weeks: the planned one plus a delay as recorded, each as often as it was."""
    weeks = (PLANNED + (delays / 7).round()).clip(lower=EARLIEST).astype(int)
    shares = weeks.value_counts(normalize=True).sort_index()
    return {"type": "choice", "values": shares.index.tolist(), "probabilities": shares.tolist()}


def bell(delays: pd.Series[float]) -> pd.Series[float]:
    """Delays of the same mean and deviation that are normally distributed: 2,000 quantiles of them."""
    normal = NormalDist(delays.mean(), delays.std())
    return pd.Series([normal.inv_cdf((i + 0.5) / 2000) for i in range(2000)])


def scenario(time: Any) -> ripieno.Scenario:
    """A store that orders every week up to a level, over a lane with this travel time."""
    return parse({
        "name": "transport-delays",
        "periods": 1144,
        "warm_up": 104,
        "period": "week",
        "suppliers": [{"name": "Source"}],
        "warehouses": [{
            "name": "Store",
            "initial_stock": DEMAND * PLANNED,
            "policy": {"type": "base-stock", "level": LEVELS[0]},
        }],
        "markets": [{
            "name": "Clinics",
            "sites": ["Store"],
            "demand": {"type": "negative-binomial", "mean": DEMAND, "variance": DEVIATION**2},
        }],
        "lanes": [{"from": "Source", "to": "Store", "travel_time": time}],
    })  # fmt: skip


def needed(time: Any) -> pd.Series[float]:
    """The least level of the grid with the fill rate that is aimed at, and the mean stock with it."""
    world = scenario(time)
    key = "warehouses.Store.policy.level"
    result = ripieno.simulate([with_values(world, {key: float(level)}) for level in LEVELS], runs=RUNS, seed=1)
    means = result.summary.groupby(key)[["fill_rate", "stock"]].mean()
    enough = means[means["fill_rate"] >= TARGET]
    if enough.empty:
        raise SystemExit(f"no level up to {LEVELS[-1]:g} reaches a fill rate of {TARGET}; raise LEVELS")
    return pd.Series({"level": enough.index[0], "stock": enough["stock"].iloc[0]})


def compare(path: Path) -> pd.DataFrame:
    """For each mode of transport how punctual it was and what level and stock that calls for."""
    punctual = needed(PLANNED)
    rows: list[dict[str, Any]] = [{"mode": "punctual", "early": 0.0, "late": 0.0, **punctual}]
    for mode, deliveries in read(path).groupby("Shipment Mode"):
        delays = deliveries["delay_days"]
        rows.append({
            "mode": mode,
            "deliveries": len(delays),
            "early": (delays < 0).mean(),
            "late": (delays > 0).mean(),
            "mean delay": delays.mean(),
            "deviation": delays.std(),
            **needed(travel_time(delays)),
            "if normal": needed(travel_time(bell(delays)))["stock"],
        })  # fmt: skip
    table = pd.DataFrame(rows)
    table["more stock"] = table["stock"] / punctual["stock"] - 1.0
    recorded = ["mode", "deliveries", "early", "late", "mean delay", "deviation"]
    return table[[*recorded, "level", "stock", "more stock", "if normal"]]


def as_markdown(table: pd.DataFrame) -> str:
    """The table of the page: shares in per cent, delays in days."""
    lines = [f"| {' | '.join(table.columns)} |", f"|{'---|' * len(table.columns)}"]
    for row in table.to_dict("records"):
        cells = [
            row["mode"],
            "" if pd.isna(row["deliveries"]) else f"{row['deliveries']:,.0f}",
            *(f"{100 * row[name]:.0f} %" for name in ("early", "late")),
            *("" if pd.isna(row[name]) else f"{row[name]:.1f}" for name in ("mean delay", "deviation")),
            *(f"{row[name]:,.0f}" for name in ("level", "stock")),
            f"{100 * row['more stock']:+.0f} %",
            "" if pd.isna(row["if normal"]) else f"{row['if normal']:,.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the table."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    print(as_markdown(compare(Path(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
