"""The engine against the second simulator, period by period, on random worlds in all sequences of events."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import parse
from ripieno.model.streams import Streams

from .random_worlds import world
from .scalar_sequences import ScalarWorld

SEQUENCES = ("serve-then-order", "order-then-serve", "order-first")
SEED = 11
MAKING = ("lot", "setup_cost", "setup_time", "campaign", "overtime", "availability", "yield_rate", "price_breaks",
          "reserved")  # fmt: skip


def with_draws(scenario: dict[str, Any]) -> dict[str, Any]:
    """The scenario with the travel times that the streams of the lanes give, in equally likely steps."""
    told = deepcopy(scenario)
    streams = Streams(SEED, [0])
    for lane in told["lanes"]:
        time = lane["travel_time"]
        if isinstance(time, dict):
            stream = streams.stream(f"travel/{lane['name']}")
            values = sorted(time["values"])
            u = [float(stream.uniforms(period)[0][0]) for period in range(told["periods"])]
            lane["drawn"] = [values[min(int(x * len(values)), len(values) - 1)] for x in u]
            lane["longest"] = max(values)
    for maker in told["suppliers"]:
        draw_supply(maker, streams, told["periods"])
    return told


def draw_supply(maker: dict[str, Any], streams: Streams, periods: int) -> None:
    """When a supplier is absent, and the share of good units: uniform, of this mean and standard deviation."""
    if "availability" in maker:
        stream, absent = streams.stream(f"availability/{maker['name']}"), False
        maker["absent"] = []
        for period in range(periods):
            mean = maker["availability"]["mean_down" if absent else "mean_up"]
            ends = float(stream.uniforms(period)[0][0]) < 1.0 / mean
            absent = absent != ends
            maker["absent"].append(absent)
    if "yield_rate" in maker:
        mean, sd = maker["yield_rate"]["mean"], maker["yield_rate"]["deviation"]
        low, width = mean - 3.0**0.5 * sd, 2.0 * 3.0**0.5 * sd
        maker["good"] = {
            product: [
                low + width * float(streams.stream(f"yield/{maker['name']}/{product}").uniforms(period)[0][0])
                for period in range(periods)
            ]
            for product in maker["products"]
        }


def compare(scenario: dict[str, Any], other: dict[str, Any] | None = None) -> None:
    """Run both, of the same scenario or of two, and compare every series and every cost line."""
    second = ScalarWorld(with_draws(other or scenario)).run()
    chain = ripieno.SupplyChain(parse(scenario), [0], seed=SEED, audit=True, series=True).run()
    assert chain.recorder is not None
    differing = []
    rows = {name: list(site.products) for name, site in chain.sites.items()}
    for (agent, partner, product, quantity), values in second.record.items():
        names = list(chain.sites[agent].wanted) if quantity == "input_stock" else rows[agent]
        got = chain.recorder.array(agent, quantity, partner)[:, names.index(product), 0]
        differing += first_difference(f"{agent}->{partner} {product} {quantity}", values, got)
    for (agent, line), amounts in second.money.items():
        charged = any((found.agent, found.name) == (agent, line) for found in chain.accounts.lines)
        got = chain.recorder.array(agent, f"cost {line}")[:, 0, 0] if charged else np.zeros(len(amounts))
        differing += first_difference(f"cost {line} of {agent}", amounts, got)
    assert not differing, "\n".join(text for _, text in sorted(differing)[:8])


def first_difference(name: str, expected: list[float], got: Any) -> list[tuple[int, str]]:
    wrong = np.abs(np.asarray(expected) - got) > 1e-9
    if not wrong.any():
        return []
    period = int(wrong.argmax())
    return [(period, f"period {period}: {name} is {got[period]}, not {expected[period]}")]


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("seed", range(20))
def test_engine_and_second_simulator_agree(seed: int, sequence: str) -> None:
    compare(world(seed, sequence))


@pytest.mark.slow
@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("seed", range(20, 200))
def test_engine_and_second_simulator_agree_on_many(seed: int, sequence: str) -> None:
    compare(world(seed, sequence))


def test_the_worlds_of_the_fast_test_use_everything() -> None:
    """A rule that no world uses would not be tested."""
    seen = {mark for seed in range(20) for mark in marks(world(seed, "order-first"))}
    for kind in ("ordering", "shipping", "transit", "receiving", "production"):
        assert {f"outage {kind} of a site", f"outage {kind} of a lane"} & seen, kind
    for policy in ("base-stock", "echelon-base-stock", "s-S", "r-Q", "r-nQ"):
        assert f"policy {policy}" in seen
    for rule in ("split", "priority", "cheapest", "capacity-aware"):
        assert f"sourcing {rule}" in seen
    for rule in ("priority", "proportional", "first-come"):
        assert f"allocation {rule}" in seen
    for key in ("minimum", "multiple", "cap", "cost", "forced", "review_period"):
        assert f"orders {key}" in seen
    for time in ("0", "1", "2", "3", "drawn"):
        assert f"travel {time}" in seen
    assert {"delay 0", "delay 1", "delay 2", "unmet lost", "unmet backlog", "partial False"} <= seen
    for rule in MAKING:
        assert f"making {rule}" in seen
    assert {"bill of several products", "interventions", "lane capacity", "production lead time"} <= seen


def marks(scenario: dict[str, Any]) -> Iterator[str]:
    """What a world makes use of."""
    for outage in scenario["outages"]:
        yield f"outage {outage['kind']} of a {'site' if 'site' in outage else 'lane'}"
    for site in [*scenario["suppliers"], *scenario.get("factories", []), *scenario["warehouses"]]:
        sources = [lane for lane in scenario["lanes"] if lane["to"] == site["name"]]
        yield from marks_of_site(site, several_sources=len(sources) > 1)
    for lane in scenario["lanes"]:
        yield f"travel {'drawn' if isinstance(lane['travel_time'], dict) else lane['travel_time']}"
        yield f"delay {lane.get('order_delay')}"
        yield from (f"{key} {lane[key]}" for key in ("unmet", "partial"))
        yield from ("lane capacity" for key in lane if key == "capacity")
    yield from (key for key in scenario if key == "interventions")


def marks_of_site(site: dict[str, Any], several_sources: bool) -> Iterator[str]:
    yield f"policy {site.get('policy', {}).get('type')}"
    yield f"allocation {site['allocation']}"
    yield from (f"orders {key}" for key in site.get("orders", {}))
    yield from (f"making {key}" for key in MAKING if key in site)
    if several_sources:
        yield f"sourcing {site.get('sourcing')}"
    if len(site.get("bill", {})) > 1:
        yield "bill of several products"
    if site.get("lead_time"):
        yield "production lead time"


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_difference_is_seen(sequence: str) -> None:
    """Two worlds that differ by a period of travel do not agree."""
    scenario = world(3, sequence)
    other = deepcopy(scenario)
    lane = next(lane for lane in other["lanes"] if lane["travel_time"] == 1)
    lane["travel_time"] = 2
    lane["initial_in_transit"] = 0.0
    with pytest.raises(AssertionError, match="period"):
        compare(scenario, other)
