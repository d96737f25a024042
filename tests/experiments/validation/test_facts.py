"""The facts: every file is complete and used, and their numbers follow from the published formulas."""

from __future__ import annotations

import re
from importlib.resources import files
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.validation.facts import Facts, facts

ROOT = files("ripieno.experiments.validation")
NAMES = sorted(path.name.removesuffix(".json") for path in ROOT.joinpath("cases").iterdir() if ".json" in path.name)
UNIT = NormalDist()


def rows(name: str) -> list[Any]:
    return [pytest.param(row, id=str(list(row.values())[:3])) for row in facts(name).expected["rows"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_case_names_its_source(name: str) -> None:
    case = facts(name)
    assert case.name == name
    assert re.search(r"\(\d{4}\)|closed form", case.source)
    assert case.origin
    assert case.expected


def test_every_case_is_used() -> None:
    texts = [path.read_text("utf-8") for path in ROOT.joinpath("families").iterdir() if path.name.endswith(".py")]
    used = {name for text in texts for name in re.findall(r'facts\("(\w+)"\)', text)}
    assert used == set(NAMES) - {"empirical"}


def test_an_unknown_case() -> None:
    with pytest.raises(FileNotFoundError):
        facts("nothing")


@pytest.mark.parametrize("row", rows("chen_moving_average"))
def test_chen_moving_average(row: dict[str, Any]) -> None:
    L, p, rho = row["L"], row["p"], row["rho"]
    assert row["formula"] == pytest.approx(1 + (2 * L / p + 2 * L**2 / p**2) * (1 - rho**p), rel=1e-9)
    assert row["net_stock_ratio_formula"] in (None, pytest.approx(L + L**2 / p))


@pytest.mark.parametrize("row", rows("chen_exponential_smoothing"))
def test_chen_exponential_smoothing(row: dict[str, Any]) -> None:
    L, a, rho = row["L"], row["alpha"], row["rho"]
    grows = (2 * L * a + 2 * L**2 * a**2 / (2 - a)) * (1 - rho) / (1 - (1 - a) * rho)
    assert row["formula"] == pytest.approx(1 + grows, rel=1e-9)
    assert row["net_stock_ratio_formula"] in (None, pytest.approx(L + L**2 * a / (2 - a)))


@pytest.mark.parametrize("row", rows("chen_multi_stage"))
def test_chen_multi_stage(row: dict[str, Any]) -> None:
    taps = np.ones(1)
    for k, L in enumerate(row["L"]):
        one = np.zeros(row["p"] + 1)
        one[[0, -1]] = 1 + L / row["p"], -L / row["p"]
        taps = np.convolve(taps, one)
        share = sum(row["L"][: k + 1]) / row["p"]
        assert row["decentralised_exact"][k] == pytest.approx(np.sum(taps**2), rel=1e-9)
        assert row["centralised_formula"][k] == pytest.approx(1 + 2 * share + 2 * share**2, rel=1e-9)
        assert k == 0 or row["decentralised_exact"][k] > row["decentralised_chen_lower_bound"][k]


@pytest.mark.parametrize("row", rows("dejonckheere"))
def test_dejonckheere(row: dict[str, Any]) -> None:
    a = row["alpha"]
    response = np.zeros(4_000)
    response[0] = 1.0
    for k, L in enumerate(row["L"]):
        response = _smoothing_stage(response, L, a)
        total = sum(row["L"][: k + 1])
        enriched = 1 + 2 * a * total + 2 * a**2 * total**2 / (2 - a)
        assert row["traditional_exact"][k] == pytest.approx(np.sum(response**2), rel=1e-9)
        assert row["information_enriched_exact"][k] == pytest.approx(enriched, rel=1e-9)


def _smoothing_stage(orders: Any, L: int, a: float) -> Any:
    forecast, passed = 0.0, []
    for order in orders:
        before, forecast = forecast, forecast + a * (order - forecast)
        passed.append(order + L * (forecast - before))
    return np.array(passed)


@pytest.mark.parametrize("row", rows("lee_so_tang_mmse"))
def test_best_forecast(row: dict[str, Any]) -> None:
    L, rho = row["L"], row["rho"]
    assert row["formula"] == pytest.approx(1 + 2 * rho * (1 - rho**L) * (1 - rho ** (L + 1)) / (1 - rho), rel=1e-9)


def test_sharing() -> None:
    case = facts("lee_so_tang_sharing")
    g, e = case.parameters, case.expected
    rho, short, long = g["rho"], g["l"] + 1, g["L"] + 1
    shared = sum(((1 - rho ** (long + short + 1 - j)) / (1 - rho)) ** 2 for j in range(1, long + 1)) * g["sigma"] ** 2
    gap = g["sigma"] ** 2 * (rho * (1 - rho**short) * (1 - rho**long) / (1 - rho) ** 2) ** 2
    assert e["V_sharing"] == pytest.approx(shared, rel=1e-9)
    assert e["V_no_sharing"] == pytest.approx(shared + gap, rel=1e-9)
    rate = (g["H"] + g["P"]) * UNIT.pdf(UNIT.inv_cdf(g["P"] / (g["P"] + g["H"])))
    assert e["cost_sharing"] == pytest.approx(rate * sqrt(shared), rel=1e-8)
    assert e["cost_no_sharing"] == pytest.approx(rate * sqrt(shared + gap), rel=1e-8)


def test_calendars() -> None:
    for row in facts("batching").expected["lpw"]:
        N, R, m, s = row["N"], row["R"], row["m"], row["s"]
        k = N % R
        expected = {"random": m**2 * N * (R - 1), "sync": m**2 * N**2 * (R - 1), "balanced": m**2 * k * (R - k)}
        assert row["formula"] == {name: N * s**2 + value for name, value in expected.items()}


def test_lots() -> None:
    from scipy.stats import poisson

    demand = np.arange(400)
    for row in facts("batching").expected["rnQ"]:
        rest = demand % row["Q"]
        spread = float(np.sum(poisson.pmf(demand, row["lam"]) * rest * (row["Q"] - rest)))
        assert row["formula"] == pytest.approx(1 + spread / row["lam"], rel=1e-9)


@pytest.mark.parametrize("row", rows("smoothing"))
def test_smoothing(row: dict[str, Any]) -> None:
    Ti = row["Ti"]
    assert row["order_ratio"] == pytest.approx(1 / (2 * Ti - 1), rel=2e-9)
    assert row["net_stock_ratio"] == pytest.approx(1 + row["Tp"] + (Ti - 1) ** 2 / (2 * Ti - 1), rel=1e-9)


@pytest.mark.parametrize("row", rows("smoothing_cascade"))
def test_smoothing_cascade(row: dict[str, Any]) -> None:
    response = np.zeros(2_000)
    response[0] = 1.0
    for k, Ti in enumerate(row["Ti"]):
        ordered, level = [], 0.0
        for value in response:
            level = level + (value - level) / Ti
            ordered.append(level)
        response = np.array(ordered)
        assert row["exact"][k] == pytest.approx(np.sum(response**2), rel=1e-9)


def test_smoothing_chain_cost() -> None:
    case = facts("smoothing_chain_cost")
    for beta, costs in ((1.0, case.expected["cost_alone"]), (case.expected["beta_star"], case.expected["cost_star"])):
        retailer, factory = _smoothing_costs(beta, case)
        assert costs["retailer"] == pytest.approx(retailer, rel=1e-8)
        assert costs["factory"] == pytest.approx(factory, rel=1e-8)
        assert costs["total"] == pytest.approx(retailer + factory, rel=1e-8)
    best = case.expected["beta_star"]
    totals = [sum(_smoothing_costs(best + step, case)) for step in (-0.01, 0.0, 0.01)]
    assert min(totals) == totals[1]


def _smoothing_costs(beta: float, case: Facts) -> tuple[float, float]:
    g = case.parameters
    rest = (1 - beta) ** 2
    net_stock = g["sigma"] * sqrt(g["Lx"] + rest / (1 - rest))
    orders = g["sigma"] * sqrt(beta / (2 - beta))
    z = UNIT.inv_cdf(g["backorder"] / (g["backorder"] + g["h"]))
    spare = UNIT.inv_cdf(1 - g["c_regular"] / g["c_overtime"])
    return (g["h"] + g["backorder"]) * UNIT.pdf(z) * net_stock, g["c_overtime"] * UNIT.pdf(spare) * orders


def test_newsvendor() -> None:
    case = facts("newsvendor")
    for key in ("normal_1", "normal_2", "base_stock"):
        g, e = case.parameters[key], case.expected[key]
        L = g.get("L", 1)
        z = UNIT.inv_cdf(g["p"] / (g["p"] + g["h"]))
        cost = (g["h"] + g["p"]) * UNIT.pdf(z) * g["sd"] * sqrt(L)
        assert e["S"] == pytest.approx(L * g["mu"] + z * g["sd"] * sqrt(L), rel=1e-9)
        assert e.get("cost", e.get("cost_per_period")) == pytest.approx(cost, rel=1e-8)


def test_shared_capacity() -> None:
    case = facts("shared_capacity")
    g, e = case.parameters, case.expected
    assert sum(e["q_star"]) == pytest.approx(g["K"], rel=1e-9)
    stocks = zip(g["mu"], g["sd"], g["b"], g["h"], e["q_star"], strict=True)
    total = 0.0
    for mean, deviation, b, h, level in stocks:
        assert level == pytest.approx(mean + deviation * UNIT.inv_cdf((b - e["lambda_star"]) / (b + h)), rel=1e-7)
        z = (level - mean) / deviation
        total += deviation * ((b + h) * (UNIT.pdf(z) + z * UNIT.cdf(z)) - b * z)
    assert e["cost_star"] == pytest.approx(total, rel=1e-8)


def test_lots_of_a_vendor_and_its_buyer() -> None:
    case = facts("joint_lot")
    g, e = case.parameters, case.expected
    for lot, at in ((e["Q_buyer"], "Qb"), (e["Q_joint"], "Qj")):
        vendor = g["D"] / lot * g["S"] + g["r"] * g["Cv"] * lot / 2 * g["D"] / g["P"]
        assert e[f"vendor_cost_at_{at}"] == pytest.approx(vendor)


def test_the_beer_game_adds_up() -> None:
    case = facts("beer_game")
    weeks = case.expected["weeks"]
    stock, owed = (np.asarray(weeks[name], dtype=float) for name in ("inventory", "backlog"))
    costs = (0.5 * stock + owed).sum(axis=0)
    assert [case.expected["costs"][position] for position in case.expected["positions"]] == costs.tolist()
    assert case.expected["costs"]["team"] == costs.sum() == 204.0
    assert all(len(values) == 36 for values in weeks.values())


def test_the_clark_scarf_levels_follow_from_the_recursion() -> None:
    for row in facts("clark_scarf").expected["rows"]:
        levels, cost = _clark_scarf(row)
        assert np.allclose(levels, row["S_echelon"], rtol=1e-3)
        assert cost == pytest.approx(row["optimal_cost"], rel=2e-5)


def _clark_scarf(row: dict[str, Any]) -> tuple[list[float], float]:
    """Chen & Zheng's recursion on a grid: the expectation over a lead time is a Gaussian filter and a shift."""
    from scipy.ndimage import gaussian_filter1d

    _, mean, deviation = row["demand"]
    rates, leads = row["echelon_holding_downstream_to_upstream"], row["lead_times_downstream_to_upstream"]
    step, reach = deviation / 100, 15 * deviation * sqrt(sum(leads)) + mean * sum(leads)
    grid = np.arange(-reach, 2 * reach, step)
    below = (row["penalty"] + sum(rates)) * np.maximum(-grid, 0.0)  # the cost of the market, then of the stage below
    levels: list[float] = []
    for rate, L in zip(rates, leads, strict=True):
        blurred = gaussian_filter1d(below, sqrt(L) * deviation / step, mode="nearest", truncate=8.0)
        cost = rate * (grid - L * mean) + np.interp(grid - L * mean, grid, blurred)
        inside = np.flatnonzero(np.abs(grid) < reach / 1.5)
        place = inside[np.argmin(cost[inside])]
        levels.append(float(grid[place]))
        below = np.where(grid < levels[-1], cost, cost[place])
    return levels, float(below[-1])


def test_newsvendor_contracts() -> None:
    case = facts("newsvendor_contracts")
    p, c = case.parameters["p"], case.parameters["c"]
    top, e = case.parameters["uniform"][1], case.expected["uniform"]

    def sold(quantity: float) -> float:
        return float(quantity - quantity**2 / (2 * top))

    assert e["Q_central"] == pytest.approx(top * (1 - c / p))
    assert e["profit_central"] == pytest.approx(p * sold(e["Q_central"]) - c * e["Q_central"])
    assert e["w_star"] == pytest.approx(p * (1 - e["Q_wholesale"] / top))
    grid = np.linspace(0, top, 100_001)
    assert e["Q_wholesale"] == pytest.approx(grid[np.argmax((p * (1 - grid / top) - c) * grid)], abs=1e-2)
    assert e["supplier"] == pytest.approx((e["w_star"] - c) * e["Q_wholesale"])
    assert e["retailer"] == pytest.approx(p * sold(e["Q_wholesale"]) - e["w_star"] * e["Q_wholesale"])
    back, shared = case.parameters["buyback"], case.parameters["revenue_sharing"]
    assert back["w"] == pytest.approx(back["b"] + c * (1 - back["b"] / p))
    assert shared["w"] == pytest.approx(shared["phi"] * c)
    mu, sd = case.parameters["normal"]
    n = case.expected["normal"]

    def sold_of_normal(quantity: float) -> float:
        z = (quantity - mu) / sd
        return float(quantity - sd * (UNIT.pdf(z) + z * UNIT.cdf(z)))

    assert n["Q_central"] == pytest.approx(mu + sd * UNIT.inv_cdf(1 - c / p), rel=1e-8)
    assert n["profit_central"] == pytest.approx(p * sold_of_normal(n["Q_central"]) - c * n["Q_central"], rel=1e-8)
    assert n["w_star"] == pytest.approx(p * (1 - UNIT.cdf((n["Q_wholesale"] - mu) / sd)), rel=1e-8)
    assert n["supplier"] == pytest.approx((n["w_star"] - c) * n["Q_wholesale"], rel=1e-8)
    profit = p * sold_of_normal(n["Q_wholesale"]) - n["w_star"] * n["Q_wholesale"]
    assert n["retailer"] == pytest.approx(profit, rel=1e-8)
    assert n["profit_total"] == pytest.approx(n["supplier"] + n["retailer"], rel=1e-8)
