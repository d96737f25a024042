"""The generated network has the size it claims and is a scenario like any other."""

from __future__ import annotations

import pytest
from ripieno.experiments.bench.network import distribution_network
from ripieno.model.api import run_batch
from ripieno.model.schema import parse


def lanes_of(network: dict[str, list[dict[str, list[str]]]]) -> int:
    return len(network["lanes"]) + sum(len(market["sites"]) for market in network["markets"])


def test_two_thousand_sites_have_sixteen_thousand_lanes() -> None:
    network = distribution_network()
    assert len(network["suppliers"]) + len(network["warehouses"]) == 2_000
    assert lanes_of(network) == 16_000


def test_every_site_serves_somebody() -> None:
    network = distribution_network()
    serving = {lane["from"] for lane in network["lanes"]} | {name for m in network["markets"] for name in m["sites"]}
    assert serving == {site["name"] for site in [*network["suppliers"], *network["warehouses"]]}


@pytest.mark.parametrize("sites", [40, 100])
def test_a_smaller_one_runs(sites: int) -> None:
    result = run_batch([parse(distribution_network(sites, periods=6), source="network")], [(0, 0)], 1, audit=True)
    assert len(result.summary) == 1
