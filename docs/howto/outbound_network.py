"""Build the outbound network of a maker from one recorded day of orders, and show where it congests.

    python docs/howto/outbound_network.py tables DATA TABLES
    ripieno import TABLES -o outbound.toml
    ripieno run outbound.toml --series -o results
    python docs/howto/outbound_network.py report DATA results

DATA is the folder `brunel_outbound_logistics` of the data folder. `outbound-network.md` explains the steps and gives
the figures.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pandas as pd

DAYS = 15  # long enough for all orders of the day to arrive
COLLECTED = "CRF"  # the service level of orders that customers have fetched at their own cost
LINE = ["Origin Port", "Carrier", "Service Level", "TPT"]  # what is moved together: port, carrier, service, days


def read(folder: Path) -> pd.DataFrame:
    """The orders of the day, each with the name of its line and of its product: the orders of a plant for a line."""
    orders = pd.read_csv(folder / "OrderList.csv")
    if orders["Order Date"].nunique() != 1 or orders[["Weight", "Plant Code", *LINE]].isna().to_numpy().any():
        raise SystemExit(f"{folder}: OrderList.csv is not one day of complete orders")
    rows = zip(*(orders[column] for column in LINE), strict=True)
    orders["line"] = [f"{port} {carrier} {service} {days} days" for port, carrier, service, days in rows]
    orders["product"] = orders["Plant Code"] + " by " + orders["line"]
    return orders


def capacities(folder: Path) -> dict[str, float]:
    """The orders that each plant can handle in a day."""
    table = pd.read_csv(folder / "WhCapacities.csv")
    return dict(zip(table["Plant ID"], table["Daily Capacity"].astype(float), strict=True))


def tariff(folder: Path, line: pd.Series[Any]) -> dict[str, Any]:
    """The columns of ``carriers.csv`` on what a line charges: its brackets by weight, or a price for each departure."""
    rates = pd.read_csv(folder / "FreightRates.csv")
    keys = {"orig_port_cd": "Origin Port", "Carrier": "Carrier", "svc_cd": "Service Level", "tpt_day_cnt": "TPT"}
    for column, key in keys.items():
        rates = rates[rates[column] == line[key]]
    if rates.empty:
        raise SystemExit(f"{folder}: FreightRates.csv has no rate for {line['line']}")
    row: dict[str, Any] = {"fleet.capacity": rates["max_wgh_qty"].max(), "fleet.load_by": "weight"}
    if (rates["mode_dsc"].str.strip() == "GROUND").all():
        return row | {"tariff.departure": rates["rate"].min(), "tariff.minimum": rates["minimum cost"].min()}
    cheapest = rates.groupby("minm_wgh_qty")["rate"].min()  # some brackets stand there twice, with different rates
    brackets = ";".join(f"{start:g}:{rate:.6g}" for start, rate in cheapest.items())
    return row | {"tariff.minimum": rates["minimum cost"].min(), "tariff.brackets": brackets}


def write_tables(folder: Path, target: Path) -> None:
    """The CSV tables: plants with their daily capacity, ports that pass on, and customers behind every line."""
    orders, limits = read(folder), capacities(folder)
    target.mkdir(parents=True, exist_ok=True)
    lines = [row for _, row in orders.drop_duplicates("line").iterrows()]
    products = orders.groupby("product", as_index=False).agg(factory=("Plant Code", "first"), weight=("Weight", "mean"))
    inland = orders[["Plant Code", "Origin Port"]].drop_duplicates().set_axis(["from", "to"], axis=1)
    plants = [{"kind": "factory", "name": plant, "capacity": limits[plant]} for plant in inland["from"]]
    ports = [{"kind": "warehouse", "name": port, "policy": "pass-through"} for port in inland["to"].unique()]
    onward = [{"from": row["Origin Port"], "to": f"to {row['line']}", "travel_time": row["TPT"]} for row in lines]
    carried = [row for row in lines if row["Service Level"] != COLLECTED]
    tables: dict[str, Any] = {
        "scenario": [{"key": "periods", "value": DAYS}],
        "products": products.rename(columns={"product": "name"})[["name", "weight"]],
        "bom": products[["factory", "product"]].assign(part="", units=""),
        "sites": [*plants, *ports],
        "markets": [{"name": f"to {row['line']}"} for row in lines],
        "lanes": [*inland.assign(travel_time=0).to_dict("records"), *onward],
        "carriers": [carrier(folder, row) for row in carried],
    }
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(target / f"{name}.csv", index=False)
    write_demand(orders, target / "demand.csv")


def carrier(folder: Path, line: pd.Series[Any]) -> dict[str, Any]:
    """A row of ``carriers.csv``: what is there leaves every day."""
    lane = f"{line['Origin Port']}->to {line['line']}"
    return {"name": line["line"], "lanes": lane, "dispatch.threshold": 0} | tariff(folder, line)


def write_demand(orders: pd.DataFrame, path: Path) -> None:
    """All orders on day 0, none afterwards."""
    counts = orders.groupby(["line", "product"]).size()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["day", *(f"to {line}/{product}" for line, product in counts.index)])
        writer.writerows([[day, *(counts if day == 0 else [0] * len(counts))] for day in range(DAYS)])


def plants_table(series: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """For each plant: orders, capacity a day, their ratio, what the first day leaves, and the days of work."""
    limits = capacities(folder)
    made, owed = (by_day(series, quantity) for quantity in ("started", "to_make"))
    rows = []
    for plant, amounts in made.iterrows():
        working = amounts[amounts > 1e-6]
        rows.append({
            "plant": plant,
            "orders": working.sum(),
            "capacity": limits[str(plant)],
            "load": working.sum() / limits[str(plant)],
            "left after day 1": owed[1][str(plant)],
            "days of work": len(working),
        })  # fmt: skip
    return pd.DataFrame(rows)


def by_day(series: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """A quantity of every plant, summed over its products; a column a day."""
    rows = series[series["quantity"] == quantity]
    return rows.pivot_table(index="agent", columns="period", values="value", aggfunc="sum")


def made_elsewhere(folder: Path, plant: str) -> int:
    """How many of a plant's orders are for products that some other plant makes too."""
    orders, makers = read(folder), pd.read_csv(folder / "ProductsPerPlant.csv")
    others = makers.loc[makers["Plant Code"] != plant, "Product ID"]
    return int(orders.loc[orders["Plant Code"] == plant, "Product ID"].isin(others).sum())


