"""The reference page and the JSON schema: up to date, complete, and true of the bundled scenarios."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ripieno.model.schema import ScenarioError, bundled, dumps_toml, json_schema, load, parse
from ripieno.model.schema.carriers import Carrier, Pool
from ripieno.model.schema.common import Table
from ripieno.model.schema.exported import schema_text
from ripieno.model.schema.reference import reference_page, tables, write_reference

from .conftest import small_world

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
UPDATE = "run python -m ripieno.model.schema.reference"


def test_the_page_is_up_to_date() -> None:
    assert (REFERENCE / "scenario.md").read_text(encoding="utf-8") == reference_page(), UPDATE


def test_the_schema_is_up_to_date() -> None:
    assert (REFERENCE / "scenario.schema.json").read_text(encoding="utf-8") == schema_text(), UPDATE


def test_both_are_written(tmp_path: Path) -> None:
    page, schema = write_reference(tmp_path)
    assert page.read_text(encoding="utf-8") == reference_page()
    assert json.loads(schema.read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize("table", tables(built=False), ids=lambda table: table.__name__)
def test_every_key_says_what_it_means_and_numbers_their_unit(table: type[Table]) -> None:
    for name, declared in table.declared.items():
        assert declared.parameter.meaning, name
        if declared.kind in ("number", "slots") and not declared.parameter.unit:
            assert any(word in declared.parameter.meaning for word in ("share", "weight in", "multiplies", "deviation"))


def test_the_page_has_a_row_for_every_key() -> None:
    page = reference_page()
    sections = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    for table in tables(built=False):
        keys = [info.alias or name for name, info in table.model_fields.items()]
        assert all(f"| `{key}` | " in sections[table.__name__] for key in keys)


def test_tables_without_physics_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is not built is refused and its table marked; all are built, so one is declared otherwise here."""
    assert set(tables(built=True)) == set(tables(built=False))
    assert "(*not built yet*)" not in reference_page()
    monkeypatch.setitem(Carrier.declared, "pools", replace(Carrier.declared["pools"], built=False))
    assert set(tables(built=False)) - set(tables(built=True)) == {Pool}
    assert "(*not built yet*)" in reference_page()
    assert "a scenario that uses this table is refused" in reference_page()
    with pytest.raises(ScenarioError, match="not part of this version yet"):
        parse({"name": "x", "periods": 1, "carriers": [{"name": "C", "fleet": {"capacity": 1.0}, "pools": [{}]}]})


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema (in the dev extra) checks the exported schema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenarios_satisfy_the_schema(name: str, validator: Any) -> None:
    given = tomllib.loads(bundled()[name].read_text(encoding="utf-8"))
    resolved = tomllib.loads(dumps_toml(load(name).resolved()))
    for document in (given, resolved):
        assert [error.message for error in validator.iter_errors(document)] == []


def test_a_sound_world_satisfies_the_schema(validator: Any) -> None:
    assert [error.message for error in validator.iter_errors(small_world())] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("perods",), 3),
        (("periods",), "ten"),
        (("periods",), 0),
        (("warehouses", 0, "policy", "levle"), 3),
        (("warehouses", 0, "policy"), {"type": "base-stock"}),
        (("warehouses", 0, "policy"), "base-stock"),
        (("lanes", 0, "travel_time"), -1),
        (("lanes", 0, "travel_time"), {"type": "choice"}),
        (("lanes", 0, "unmet"), "dropped"),
        (("markets", 0, "demand"), {"type": "poisson"}),
        (("outages", 0, "kind"), "flood"),
        (("sequence",), "first"),
    ],
)
def test_the_schema_refuses_what_the_program_refuses(path: tuple[Any, ...], value: Any, validator: Any) -> None:
    world = small_world()
    held: Any = world
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    assert list(validator.iter_errors(world))
    with pytest.raises(ValueError, match=r".+"):
        parse(world)
