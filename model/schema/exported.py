"""The JSON schema of a scenario, for editors and for programs that write scenarios."""

from __future__ import annotations

import json
from typing import Any

from ...agents.plugins import family
from ..moments import MOMENTS, SEQUENCES
from .common import scalar_schema
from .partspec import NOUNS
from .scenario import Scenario
from .slots import Slot, slots_of
from .times import KINDS
from .world import plain


def json_schema() -> dict[str, Any]:
    """The JSON schema of a scenario, with the parameters of every part that is installed."""
    schema = Scenario.model_json_schema(by_alias=True)
    definitions = schema.setdefault("$defs", {})
    for extra in KINDS.values():
        definitions[extra.__name__] = extra.model_json_schema()
    for name in NOUNS:
        definitions[name] = _family_schema(name)
    market = definitions["Market"]["properties"]
    one = {"see": "demand"}
    market["demand"] |= {"anyOf": [one, {"type": "object", "additionalProperties": one}]}
    links = market["sites"]["items"]
    market["sites"]["items"] = {"anyOf": [{"type": "string"}, links]}
    own = [{"enum": list(SEQUENCES)}, {"type": "array", "items": {"enum": list(MOMENTS)}}]
    schema["properties"]["sequence"]["anyOf"] = own
    linked: dict[str, Any] = _linked(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | linked


def schema_text() -> str:
    """The JSON schema as the text of a file."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _linked(node: Any) -> Any:
    """The schema with every ``{"see": NAME}`` as a reference to that definition."""
    if isinstance(node, list):
        return [_linked(item) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {key: _linked(value) for key, value in node.items() if key != "see" or not isinstance(value, str)}
    return rest | {"$ref": f"#/$defs/{node['see']}"} if isinstance(node.get("see"), str) else rest


def _family_schema(name: str) -> dict[str, Any]:
    """A member of a family: a table for each of them, or the name alone if it needs no parameters."""
    tables = []
    plain_names = []
    for type_, kind in family(name).items():
        slots = slots_of(kind)
        required = [slot.name for slot in slots.values() if slot.required]
        tables.append(
            {
                "type": "object",
                "title": type_,
                "properties": {"type": {"const": type_}} | {slot.name: _slot_schema(slot) for slot in slots.values()},
                "required": ["type", *required],
                "additionalProperties": False,
            }
        )
        plain_names += [] if required else [type_]
    outside = {"type": "object", "properties": {"type": {"type": "string", "pattern": ":"}}, "required": ["type"]}
    words = [{"enum": plain_names}] if plain_names else []
    return {"description": f"a {NOUNS[name]}", "anyOf": [*words, *tables, outside]}


def _slot_schema(slot: Slot) -> dict[str, Any]:
    declared = slot.declared
    one = scalar_schema(declared)
    match slot.kind:
        case "part":
            found: dict[str, Any] = {"see": declared.part}
        case "word":
            found = {"enum": list(declared.choices)} if declared.choices else {"type": "string"}
        case "truth":
            found = {"type": "boolean"}
        case "list":
            found = {"type": "array"}
        case _:
            many = declared.per_product and not declared.whole
            found = {"anyOf": [one, {"type": "object", "additionalProperties": one}]} if many else one
    found = {"description": declared.meaning} | found
    if declared.unit:
        found["unit"] = declared.unit
    usual = slot.usual()
    return found if usual is None else found | {"default": plain(usual)}
