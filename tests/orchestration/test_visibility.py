"""What trials know of outside demand: reports that are late, blurred or missing, and nothing else changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.model.schema import parse, with_values
from ripieno.model.supply_chain import SupplyChain

from .worlds import QUICK, halt, moved, orchestrated, pair, state_of, world_of

PERIODS = 25
Reports = dict[str, np.ndarray]


def two_towns(**more: Any) -> dict[str, Any]:
    world = pair(**more)
    world["markets"] += [{"name": "Port", "sites": ["Shop"], "demand": {"type": "poisson", "mean": 5}}]
    return world


def told(runs: int = 4, history: int = 40, **visibility: Any) -> tuple[Reports, Reports]:
    """The outside demand of each market, ``[periods, runs]``: as it was, and as it is reported in period 25."""
    world = world_of(orchestrated(world=two_towns(), visibility=visibility, search={"history": history}), runs)
    true: dict[str, list[np.ndarray]] = {name: [] for name in world.markets}
    for _ in range(PERIODS):
        world.step()
        for name, market in world.markets.items():
            true[name].append(market.demanded[0])
    halt(world)
    reports = world.planning.trials.reports()  # type: ignore[union-attr]
    heard = {name: np.stack([report[0] for report in reports[name]]) for name in world.markets}
    return {name: np.stack(past) for name, past in true.items()}, heard


def test_all_is_reported_unless_it_is_said_otherwise() -> None:
    true, heard = told()
    assert all(np.array_equal(true[name], heard[name]) for name in true)


def test_no_more_is_remembered_than_a_trial_replays() -> None:
    true, heard = told(history=10)
    assert all(np.array_equal(true[name][-10:], heard[name]) for name in true)


@pytest.mark.parametrize("delay", [1, 6])
def test_late_reports_lack_the_last_periods(delay: int) -> None:
    true, heard = told(delay=delay)
    assert all(np.array_equal(true[name][:-delay], heard[name]) for name in true)
    true, heard = told(delay=delay, history=10)
    assert all(np.array_equal(true[name][-10 - delay : -delay], heard[name]) for name in true)


@pytest.mark.parametrize("delay", [25, 30, 60])
def test_reports_that_are_later_than_everything_are_of_the_first_period(delay: int) -> None:
    true, heard = told(delay=delay)
    assert all(np.array_equal(true[name][:1], heard[name]) for name in true)


def test_blurred_reports_are_right_on_average() -> None:
    true, heard = told(runs=200, noise=0.2)
    for name in true:
        seen = true[name] > 0
        error = heard[name][seen] / true[name][seen] - 1.0
        count = np.sqrt(len(error))
        assert abs(error.mean()) < 4 * 0.2 / count
        assert abs(error.std() / 0.2 - 1.0) < 4 / count
    towns = [heard[name] / np.maximum(true[name], 1.0) for name in true]
    assert abs(np.corrcoef(towns[0].ravel(), towns[1].ravel())[0, 1]) < 0.1, "each market errs for itself"


def test_of_a_market_that_does_not_report_the_mean_is_known() -> None:
    runs, share = 400, 0.3
    true, heard = told(runs=runs, share=share)
    reporting = {}
    for name in true:
        whole = (heard[name] == true[name]).all(axis=0)
        mean = np.abs(heard[name] - true[name].mean(axis=0)).max(axis=0) < 1e-12
        assert (whole | mean).all()
        reporting[name] = whole & ~mean
        assert abs(reporting[name].mean() - share) < 4 * np.sqrt(share * (1 - share) / runs)
    both = (reporting["Town"] & reporting["Port"]).mean()
    assert abs(both - share**2) < 4 * np.sqrt(share**2 / runs), "each market decides for itself"


def test_nobody_reports() -> None:
    true, heard = told(share=0.0)
    assert all(np.abs(heard[name] - true[name].mean(axis=0)).max() < 1e-12 for name in true)


POOR = {"delay": 10, "noise": 0.5, "share": 0.5}


def test_what_is_reported_changes_the_trials() -> None:
    claims = []
    for visibility in ({}, {"delay": 10}, {"noise": 0.5}, {"share": 0.0}):
        ledger = ripieno.simulate(orchestrated(visibility=visibility, cadence=500), runs=4).ledger
        assert ledger is not None
        claims.append(tuple(ledger["claim"]))
    assert len(set(claims)) == 4


def test_what_is_reported_changes_nothing_but_trials() -> None:
    """Trials that know the future ask nobody; and a world in which nothing is decided is the same to the last bit."""
    exact: dict[str, Any] = {"search": {"trials": "exact"}, "governance": "mandate"}
    tables = [ripieno.simulate(orchestrated(**exact, visibility=seen), runs=3).ledger for seen in ({}, POOR)]
    assert tables[0] is not None
    assert tables[1] is not None
    assert len(tables[0])
    pd.testing.assert_frame_equal(tables[0], tables[1], check_exact=True)
    worlds = [world_of(orchestrated(threshold={"amount": 1e9}, visibility=seen)).run() for seen in ({}, POOR)]
    mine, theirs = (state_of(world) for world in worlds)
    assert not [name for name in mine if not np.array_equal(mine[name], theirs[name])]


@pytest.mark.parametrize("travel", [2, {"type": "uniform-periods", "low": 1, "high": 3}])
def test_trials_that_take_travel_too_long_do_so_every_time_and_nowhere_else(travel: Any) -> None:
    worlds = []
    for extra in (0, 3):
        table = pair(level=24)
        del table["carriers"], table["warehouses"][1]["docks"]
        for lane in table["lanes"]:
            lane["travel_time"] = travel
        world = world_of(orchestrated(world=table, threshold={"amount": 1e9}, search={"extra_lead_time": extra}), 4)
        for _ in range(PERIODS):
            world.step()
        halt(world)
        worlds.append(world)
    right, wrong = (state_of(world) for world in worlds)
    assert not [name for name in right if not np.array_equal(right[name], wrong[name])]
    trials = [world.planning.trials for world in worlds]  # type: ignore[union-attr]
    packages = np.stack([moved(worlds[0], (1, place)) for place in (0, 6)])
    shown = [trial(packages).changes for trial in (*trials, *trials)]
    assert np.array_equal(shown[0], shown[2])
    assert np.array_equal(shown[1], shown[3]), "what is too long must not grow from trial to trial"
    assert not np.array_equal(shown[0], shown[1])


def forecasting(signal: str) -> Any:
    world = two_towns()
    for site in world["warehouses"]:
        forecast = {"type": "exponential-smoothing", "alpha": 0.2, "initial": 13, "signal": signal}
        site["policy"] = {"type": "order-up-to", "cover": 4, "forecast": forecast}
    return world


def test_shared_point_of_sale_is_the_signal_of_all_forecasts() -> None:
    """The key of the orchestration comes to the same as the signal written at every site."""
    quiet: dict[str, Any] = QUICK | {"arm": "orch", "threshold": {"amount": 1e9}}
    seen = {name: parse(forecasting(name) | {"orchestration": quiet}) for name in ("incoming", "point-of-sale")}
    shared = with_values(seen["incoming"], {"orchestration.visibility.point_of_sale": True})
    scenarios = (seen["point-of-sale"], shared, seen["incoming"])
    worlds: list[SupplyChain] = [world_of(scenario).run() for scenario in scenarios]
    written, by_key, plain = (state_of(world) for world in worlds)
    assert not [name for name in written if not np.array_equal(written[name], by_key[name])]
    assert [name for name in written if not np.array_equal(written[name], plain[name])]
