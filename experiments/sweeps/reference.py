"""The reference page of the study file, written from its declarations."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .chosen import Chosen
from .coalitions import Coalitions
from .designs import designs
from .parameters import Parameter
from .predictions import Prediction
from .searched import Reference
from .study import Comparison, Look, Replications, Study

INTRODUCTION = """# Reference: the study file

Written by `python -m ripieno.experiments.sweeps.reference` from the declarations in `experiments/sweeps/`; do not edit
it by hand. [How to run a sweep](../howto/sweeps.md) shows the file in use.

A study is a TOML file, or the same tables in Python: `Study.model_validate({...})`. A run is one replication of one
design point in one arm. Unknown keys are refused, with the nearest known one.
"""
HEAD = ["| key | meaning | values | default |", "| --- | --- | --- | --- |"]
PLACES: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("The file", Study, ""),
    ("A parameter", Parameter, 'Found in `[parameters]`, as in `[parameters."warehouses.W.policy.level"]`.'),
    ("Replications", Replications, "`replications = 20` is short for `replications = { number = 20 }`."),
    ("Comparison", Comparison, "Found in `[comparison]`."),
    ("A prediction", Prediction, "Found in `[[predictions]]`."),
    ("The reference", Reference, "Found in `[reference]`."),
    ("An arm whose values are chosen", Chosen, "Found in `[chosen.NAME]`."),
    ("Coalitions", Coalitions, "Found in `[coalitions]`."),
    ("The quick version", Look, "Found in `[look]`."),
)
NUMBERS = {"Ge": "at least", "Gt": "above", "Le": "at most", "Lt": "below"}


def reference_page() -> str:
    """The reference of a study file as Markdown: for each key its meaning, values and default."""
    lines = [INTRODUCTION]
    for title, table, where in PLACES:
        lines += [
            f"## {title}",
            "",
            *filter(None, [_text(table), where and f"\n{where}"]),
            "",
            *HEAD,
            *_rows(table),
            "",
        ]
    lines += ["## Designs", "", "Found in `[design]`; a list of tables puts several designs one after the other.", ""]
    for name, design in designs().items():
        other = "".join(f" Also called `{alias}`." for alias in design.aliases)
        lines += [f"### `{name}`", "", f"{_text(design)}{other}", ""]
        lines += [*HEAD, *_rows(design), ""] if design.model_fields else []
    return "\n".join(lines).rstrip() + "\n"


def _text(table: type[BaseModel]) -> str:
    """The docstring with its paragraphs, each on one line; what concerns Python alone is left out."""
    paragraphs = [" ".join(text.split()) for text in (table.__doc__ or "").split("\n\n")]
    return "\n\n".join(text.replace("``", "`") for text in paragraphs if not text.startswith("Raises"))


def _rows(table: type[BaseModel]) -> Iterator[str]:
    for name, field in table.model_fields.items():
        cells = (f"`{name}`", field.description or "", _values(field), _default(field))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _values(field: FieldInfo) -> str:
    choices = [word for kind in (field.annotation, *typing.get_args(field.annotation)) for word in _choices(kind)]
    if choices:
        return ", ".join(f'"{word}"' for word in choices)
    bounds = [_bound(bound) for bound in field.metadata if type(bound).__name__ in NUMBERS]
    return ", ".join([_kind(field.annotation), *bounds])


def _choices(kind: Any) -> tuple[str, ...]:
    return typing.get_args(kind) if typing.get_origin(kind) is typing.Literal else ()


def _bound(bound: Any) -> str:
    (value,) = [getattr(bound, name) for name in ("ge", "gt", "le", "lt") if hasattr(bound, name)]
    return f"{NUMBERS[type(bound).__name__]} {value:g}"


def _kind(kind: Any) -> str:
    """A type in the words of a TOML file."""
    names = {str: "text", int: "whole number", float: "number", bool: "true, false", Any: "any value"}
    if kind in names:
        return names[kind]
    origin, inside = typing.get_origin(kind), [k for k in typing.get_args(kind) if k is not type(None)]
    if origin in (list, dict):
        return "list" if origin is list else "table"
    if inside:
        return " or ".join(dict.fromkeys(_kind(k) for k in inside))
    return "table"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=False)
    if field.default_factory is not None or value is PydanticUndefined:
        return '`{ type = "grid" }`'
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, BaseModel):
        return "`1`"
    if isinstance(value, dict):
        return "one arm, `base`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def write_reference(folder: Path) -> Path:
    """Write ``reference/study.md`` into the documentation folder."""
    page = folder / "reference" / "study.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(reference_page(), encoding="utf-8")
    return page


if __name__ == "__main__":
    print(write_reference(Path("docs")))
