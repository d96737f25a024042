from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.agents.negotiation.ledger import COLUMNS
from ripieno.model.schema import Scenario, with_values
from ripieno.visualization.recording import Recording, record
from ripieno.visualization.recording.measuring import FIELDS
from ripieno.visualization.recording.record import scenario_hash

from .conftest import DAYS, changed


@pytest.fixture(scope="module")
def engine(other: Scenario) -> Any:
    """World B as the engine runs it alone."""
    return ripieno.SupplyChain(other, [0], series=True).run()


def half_steps(recording: Recording, name: str, row: int) -> float:
    field = recording.worlds[1][name]
    assert field.step is not None
    return float(field.step[row]) * 0.5001 + 1e-4


SITES = {"stock": "on_hand", "backlog": "unserved", "incoming": "incoming", "ordered": "ordered",
         "position": "inventory_position", "queue": "waiting"}  # fmt: skip
LANES = {"shipped": "shipped", "in transit": "in_transit", "departed": "departed", "on road": "on_road",
         "queueing": "queueing"}  # fmt: skip


@pytest.mark.parametrize("name", SITES)
def test_sites_are_what_the_engine_says(pair: Recording, engine: Any, name: str) -> None:
    for row, site in enumerate(pair.network.sites):
        if name == "queue" and site.name not in engine.docks:
            continue
        truth = engine.recorder.array(site.name, SITES[name])[:, :, 0].sum(axis=1)
        recorded = pair.worlds[1][f"sites/{name}"].values()[row]
        assert np.abs(recorded - truth).max() <= half_steps(pair, f"sites/{name}", row)


@pytest.mark.parametrize("name", LANES)
def test_lanes_are_what_the_engine_says(pair: Recording, engine: Any, name: str) -> None:
    for row, lane in enumerate(pair.network.lanes):
        ends = [pair.network.sites[place].name for place in (lane.origin, lane.destination)]
        truth = engine.recorder.array(ends[0], LANES[name], ends[1])[:, :, 0].sum(axis=1)
        recorded = pair.worlds[1][f"lanes/{name}"].values()[row]
        assert np.abs(recorded - truth).max() <= half_steps(pair, f"lanes/{name}", row)


def test_what_a_lane_holds_is_owed_or_waits_at_an_end(pair: Recording, engine: Any) -> None:
    row = next(k for k, lane in enumerate(pair.network.lanes) if lane.name == "Linz->Munich")
    parts = [
        engine.recorder.array("Linz", quantity, "Munich")[:, :, 0].sum(axis=1)
        for quantity in ("owed", "set_aside", "loading", "at_dock", "waiting")
    ]
    recorded = pair.worlds[1]["lanes/held"].values()[row]
    assert np.abs(recorded - np.sum(parts, axis=0)).max() <= half_steps(pair, "lanes/held", row)


def test_money_adds_up_to_the_accounts(pair: Recording, engine: Any) -> None:
    world = pair.worlds[1]
    assert world["network/cost"].values().sum() == pytest.approx(float(engine.accounts.cost()[0]), rel=1e-5)
    assert float(engine.accounts.balance("Linz")[0]) < 0  # it earns what Munich pays
    for row, owner in enumerate(pair.network.owners):
        paid = float(engine.accounts.balance(owner)[0])
        error = DAYS * half_steps(pair, "owners/cost", row)
        assert world["owners/cost"].values()[row].sum() == pytest.approx(paid, abs=error)


def test_the_load_is_the_share_of_the_capacity(pair: Recording, engine: Any) -> None:
    row = next(k for k, site in enumerate(pair.network.sites) if site.name == "Linz")
    started = engine.recorder.array("Linz", "started")[:, :, 0]
    used = started @ np.array([1.0, 1.5]) / 320
    recorded = pair.worlds[1]["sites/load"].values()[row]
    assert np.abs(recorded - used).max() <= half_steps(pair, "sites/load", row)
    assert recorded[22] == 0  # the outage stops production


def test_the_curves_of_the_network(pair: Recording, engine: Any) -> None:
    series = engine.recorder
    ends = [(lane.origin.name, lane.destination.name) for site in engine.sites.values() for lane in site.market_lanes]
    booked, unmet, owed = (
        np.sum([series.array(a, name, b)[:, :, 0].sum(axis=1) for a, b in ends], axis=0)
        for name in ("booked", "unmet", "owed")
    )
    world = pair.worlds[1]
    assert np.allclose(world["network/demand"].values()[0], booked, rtol=1e-6)
    assert np.allclose(world["network/waiting"].values()[0], owed, rtol=1e-6, atol=1e-4)
    for day in (0, 3, 10, DAYS - 1):
        week = slice(max(0, day - 6), day + 1)
        fill = 1 - unmet[week].sum() / booked[week].sum()
        assert world["network/fill"].values()[0, day] == pytest.approx(fill, rel=1e-5)


def test_orders_of_an_echelon_are_those_of_its_sites(pair: Recording, engine: Any) -> None:
    orders = pair.worlds[1]["echelons/orders"].values()
    for number, name in enumerate(pair.network.echelons):
        quantity = "incoming" if name == "Suppliers" else "ordered"
        sites = [site.name for site in pair.network.sites if site.echelon == number]
        truth = np.sum([engine.recorder.array(site, quantity)[:, :, 0].sum(axis=1) for site in sites], axis=0)
        assert np.allclose(orders[number], truth, rtol=1e-5)


