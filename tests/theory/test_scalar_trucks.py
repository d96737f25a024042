"""The engine's carriers and docks against the second simulator, which moves every truck by itself."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import parse
from ripieno.model.streams import Streams

from .random_trucks import truck_world
from .scalar_trucks import TruckWorld
from .test_scalar_worlds import SEED, SEQUENCES, first_difference, with_draws

Values = dict[tuple[str, str, str, str], list[float]]


def with_unloading(scenario: dict[str, Any]) -> dict[str, Any]:
    """The scenario with all its draws: the unloading times too, one for each truck that gets a door in a period."""
    told = with_draws(scenario)
    streams = Streams(SEED, [0])
    for kind in ("factories", "warehouses"):
        for site in told.get(kind, []):
            dock = site.get("docks", {}).get("inbound", {})
            if isinstance(dock.get("time"), dict):
                stream = streams.stream(f"dock/{site['name']}", draws=dock["doors"])
                values = sorted(dock["time"]["values"])
                dock["time"]["drawn"] = dock["drawn"] = [
                    [values[min(int(u * len(values)), len(values) - 1)] for u in stream.uniforms(period)[:, 0]]
                    for period in range(told["periods"])
                ]
    return told


def run_engine(scenario: dict[str, Any]) -> tuple[ripieno.SupplyChain, Values]:
    """The engine, and what carriers, their trucks and docks show after each period."""
    chain = ripieno.SupplyChain(parse(scenario), [0], seed=SEED, audit=True, series=True)
    seen: Values = {}
    while chain.period < scenario["periods"]:
        chain.step()
        shown: list[tuple[str, str, Any]] = [("trucks", trucks.name, trucks) for trucks in chain.trucks]
        shown += [("carrier", name, carrier) for name, carrier in chain.carriers.items()]
        shown += [("dock", name, dock) for name, dock in chain.docks.items()]
        for kind, name, holder in shown:
            for quantity in NAMES[kind]:
                seen.setdefault((kind, name, "", quantity), []).append(getattr(holder, quantity).item())
    return chain, seen


NAMES = {
    "trucks": ("departed", "moved", "on_road", "queueing", "freight", "haulage"),
    "carrier": ("away",),
    "dock": ("waiting", "admitted", "waited", "busy"),
}


def compare(scenario: dict[str, Any], other: dict[str, Any] | None = None) -> None:
    """Run both, of the same scenario or of two, and compare every series and every cost line."""
    second = TruckWorld(with_unloading(other or scenario)).run()
    chain, seen = run_engine(scenario)
    assert chain.recorder is not None
    differing = []
    rows = {name: list(site.products) for name, site in chain.sites.items()}
    for key, values in second.record.items():
        agent, partner, product, quantity = key
        if agent in NAMES:
            got = np.array(seen[key])
        else:
            names = list(chain.sites[agent].wanted) if quantity == "input_stock" else rows[agent]
            got = chain.recorder.array(agent, quantity, partner)[:, names.index(product), 0]
        differing += first_difference(f"{agent}->{partner} {product} {quantity}", values, got)
    for (agent, line), amounts in second.money.items():
        charged = any((found.agent, found.name) == (agent, line) for found in chain.accounts.lines)
        got = chain.recorder.array(agent, f"cost {line}")[:, 0, 0] if charged else np.zeros(len(amounts))
        differing += first_difference(f"cost {line} of {agent}", amounts, got)
    chain.dispose()
    assert not differing, "\n".join(text for _, text in sorted(differing)[:8])


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("seed", range(15))
def test_engine_and_second_simulator_agree(seed: int, sequence: str) -> None:
    compare(truck_world(seed, sequence))


@pytest.mark.slow
@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("seed", range(15, 300))
def test_engine_and_second_simulator_agree_on_many(seed: int, sequence: str) -> None:
    compare(truck_world(seed, sequence))


def test_the_worlds_of_the_fast_test_use_everything() -> None:
    """A rule that no world uses would not be tested."""
    seen = {mark for seed in range(15) for mark in marks(truck_world(seed, "order-first"))}
    assert {"every", "threshold", "longest_wait", "calendar", "trucks", "return_time", "brackets", "minimum"} <= seen
    assert {"load_by weight", "load_by units", "slots", "doors", "drawn unloading", "window", "truck to market"} <= seen
    assert {"without travel time", "drawn travel", "change of carriers"} <= seen


def marks(scenario: dict[str, Any]) -> Iterator[str]:
    """What a world with trucks makes use of."""
    for spec in scenario["carriers"]:
        yield from [*spec["dispatch"], *spec["fleet"], *spec["tariff"], *spec["costs"], *spec]
        yield f"load_by {spec['fleet']['load_by']}"
    for site in [*scenario.get("factories", []), *scenario["warehouses"]]:
        inbound = site.get("docks", {}).get("inbound", {})
        yield from inbound
        yield from ["drawn unloading"] * isinstance(inbound.get("time"), dict)
        yield from ["window"] * ("receiving_window" in site)
    markets = {market["name"] for market in scenario["markets"]}
    for lane in (lane for lane in scenario["lanes"] if "carrier" in lane):
        yield from ["truck to market"] * (lane["to"] in markets)
        yield from ["without travel time"] * (lane["travel_time"] == 0)
        yield from ["drawn travel"] * isinstance(lane["travel_time"], dict)
    keys = [key for change in scenario.get("interventions", []) for key in change["set"]]
    yield from ["change of carriers"] * any(key.startswith("carriers") for key in keys)


def a_truck_more(world: dict[str, Any]) -> None:
    for spec in world["carriers"]:
        spec["fleet"]["trucks"] = spec["fleet"].get("trucks", 1.0) + 1


def a_longer_way_back(world: dict[str, Any]) -> None:
    for spec in world["carriers"]:
        spec["fleet"]["return_time"] = spec["fleet"].get("return_time", 3) + 2


def a_higher_threshold(world: dict[str, Any]) -> None:
    for spec in world["carriers"]:
        spec["fleet"]["capacity"] += 1


def another_detention(world: dict[str, Any]) -> None:
    for spec in world["carriers"]:
        spec["detention_cost"] += 1.0


@pytest.mark.parametrize("change", [a_truck_more, a_longer_way_back, a_higher_threshold, another_detention])
def test_a_difference_is_seen(change: Any) -> None:
    """Two worlds that differ by one rule do not agree, in one of the worlds at least."""
    noticed = False
    for seed in range(8):
        scenario = truck_world(seed, SEQUENCES[seed % 3])
        other = deepcopy(scenario)
        change(other)
        try:
            compare(scenario, other)
        except AssertionError as error:
            noticed = noticed or "period" in str(error)
    assert noticed
