"""Drive a distribution chain with recorded sales orders, and put its amplification beside the recorded one.

    python docs/howto/real_demand.py tables DATA TABLES [smooth]
    ripieno import TABLES -o chain.toml
    ripieno run chain.toml --series -o results
    python docs/howto/real_demand.py compare DATA results

DATA is the folder `supplygraph` of the data folder. With `smooth` the sites close only a part of every gap a day.
`real-demand.md` explains the steps and gives the figures.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ripieno.experiments.amplification import amplification_table

FILES = {
    "sales orders": "Sales_Order",
    "deliveries": "Delivery_To_distributor",
    "factory issues": "Factory_Issue",
    "production": "Production_",
}
REGULAR = 0.5  # share of days on which a product must have been ordered to be looked at
WARM_UP = 28  # days at the start that set the forecasts and that no ratio counts
BUCKETS = {"day": 1, "week": 7, "four weeks": 28}
LEAD = {"Depot": 2, "Plant": 1}  # travel time to the depot, production lead time of the plant; days
SAFETY = {"Depot": 3, "Plant": 2}  # days of mean demand kept as safety stock
GAIN = 0.2  # share of a gap that a smooth site closes a day


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The four recorded flows, one row a day and one column a product, regular products only.

    The files have a row for every day of the calendar and no empty cell; both are checked, because a ratio of
    variances would silently be wrong otherwise. A day with zeros only is kept: it is a day without business.
    """
    flows = {}
    for name, file in FILES.items():
        table = pd.read_csv(folder / f"Temporal_Data__Unit__{file}.csv", index_col=0, parse_dates=True)
        days = pd.date_range(table.index[0], table.index[-1], freq="D")
        if not table.index.equals(days) or table.isna().to_numpy().any() or (table.to_numpy() < 0).any():
            raise SystemExit(f"{folder}: {name} has missing days, empty cells or negative values; correct them first")
        flows[name] = table
    regular = [p for p, orders in flows["sales orders"].items() if (orders > 0).mean() >= REGULAR]
    return {name: table[regular] for name, table in flows.items()}


def write_tables(orders: pd.DataFrame, folder: Path, smooth: bool = False) -> None:
    """The CSV tables of the chain: a plant that makes to stock, a depot, and the distributors who order from it."""
    folder.mkdir(parents=True, exist_ok=True)
    usual = orders.iloc[:WARM_UP].mean()
    products = [str(product) for product in orders.columns]
    write_rows(folder / "scenario.csv", [("key", "value"), ("warm_up", WARM_UP), ("period", "day")])
    write_rows(folder / "products.csv", [("name",), *((product,) for product in products)])
    write_rows(folder / "bom.csv", [("product", "part", "units"), *((product, "", "") for product in products)])
    write_rows(folder / "markets.csv", [("name", "sites"), ("Distributors", "Depot")])
    write_rows(folder / "lanes.csv", [("from", "to", "travel_time"), ("Plant", "Depot", LEAD["Depot"])])
    rows = [site_row("Plant", usual, smooth), site_row("Depot", usual, smooth)]
    pd.DataFrame(rows).to_csv(folder / "sites.csv", index=False)
    demand = orders.rename(columns=lambda product: f"Distributors/{product}").rename_axis("date")
    demand.to_csv(folder / "demand.csv", date_format="%Y-%m-%d")


def site_row(name: str, usual: pd.Series[float], smooth: bool) -> dict[str, Any]:
    """One row of ``sites.csv``: a site that orders by the mean of the last week, starting from that of four weeks."""
    row: dict[str, Any] = {"kind": "warehouse", "name": name}
    if name == "Plant":
        row |= {"kind": "factory", "lead_time": LEAD[name]}
    if smooth:
        row |= {"policy.type": "proportional-order-up-to", "policy.lead_time": LEAD[name]}
        row["policy.inventory_gain"] = GAIN
    else:
        row |= {"policy.type": "order-up-to", "policy.cover": LEAD[name] + 1}
    row |= {"policy.forecast.type": "moving-average", "policy.forecast.window": 7}
    for product, mean in usual.items():
        row[f"policy.forecast.initial.{product}"] = mean
        row[f"policy.{'target_net_stock' if smooth else 'safety'}.{product}"] = SAFETY[name] * mean
        row[f"initial_stock.{product}"] = (LEAD[name] + 1 + SAFETY[name]) * mean
    return row


def write_rows(path: Path, rows: list[tuple[Any, ...]]) -> None:
    """A CSV file from rows, the first of them the header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def simulated(folder: Path, products: list[str]) -> dict[str, pd.DataFrame]:
    """The flows of the run that stand beside the recorded ones."""
    series = pd.read_parquet(folder / "series.parquet")
    chosen = {
        "deliveries": ("Depot", "Distributors", "shipped"),
        "depot's orders": ("Depot", "", "ordered"),
        "factory issues": ("Plant", "Depot", "shipped"),
        "production": ("Plant", "", "started"),
    }
    flows = {}
    for name, (agent, partner, quantity) in chosen.items():
        rows = series[(series.agent == agent) & (series.partner == partner) & (series.quantity == quantity)]
        flows[name] = rows.pivot(index="period", columns="product", values="value")[products]
    return flows


def compare(data: Path, results: Path) -> pd.DataFrame:
    """Median and quartiles over the products of every ratio, recorded and simulated."""
    recorded = {name: table.iloc[WARM_UP:] for name, table in read(data).items()}
    orders = recorded.pop("sales orders")
    model = {name: table.iloc[WARM_UP:] for name, table in simulated(results, list(orders.columns)).items()}
    parts = []
    for source, flows in (("recorded", recorded), ("simulated", model)):
        table = amplification_table(flows, orders, BUCKETS)
        grouped = table.groupby(["flow", "bucket"], sort=False).amplification
        found = grouped.quantile(np.array([0.25, 0.5, 0.75])).unstack()
        parts.append(found.set_axis(["low", "median", "high"], axis=1).assign(source=source).reset_index())
    return pd.concat(parts, ignore_index=True)[["source", "flow", "bucket", "median", "low", "high"]]


def as_markdown(table: pd.DataFrame) -> str:
    """Medians with quartiles, a column a bucket."""
    lines = [f"| | flow | {' | '.join(BUCKETS)} |", f"|---|---|{'---|' * len(BUCKETS)}"]
    for (source, flow), rows in table.groupby(["source", "flow"], sort=False):
        cells = [f"{r.median:.2f} ({r.low:.2f} to {r.high:.2f})" for r in rows.itertuples()]
        lines.append(f"| {source} | {flow} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """``tables DATA TABLES [smooth]`` or ``compare DATA RESULTS``."""
    match arguments:
        case ["tables", data, folder] | ["tables", data, folder, "smooth"]:
            orders = read(Path(data))["sales orders"]
            write_tables(orders, Path(folder), smooth=arguments[-1] == "smooth")
            print(f"{folder}: {len(orders)} days of {len(orders.columns)} products")
        case ["compare", data, folder]:
            print(as_markdown(compare(Path(data), Path(folder))))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
