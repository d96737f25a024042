"""From CSV tables to a scenario: what is in the tables is in the scenario, and a fault is named by its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ripieno.__main__ import main
from ripieno.model.importer import import_folder
from ripieno.model.importer.cells import steps_of
from ripieno.model.schema import Scenario, ScenarioError, load

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "import.md").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"`(\w+\.csv)`[^`\n]*:\n\n```csv\n(.*?)```", PAGE, re.DOTALL))
"""The example of the how-to."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables = tmp_path / "bakery"
    tables.mkdir()
    for name, text in TABLES.items():
        (tables / name).write_text(text, encoding="utf-8")
    return tables


def imported(folder: Path) -> Scenario:
    path = folder.parent / "written.toml"
    path.write_text(import_folder(folder), encoding="utf-8")
    return load(path)


def test_the_example_of_the_page_is_whole() -> None:
    assert set(TABLES) == {"sites.csv", "lanes.csv", "products.csv", "bom.csv", "markets.csv", "demand.csv"}


def test_everything_in_the_tables_is_in_the_scenario(folder: Path) -> None:
    scenario = imported(folder)
    assert (scenario.name, scenario.periods) == ("bakery", 4)
    assert [site.name for site in scenario.sites()] == ["Farm", "Mill", "Depot", "Shop"]
    assert scenario.site("Farm").capacity == 500.0
    assert scenario.site("Mill").bill == {"flour": {"grain": 1.3}}
    assert scenario.site("Mill").policy.type == "pass-through"
    depot = scenario.site("Depot").policy.given()
    assert (depot["cover"], depot["forecast"].given()["window"]) == (3.0, 7)
    assert scenario.site("Shop").policy.given() == {"level": 40.0}
    assert [product.value for product in scenario.products] == [1.0, 4.0]
    assert {lane.name: lane.travel_time for lane in scenario.lanes} == {
        "Farm->Mill": 2, "Mill->Depot": 1, "Depot->Shop": 1,
    }  # fmt: skip
    town, village = scenario.markets
    assert (town.unmet, village.unmet) == ("lost", "backlog")
    assert [link.site for link in village.sites] == ["Shop", "Depot"]
    assert town.demand.given()["values"] == [5.0, 7.0, 6.0, 4.0]
    assert village.demand.given()["values"] == [1.0, 0.0, 2.0, 1.0]


def test_the_commands_of_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    folder.rename(folder.parent / "tables")
    for line in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0].splitlines():
        with pytest.raises(SystemExit) as stopped:
            main(line.removeprefix("ripieno ").split())
        assert stopped.value.code == 0
    assert load("bakery.toml").name == "tables"


def test_long_demand_in_any_order_and_by_product(folder: Path) -> None:
    (folder / "demand.csv").write_text(
        "period,market,product,quantity\n1,Town,flour,7\n0,Town,flour,5\n0,Village,flour,1\n1,Village,flour,0\n"
    )
    town, village = imported(folder).markets
    assert town.demand["flour"].given()["values"] == [5.0, 7.0]
    assert village.demand["flour"].given()["values"] == [1.0, 0.0]


def test_wide_demand_by_product(folder: Path) -> None:
    (folder / "demand.csv").write_text("period,Town/flour,Village\n0,5,1\n1,7,0\n")
    town, village = imported(folder).markets
    assert town.demand["flour"].given()["values"] == [5.0, 7.0]
    assert village.demand.type == "trace"


def test_demand_may_be_a_process_instead(folder: Path) -> None:
    (folder / "demand.csv").unlink()
    (folder / "markets.csv").write_text("name,sites,demand.type,demand.mean\nTown,Shop,poisson,5\n")
    (folder / "scenario.csv").write_text("key,value\nperiods,30\nwarm_up,7\nseed,\n")
    scenario = imported(folder)
    assert (scenario.periods, scenario.warm_up, scenario.seed) == (30, 7, 0)
    assert (scenario.markets[0].demand.type, scenario.markets[0].demand.given()) == ("poisson", {"mean": 5.0})


