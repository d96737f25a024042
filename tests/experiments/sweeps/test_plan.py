from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.plan import TILE, Plan, make_plan
from ripieno.experiments.sweeps.reading import prepare
from ripieno.experiments.sweeps.study import Study

LEVEL = "warehouses.W.policy.level"
Make = Callable[..., Study]


def plan_of(study: Study) -> Plan:
    prepared = prepare(study)
    return make_plan(prepared, [point for design in prepared.study.design for point in design.sample(prepared.space)])


def test_settings_are_named_after_their_content(make_study: Make) -> None:
    one, two = plan_of(make_study()), plan_of(make_study(arms={"dear": {"warehouses.W.holding_cost": 3.0}, "none": {}}))
    assert {s.key for s in one.settings} == {s.key for s in two.settings}
    renamed = plan_of(make_study(arms={"other": {}, "dear": {"warehouses.W.holding_cost": 3.0}}, comparison=None))
    assert [s.key for s in renamed.settings] == [s.key for s in one.settings]


def test_equal_settings_are_run_once(make_study: Make) -> None:
    points = [{LEVEL: 5.0}, {LEVEL: 6.0}, {LEVEL: 5.0}]
    plan = plan_of(
        make_study(parameters=None, design={"type": "list", "points": points}, arms={"a": {}, "b": {}}, comparison=None)
    )
    assert len(plan.settings) == 2
    assert plan.setting_of.tolist() == [[0, 0], [1, 1], [0, 0]]


def test_every_run_is_in_the_order_once_and_tiles_share_replications(make_study: Make) -> None:
    plan = plan_of(make_study(replications={"number": TILE + 3, "start": 100}))
    setting, replication = plan.ordered(np.ones((len(plan.settings), plan.most), dtype=bool))
    assert len({*zip(setting.tolist(), replication.tolist(), strict=True)}) == 8 * (TILE + 3) == len(setting)
    assert replication.min() == 100
    assert (replication[: 8 * TILE] < 100 + TILE).all()
    assert (replication[8 * TILE :] >= 100 + TILE).all()


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("parts", [1, 3, 7, 100])
def test_shards_are_a_partition(make_study: Make, parts: int, sequential: bool) -> None:
    plan = plan_of(make_study())
    shares = np.array([plan.share(part, parts, sequential) for part in range(parts)])
    assert (shares.sum(axis=0) == 1).all()
    if sequential:
        for row in plan.setting_of:
            assert (shares[:, row].any(axis=2).sum(axis=0) == 1).all()
    elif parts == 3:
        assert set(shares.sum(axis=(1, 2)).tolist()) == {16}


def test_numbers_share_a_structure_and_other_things_do_not(make_study: Make) -> None:
    parameters: dict[str, Any] = {
        LEVEL: {"values": [5, 15]},
        "warehouses.W.allocation": {"values": ["priority", "proportional"]},
    }
    plan = plan_of(
        make_study(parameters=parameters, arms={"a": {}, "dear": {"warehouses.W.holding_cost": 2.0}}, comparison=None)
    )
    allocation = [s.overrides["warehouses.W.allocation"] for s in plan.settings]
    assert len(set(plan.group.tolist())) == 2
    assert len({*zip(allocation, plan.group.tolist(), strict=True)}) == 2
    setting, _ = plan.ordered(np.ones((len(plan.settings), plan.most), dtype=bool))
    assert (np.diff(plan.group[setting]) >= 0).all()


def test_a_horizon_is_structure(make_study: Make) -> None:
    plan = plan_of(make_study(parameters={"periods": {"values": [5, 6, 7]}}))
    assert len(set(plan.group.tolist())) == 3


def test_a_design_without_points_is_refused(make_study: Make) -> None:
    with pytest.raises(StudyError, match="has no points"):
        make_plan(prepare(make_study()), [])
