"""A scenario as the CSV tables that ``ripieno import`` reads back into the same scenario."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model.schema import Scenario
from ..model.schema.world import plain
from .caps import TooMuch

KINDS = {"suppliers": "supplier", "factories": "factory", "warehouses": "warehouse"}
TABLES = ("lanes", "markets", "products", "carriers")
LISTS = ("outages", "interventions")
PAIRS = ("price_breaks", "brackets")
"""The lists of small tables for which a cell has a form."""


def csv_tables(scenario: Scenario) -> dict[str, str]:
    """The tables by file name; raises `TooMuch` for a scenario that tables cannot hold."""
    mapping = plain(scenario) | {"markets": [_market(market) for market in scenario.markets]}
    for name in LISTS:
        if mapping.get(name):
            raise TooMuch(f"{name} have no table in CSV; export the scenario as TOML")
    tables = {"sites.csv": _table(_sites(mapping)), "scenario.csv": _settings(mapping)}
    bills = list(_bills(mapping))
    if bills:
        tables["bom.csv"] = _table(bills)
    for name in TABLES:
        rows = [dict(_cells(entry, ())) for entry in mapping.get(name, [])]
        if rows:
            tables[f"{name}.csv"] = _table(rows)
    return tables


def _market(market: Any) -> dict[str, Any]:
    """A market with its sites by name; raises `TooMuch` where a site has a share or a way of its own."""
    for link in market.sites:
        if plain(link) != plain(type(link).model_validate({"site": link.site})):
            raise TooMuch(f"market {market.name}: shares and ways of single sites have no form in CSV; export as TOML")
    found: dict[str, Any] = plain(market)
    return found | {"sites": [link.site for link in market.sites]}


def _sites(mapping: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for which, kind in KINDS.items():
        for entry in mapping.get(which, []):
            kept = {key: value for key, value in entry.items() if key != "bill"}
            rows.append({"kind": kind} | dict(_cells(kept, ())))
    return rows


def _bills(mapping: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for factory in mapping.get("factories", []):
        for product, parts in factory.get("bill", {}).items():
            for part, units in (parts or {"": ""}).items():
                yield {"factory": factory["name"], "product": product, "part": part, "units": units}


def _settings(mapping: Mapping[str, Any]) -> str:
    tables = {*KINDS, *TABLES, *LISTS}
    rows = [
        {"key": key, "value": _cell(key, value)}
        for key, value in _cells({k: v for k, v in mapping.items() if k not in tables}, ())
    ]
    return _table(rows)


def _cells(table: Mapping[str, Any], before: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The columns of a row: nested tables become dotted ones."""
    for key, value in table.items():
        path = (*before, str(key))
        if isinstance(value, Mapping):
            yield from _cells(value, path)
        elif value != []:
            yield ".".join(path), _cell(".".join(path), value)


def _cell(key: str, value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, list | tuple):
        return value
    items = []
    for item in value:
        if isinstance(item, Mapping):
            if not key.endswith(PAIRS):
                raise TooMuch(f"{key} has no form in CSV; export the scenario as TOML")
            items.append(":".join(map(str, item.values())))
        else:
            items.append(str(item))
    return ";".join(items)


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()
