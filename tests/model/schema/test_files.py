"""Scenario files: what is written is read again, from TOML as from JSON, and `ripieno check` shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ripieno.__main__ import main
from ripieno.model.schema import Scenario, bundled, dumps_toml, load, parse
from ripieno.model.schema.world import plain

World = dict[str, Any]


def written(scenario: Scenario, folder: Path) -> Path:
    path = folder / "written.toml"
    path.write_text(dumps_toml(scenario), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_scenario_survives_writing_and_reading(name: str, tmp_path: Path) -> None:
    scenario = load(name)
    full = scenario.resolved()
    assert load(written(scenario, tmp_path)) == scenario
    again = load(written(full, tmp_path))
    assert again == full
    assert again.resolved() == full


def test_the_small_world_survives_too(world: World, tmp_path: Path) -> None:
    full = parse(world).resolved()
    again = load(written(full, tmp_path))
    assert again == full
    assert again.resolved() == full


def test_json_and_toml_say_the_same(world: World, tmp_path: Path) -> None:
    scenario = parse(world)
    (tmp_path / "x.JSON").write_text(json.dumps(plain(scenario)), encoding="utf-8")
    assert load(tmp_path / "x.JSON") == load(written(scenario, tmp_path)) == scenario


@pytest.mark.parametrize("text", ['quotes " and \\ and \n lines', "tab\there", "Größe → 木"])
def test_texts_survive(text: str, world: World, tmp_path: Path) -> None:
    world["description"] = text
    assert load(written(parse(world), tmp_path)).description == text


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["check", *arguments])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def test_check_shows_the_network_and_every_default(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = check(capsys, str(written(parse(world), tmp_path)))
    for title in ("Products", "Sites", "Lanes", "Markets", "Outages", "Interventions", "Defaults that were filled in"):
        assert f"\n{title}" in shown
    for name in ("Mine", "Mill", "Depot", "Web", "Forest->Mill", "Depot->Web", "base-stock(level = 20)", "1 to 3"):
        assert name in shown
    assert "the scenario is sound" in shown


def test_a_default_is_listed_exactly_if_it_was_filled_in(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "warehouses.*.backlog_cost"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(world))
    assert key in check(capsys, str(path))
    for warehouse in world["warehouses"]:
        warehouse["backlog_cost"] = 9
    path.write_text(json.dumps(world))
    assert key not in check(capsys, str(path))


def test_long_tables_are_cut_unless_all_is_asked_for(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world["products"] += [{"name": f"spare{i}"} for i in range(60)]
    path = str(written(parse(world), tmp_path))
    assert "spare59 " not in check(capsys, path)
    assert "spare59 " in check(capsys, path, "--all")