def test_numbers_by_product_even_if_its_name_has_a_dot(folder: Path) -> None:
    (folder / "products.csv").write_text("name\ngrain\nflour.1\n")
    (folder / "bom.csv").write_text("product,part,units\nflour.1,grain,1.3\n")
    (folder / "sites.csv").write_text(
        "kind,name,holding_cost.grain,policy.type,policy.level.flour.1\n"
        "supplier,Farm,2,,\nfactory,Mill,,pass-through,\nwarehouse,Depot,,base-stock,9\nwarehouse,Shop,,base-stock,40\n"
    )
    scenario = imported(folder)
    assert scenario.site("Shop").policy.given() == {"level": {"flour.1": 40.0}}
    assert scenario.site("Farm").holding_cost == {"grain": 2.0}


def test_carriers_are_read_with_their_fleet(folder: Path) -> None:
    (folder / "carriers.csv").write_text("name,lanes,fleet.trucks,fleet.capacity\nTruck,Mill->Depot;Depot->Shop,2,60\n")
    (carrier,) = imported(folder).carriers
    assert carrier.lanes == ["Mill->Depot", "Depot->Shop"]
    assert carrier.fleet is not None
    assert (carrier.fleet.trucks, carrier.fleet.capacity) == (2, 60.0)


def test_docks_and_brackets_are_read_from_one_cell_each(folder: Path) -> None:
    (folder / "carriers.csv").write_text(
        "name,lanes,fleet.capacity,tariff.minimum,tariff.brackets\nTruck,Depot->Shop,60,5, 0:0.5; 40:0.25 \n"
    )
    sites = (folder / "sites.csv").read_text().splitlines()
    rows = [f"{row},{more}" for row, more in zip(sites, ("docks.inbound.slots", "", "", "", "2"), strict=True)]
    (folder / "sites.csv").write_text("\n".join(rows) + "\n")
    scenario = imported(folder)
    (carrier,) = scenario.carriers
    assert [(b.from_load, b.price) for b in carrier.tariff.brackets] == [(0.0, 0.5), (40.0, 0.25)]
    assert carrier.tariff.minimum == 5.0
    docks = scenario.site("Shop").docks
    assert docks is not None
    assert docks.inbound is not None
    assert docks.inbound.slots == 2


@pytest.mark.parametrize(
    ("column", "steps"),
    [
        ("policy.level", ["policy", "level"]),
        ("initial_stock.ale.1", ["initial_stock", "ale.1"]),
        ("demand.ale.1.mean", ["demand", "ale.1", "mean"]),
        ("ale.1", ["ale", "1"]),
        ("initial_stock.ale", ["initial_stock", "ale"]),
    ],
)
def test_steps_of_a_column(column: str, steps: list[str]) -> None:
    assert steps_of(column, {"ale.1"}) == steps


def test_other_files_are_named_and_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "remarks.csv").write_text("whatever\n")
    with pytest.raises(SystemExit) as stopped:
        main(["import", str(folder), "-o", str(folder.parent / "x.toml")])
    assert stopped.value.code == 0
    assert "remarks.csv: not read" in capsys.readouterr().err


Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def append(line: str) -> Change:
    return lambda text: text + line


def text(content: str) -> Change:
    return lambda _: content


