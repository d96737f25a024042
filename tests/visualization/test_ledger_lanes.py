"""The lanes of the ledger: what was seen, proposed, voted on and in force, on one clock."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import Scenario, with_values
from ripieno.model.trials import Trials
from ripieno.visualization.packages import TRADE, Package, packages_of, seen_until
from ripieno.visualization.shell.lanes import LANES, swim_lanes
from ripieno.visualization.work import run_ledger

PACKAGE = Package(
    cycle=0, day=61, what="bundle", moves="a 1 to 2", status="kept", predicted=5.0, realised=4.0, sponsor=0.0,
    effective=70.0, claims={"A": -5.0}, transfers={"A": 0.0}, votes={"A": True},
)  # fmt: skip


def spec_of(**values: Any) -> Any:
    given = {f"orchestration.{key.replace('__', '.')}": value for key, value in values.items()}
    return planned(given).orchestration


def planned(values: dict[str, Any]) -> Scenario:
    return with_values(with_values(ripieno.load("serial-owners"), {"orchestration": {"arm": "orch"}}), values)


@pytest.mark.parametrize("delay", [0, 13])
def test_seen_is_the_last_day_that_the_trials_replay(delay: int, monkeypatch: pytest.MonkeyPatch) -> None:
    newest: dict[int, int] = {}  # the day of the newest report, by the day of the trial
    reports = Trials.reports

    def noting(trials: Trials) -> Any:
        found = reports(trials)
        memory = [day["Town"] for day in trials.planning.memory]
        place = next(k for k, demand in enumerate(memory) if demand is found["Town"][-1])
        newest[trials.model.period + 1] = trials.model.period - len(memory) + place + 1
        return found

    monkeypatch.setattr(Trials, "reports", noting)
    scenario = planned({
        "periods": 90, "warm_up": 20, "orchestration.first": 30, "orchestration.cadence": 20,
        "orchestration.search.history": 15, "orchestration.search.singles": 3, "orchestration.search.rounds": 1,
        "orchestration.visibility.delay": delay,
    })  # fmt: skip
    packages = packages_of(run_ledger(scenario, 1, 1), 0)
    assert packages
    for package in packages:
        assert seen_until(package, scenario.orchestration) == newest[package.day]  # type: ignore[arg-type]


def test_before_the_first_report_the_first_day_is_all_there_is() -> None:
    assert seen_until(replace(PACKAGE, day=5), spec_of(visibility__delay=30)) == 1


@pytest.mark.parametrize("trials", ["exact", "model"])
def test_without_reports_nothing_is_shown_as_seen(trials: str) -> None:
    spec = spec_of(search__trials=trials)
    assert isnan(seen_until(PACKAGE, spec))
    drawn = swim_lanes([PACKAGE], spec, 400, "day")
    assert "<rect" not in drawn
    assert "were not put together from reports" in drawn


def test_a_trade_of_capacity_has_seen_no_reports() -> None:
    assert isnan(seen_until(replace(PACKAGE, what=TRADE), spec_of()))


def test_the_lanes_say_what_they_know() -> None:
    drawn = swim_lanes([PACKAGE, replace(PACKAGE, day=101, status="voted down", effective=np.nan)],
                       spec_of(visibility__delay=12), 400, "day")  # fmt: skip
    assert all(name in drawn for name in LANES)
    assert drawn.count("<rect") == 2
    assert "12 days late" in drawn
    assert "no day on which a change was noticed" in drawn
    assert "1 week late" in swim_lanes([PACKAGE], spec_of(visibility__delay=1), 400, "week")
