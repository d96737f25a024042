"""The engine against the second simulator, period by period, on random worlds in all sequences of events."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema.toml import parse
from ripieno.model.streams import Streams

from .random_worlds import world
from .scalar_sequences import ScalarWorld

SEQUENCES = ("serve-then-order", "order-then-serve", "order-first")
SEED = 11


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
    return told


def compare(scenario: dict[str, Any]) -> None:
    """Run both and compare every series and every cost line."""
    second = ScalarWorld(with_draws(scenario)).run()
    chain = ripieno.SupplyChain(parse(scenario), [0], seed=SEED, audit=True, series=True).run()
    assert chain.recorder is not None
    differing = []
    rows = {site: list(agent.products) for site, agent in chain.sites.items()}
    for (agent, partner, product, quantity), values in second.record.items():
        names = list(chain.sites[agent].inputs) if quantity == "input_stock" else rows[agent]
        got = chain.recorder.array(agent, quantity, partner)[:, names.index(product), 0]
        differing += first_difference(f"{agent}->{partner} {product} {quantity}", values, got)
    lines: dict[tuple[str, str], Any] = {}
    for line, track in zip(chain.accounts.lines, chain.recorder._money, strict=True):
        key = (line.agent, line.name)
        lines[key] = lines.get(key, 0.0) + np.stack(track.rows)[:, 0, 0]
    for key, amounts in second.money.items():
        differing += first_difference(f"cost {key}", amounts, lines.get(key, np.zeros(len(amounts))))
    assert not differing, "\n".join(text for _, text in sorted(differing)[:8])


def first_difference(name: str, expected: list[float], got: Any) -> list[tuple[int, str]]:
    wrong = np.abs(np.asarray(expected) - got) > 1e-9
    if not wrong.any():
        return []
    period = int(wrong.argmax())
    return [(period, f"period {period}: {name} is {got[period]}, not {expected[period]}")]


@pytest.mark.parametrize("sequence", SEQUENCES)
@pytest.mark.parametrize("seed", range(40))
def test_engine_and_second_simulator_agree(seed: int, sequence: str) -> None:
    compare(world(seed, sequence))