def lines_table(series: pd.DataFrame) -> pd.DataFrame:
    """For each line: orders, their mean delay beyond a day of work, departures, load and freight of its carrier."""
    rows = []
    lanes = series[series["partner"].str.startswith("to ")]
    for line, all_rows in lanes.groupby("partner"):
        by = dict(list(all_rows.groupby("quantity")))
        shipped = by["shipped"].groupby("period")["value"].sum()
        orders = shipped.sum()
        row = {"line": str(line)[3:], "orders": orders, "days late": (shipped * (shipped.index - 1)).sum() / orders}
        if "departed" in by:
            names = {"departures": "departed", "kg": "moved", "freight": "freight"}
            row |= {name: by[quantity]["value"].sum() for name, quantity in names.items()}
        rows.append(row)
    return pd.DataFrame(rows)


def as_markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, with two decimals where they tell something."""
    lines = [f"| {' | '.join(table.columns)} |", f"|{'---|' * len(table.columns)}"]
    for row in table.itertuples(index=False):
        cells = [_cell(value) for value in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 20 or abs(value - round(value)) < 1e-6 else f"{value:.2f}"


def report(folder: Path, results: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two tables of the page, from the series of a run."""
    series = pd.read_parquet(results / "series.parquet")
    return plants_table(series, folder), lines_table(series)


def main(arguments: list[str]) -> None:
    """``tables DATA TABLES`` or ``report DATA RESULTS``."""
    match arguments:
        case ["tables", data, folder]:
            write_tables(Path(data), Path(folder))
        case ["report", data, folder]:
            for table in report(Path(data), Path(folder)):
                print(as_markdown(table), end="\n\n")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
