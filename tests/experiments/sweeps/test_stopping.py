from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps.ledger import Ledger
from ripieno.experiments.sweeps.plan import Plan, make_plan
from ripieno.experiments.sweeps.reading import prepare
from ripieno.experiments.sweeps.stopping import wanted_counts
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study

Make = Callable[..., Study]


@pytest.fixture
def ledger_of(tmp_path: Path, make_study: Make) -> Callable[..., Ledger]:
    def make(rule: dict[str, Any], **changed: Any) -> Ledger:
        prepared = prepare(make_study(replications=rule | {"metric": "cost"}, **changed))
        points = [point for design in prepared.study.design for point in design.sample(prepared.space)]
        return Ledger(make_plan(prepared, points), Store(tmp_path))

    return make


def fill(ledger: Ledger, count: int, values: Callable[[np.ndarray, int], np.ndarray]) -> None:
    for setting, spec in enumerate(ledger.plan.settings):
        replication = np.arange(count)
        zeros = np.zeros(count, dtype=np.int64)
        ledger.enter([spec.key], zeros, replication, {"cost": values(replication, setting)})


def run_to_the_end(ledger: Ledger, values: Callable[[np.ndarray, int], np.ndarray]) -> list[int]:
    """The numbers of replications of one setting, stage by stage."""
    stages: list[int] = []
    while not stages or int(wanted_counts(ledger).max()) > stages[-1]:
        stages.append(int(wanted_counts(ledger).max()))
        fill(ledger, stages[-1], values)
    return stages


def swings(replication: np.ndarray, setting: int) -> np.ndarray:
    return 100.0 + np.where(replication % 2 == 0, 1.0, -1.0)


def test_it_adds_steps_until_the_interval_is_narrow(ledger_of: Callable[..., Ledger]) -> None:
    # The deviation is about 1, so the half-width is about 2 / sqrt(n): 0.3 needs some 45 replications.
    ledger = ledger_of({"half_width": 0.3, "maximum": 200}, comparison=None)
    assert run_to_the_end(ledger, swings) == [20, 30, 40, 50]


def test_the_maximum_ends_it(ledger_of: Callable[..., Ledger]) -> None:
    assert run_to_the_end(ledger_of({"half_width": 1e-6, "maximum": 45}, comparison=None), swings) == [20, 30, 40, 45]


def test_a_relative_width_is_a_share_of_the_mean(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 0.004, "relative": True, "maximum": 200}, comparison=None)
    assert run_to_the_end(ledger, swings)[-1] == 30


def test_with_a_control_the_paired_difference_counts(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 0.3, "maximum": 200})

    def paired(replication: np.ndarray, setting: int) -> np.ndarray:
        return swings(replication, 0) * 50 + setting

    assert run_to_the_end(ledger, paired) == [20]


def test_it_looks_at_the_first_replications_alone(ledger_of: Callable[..., Ledger]) -> None:
    rule = {"half_width": 0.3, "maximum": 200}
    stepwise = ledger_of(rule, comparison=None)
    run_to_the_end(stepwise, swings)
    at_once = ledger_of(rule, comparison=None)
    fill(at_once, 200, swings)
    assert wanted_counts(at_once).tolist() == wanted_counts(stepwise).tolist()


def test_each_point_has_its_own_number(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 0.3, "maximum": 60}, comparison=None)
    plan: Plan = ledger.plan

    def quiet_first(replication: np.ndarray, setting: int) -> np.ndarray:
        return swings(replication, setting) if setting in plan.setting_of[1] else 0.0 * replication

    run_to_the_end(ledger, quiet_first)
    counts = wanted_counts(ledger)[plan.setting_of]
    assert (counts[1] > 20).all()
    assert (counts[[0, 2, 3]] == 20).all()


def test_an_unfinished_stage_is_waited_for(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 1e-9, "maximum": 60}, comparison=None)
    fill(ledger, 19, swings)
    assert set(wanted_counts(ledger)) == {20}


def test_failed_runs_are_left_out_and_do_not_block(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 1e-9, "maximum": 60}, comparison=None)
    fill(ledger, 19, swings)
    for setting in ledger.plan.settings:
        ledger.enter_failure(setting.key, 19)
    assert set(wanted_counts(ledger)) == {30}


def test_where_nothing_has_a_value_there_is_nothing_to_wait_for(ledger_of: Callable[..., Ledger]) -> None:
    ledger = ledger_of({"half_width": 1e-9, "maximum": 60}, comparison=None)
    fill(ledger, 20, lambda replication, setting: np.full(len(replication), np.nan))
    assert set(wanted_counts(ledger)) == {20}
