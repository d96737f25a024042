"""The bundled scenarios of the literature show the numbers that their first lines promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import with_values

ORDERS = "bullwhip_end_day"
NET_STOCK = "net_stock_amplification_day"


def close(values: Any, expected: float, bias: float = 0.005) -> bool:
    """Within four standard errors over the runs; ratios within a run of 1,000 periods are biased by some per mille."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    return bool(abs(np.mean(values) - expected) <= 4 * error + bias * expected)


def test_beer_game() -> None:
    game = ripieno.load("beer-game")
    result = ripieno.simulate(game)
    assert result.summary["cost"][0] * game.periods == pytest.approx(204.0, rel=1e-12)


def test_beer_game_as_people_play_it() -> None:
    game = ripieno.load("beer-game-estimated")
    result = ripieno.simulate(game)
    assert result.summary["cost"][0] * game.periods == pytest.approx(2479.4776, abs=5e-5)


def test_example_6_1() -> None:
    assert close(ripieno.simulate(ripieno.load("example-6-1")).summary["cost"], 47.66, bias=0)


def test_newsvendor() -> None:
    assert close(ripieno.simulate(ripieno.load("newsvendor")).summary["cost"], 1.997605, bias=0)


def test_chen_moving_average() -> None:
    chain = ripieno.load("chen-moving-average")
    sites = ("Retailer", "Wholesaler", "Distributor", "Factory")
    shared = with_values(chain, {f"warehouses.{site}.policy.forecast.signal": "point-of-sale" for site in sites})
    for scenario, ratios in ((chain, (2.12, 5.1216, 13.51712, 37.7030272)), (shared, (2.12, 3.88, 6.28, 9.32))):
        result = ripieno.simulate(scenario)
        assert all(close(result.agent(site, ORDERS), ratio) for site, ratio in zip(sites, ratios, strict=True))


def test_smoothing() -> None:
    result = ripieno.simulate(ripieno.load("smoothing"), runs=60)
    assert close(result.agent("Shop", ORDERS), 1 / 7, bias=0.02)
    assert close(result.agent("Shop", NET_STOCK), 30 / 7, bias=0.02)


def test_information_sharing() -> None:
    alone = ripieno.load("information-sharing")
    forecast = {"type": "inferred-demand", "mean": 100, "rho": 0.7, "customer_cover": 3}
    maker = "warehouses.Manufacturer.policy"
    history = with_values(alone, {f"{maker}.forecast": forecast, f"{maker}.safety": 84.38})
    shared = with_values(history, {f"{maker}.forecast": forecast | {"signal": "point-of-sale"}})
    costs = [ripieno.simulate(scenario).agent("Manufacturer", "cost") for scenario in (alone, shared, history)]
    assert close(costs[0], 126.5911629, bias=0)
    assert close(costs[1], 103.5237312, bias=0)
    assert np.allclose(costs[1], costs[2], rtol=1e-6)
