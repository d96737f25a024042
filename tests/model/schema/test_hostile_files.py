"""Bad files: the command line says what is wrong in one message, with exit code 2, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from ripieno.__main__ import main

CHAIN = """name = "chain"
periods = 20
suppliers = [{ name = "Plant" }]
warehouses = [{ name = "Shop", policy = { type = "base-stock", level = 20 } }]
lanes = [{ from = "Plant", to = "Shop", travel_time = 2 }]

[[markets]]
name = "Town"
sites = ["Shop"]
demand = { type = "poisson", mean = 5 }
"""
PERIODS = "periods = 20"
POLICY = '{ type = "base-stock", level = 20 }'
OUTAGE = 'periods = 20\noutages = [{ site = "Shop", kind = "ordering", '
AVERAGE = '{ type = "moving-average", window = 3 }'
DEMAND = '{ type = "poisson", mean = 5 }'


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    """The message of a command that has to end with exit code 2 and leave the folder as it was."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    caught = capsys.readouterr()
    assert stopped.value.code == 2
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not caught.out
    assert caught.err.startswith("ripieno: ")
    assert "Traceback" not in caught.err
    return caught.err


def changed(old: str, new: str) -> str:
    assert old in CHAIN
    return CHAIN.replace(old, new)


# what: (file name, content, parts of the message)
FILES: Mapping[str, tuple[str, str | bytes, tuple[str, ...]]] = {
    "empty": ("x.toml", "", ("name: is missing", "periods: is missing")),
    "binary": ("x.toml", bytes(range(128, 256)), ("byte 0 is not UTF-8 text; save the file as UTF-8",)),
    "utf-16": ("x.toml", CHAIN.encode("utf-16"), ("is not UTF-8 text",)),
    "zero byte": ("x.toml", 'name = "x"\0', ("line 1, column 11",)),
    "missing value": ("x.toml", changed("= 20\n", "=\n"), ('line 2, column 10 = "periods =": Invalid value',)),
    "missing quote": ("x.toml", changed('"chain"', '"chain'), ("line 1, column 14",)),
    "end of the file": ("x.toml", "name = [", ("at the end of the file: Invalid value",)),
    "key twice": ("x.toml", changed(PERIODS, "periods = 20\nperiods = 30"), ("line 3", "Cannot overwrite")),
    "nested too deeply": ("x.toml", "a = " + "[" * 5000 + "]" * 5000, ("nested too deeply; flatten it",)),
    "thousands of digits": ("x.toml", changed("= 20\n", f"= {'9' * 5000}\n"), ("thousands of digits",)),
    "hundreds of digits": (
        "x.toml",
        changed("= 20\n", f"= {'9' * 400}\n"),
        ("periods = a number of about 400 digits",),
    ),
    "json with a comma too many": ("x.json", '{"name": "x",}', ("line 1, column 1", '= "{"name": "x",}": ')),
    "json with a key twice": ("x.json", '{"name": "x", "name": "y"}', ("name: stands twice in one table",)),
    "json list": ("x.json", "[1, 2]", ("is not a table of keys",)),
    "json nan": ("x.json", '{"name": "x", "periods": NaN}', ("periods = nan: is not finite",)),
    "json nested too deeply": ("x.json", "[" * 100_000, ("nested too deeply",)),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, content, parts = FILES[what]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = refused(capsys, tmp_path, "run", str(path), "-o", str(tmp_path / "results"))
    assert all(part in message for part in parts)
    assert str(path) in message
    assert refused(capsys, tmp_path, "check", str(path)) == message


def test_what_is_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is a folder; name a scenario file in it" in refused(capsys, tmp_path, "check", str(tmp_path))
    missing = refused(capsys, tmp_path, "check", str(tmp_path / "beer-gmae.toml"))
    assert "no such file" in missing
    assert 'did you mean "beer-game"?' in missing


def test_a_file_that_is_too_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ripieno.model.schema.limits.FILE_BYTES", 100)
    (tmp_path / "x.toml").write_text(CHAIN)
    assert "a scenario may have 100" in refused(capsys, tmp_path, "check", str(tmp_path / "x.toml"))


SPOILT: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "control characters in a name": ('"Plant"', '"Pl\\u001bant"', ("\\x1bant", "printable characters")),
    "invisible characters in a name": ('"Plant"', '"Pl\\u200bant"', ("suppliers.Pl\\u200bant", "printable characters")),
    "control characters in a text": (
        PERIODS,
        'periods = 20\ndescription = "\\u001b[31m"',
        ("description", "remove it"),
    ),
    "endless text": (PERIODS, f'periods = 20\ndescription = "{"x" * 20_000}"', ("has 20000 characters",)),
    "endless travel time": (
        "travel_time = 2",
        "travel_time = 10001",
        ("lanes.Plant->Shop.travel_time = 10001", "at most 10000"),
    ),
    "endless order delay": ("travel_time = 2", "order_delay = 10001", ("order_delay = 10001", "at most 10000")),
    "endless memory": (
        POLICY,
        f'{{ type = "order-up-to", cover = 3, forecast = {AVERAGE.replace("3", "300000")} }}',
        ("policy.forecast.window = 300000", "at most 200000"),
    ),
    "a date for a number": (PERIODS, "periods = 2024-01-01", ("periods = 2024-01-01: is not a number",)),
    "a table for a number": (
        "travel_time = 2",
        "capacity = { good = 2 }",
        ("capacity.good = 2", 'did you mean "goods"?'),
    ),
    "a price of coming early without a window": (
        POLICY,
        f"{POLICY}, receiving_window = {{ early_cost = 1 }}",
        ("warehouses.Shop.receiving_window.early_cost = 1", "give the calendar of the window"),
    ),
    "storage without effect": (
        POLICY,
        f"{POLICY}, storage = 50",
        ("warehouses.Shop.storage = 50: has no effect", "clip_to_storage"),
    ),
    "more stock than room": (
        POLICY,
        f"{POLICY}, storage = 5, initial_stock = 9, orders = {{ clip_to_storage = true }}",
        ("initial_stock = 9: does not fit", "storage of 5"),
    ),
    "minimum above the cap": (
        POLICY,
        f"{POLICY}, orders = {{ minimum = 30, cap = 20 }}",
        ("orders.minimum = 30: is more than cap = 20",),
    ),
    "multiple above the cap": (
        POLICY,
        f"{POLICY}, orders = {{ multiple = 30, cap = 20 }}",
        ("orders.multiple = 30: is more than cap = 20",),
    ),
    "level as an echelon": (POLICY, f"{POLICY}, echelon = 1.5", ("echelon = 1.5: is not a whole number",)),
    "owner without a name": (POLICY, f'{POLICY}, owner = ""', ('owner = "": cannot be a name',)),
    "negative cover": (POLICY, f'{{ type = "order-up-to", cover = -1, forecast = {AVERAGE} }}', ("policy.cover = -1",)),
    "weight above one": (
        POLICY,
        '{ type = "order-up-to", cover = 1, forecast = { type = "exponential-smoothing", alpha = 1.5 } }',
        ("policy.forecast.alpha = 1.5", "at most 1"),
    ),
    "theta above one": (
        POLICY,
        '{ type = "sterman", theta = 2, alpha = 0.5, beta = 1, target = 5 }',
        ("policy.theta = 2",),
    ),
    "a lot of nothing": (POLICY, '{ type = "r-Q", reorder_point = 4, lot = 0 }', ("policy.lot = 0", "more than 0")),
    "a module that is not there": (POLICY, '{ type = "no.such:Thing" }', ("cannot be imported",)),
    "demand without a number for the product": (
        DEMAND,
        '{ type = "poisson", mean = { bads = 3 } }',
        ("demand.mean.bads = 3: is not a product here", "add goods"),
    ),
    "variance below the mean": (
        DEMAND,
        '{ type = "negative-binomial", mean = 10, variance = 5 }',
        ("the variance of counts", "Town.demand"),
    ),
    "no values": (DEMAND, '{ type = "trace", values = [] }', ("values is empty",)),
    "a site as a number": ('["Shop"]', "[1]", ("markets.Town.sites.1 = 1: is not a site",)),
    "sites as a text": ('["Shop"]', '"Shop"', ('markets.Town.sites = "Shop": is not a list of sites',)),
    "a site twice": ('["Shop"]', '["Shop", "Shop"]', ("markets.Town.sites.Shop: is named twice",)),
    "lane without an end": (
        ', to = "Shop"',
        "",
        ("lanes.1.to: is missing; add to (the site or market that receives)",),
    ),
    "a lane twice": (
        "travel_time = 2 }",
        'travel_time = 2 }, { from = "Plant", to = "Shop", travel_time = 2 }',
        ("lanes.Plant->Shop#2: is the same as Plant->Shop",),
    ),
    "products as texts": (
        PERIODS,
        'periods = 20\nproducts = ["beer"]',
        ('products.1 = "beer"', 'write {name = "beer"}'),
    ),
    "an intervention after the end": (
        PERIODS,
        f'{PERIODS}\ninterventions = [{{ at = 20, set = {{ "suppliers.Plant.unit_cost" = 3 }} }}]',
        ("interventions.1.at = 20: never comes", "before periods = 20"),
    ),
    "an outage after the end": (
        PERIODS,
        OUTAGE + "start = 25, length = 2 }]",
        ("outages.Shop/ordering.start = 25: never comes",),
    ),
    "an outage that never is": (PERIODS, OUTAGE + "states = [0, 0] }]", ("outages.1.states = [0, 0]: is never 1",)),
    "an outage more often than it lasts": (
        PERIODS,
        OUTAGE + "start = 2, length = 5, every = 3 }]",
        ("outages.1.every = 3: is shorter than length = 5",),
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_file_that_is_spoilt_in_one_place(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, parts = SPOILT[what]
    path = tmp_path / "x.toml"
    path.write_text(changed(old, new), encoding="utf-8")
    message = refused(capsys, tmp_path, "run", str(path), "-o", str(tmp_path / "results"))
    missing = [part for part in parts if part not in message]
    assert not missing, message
    assert all(line.removeprefix("ripieno: ").startswith(f"{path}: ") for line in message.splitlines())


SETTINGS: Mapping[str, tuple[str, ...]] = {
    "periods": ("is not KEY=VALUE",),
    "periods=ten": ('periods = "ten": is a text',),
    "periods=999999999": ("periods = 999999999", "at most 200000"),
    "warehouses.Shop.policy.levl=3": ('did you mean "level"?',),
    "warehouses.Shop.holding_cost=-1": ("warehouses.Shop.holding_cost = -1", "at least 0"),
    "warehouses.Shop.policy.level=nan": ("policy.level = nan: is not finite",),
    "warehouses.Shop={}": ("warehouses.Shop = {}: is a whole entry", "warehouses.Shop.name"),
    "warehouses.Shop.name=Plant": ("the name is taken already",),
    "lanes.Plant->Shop.travel_time=-2": ("travel_time = -2: is out of bounds",),
    "lanes.Plant->Shop.capacity=0": ("capacity = 0", "more than 0"),
    "markets.Town.demand.type=normal": ("markets.Town.demand.sd: is missing",),
    "contracts=[{seller='x'}]": ("contracts.1.buyer: is missing",),
    "warm_up=20": ("leaves no period to measure",),
    "_memo=3": ("_memo: is not a key here",),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_bad_setting(setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.toml"
    path.write_text(CHAIN)
    message = refused(capsys, tmp_path, "run", str(path), "--set", setting, "-o", str(tmp_path / "results"))
    assert all(part in message for part in SETTINGS[setting])


def test_two_settings_that_do_not_go_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.toml"
    path.write_text(CHAIN)
    settings = ("--set", "warehouses.Shop.orders.cap=5", "--set", "warehouses.Shop.orders.minimum=9")
    assert "orders.minimum = 9: is more than cap = 5" in refused(capsys, tmp_path, "run", str(path), *settings)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CHAIN.encode())
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(path)])
    assert stopped.value.code == 0
    assert "the scenario is sound" in capsys.readouterr().out
