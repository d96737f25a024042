"""The how-to on recorded demand: its commands run on the real data, and what it claims comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ripieno.__main__ import main
from ripieno.model.schema import load

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto"
PAGE = (HOWTO / "real-demand.md").read_text(encoding="utf-8")
SCRIPT, DATA = "real_demand", "supplygraph"
UPSTREAM = ("deliveries", "factory issues", "production")


def ripieno(*arguments: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 0


@pytest.fixture(scope="module")
def outcome(script: Any, data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The commands of the page, for both chains; the table that each ends in."""
    found = {}
    for name, extra in (("order-up-to", []), ("smooth", ["smooth"])):
        folder = tmp_path_factory.mktemp(name)
        script.main(["tables", str(data), str(folder / "tables"), *extra])
        ripieno("import", str(folder / "tables"), "-o", str(folder / "chain.toml"))
        ripieno("run", str(folder / "chain.toml"), "--series", "--audit", "-o", str(folder / "results"))
        assert load(folder / "chain.toml").periods == 221
        found[name] = script.compare(data, folder / "results")
    return found


def ratio(table: pd.DataFrame, source: str, flow: str, bucket: str) -> float:
    rows = table[(table.source == source) & (table.flow == flow) & (table.bucket == bucket)]
    return float(rows["median"].iloc[0])


def test_the_table_of_the_page_is_the_one_that_comes_out(script: Any, outcome: dict[str, pd.DataFrame]) -> None:
    lines = script.as_markdown(outcome["order-up-to"]).replace("| simulated |", "| order-up-to |").splitlines()
    lines += script.as_markdown(outcome["smooth"]).replace("| simulated |", "| smooth |").splitlines()
    assert not [line for line in lines if line not in PAGE.splitlines()]


def test_the_recorded_flows_are_smoother_by_day_and_wilder_by_week(outcome: dict[str, pd.DataFrame]) -> None:
    table = outcome["smooth"]
    assert ratio(table, "recorded", "factory issues", "day") < 0.9
    assert ratio(table, "recorded", "factory issues", "week") > 1.2
    weeks = [ratio(table, "recorded", flow, "week") for flow in UPSTREAM]
    assert weeks == sorted(weeks)


def test_the_chains_do_what_the_page_says(outcome: dict[str, pd.DataFrame]) -> None:
    sharp, smooth = outcome["order-up-to"], outcome["smooth"]
    for flow in UPSTREAM[1:]:
        for bucket in ("day", "week"):
            assert ratio(sharp, "simulated", flow, bucket) > ratio(sharp, "recorded", flow, bucket)
        assert ratio(smooth, "simulated", flow, "day") < 0.9
        assert ratio(smooth, "simulated", flow, "week") > 1.2
    for table in (sharp, smooth):
        weeks = [ratio(table, "simulated", flow, "week") for flow in UPSTREAM]
        assert weeks == sorted(weeks)
        assert ratio(table, "simulated", "deliveries", "day") > ratio(table, "recorded", "deliveries", "day") + 0.2


def test_what_the_page_says_of_the_data(script: Any, data: Path) -> None:
    flows = script.read(data)
    everything = pd.read_csv(data / "Temporal_Data__Unit__Sales_Order.csv", index_col=0, parse_dates=True)
    orders = flows["sales orders"]
    idle = everything[everything.sum(axis=1) == 0].index
    assert (everything.shape, orders.shape) == ((221, 41), (221, 28))
    assert (len(idle), sum(day.weekday() == 4 for day in idle)) == (37, 26)
    assert orders.to_numpy().sum() / everything.to_numpy().sum() == pytest.approx(0.999, abs=5e-4)
    assert {"POP001L12P", "POP001L12P.1"} <= set(orders.columns)
    assert not orders["POP001L12P"].equals(orders["POP001L12P.1"])
    counted = {name: table.iloc[script.WARM_UP :].to_numpy().sum() for name, table in flows.items()}
    shares = [round(100 * counted[name] / counted["sales orders"], 1) for name in UPSTREAM]
    assert shares == [99.0, 98.7, 98.9]


def test_a_hole_in_the_data_stops_the_script(script: Any, tmp_path: Path) -> None:
    days = ["2023-01-01", "2023-01-02", "2023-01-04"]
    for file in script.FILES.values():
        path = tmp_path / f"Temporal_Data__Unit__{file}.csv"
        path.write_text("Date,beer\n" + "".join(f"{day} 00:00:00,3\n" for day in days))
    with pytest.raises(SystemExit, match="sales orders has missing days"):
        script.read(tmp_path)


def test_the_page_names_the_commands_of_the_script(script: Any) -> None:
    commands = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0]
    usage = (script.__doc__ or "").replace(" [smooth]", "")
    shorter = {"$RIPIENO_DATA/supplygraph": "DATA", " tables\n": " TABLES\n", "import tables": "import TABLES"}
    for old, new in shorter.items():
        commands = commands.replace(old, new)
    assert all(f"    {line}\n" in usage for line in commands.splitlines())
