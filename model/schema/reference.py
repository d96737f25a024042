"""The reference page of all keys, written from their declarations."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...agents.plugins import family
from .common import Declared, Table
from .exported import json_schema
from .partspec import NOUNS
from .scenario import Scenario
from .slots import Slot, slots_of
from .times import Choice, UniformPeriods
from .translate import held_table
from .values import bounds_of
from .world import plain

INTRODUCTION = """# Reference: the scenario file

Written by `python -m ripieno.model.schema.reference` from the declarations in `model/schema/`; do not edit it by hand.

A scenario is a TOML file (JSON with the same keys is accepted). Numbers marked "per product" may be one number or a
table `{product: number}`; products that the table leaves out have the default. Whole numbers, texts and lists are part
of the structure; all other numbers may differ between the design points of a batch. A dotted key names one value:
`warehouses.R1.policy.level`, `lanes.W->R1.transit_cost`, `markets.M.demand.mean`. Entries of lists without names are
counted from 1. Keys marked *not built yet* have their place in the file but are refused until their physics is there.
"""


def reference_page() -> str:
    """The reference of all keys as Markdown: for each its meaning, unit, values and default."""
    lines = [INTRODUCTION]
    for table, places in tables().items():
        where = f"Found in: {', '.join(f'`{place}`' for place in places)}." if places else "The file itself."
        lines += [f"## {table.__name__}", "", f"{first_paragraph(table)} {where}", ""]
        lines += ["| key | meaning | unit | values | default |", "| --- | --- | --- | --- | --- |", *_rows(table), ""]
    for name, noun in NOUNS.items():
        lines += [
            f"## Parts: {name}",
            "",
            f"{article(noun).capitalize()} is a table with a `type`, or its name alone.",
            "",
        ]
        for type_, kind in family(name).items():
            lines += list(_part(type_, kind))
    return "\n".join(lines).rstrip() + "\n"


def tables() -> dict[type[Table], list[str]]:
    """All tables of the schema in the order in which one meets them, each with the keys that hold it."""
    found: dict[type[Table], list[str]] = {Scenario: []}
    waiting: list[tuple[type[Table], str]] = [(Scenario, "")]
    while waiting:
        table, before = waiting.pop(0)
        for name, info in table.model_fields.items():
            inner: type[Table] | None = held_table(info.annotation)
            timed: list[type[Table]] = (
                [UniformPeriods, Choice] if "time" in name and "see" in str(info.metadata) else []
            )
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
        yield _row(f"`{key}`", meaning, declared.parameter.unit, _values(declared, info.annotation), default)


def _part(type_: str, kind: type) -> Iterator[str]:
    slots = slots_of(kind)
    yield from (f"### {type_}", "", first_paragraph(kind), "")
    if not slots:
        return
    yield from ("| parameter | meaning | unit | values | default |", "| --- | --- | --- | --- | --- |")
    for slot in slots.values():
        usual = slot.usual()
        default = "required" if slot.required else _shown(usual)
        yield _row(f"`{slot.name}`", slot.declared.meaning, slot.declared.unit, _slot_values(slot), default)
    yield ""


def _slot_values(slot: Slot) -> str:
    declared = slot.declared
    if slot.kind == "part":
        return f"{article(NOUNS.get(declared.part, declared.part))}"
    if slot.kind == "word":
        return ", ".join(f'"{choice}"' for choice in declared.choices) or "text"
    if slot.kind in ("truth", "list"):
        return "true, false" if slot.kind == "truth" else "list of numbers"
    return _bounds(declared) + (", per product" if declared.per_product and not declared.whole else "")


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
        return "list"
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
    if isinstance(value, Table):
        return "its own defaults"
    value = plain(value)
    if isinstance(value, Mapping):
        return f"`{value}`" if value else "`{}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write_reference(folder: Path) -> list[Path]:
    """Write ``reference/scenario.md`` and ``scenario.schema.json`` into the documentation folder."""
    page = folder / "reference" / "scenario.md"
    schema = folder / "scenario.schema.json"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(reference_page(), encoding="utf-8")
    schema.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    return [page, schema]


if __name__ == "__main__":
    for written in write_reference(Path("docs")):
        print(written)
