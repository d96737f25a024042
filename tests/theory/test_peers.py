"""Traces of stockpyl and OR-Gym, replayed through ordinary scenarios and compared period by period."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.experiments.validation.peer_traces import cases, is_stockpyl, largest_deviation, pairs, replay, world
from ripieno.model.schema import dumps_toml, parse

TOLERANCE = 1e-9
MONEY = ("holding_cost", "stockout_cost", "in_transit_cost", "total_cost", "profit")


@pytest.mark.parametrize("name", sorted(cases()))
def test_trace_is_reproduced(name: str) -> None:
    """To 1e-9 throughout, and without any deviation in goods where the peer's numbers are all whole."""
    case = cases()[name]
    compared = list(pairs(case, replay(case)))
    goods = [pair for pair in compared if not pair[0].startswith(MONEY)]
    whole = all(np.array_equal(np.asarray(expected), np.round(expected)) for _, expected, _ in goods)
    for what, expected, measured in compared:
        allowed = 0.0 if whole and not what.startswith(MONEY) else TOLERANCE
        worst = np.max(np.abs(np.asarray(expected, dtype=float) - measured))
        assert worst <= allowed, f"{name}: {what} is off by {worst}"


def test_traces_of_whole_numbers_are_among_them() -> None:
    """The ones that the peer's documentation prints in whole units are compared without tolerance."""
    for name in ("sp01_single_doc4", "sp05_serial4_step_basestock", "sp08_rQ_over_basestock", "sp10_assembly3_1884"):
        orders = cases()[name]["expected"]["per_period"]["0"]["order_quantity"]
        assert all(np.array_equal(values, np.round(values)) for values in orders.values())


TOTALS = {
    "sp01_single_doc4": 20.0,
    "sp03_example_6_1_serial3": 6620.352024619586,
    "sp05_serial4_step_basestock": 5792.0,
    "sp06_beer_game_sterman": 1698.3046839341973,
    "sp08_rQ_over_basestock": 10376.0,
    "sp10_assembly3_1884": 1884.0,
    "sp13_tree7_distribution": 10419.0,
    "sp15_disruption_SP": 16781.59661041776,
}


@pytest.mark.parametrize("name", sorted(TOTALS))
def test_total_cost_through_a_toml_file(name: str, tmp_path: Path) -> None:
    """The published total, from a scenario that has been written to a file and read back."""
    file = tmp_path / f"{name}.toml"
    file.write_text(dumps_toml(parse(world(cases()[name]))), encoding="utf-8")
    summary = ripieno.simulate(ripieno.load(file), runs=1).summary
    periods = cases()[name]["instance"]["T"]
    assert float(summary["cost"].iloc[0]) * periods == pytest.approx(TOTALS[name], rel=1e-12)


def test_total_profit_through_a_json_file(tmp_path: Path) -> None:
    file = tmp_path / "og01.json"
    file.write_text(json.dumps(world(cases()["og01_serial_capacity_backlog"])), encoding="utf-8")
    summary = ripieno.simulate(ripieno.load(file), runs=1).summary
    assert float(summary["profit"].iloc[0]) * 30 == pytest.approx(573.95, rel=1e-12)


@pytest.mark.parametrize("name", sorted(TOTALS))
def test_metrics_agree_with_what_the_peer_derives(name: str) -> None:
    """Variances are population variances; fill is what is served in the period in which it is ordered."""
    case = cases()[name]
    agents = ripieno.simulate(parse(world(case)), runs=1).agents.set_index(["agent", "metric"])["value"]
    for node, derived in case["expected"]["derived"].items():
        found = agents[f"N{node}"]
        expected = {
            "order_variance_day": derived["orders_variance"],
            "bullwhip_day": derived["bullwhip_stage"],
            "mean_backlog": derived["mean_backlog"],
        }
        if name != "sp10_assembly3_1884":  # the stock of a factory counts its parts, of two kinds
            expected |= {"stock": derived["mean_on_hand"]}
        if name != "sp13_tree7_distribution":  # a branch of a tree is measured against the markets of the branch
            expected |= {"bullwhip_end_day": derived["bullwhip_vs_end_demand"]}
        if name != "sp15_disruption_SP":  # goods set aside count as served here and as missing there
            expected |= {"fill_rate": derived["fill_rate"]}
        for metric, value in expected.items():
            if metric in found.index:
                assert found[metric] == pytest.approx(value, rel=1e-9, abs=1e-9), (node, metric)


def orders_seen_late(instance: dict[str, Any]) -> dict[str, Any]:
    """OR-Gym's chain with base-stock policies in the place of scripts.

    There nobody sees the orders of a period when ordering. So the period begins a moment earlier: what is ordered in
    the evening, a day in the post, is what OR-Gym orders first thing in the morning. The first morning's orders are
    under way at the start.
    """
    chain = deepcopy(world({"case": "late", "peer": "or-gym", "instance": instance}))
    chain["sequence"] = ["demand", "pick", "dispatch", "receive", "produce", "serve", "order", "account"]
    for stage, (site, lane) in enumerate(zip(chain["warehouses"], chain["lanes"], strict=True)):
        del site["orders"]
        site["policy"] = {"type": "base-stock", "level": float(instance["order_rule"]["S"][stage])}
        lane |= {"order_delay": 1, "initial_orders": [float(instance["requests"][0][stage])]}
    return chain


def test_or_gym_with_policies_in_an_own_sequence() -> None:
    case = cases()["og01_serial_capacity_backlog"]
    result = ripieno.simulate(parse(orders_seen_late(case["instance"])), runs=1, series=True, audit=True)
    assert result.series is not None
    series = result.series[result.series["quantity"].isin(["shipped", "on_hand"])]
    table = series.pivot_table(index="period", columns=["agent", "partner", "quantity"], values="value", observed=True)
    for stage, site in enumerate(("S0", "S1", "S2")):
        supplier = ("S1", "S2", "EXT")[stage]
        shipped = np.asarray(case["expected"]["replenishment"])[:, stage]
        on_hand = np.asarray(case["expected"]["on_hand_start"])[1:, stage]
        assert np.array_equal(table[supplier, site, "shipped"], shipped)
        assert np.array_equal(table[site, "", "on_hand"], on_hand)


@pytest.mark.parametrize("name", ["sp03_example_6_1_serial3", "sp10_assembly3_1884", "ogx01"])
def test_a_wrong_world_does_not_pass(name: str) -> None:
    """The comparison sees a travel time that is a period too long, and a stock that is a unit too low."""
    case = deepcopy(dict(cases()[name]))
    if is_stockpyl(case):
        case["instance"]["nodes"][0]["L"] += 1
    else:
        case["instance"]["initial_inventory"][0] -= 1
    assert largest_deviation(pairs(case, replay(case))) > 0.1
