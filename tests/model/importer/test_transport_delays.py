"""The how-to on delays: the table of the page comes out of the recorded deliveries, and so does what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto"
PAGE = (HOWTO / "transport-delays.md").read_text(encoding="utf-8")
SCRIPT, DATA = "transport_delays", "usaid_scms_shipments.csv"


@pytest.fixture(scope="module")
def table(script: Any, data: Path) -> pd.DataFrame:
    return script.compare(data)  # type: ignore[no-any-return]


def test_the_table_of_the_page_is_the_one_that_comes_out(script: Any, table: pd.DataFrame) -> None:
    assert script.as_markdown(table) in PAGE


def test_what_the_page_says_of_the_data(script: Any, data: Path) -> None:
    every = pd.read_csv(data)
    kept = script.read(data)
    assert (len(every), len(every) - len(kept)) == (10324, 360)
    assert every["Country"].nunique() == 43
    assert every["po_to_delivery_days"].notna().mean() < 0.5
    assert (every["po_to_delivery_days"] < 0).any()
    punctual = kept.groupby("Shipment Mode")["delay_days"].apply(lambda delays: (delays == 0).mean())
    assert [round(100 * punctual[mode]) for mode in ("Air", "Ocean")] == [71, 78]
    sizes = [len(script.travel_time(part["delay_days"])["values"]) for _, part in kept.groupby("Shipment Mode")]
    lists = re.search(r"are longer: (\d+) to (\d+) values", PAGE)
    assert lists is not None
    assert (min(sizes), max(sizes)) == tuple(map(int, lists.groups()))


def test_what_the_page_says_of_the_stock(table: pd.DataFrame) -> None:
    rows = table.set_index("mode")
    assert rows["more stock"].drop("punctual").min() > 0.3
    assert rows["mean delay"].loc["Truck"] < -9
    assert rows["more stock"].loc["Truck"] == pytest.approx(2 / 3, abs=0.03)
    assert rows["level"].loc["Air Charter"] < rows["level"].loc["punctual"]
    assert rows["level"].loc["Ocean"] - rows["level"].loc["punctual"] == 200
    normal = (rows["if normal"] / rows["stock"] - 1).drop("punctual")
    said = re.search(r"asks for (\d+) to (\d+) % more", PAGE)
    assert said is not None
    assert [round(100 * normal.min()), round(100 * normal.max())] == [int(share) for share in said.groups()]


def test_delays_become_whole_weeks_with_their_frequencies(script: Any) -> None:
    time = script.travel_time(pd.Series([0.0, 0.0, 3.0, 4.0, 24.0, -400.0, 0.0, 0.0]))
    assert time == {"type": "choice", "values": [1, 10, 11, 13], "probabilities": [0.125, 0.625, 0.125, 0.125]}
    (lane,) = (lane for lane in script.scenario(time).resolved().lanes if lane.destination == "Store")
    assert lane.travel_time.values == time["values"]


def test_a_delivery_without_a_delay_stops_the_script(script: Any, tmp_path: Path) -> None:
    path = tmp_path / "deliveries.csv"
    path.write_text("Shipment Mode,delay_days\nAir,3\nAir,\n")
    with pytest.raises(SystemExit, match="no delay"):
        script.read(path)