def test_the_two_worlds_have_the_same_random_numbers(pair: Recording) -> None:
    a, b = pair.worlds
    assert a["network/demand"] == b["network/demand"]
    assert a["network/cost"] != b["network/cost"]


def test_the_network_of_regional(pair: Recording) -> None:
    network = pair.network
    assert network.echelons == ("Retailers", "Warehouses", "Factories", "Suppliers")
    hanover = next(site for site in network.sites if site.name == "Hanover")
    hamburg = next(site for site in network.sites if site.name == "Hamburg")
    assert (hanover.kind, hamburg.kind, hanover.region) == ("warehouse", "retailer", "north")
    assert hamburg.markets == ("Hamburg homes",)
    assert hanover.map is not None
    assert hamburg.map is not None
    assert hamburg.map[1] < hanover.map[1]  # further north
    assert all(0 <= lane.origin < len(network.sites) and lane.travel_time >= 1 for lane in network.lanes)
    assert {lane.carrier for lane in network.lanes} >= {"Long haul", "South vans"}


def test_every_field_is_declared_and_every_shape_fits(pair: Recording) -> None:
    rows = {"sites": 20, "lanes": 27, "owners": 20, "echelons": 4, "network": 1}
    for world in pair.worlds:
        for name, field in world.fields.items():
            assert field.shape == (rows[FIELDS[name].rows], DAYS)
            assert (field.low is None) == (FIELDS[name].levels == 0)


def test_events(pair: Recording) -> None:
    found = [(event.kind, event.start, event.end) for event in pair.worlds[0].events]
    assert found == [("outage", 20, 25), ("intervention", 30, 40)]
    assert pair.network.sites[pair.worlds[0].events[0].site].name == "Linz"
    assert "Berlin homes.demand_factor = 1.5" in pair.worlds[0].events[1].text


def test_names_and_provenance_say_what_differs(pair: Recording, regional: Scenario, other: Scenario) -> None:
    a, b = pair.worlds
    assert (a.label, b.label) == ("dispatch.threshold = 0.6", "dispatch.threshold = 0.95")
    (differing,) = pair.differences
    assert (differing.key, differing.a, differing.b) == ("carriers.Long haul.dispatch.threshold", "0.6", "0.95")
    assert a.provenance["scenario hash"] == scenario_hash(regional) != scenario_hash(other)
    assert b.provenance["seed"] == "1"
    assert len(b.provenance["code hash"]) == 32


def ledger() -> pd.DataFrame:
    rows = [
        (0, 0, 10, "waves of Hanover", "adopted", 12.5, "Hanover", 7.5),
        (0, 0, 10, "waves of Hanover", "adopted", 12.5, "Linz", -7.5),
        (0, 1, 25, "lots of Linz", "voted down", 3.0, "Linz", 0.0),
        (1, 0, 10, "of another run", "adopted", 1.0, "Linz", 0.0),
        (0, 2, 999, "beyond the horizon", "adopted", 1.0, "Linz", 0.0),
    ]
    columns = ["run", "cycle", "period", "package", "status", "predicted_gain", "owner", "transfer"]
    assert set(columns) <= set(COLUMNS)
    return pd.DataFrame(rows, columns=columns)


def beer(**values: Any) -> Scenario:
    return with_values(ripieno.load("beer-game"), values)


def test_a_ledger_becomes_events() -> None:
    found = record(beer(), ledgers=(ledger(), None)).worlds[0].events
    assert [(event.kind, event.start, event.end) for event in found] == [
        ("negotiation", 10, 36),
        ("negotiation", 25, 26),
    ]
    assert found[0].text == (
        "Package waves of Hanover: adopted, predicted gain 12.5; transfers Hanover +7.5, Linz -7.5"
    )


def test_a_ledger_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="no column 'status'"):
        record(beer(), ledgers=(ledger().drop(columns="status"), None))


def test_one_world_alone() -> None:
    one = record(beer(), money="£")
    assert len(one.worlds) == 1
    assert one.period == "week"
    assert one.money == "£"
    assert one.network.echelons == ("Retailer", "Wholesaler", "Distributor", "Brewery")
    assert all(site.map is None for site in one.network.sites)
    assert "sites/queue" not in one.worlds[0].fields
    assert one.worlds[0]["network/cost"].values().sum() == pytest.approx(204)  # the value in the scenario's description


@pytest.mark.parametrize(
    ("change", "message"),
    [({"periods": 35}, "periods 36, B 35"), ({"period": "day"}, "period week, B day")],
)
def test_two_clocks_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        record(beer(), changed(beer(), **change))


def test_two_networks_are_refused() -> None:
    stranger = with_values(ripieno.load("newsvendor"), {"periods": 36})
    with pytest.raises(ValueError, match="differ in their sites"):
        record(changed(beer(), period="day"), stranger)
    ends = [
        ("Brewery", "Distributor"),
        ("Brewery", "Wholesaler"),
        ("Distributor", "Wholesaler"),
        ("Wholesaler", "Retailer"),
    ]
    lanes = [{"from": origin, "to": destination} for origin, destination in ends]
    with pytest.raises(ValueError, match="differ in their lanes: Brewery->Wholesaler"):
        record(beer(), changed(beer(), lanes=lanes))


def test_what_is_too_large_is_refused_before_it_runs() -> None:
    with pytest.raises(ValueError, match=r"200,000 periods is too large; at most 20,000"):
        record(beer(periods=200_000))
