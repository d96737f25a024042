"""Bad data files of demand: the message names file, line, column, value and cure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from ripieno.model.schema import ScenarioError, load

CHAIN = """name = "chain"
periods = 20
suppliers = [{ name = "Plant" }]
warehouses = [{ name = "Shop", policy = { type = "base-stock", level = 20 } }]
lanes = [{ from = "Plant", to = "Shop" }]
markets = [{ name = "Town", sites = ["Shop"], demand = { type = "trace", file = "sales.csv"COLUMN } }]
"""
DATA: Mapping[str, tuple[str | bytes, str]] = {
    "hole": ("period,units\n0,1\n1,\n2,3\n", r"sales.csv, line 3, column units: is empty; fill the hole"),
    "short row": ("period,units\n0\n", r"line 2, column units: is empty"),
    "text": ("period,units\n0,many\n", r'line 2, column units = "many": is not a number'),
    "nan": ("period,units\n0,NaN\n", r"line 2, column units = NaN: is not finite"),
    "infinity": ("period,units\n0,inf\n", r"line 2, column units = inf: is not finite"),
    "negative": ("period,units\n0,-4\n", r"line 2, column units = -4: is out of bounds; give a number of at least 0"),
    "too large": ("period,units\n0,1e300\n", r"column units = 1e300: is too large; give at most 1e\+15"),
    "comma in a number": ('period,units\n0,"1,5"\n', r'= "1,5": is not a number; write numbers with a full stop'),
    "underscore in a number": ("period,units\n0,1_000\n", r'= "1_000": is not a number; write numbers'),
    "semicolons": ("period;units\n0;1\n", r"is separated by semicolons; separate the columns by commas"),
    "tabs": ("period\tunits\n0\t1\n", r"is separated by tabs"),
    "period left out": ("period,units\n0,1\n1,4\n3,3\n", r'line 4, column period = "3": does not follow'),
    "every second period": ("period,units\n0,1\n2,4\n4,3\n", r'line 3, column period = "2": does not follow'),
    "every third day": ("date,u\n2024-01-01,1\n2024-01-04,4\n", r'line 3, column date = "2024-01-04": does not follow'),
    "period twice": ("period,units\n0,1\n1,4\n1,3\n", r'line 4, column period = "1": does not follow'),
    "date left out": (
        "date,units\n2024-01-01,1\n2024-01-02,4\n2024-01-04,3\n", r'column date = "2024-01-04": does not follow',
    ),
    "date with time left out": (
        "date,u\n2024-01-01 00:00:00,1\n2024-01-02 00:00:00,4\n2024-01-04 00:00:00,3\n", r"line 4.*does not follow",
    ),
    "month left out": ("month,units\n2024-01,1\n2024-02,4\n2024-04,3\n", r'column month = "2024-04": does not follow'),
    "first of a month left out": (
        "month,units\n2024-01-01,1\n2024-02-01,4\n2024-04-01,3\n", r"line 4, column month.*does not follow",
    ),
    "no date": ("date,units\n2024-01-01,1\n2024-13-02,4\n", r'line 3, column date = "2024-13-02": is not a period'),
    "label twice": ("month,units\nJan,1\nFeb,4\nJan,3\n", r'line 4, column month = "Jan": is there already'),
    "blank period": ("period,units\n0,1\n,4\n", r"line 3, column period: is empty"),
    "several columns": ("period,units,price\n0,1,2\n", r"column: is missing; name one of the columns period, units"),
    "empty": ("", r"has no header"),
    "no rows": ("period,units\n", r"has no rows; add one row a period"),
    "column twice": ("units,units\n0,1\n", r"repeats a column"),
    "long row": ("period,units\n0,1,7\n", r"line 2 has 3 cells for 2 columns"),
    "open quote": ('period,units\n0,"1\n', r"cannot be read as CSV"),
    "binary": (bytes(range(128, 256)), r"is not UTF-8 text; save it as CSV in UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("what", DATA)
def test_the_message_names_the_cell(what: str, tmp_path: Path) -> None:
    content, pattern = DATA[what]
    (tmp_path / "x.toml").write_text(CHAIN.replace("COLUMN", ""))
    (tmp_path / "sales.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "x.toml")
    assert re.search(pattern, str(caught.value)), str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'x.toml'}: markets.Town.demand.")


@pytest.mark.parametrize(
    ("extra", "pattern"),
    [
        (', column = "unit"', r'column = "unit": is not a column of the file; did you mean "units"\?'),
        (", column = 1", r"column = 1: is not a column"),
        (", values = [1]", r'file = "sales.csv": stands beside values'),
        (', after_end = "stop"', r'after_end = "stop": is not one of the choices'),
    ],
)
def test_settings_that_do_not_fit_the_file(extra: str, pattern: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(CHAIN.replace("COLUMN", extra))
    (tmp_path / "sales.csv").write_text("period,units,price\n0,1,2\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "x.toml")
    assert re.search(pattern, str(caught.value)), str(caught.value)


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_a_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(CHAIN.replace("COLUMN", "").replace("sales.csv", name))
    with pytest.raises(ScenarioError, match=r"file = .*: (there is no such file|is a folder)"):
        load(tmp_path / "x.toml")


@pytest.mark.parametrize(
    "times",
    [
        ("0", "1", "2"), ("7", "8", "9"), ("2024-01-01", "2024-01-08", "2024-01-15"),
        ("2024-01-31", "2024-02-01", "2024-02-02"), ("Mon", "Tue", "Wed"),
        ("2024-12-01", "2025-01-01", "2025-02-01"), ("2024-11", "2024-12", "2025-01"),
        ("2024-W01", "2024-W02", "2024-W03"),
    ],
)  # fmt: skip
def test_good_columns_of_periods_pass(times: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(CHAIN.replace("COLUMN", ""))
    rows = "".join(f"{time},{units}\n" for time, units in zip(times, (3, 0, 4.5), strict=True))
    (tmp_path / "sales.csv").write_text(f"period,units\r\n{rows}\n")
    demand = load(tmp_path / "x.toml").markets[0].demand
    assert demand.given()["values"] == [3.0, 0.0, 4.5]
