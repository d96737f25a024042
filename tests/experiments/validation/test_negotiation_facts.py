"""The facts on governance follow from their formulas, by another way than the rules are measured."""

from __future__ import annotations

from math import comb, pi, sin

import numpy as np
import pytest
from ripieno.experiments.validation.facts import facts


def harmonic(n: int) -> float:
    return sum(1.0 / i for i in range(1, n + 1))


def test_votes_and_latency() -> None:
    case = facts("governance_votes")
    given, expected = case.parameters, case.expected
    n, p, mean, cadence = given["n"], given["p"], given["mean_response"], given["cadence"]

    def at_least(k: int, of: int) -> float:
        return float(sum(comb(of, i) * p**i * (1 - p) ** (of - i) for i in range(k, of + 1)))

    quorum = n // 2 + 1
    assert expected["P_majority"] == pytest.approx(at_least(quorum, n))
    assert expected["P_consensus"] == pytest.approx(p**n)
    assert expected["P_veto2_plus_majority"] == pytest.approx(p**2 * at_least(quorum - 2, n - 2), rel=1e-6)
    last, majority = mean * harmonic(n), mean * (harmonic(n) - harmonic(n - quorum))
    assert expected["latency"]["serial_consensus"] == mean * n
    assert expected["latency"]["parallel_consensus"] == pytest.approx(last)
    assert expected["latency"]["parallel_majority"] == pytest.approx(majority)
    for name, latency in (("majority", majority), ("consensus", last)):
        again = cadence * (1 / expected[f"P_{name}"] - 1)
        assert expected["E_time_to_adopt"][name] == pytest.approx(again + latency, rel=1e-6)


def test_stability() -> None:
    for d, gain in facts("delay_stability").expected["K_crit"].items():
        assert gain == pytest.approx(2 * sin(pi / (2 * (2 * int(d) + 1))), rel=1e-9)


def test_old_data() -> None:
    case = facts("staleness")
    phi = case.parameters["phi"]
    for T in case.parameters["T"]:
        for tau in case.parameters["tau"]:
            ages = np.arange(tau, tau + T)
            assert case.expected["loss_hold"][f"tau{tau}_T{T}"] == pytest.approx((2 * (1 - phi**ages)).mean())
            assert case.expected["loss_forecast"][f"tau{tau}_T{T}"] == pytest.approx((1 - phi ** (2 * ages)).mean())
    for duration, losses in case.expected["two_states"].items():
        for age, loss in losses.items():
            assert loss == pytest.approx(2 * (1 - (1 - 2 / float(duration)) ** int(age)), rel=1e-5)


def test_best_replies() -> None:
    case = facts("best_replies")
    n, k, a = case.parameters["n"], case.parameters["k"], case.parameters["a"]
    assert case.expected["radius_simultaneous"] == pytest.approx(k * (n - 1))
    coupling = k * (np.ones((n, n)) - np.eye(n))
    in_turn = np.linalg.solve(np.eye(n) + np.tril(coupling), -np.triu(coupling))
    assert case.expected["radius_sequential"] == pytest.approx(np.abs(np.linalg.eigvals(in_turn)).max())
    assert case.expected["x_nash"] == pytest.approx(a / (1 + k * (n - 1)))
    assert case.expected["x_social"] == pytest.approx(a / (1 + 2 * k * (n - 1)))
    for name in ("nash", "social"):
        x = case.expected[f"x_{name}"]
        assert case.expected[f"cost_{name}"] == pytest.approx(n * ((x - a) ** 2 / 2 + k * x * (n - 1) * x))


def test_two_docks() -> None:
    expected = facts("pigou").expected
    x = np.linspace(0, 1, 2001)
    delay = x * x + (1 - x)
    assert expected["opt_x"] == x[delay.argmin()]
    assert expected["opt_cost"] == delay.min()
    assert expected["price_of_anarchy"] == pytest.approx(expected["nash_cost"] / expected["opt_cost"])
    assert expected["optimal_toll_on_A"] == expected["opt_x"] * 1.0  # what one more truck costs the others
