"""Settings of the orchestration by dotted keys, and design points that differ in them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ripieno.agents.negotiation.menus.bundles import Bundles
from ripieno.experiments.compare.arms import armed
from ripieno.experiments.sweeps import Options, Store, Study, merge, run_study
from ripieno.experiments.sweeps.merging import table_hash
from ripieno.model.api import run_batch
from ripieno.model.schema import get_value, groups, with_values
from ripieno.model.schema.world import plain

from .worlds import orchestrated, pair

KEYS: dict[str, Any] = {
    "arm": "opt",
    "cadence": 5,
    "overhead": 2.5,
    "rollback": False,
    "threshold.share": 0.25,
    "search.rounds": 3,
    "search.trials": "exact",
    "visibility.noise": 0.5,
    "visibility.point_of_sale": True,
    "implementation.mean": 4.0,
    "responsive.cadence": 3,
}


@pytest.mark.parametrize("key", KEYS)
def test_a_dotted_key_sets_one_value(key: str) -> None:
    scenario = orchestrated()
    changed = with_values(scenario, {f"orchestration.{key}": KEYS[key]})
    assert get_value(changed, f"orchestration.{key}") == KEYS[key]
    assert get_value(scenario, f"orchestration.{key}") != KEYS[key]
    back = with_values(changed, {f"orchestration.{key}": get_value(scenario, f"orchestration.{key}")})
    assert back.orchestration == scenario.orchestration


def test_rules_and_settings_are_set_by_their_keys() -> None:
    changed = with_values(orchestrated(), {"orchestration.governance": {"type": "majority", "share": 0.7}})
    assert get_value(changed, "orchestration.governance.share") == 0.7
    level = {"warehouses.Shop.policy.level": 1.2}
    assert get_value(with_values(orchestrated(), {"orchestration.settings": level}), "orchestration.settings") == level


def test_a_menu_of_ones_own_is_named_by_its_class() -> None:
    """A menu from another package does what the one by name does."""
    ledgers = []
    for name in ("bundles", f"{Bundles.__module__}:{Bundles.__name__}"):
        ledger = run_batch([orchestrated(search={"menus": [name]})], [(0, 0), (0, 1)], seed=3).ledger
        assert ledger is not None
        ledgers.append(ledger)
    pd.testing.assert_frame_equal(ledgers[0], ledgers[1], check_exact=True)
    assert len(ledgers[0])


def test_a_scenario_with_an_orchestration_of_its_own_is_compared_with_other_arms() -> None:
    scenario = orchestrated(overhead=0.5)
    other = armed(scenario, "selfish")
    assert get_value(other, "orchestration.arm") == "selfish"
    assert get_value(other, "orchestration.overhead") == 0.5


NUMBERS: dict[str, tuple[float, float]] = {
    "overhead": (0.0, 1.0),
    "claims.padding": (0.0, 0.6),
    "visibility.noise": (0.0, 0.4),
    "visibility.share": (1.0, 0.2),
    "implementation.mean": (0.0, 5.0),
    "threshold.share": (0.0, 0.9),
    "search.demand_factor": (1.0, 0.3),
}


def rows_of(table: pd.DataFrame, run: int, key: str) -> pd.DataFrame:
    mine = table[table["run"] == run].drop(columns=["run", key], errors="ignore")
    return mine.reset_index(drop=True)


@pytest.mark.parametrize("name", NUMBERS)
def test_design_points_side_by_side_have_the_bits_that_they_have_alone(name: str) -> None:
    key = f"orchestration.{name}"
    points = [with_values(orchestrated(governance="mandate"), {key: value}) for value in NUMBERS[name]]
    assert len(list(groups(points))) == 1, "they share one engine"
    together = run_batch(points, [(0, 0), (1, 0), (1, 1), (0, 1)], seed=3)
    different = []
    for point, (first, second) in enumerate([(0, 3), (1, 2)]):
        alone = run_batch([points[point]], [(0, 0), (0, 1)], seed=3)
        for table in ("summary", "agents", "ledger"):
            for run, there in enumerate((first, second)):
                mine, theirs = (rows_of(getattr(found, table), place, key) for found, place in
                                ((alone, run), (together, there)))  # fmt: skip
                pd.testing.assert_frame_equal(mine, theirs, check_exact=True, check_dtype=len(mine) > 0)
        assert alone.ledger is not None
        different.append(alone.ledger)
    assert not different[0].equals(different[1]), "the number makes no difference: the test says nothing"


@pytest.mark.parametrize("arm", ["opt", "orch", "selfish"])
def test_points_whose_levers_start_elsewhere_have_the_bits_that_they_have_alone(arm: str) -> None:
    """A lever may go back to where it stands in its own scenario, and not to where it stands in another point's."""
    key = "carriers.Haulier.dispatch.threshold"
    points = [with_values(orchestrated(arm, pair(level=24)), {key: value}) for value in (0.95, 0.64)]
    together = run_batch(points, [(0, 0), (1, 0), (1, 1), (0, 1)], seed=3)
    for point, places in enumerate([(0, 3), (1, 2)]):
        alone = run_batch([points[point]], [(0, 0), (0, 1)], seed=3)
        for run, there in enumerate(places):
            for table in ("summary", "ledger"):
                mine, theirs = rows_of(getattr(alone, table), run, key), rows_of(getattr(together, table), there, key)
                pd.testing.assert_frame_equal(mine, theirs, check_exact=True, check_dtype=len(mine) > 0)


def test_a_study_lets_such_points_share_no_engine_either(tmp_path: Path) -> None:
    """Whatever the size of its chunks, a run has the bits that it has alone."""
    tables = []
    for size in (1, 100):
        study = Study.model_validate(
            {
                "name": "starts",
                "scenario": plain(orchestrated("orch", pair(level=24))),
                "parameters": {"carriers.Haulier.dispatch.threshold": {"values": [0.95, 0.64]}},
                "replications": 2,
                "metrics": ["cost"],
            }
        )
        folder = tmp_path / str(size)
        run_study(study, folder, Options(quiet=True, chunk_runs=size))
        tables.append(table_hash(merge(Store.open(folder)).frame))
    assert tables[0] == tables[1]
