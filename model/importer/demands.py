"""``demand.csv``: demand by period, wide (a column a market) or long (a row an observation)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...agents.parameters import Parameter
from ..schema.calendar import TIME_COLUMNS, check_steps
from ..schema.csvfile import Rows, number_in
from ..schema.problems import Problem, listing, nearest
from .tables import Origin, only_columns, read_table

UNITS = Parameter("demand", unit="units per period", minimum=0)
QUANTITIES = ("quantity", "demand", "units", "value")
Series = dict[tuple[str, str], list[float]]
"""Values by (market, product); the product is empty where all of a market's products have the same demand."""


def add_demand(path: Path, markets: list[dict[str, Any]], origin: Origin) -> int:
    """Give the markets the traces of ``path``; returns the number of periods."""
    header, rows = read_table(path, origin)
    if not header:
        return 0
    if not rows:
        origin.problems.append(f"{path}: has no rows; add one for each period")
        return 0
    long_format = "market" in header
    series = _long(path, header, rows, origin) if long_format else _wide(path, header, rows, origin)
    by_name = {market.get("name", ""): market for market in markets}
    for (name, product), values in series.items():
        if name not in by_name:
            where = f'{path}, column "{f"{name}/{product}" if product else name}"'
            origin.problems.append(f"{where}: {name} is not a market of markets.csv; {nearest(name, by_name)}")
            continue
        _give(by_name[name], product, values, path, origin)
    return max((len(values) for values in series.values()), default=0)


def _give(market: dict[str, Any], product: str, values: list[float], path: Path, origin: Origin) -> None:
    process = {"type": "trace", "values": values}
    held = market.get("demand")
    given_elsewhere = held is not None and (not product or "type" in held or product in held)
    if given_elsewhere:
        what = f"{path}: the demand of {market['name']} is given twice, here and in markets.csv or another column"
        origin.problems.append(f"{what}; remove one of the two")
    elif product:
        market["demand"] = (held or {}) | {product: process}
    else:
        market["demand"] = process


def _wide(path: Path, header: list[str], rows: Rows, origin: Origin) -> Series:
    """One column for the period or date, then one for each market or ``market/product``."""
    if header[0].lower() not in TIME_COLUMNS:
        cure = f"call the first one {listing(TIME_COLUMNS)}, or give columns period, market, quantity"
        origin.problems.append(f'{path}, line 1, column "{header[0]}": does not count the periods; {cure}')
        return {}
    origin.problems.extend(_text(problem) for problem in check_steps(header, rows, str(path)))
    series: Series = {}
    for column in header[1:]:
        market, _, product = column.partition("/")
        cells = (number_in(row.get(column, ""), UNITS, f"{path}, line {line}, column {column}") for line, row in rows)
        series[market.strip(), product.strip()] = list(_numbers(cells, origin))
    return series


def _long(path: Path, header: list[str], rows: Rows, origin: Origin) -> Series:
    """Columns period (or date), market, quantity and perhaps product; every series has every period once."""
    if not only_columns(path, header, [*TIME_COLUMNS, "market", "product", *QUANTITIES], origin):
        return {}
    time = next((name for name in header if name.lower() in TIME_COLUMNS), None)
    quantity = next((name for name in QUANTITIES if name in header), None)
    if time is None or quantity is None:
        need = f"one of {listing(TIME_COLUMNS)} and one of {listing(QUANTITIES)}"
        origin.problems.append(f"{path}, line 1: lacks a column for the period or the quantity; give {need}")
        return {}
    found: dict[tuple[str, str], dict[str, float]] = {}
    for line, row in rows:
        where = f"{path}, line {line}, column {quantity}"
        numbers = list(_numbers(iter([number_in(row.get(quantity, ""), UNITS, where)]), origin))
        series = found.setdefault((row.get("market", ""), row.get("product", "")), {})
        period = row.get(time, "")
        if not period or period in series:
            what = f'"{period}" is there already' if period else "is empty"
            origin.problems.append(f"{path}, line {line}, column {time}: {what}; give every period one row a series")
        series[period] = numbers[0] if numbers else 0.0
    return _aligned(path, found, origin)


def _aligned(path: Path, found: dict[tuple[str, str], dict[str, float]], origin: Origin) -> Series:
    """All series over the same periods; a period that one of them lacks is a hole."""
    periods = sorted({period for series in found.values() for period in series}, key=_rank)
    rows: Rows = [(number, {"period": period}) for number, period in enumerate(periods, 1)]
    if any(check_steps(["period"], rows, "")):
        origin.problems.append(f"{path}: the periods {listing(periods, 6)} have a hole; give every period a row")
    for (market, product), series in found.items():
        lacking = [period for period in periods if period not in series]
        if lacking:
            which = f"{market}/{product}" if product else market
            origin.problems.append(
                f"{path}: {which} has no row for {listing(lacking, 3)}; add it, with 0 if nothing was sold"
            )
    return {key: [series.get(period, 0.0) for period in periods] for key, series in found.items()}


def _rank(period: str) -> tuple[int, str]:
    return (int(period), "") if period.isdecimal() else (0, period)


def _numbers(cells: Iterator[float | Problem], origin: Origin) -> Iterator[float]:
    for cell in cells:
        if isinstance(cell, Problem):
            origin.problems.append(_text(cell))
        else:
            yield cell


def _text(problem: Problem) -> str:
    return str(problem).removeprefix("the scenario: ").removeprefix("the scenario")