LONG = "period,market,quantity\n0,Town,1\n1,Town,2\n0,Village,1\n"
HOSTILE: Mapping[str, tuple[str, Change, str]] = {
    # what: (file, how it is spoilt, pattern of the message)
    "no kind": ("sites.csv", swap("kind,", "knd,"), r"sites.csv, line 1: has no column kind; add it \(did you mean"),
    "unknown kind": (
        "sites.csv",
        swap("warehouse,Shop", "warehose,Shop"),
        r'line 5, column kind = "warehose": .*"warehouse"',
    ),
    "no name": ("sites.csv", swap("warehouse,Shop", "warehouse,"), r"sites.csv, line 5: warehouses.2.name: is missing"),
    "name twice": (
        "sites.csv",
        swap("warehouse,Shop", "warehouse,Depot"),
        r"line 5: warehouses.Depot: the name is taken",
    ),
    "unknown column": (
        "sites.csv",
        swap("holding_cost", "holdingcost"),
        r'line 1, column "holdingcost".*"holding_cost"',
    ),
    "unknown parameter": ("sites.csv", swap("policy.level", "policy.levl"), r'line 5, column policy.levl: .*"level"'),
    "unknown policy": (
        "sites.csv",
        swap("base-stock", "basestock"),
        r'column policy.type: .* = "basestock".*"base-stock"',
    ),
    "text for a number": (
        "sites.csv",
        swap("stock,40", "stock,lots"),
        r'line 5, column policy.level = "lots": is not a number',
    ),
    "underscore": ("sites.csv", swap("stock,40", "stock,4_0"), r'column policy.level = "4_0": is not a number'),
    "negative cost": ("sites.csv", swap("0.5", "-0.5"), r"line 4, column holding_cost: .* = -0.5: is out of bounds"),
    "nan": ("sites.csv", swap("0.5", "nan"), r"line 4, column holding_cost: .* = nan: is not finite"),
    "capacity zero": ("sites.csv", swap(",500", ",0"), r"line 2, column capacity: .* = 0: is out of bounds"),
    "capacity of a warehouse": (
        "sites.csv",
        swap("40,,,,", "40,,,,9"),
        r"line 5, column capacity: .*is not a key here",
    ),
    "parameter of another policy": (
        "sites.csv",
        swap("40,", "40,3"),
        r"line 5, column policy.cover: .*not a parameter",
    ),
    "too many cells": ("sites.csv", swap("40,,,,", "40,,,,,,,9"), r"sites.csv: line 5 has 12 cells for 9 columns"),
    "trucks reserved for nobody": (
        "carriers.csv",
        text("name,lanes,fleet.capacity,fleet.reserved\nTruck,Depot->Shop,60,0.5\n"),
        r"carriers.Truck.fleet.reserved = 0.5: is for no lane; name lanes in reserved_for",
    ),
    "semicolons": ("sites.csv", lambda table: table.replace(",", ";"), r"is separated by semicolons"),
    "empty table": ("sites.csv", text(""), r"sites.csv: has no header"),
    "unknown end": ("lanes.csv", swap("Depot,Shop", "Depo,Shop"), r'line 4, column from: .*did you mean "Depot"'),
    "no end": ("lanes.csv", swap("Depot,Shop", "Depot,"), r"lanes.csv, line 4: lanes.3.to: is missing"),
    "cycle": ("lanes.csv", append("Shop,Depot,1\n"), r"form a cycle: Depot -> Shop -> Depot"),
    "lane twice": ("lanes.csv", append("Depot,Shop,1\n"), r"lanes.csv, line 5: lanes.Depot->Shop#2: is the same"),
    "negative time": ("lanes.csv", swap("Shop,1", "Shop,-1"), r"line 4, column travel_time: .* = -1: is out of bounds"),
    "carrier that is not there": ("lanes.csv", swap("travel_time", "carrier"), r"lanes.csv, line \d, column carrier: "),
    "carrier without lanes": ("carriers.csv", text("name\nTruck\n"), r"carriers.csv, line 2: carriers.Truck"),
    "market without site": (
        "markets.csv",
        swap("Town,Shop", "Town,"),
        r"markets.csv, line 2: .*no site serves this market",
    ),
    "unknown site": ("markets.csv", swap("Town,Shop", "Town,Shp"), r'line 2, column sites: .*did you mean "Shop"'),
    "unknown rule": ("markets.csv", swap("lost", "dropped"), r'line 2, column unmet: .* = "dropped": is not one of'),
    "unknown part": ("bom.csv", swap("grain", "grian"), r'bom.csv, line 2, column part: .*did you mean "grain"'),
    "no units": ("bom.csv", swap("1.3", ""), r"bom.csv, line 2, column units: is empty; fill the hole$"),
    "zero units": ("bom.csv", swap("1.3", "0"), r"bom.csv, line 2, column units = 0: is out of bounds"),
    "part twice": ("bom.csv", append("flour,grain,2\n"), r'bom.csv, line 3, column part = "grain": is there already'),
    "made of itself": ("bom.csv", swap("grain", "flour"), r"needs itself: flour -> flour"),
    "column without a meaning": (
        "bom.csv",
        swap("part", "parts"),
        r'column "parts": has no meaning here; did you mean "part"',
    ),
    "hole": ("demand.csv", swap("7,0", "7,"), r"demand.csv, line 3, column Village: is empty; fill the hole, with 0"),
    "text": ("demand.csv", swap("7,0", "7,none"), r'demand.csv, line 3, column Village = "none": is not a number'),
    "nan in demand": ("demand.csv", swap("7,0", "7,nan"), r"demand.csv, line 3, column Village = nan: is not finite"),
    "negative demand": (
        "demand.csv",
        swap("7,0", "7,-1"),
        r"column Village = -1: is out of bounds; give .* at least 0",
    ),
    "day left out": (
        "demand.csv",
        swap("2024-01-04", "2024-01-05"),
        r"demand.csv, line 5, column date.*does not follow",
    ),
    "day twice": ("demand.csv", swap("2024-01-04", "2024-01-03"), r"demand.csv, line 5, column date.*does not follow"),
    "unknown market": ("demand.csv", swap("Village", "Vilage"), r'column "Vilage": .*did you mean "Village"'),
    "market without demand": (
        "demand.csv",
        text("day,Town\n0,1\n"),
        r"markets.csv, line 3: markets.Village.demand: is missing",
    ),
    "unknown product": (
        "demand.csv",
        swap("Village", "Village/flor"),
        r'Village.demand.flor: is not a product; did you mean "flour"',
    ),
    "no column of periods": ("demand.csv", swap("date", "when"), r'column "when": does not count the periods'),
    "no rows": ("demand.csv", text("date,Town,Village\n"), r"demand.csv: has no rows"),
    "long with a hole": ("demand.csv", text(LONG), r"Village has no row for 1; add it, with 0 if nothing was sold"),
    "long with a period twice": (
        "demand.csv",
        text(LONG + "0,Village,3\n"),
        r'line 5, column period: "0" is there already',
    ),
    "long with a period left out": (
        "demand.csv",
        text(LONG.replace("1,T", "2,T") + "2,Village,3\n"),
        r"0, 2 have a hole",
    ),
    "long without a quantity": (
        "demand.csv",
        text("period,market\n0,Town\n"),
        r"lacks a column for the period or the quantity",
    ),
    "unknown setting": ("scenario.csv", text("key,value\nperods,3\n"), r'scenario.csv, line 2.*did you mean "periods"'),
    "setting twice": (
        "scenario.csv",
        text("key,value\nseed,3\nseed,4\n"),
        r'line 3, column key = "seed": is there already',
    ),
    "setting that does not fit": (
        "scenario.csv",
        text("key,value\nwarm_up,4\n"),
        r"line 2, column value: warm_up = 4: leaves no",
    ),
    "bracket without a price": (
        "carriers.csv",
        text("name,lanes,fleet.capacity,tariff.brackets\nTruck,Depot->Shop,60,0:1;40\n"),
        r"carriers.csv, line 2, column tariff.brackets.*is not a list of FROM_LOAD:PRICE",
    ),
    "slip in the name of a file": ("demnd.csv", text("a\n"), r"demnd.csv: .*rename it demand.csv"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_bad_table_is_refused_and_nothing_written(
    what: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, change, pattern = HOSTILE[what]
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["import", str(folder), "-o", str(folder.parent / "x.toml")])
    message = capsys.readouterr().err
    assert stopped.value.code == 2
    assert re.search(pattern, message, re.MULTILINE), message
    assert "Traceback" not in message
    assert [item.name for item in folder.parent.iterdir()] == [folder.name]


@pytest.mark.parametrize("name", ["sites.csv", "lanes.csv", "markets.csv", "demand.csv", "bom.csv", "products.csv"])
def test_a_missing_table_is_refused_by_what_it_leaves_open(name: str, folder: Path) -> None:
    (folder / name).unlink()
    with pytest.raises(
        ScenarioError, match=r"add it to the folder|no lane|not a market|horizon|does not say|not a product"
    ):
        import_folder(folder)


@pytest.mark.parametrize(
    ("output", "pattern"),
    [
        ("bakery", "is a folder; name a file in it"),
        ("nowhere/x.toml", "there is no folder .*nowhere; make it first"),
        ("x.json", "is written as TOML"),
        ("there.toml", "is there already; .*--force"),
    ],
)
def test_where_it_cannot_be_written(
    output: str, pattern: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = folder.parent / "there.toml"
    there.write_text("old")
    with pytest.raises(SystemExit) as stopped:
        main(["import", str(folder), "-o", str(folder.parent / output)])
    assert stopped.value.code == 2
    assert re.search(pattern, capsys.readouterr().err)
    assert there.read_text() == "old"
    with pytest.raises(SystemExit) as stopped:
        main(["import", str(folder), "-o", str(there), "--force", "--name", "renamed", "--periods", "3"])
    assert stopped.value.code == 0
    assert (load(there).name, load(there).periods) == ("renamed", 3)
