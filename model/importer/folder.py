"""Reading the tables of a folder and joining them into one scenario."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

from ..schema import limits
from ..schema.carriers import Carrier
from ..schema.common import Table
from ..schema.lanes import Lane
from ..schema.markets import Market
from ..schema.problems import ScenarioError, nearest
from ..schema.products import Product
from ..schema.scenario import Scenario
from ..schema.sites import Factory, Supplier, Warehouse
from ..schema.toml import examine, toml_text
from .bills import add_bills
from .demands import add_demand
from .tables import Origin, entries_of, entry_of, known_columns, only_columns, read_table, trace

TABLES = ("scenario", "sites", "lanes", "markets", "products", "bom", "demand", "carriers")
KINDS: dict[str, tuple[str, type[Table]]] = {
    "supplier": ("suppliers", Supplier),
    "factory": ("factories", Factory),
    "warehouse": ("warehouses", Warehouse),
}


def import_folder(folder: Path, *, periods: int | None = None, name: str | None = None) -> str:
    """The scenario file that the tables of a folder make, checked as a whole.

    Reads ``sites.csv`` (with a column ``kind``), ``lanes.csv``, ``markets.csv``, ``products.csv``, ``bom.csv``,
    ``demand.csv``, ``carriers.csv`` and ``scenario.csv`` (columns key and value); columns are keys of the schema,
    dotted where nested. Raises `ScenarioError` naming file, line, column, value and cure.
    """
    if not folder.is_dir():
        raise ScenarioError(f"{folder}: is not a folder; name one with sites.csv, lanes.csv and markets.csv")
    origin = Origin()
    _stop_slips(folder, origin)
    mapping: dict[str, Any] = {"name": folder.resolve().name or "imported"} | _settings(folder, origin)
    mapping |= _network(folder, origin)
    length = 0
    if (folder / "demand.csv").exists():
        length = add_demand(folder / "demand.csv", mapping.get("markets", []), origin)
    mapping |= {key: value for key, value in (("name", name), ("periods", periods)) if value is not None}
    if "periods" not in mapping and length:
        mapping["periods"] = length
    _finish(folder, mapping, origin)
    return toml_text(_ordered(mapping))


def unread(folder: Path) -> list[Path]:
    """CSV files of the folder that are no tables of a scenario."""
    return sorted(path for path in folder.glob("*.csv") if path.stem not in TABLES)


def _finish(folder: Path, mapping: dict[str, Any], origin: Origin) -> None:
    """Check the whole; problems name the cell that they are about."""
    lines = list(origin.problems)
    if not lines:
        if "periods" not in mapping:
            raise ScenarioError(
                f"{folder}: the horizon is missing; give --periods, demand.csv, or periods in scenario.csv"
            )
        _, problems = examine(mapping, folder)
        lines = [f"{origin.of(problem) or f'{folder}: '}{problem}" for problem in problems]
    if lines:
        shown = lines[: limits.PROBLEMS_SHOWN]
        rest = len(lines) - len(shown)
        raise ScenarioError("\n".join([*shown, *([f"{folder}: and {rest} more problems"] if rest else [])]))


def _network(folder: Path, origin: Origin) -> dict[str, Any]:
    """Products, sites, markets, lanes and carriers."""
    found: dict[str, Any] = {}
    for which, kind in (("products", Product), ("markets", Market), ("lanes", Lane), ("carriers", Carrier)):
        if (folder / f"{which}.csv").exists():
            found[which] = entries_of(folder / f"{which}.csv", which, kind, origin)
        if which == "products":
            names = (str(entry.get("name", "")) for entry in found.get(which, ()))
            origin.dotted = {name for name in names if "." in name}
    before = len(origin.problems)
    found |= _sites(folder / "sites.csv", origin)
    sites_failed = len(origin.problems) > before  # then bills would only complain of factories that are not there
    if (folder / "bom.csv").exists() and not sites_failed:
        add_bills(folder / "bom.csv", found.get("factories", []), origin)
    return found


def _sites(path: Path, origin: Origin) -> dict[str, list[dict[str, Any]]]:
    """Suppliers, factories and warehouses: one table, told apart by its column ``kind``."""
    header, rows = read_table(path, origin, required=("kind", "name"))
    found: dict[str, list[dict[str, Any]]] = {}
    columns = [column for column in header if column != "kind"]
    if not known_columns(path, columns, [kind for _, kind in KINDS.values()], origin):
        return found
    for line, row in rows:
        named = row.pop("kind", "").lower()
        if named not in KINDS:
            cure = nearest(named, KINDS)
            origin.problems.append(f'{path}, line {line}, column kind = "{named}": is not a kind of site; {cure}')
            continue
        which, kind = KINDS[named]
        entry = entry_of(row, kind, f"{path}, line {line}", origin)
        trace(which, str(entry.get("name", "")), row, origin, path, line)
        found.setdefault(which, []).append(entry)
        origin.cells[which, str(len(found[which]))] = f"{path}, line {line}"
    return found


def _settings(folder: Path, origin: Origin) -> dict[str, Any]:
    """``scenario.csv``: one row a key of the scenario itself."""
    path = folder / "scenario.csv"
    if not path.exists():
        return {}
    header, rows = read_table(path, origin, required=("key", "value"))
    only_columns(path, header, ("key", "value"), origin)
    found: dict[str, Any] = {}
    for line, row in rows:
        if (row["key"],) in origin.cells:
            origin.problems.append(f'{path}, line {line}, column key = "{row["key"]}": is there already; remove one')
        found = _joined(found, entry_of({row["key"]: row.get("value", "")}, Scenario, f"{path}, line {line}", origin))
        origin.cells[(row["key"],)] = f"{path}, line {line}, column value"
    return found


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two nested tables as one: keys of the same table come in rows of their own."""
    both = {key: _joined(one[key], other[key]) for key in other if isinstance(one.get(key), dict)}
    return one | other | both


def _stop_slips(folder: Path, origin: Origin) -> None:
    """Refuse files whose names look like a slip."""
    for path in unread(folder):
        meant = difflib.get_close_matches(path.stem.lower(), TABLES, n=1, cutoff=0.75)
        if meant:
            origin.problems.append(f"{path}: is not the name of a table; rename it {meant[0]}.csv, or remove it")


def _ordered(mapping: dict[str, Any]) -> dict[str, Any]:
    """The keys in the order of the schema."""
    return {key: mapping[key] for key in Scenario.model_fields if key in mapping}
