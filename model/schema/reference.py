"""The reference page of all keys, written from their declarations."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..moments import SEQUENCES
from . import limits
from .common import Declared, Table
from .exported import schema_text
from .partspec import NOUNS
from .scenario import Scenario
from .times import KINDS
from .translate import held_table
from .values import bounds_of
from .world import plain

INTRODUCTION = f"""# Reference: the scenario file

Written by `python -m ripieno.model.schema.reference` from the declarations in `model/schema/`; do not edit it by hand.

A scenario is a TOML file; JSON with the same keys is accepted. `ripieno check FILE` says what is wrong with one and
shows every default that it leaves to be filled in.

- **Per product.** Such a number may be one number or a table `{{product: number}}`; products that the table leaves out
  have the default. A table for a key without a default number has to name every product.
- **Times** are whole numbers of periods. What a period is called is for the reader only.
- **Structure.** Whole numbers, texts and lists are part of the structure; all other numbers may differ between the
  design points of a batch, and interventions may change them.
- **A dotted key** names one value: `warehouses.R1.policy.level`, `lanes.W->R1.transit_cost`, `markets.M.demand.mean`.
  Entries of lists without names are counted from 1.
- **Parts.** A policy, forecast, demand process, sourcing or allocation rule is a table with a `type`, or its name alone
  if it needs no parameters; [policies.md](policies.md) lists them all with their parameters.
- **Not built yet.** Keys and tables marked so have their place in the file, but a scenario that uses one is refused
  until its physics is there.
- **Limits.** At most {limits.SITES} sites and markets, {limits.LANES} lanes, {limits.PRODUCTS} products,
  {limits.PERIODS} periods, {limits.RUNS} runs, {limits.OUTAGES} outages, {limits.INTERVENTIONS} interventions; no
  travel time, delay or lead time above {limits.TIME} periods; no number beyond {limits.MAGNITUDE:g}, no file beyond
  {limits.FILE_BYTES} bytes.

