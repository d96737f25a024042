"""The how-to on the outbound network: its commands run on the real data, and what it claims comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ripieno.__main__ import main

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto"
PAGE = (HOWTO / "outbound-network.md").read_text(encoding="utf-8")
SCRIPT, DATA = "outbound_network", "brunel_outbound_logistics"
Tables = tuple[pd.DataFrame, pd.DataFrame]


def ripieno(*arguments: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 0


@pytest.fixture(scope="module")
def outcomes(script: Any, data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tables]:
    """The commands of the page, with the network as recorded and with enough capacity at the bottleneck."""
    folder = tmp_path_factory.mktemp("outbound")
    script.main(["tables", str(data), str(folder / "tables")])
    ripieno("import", str(folder / "tables"), "-o", str(folder / "outbound.toml"))
    found = {}
    for name, extra in (("recorded", []), ("eased", ["--set", "factories.PLANT03.capacity=9000"])):
        ripieno("run", str(folder / "outbound.toml"), "--series", "--audit", "-o", str(folder / name), *extra)
        found[name] = script.report(data, folder / name)
    return found


def waits(lines: pd.DataFrame) -> float:
    return float((lines["orders"] * lines["days late"]).sum() / lines["orders"].sum())


def test_the_tables_of_the_page_are_those_that_come_out(script: Any, outcomes: dict[str, Tables]) -> None:
    for table in outcomes["recorded"]:
        assert script.as_markdown(table) in PAGE


def test_every_order_is_made_and_moved_once(outcomes: dict[str, Tables]) -> None:
    for plants, lines in outcomes.values():
        assert plants["orders"].sum() == pytest.approx(9215, rel=1e-12)
        assert lines["orders"].sum() == pytest.approx(9215, rel=1e-12)
    moved = [lines["kg"].sum() for _, lines in outcomes.values()]
    assert moved[0] == pytest.approx(moved[1], rel=1e-12)


def test_what_the_page_says_of_the_congestion(outcomes: dict[str, Tables]) -> None:
    (plants, lines), (_, eased) = outcomes["recorded"], outcomes["eased"]
    worst = plants.set_index("plant").loc["PLANT03"]
    assert worst["orders"] / 9215 == pytest.approx(0.93, abs=0.005)
    assert [round(waits(table), 2) for table in (lines, eased)] == [3.5, 0.04]
    assert [round(table["freight"].sum()) for table in (lines, eased)] == [6998, 6980]
    assert [table["departures"].sum() for table in (lines, eased)] == [48, 18]
    name = "PORT04 V444_0 DTD 3 days"
    assert [round(float(t.set_index("line")["freight"][name])) for t in (lines, eased)] == [31, 16]


def test_what_the_page_says_of_the_data(script: Any, data: Path) -> None:
    orders = script.read(data)
    assert len(orders) == 9215
    assert (orders["Weight"] == 0).sum() == 2
    assert orders["Plant Code"].nunique() == 7
    assert orders["Destination Port"].nunique() == 1
    assert len(script.capacities(data)) == 19
    assert script.made_elsewhere(data, "PLANT03") == 2772


def test_the_freight_of_a_departure_is_the_rate_of_its_bracket(outcomes: dict[str, Tables]) -> None:
    """By hand: 198 orders a day of some 11.8 kg by the line at one day are in the bracket from 1,000 kg at 0.0744."""
    lines = outcomes["recorded"][1].set_index("line")
    line = lines.loc["PORT04 V444_1 DTD 1 days"]
    assert line["freight"] == pytest.approx(0.0744 * line["kg"], rel=1e-9)


def test_a_second_day_in_the_data_stops_the_script(script: Any, tmp_path: Path) -> None:
    rows = ["Order Date,Weight,Plant Code,Origin Port,Carrier,Service Level,TPT"]
    rows += [f"2013-05-{day},1,P,A,V,DTD,1" for day in (26, 27)]
    (tmp_path / "OrderList.csv").write_text("\n".join(rows))
    with pytest.raises(SystemExit, match="not one day"):
        script.read(tmp_path)


def test_the_page_names_the_commands_of_the_script(script: Any) -> None:
    commands = re.findall(r"^python docs/howto/outbound_network.py (\w+)", PAGE, re.MULTILINE)
    assert commands == ["tables", "report"]
    assert all(f" {command} " in str(script.__doc__) for command in commands)
