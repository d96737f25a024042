"""``bom.csv``: one row for each part of each product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...agents.parameters import Parameter
from ..schema.csvfile import number_in
from ..schema.problems import Problem, nearest
from .tables import Origin, only_columns, read_table

COLUMNS = ("factory", "product", "part", "units")
UNITS = Parameter("units of the part in one unit of the product", unit="units", above=0)


def add_bills(path: Path, factories: list[dict[str, Any]], origin: Origin) -> None:
    """Put the bills of materials of ``path`` into the factories; a row without a part makes a product from nothing.

    The column ``factory`` may be left out if there is just one.
    """
    header, rows = read_table(path, origin, required=("product",))
    if not only_columns(path, header, COLUMNS, origin):
        return
    by_name = {factory.get("name", ""): factory for factory in factories}
    for line, row in rows:
        where = f"{path}, line {line}"
        name = row.get("factory") or (next(iter(by_name)) if len(by_name) == 1 else "")
        if name not in by_name:
            what = f'column factory = "{name}": is not a factory of sites.csv'
            origin.problems.append(f"{where}, {what}; {nearest(name, by_name)}")
            continue
        if not row.get("product"):
            origin.problems.append(f"{where}, column product: is empty; name the product that the part goes into")
            continue
        _add(by_name[name].setdefault("bill", {}).setdefault(row["product"], {}), row, where, origin)
        origin.cells["factories", name, "bill", row["product"]] = f"{where}, column product"
        origin.cells["factories", name, "bill", row["product"], row.get("part", "")] = f"{where}, column part"


def _add(parts: dict[str, float], row: dict[str, str], where: str, origin: Origin) -> None:
    part = row.get("part", "")
    if not part and not row.get("units"):
        return
    if not part or part in parts:
        what = f'column part = "{part}": is there already' if part else "column part: is empty"
        origin.problems.append(f"{where}, {what}; name every part of a product once")
        return
    units = number_in(row.get("units", ""), UNITS, f"{where}, column units")
    if isinstance(units, Problem):
        origin.problems.append(str(units).removeprefix("the scenario: "))
    else:
        parts[part] = units