[scenario.schema.json](scenario.schema.json) says the same as a JSON schema. An editor with TOML support (Taplo, "Even
Better TOML") completes and checks keys when the file begins with `#:schema PATH/scenario.schema.json`.
"""
UNBUILT = "Not built yet: a scenario that uses this table is refused."
VALUES = {
    "sequence": ", ".join(f'"{name}"' for name in SEQUENCES) + ", or a list of moments",
    "demand": "a demand process, or a table {product: process}",
    "travel_time": "a whole number, or a UniformPeriods, Choice or GeometricPeriods table",
    "time": "a whole number, or a UniformPeriods, Choice or GeometricPeriods table",
    "phase": 'a whole number of at least 0, or "random"',
    "position": "list of two numbers",
    "set": "table",
    "measures": 'list of "lead-times", "nervousness", "recovery"',
    "echelon": "text, or a whole number of at least 0",
}
"""The values of keys whose type says too little."""


def reference_page() -> str:
    """The reference of all keys as Markdown: for each its meaning, unit, values and default."""
    lines = [INTRODUCTION]
    used, unbuilt = tables(built=True), tables(built=False)
    for table, places in (used | {t: places for t, places in unbuilt.items() if t not in used}).items():
        where = f"Found in: {', '.join(f'`{place}`' for place in places)}." if places else "The file itself."
        notes = [first_paragraph(table), where, *([] if table in used else [UNBUILT])]
        lines += [f"## {table.__name__}", "", " ".join(notes), ""]
        lines += ["| key | meaning | unit | values | default |", "| --- | --- | --- | --- | --- |", *_rows(table), ""]
    return "\n".join(lines).rstrip() + "\n"


def tables(built: bool) -> dict[type[Table], list[str]]:
    """The tables of the schema in the order in which one meets them, each with the keys that hold it.

    With ``built`` only those that a scenario may use, else all.
    """
    found: dict[type[Table], list[str]] = {Scenario: []}
    waiting: list[tuple[type[Table], str]] = [(Scenario, "")]
    while waiting:
        table, before = waiting.pop(0)
        for name, info in table.model_fields.items():
            if built and not table.declared[name].built:
                continue
            inner: type[Table] | None = held_table(info.annotation)
            timed: list[type[Table]] = list(KINDS.values()) if "time" in name and "see" in str(info.metadata) else []
            for kind in [inner] if inner is not None else timed:
                key = f"{before}{info.alias or name}"
                if kind not in found:
                    waiting.append((kind, f"{key}."))
                found.setdefault(kind, []).append(key)
    return found


def article(noun: str) -> str:
    """``a policy``, ``an allocation rule``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def first_paragraph(kind: type) -> str:
    """The first paragraph of a class's docstring, on one line."""
    return " ".join((kind.__doc__ or "").strip().split("\n\n", 1)[0].split())


def _rows(table: type[Table]) -> Iterator[str]:
    for name, info in table.model_fields.items():
        declared = table.declared[name]
        key = info.alias or name
        meaning = declared.parameter.meaning + ("" if declared.built else " (*not built yet*)")
        default = "required" if info.is_required() else _shown(info.get_default(call_default_factory=True))
        values = VALUES[key] if key in VALUES and declared.kind == "other" else _values(declared, info.annotation)
        yield _row(f"`{key}`", meaning, declared.parameter.unit, values, default)


def _values(declared: Declared, annotation: Any) -> str:
    """The values that a key takes, in words."""
    parameter = declared.parameter
    if declared.kind in ("number", "whole", "slots"):
        per = f", per {declared.per}" if declared.per else ""
        return _bounds(parameter) + per + (", or a list by slot" if declared.kind == "slots" else "")
    if declared.kind == "part":
        return f"{article(NOUNS[parameter.part])}"
    if declared.kind == "truth":
        return "true, false"
    if declared.kind == "numbers":
        return f"list of numbers, each {_bounds(parameter)}"
    return _values_by_type(annotation)


def _values_by_type(annotation: Any) -> str:
    inner = held_table(annotation)
    many = typing.get_origin(annotation) is list
    if inner is not None:
        return f"{'list of ' if many else ''}{inner.__name__} table{'s' if many else ''}"
    words = [word for item in (annotation, *typing.get_args(annotation)) for word in _choices(item)]
    if words:
        return ", ".join(f'"{word}"' for word in words)
    names = {
        "str": "text",
        "int": "a whole number",
        "float": "a number",
        "Any": "see the meaning",
        "bool": "true, false",
    }
    members = [item for item in typing.get_args(annotation) if item is not type(None)] or [annotation]
    if many or any(typing.get_origin(item) is list for item in members):
        return "list of names"
    if any(typing.get_origin(item) is dict for item in (annotation, *members)):
        return "table"
    return " or ".join(names.get(getattr(item, "__name__", str(item)), "see the meaning") for item in members)


def _choices(item: Any) -> tuple[str, ...]:
    return typing.get_args(item) if typing.get_origin(item) is typing.Literal else ()


def _bounds(parameter: Any) -> str:
    """The bounds of a number without its unit, which has its own column."""
    return bounds_of(replace(parameter, unit=""))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if value == "":
        return ""
    if isinstance(value, Table):
        return "its own defaults"
    value = plain(value)
    if isinstance(value, Mapping):
        return f"`{value}`" if value else "`{}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write_reference(folder: Path) -> list[Path]:
    """Write ``scenario.md`` and ``scenario.schema.json`` into the folder ``reference`` of the documentation folder."""
    page = folder / "reference" / "scenario.md"
    schema = folder / "reference" / "scenario.schema.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(reference_page(), encoding="utf-8")
    schema.write_text(schema_text(), encoding="utf-8")
    return [page, schema]


if __name__ == "__main__":
    for written in write_reference(Path("docs")):
        print(written)
