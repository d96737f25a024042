"""Owners trade the capacity of a factory that they have reserved, in a running world."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.simulate import Result, simulate
from ripieno.model.schema import Scenario, with_values
from ripieno.model.schema.orchestration import Orchestration, Slots

BUYERS = {"A": (1.0, 9.0, 12.0), "B": (1.0, 4.0, 6.0), "C": (1.0, 2.0, 9.0)}  # holding, backlog, deviation of demand
RUNS = 256


def world(capacity: float) -> Scenario:
    """A factory without stock, of whose capacity three warehouses have reserved a third each."""
    names = list(BUYERS)
    return Scenario.model_validate(
        {
            "name": "shared-factory",
            "periods": 260,
            "warm_up": 100,
            "factories": [
                {
                    "name": "F",
                    "capacity": capacity,
                    "bill": {"goods": {}},
                    "policy": {"type": "base-stock", "level": 0},
                    "reserved": [{"owner": name, "share": 0.33} for name in names],
                }
            ],
            "warehouses": [
                {"name": name, "holding_cost": holding, "backlog_cost": backlog,
                 "policy": {"type": "base-stock", "level": 110}}
                for name, (holding, backlog, _) in BUYERS.items()
            ],
            "markets": [
                {"name": f"M{name}", "sites": [name], "demand": {"type": "normal", "mean": 31, "sd": deviation}}
                for name, (_, _, deviation) in BUYERS.items()
            ],
            "lanes": [{"from": "F", "to": name} for name in names],
        }
    )  # fmt: skip


def traded(scenario: Scenario) -> Scenario:
    """The same world with a market for the reserved capacity."""
    return scenario.changed(orchestration=Orchestration(first=60, slots=Slots(cadence=10)))


@pytest.fixture(scope="module")
def alone() -> Result:
    return simulate(world(97.0), runs=RUNS)


@pytest.fixture(scope="module")
def together() -> Result:
    return simulate(traded(world(97.0)), runs=RUNS)


def test_payments_of_each_market_cancel(together: Result) -> None:
    assert together.ledger is not None
    sums = together.ledger.groupby(["run", "cycle"])["transfer"].sum()
    assert len(sums) == RUNS * 20
    assert np.abs(sums).max() < 1e-9
    assert together.ledger["transfer"].abs().max() > 1.0


def test_nobody_is_worse_off_than_with_its_ration_by_its_own_model(together: Result) -> None:
    assert together.ledger is not None
    assert together.ledger["payoff"].min() > -1e-9


def test_capacity_goes_to_those_who_need_it_most_and_the_network_gains(alone: Result, together: Result) -> None:
    saved = (alone.summary["cost"] - together.summary["cost"]).to_numpy()
    assert saved.mean() > 3 * saved.std(ddof=1) / RUNS**0.5
    backlog = {name: (alone.agent(name, "mean_backlog") - together.agent(name, "mean_backlog")).mean() for name in "AC"}
    assert backlog["A"] > 0 > backlog["C"]  # the one to whom a missing unit costs most has fewer of them


def test_the_one_who_gives_capacity_away_is_paid_for_it(together: Result) -> None:
    assert together.ledger is not None
    by_owner = together.ledger.groupby("owner")["transfer"].mean()
    assert by_owner["C"] > 0 > by_owner["A"]


def test_scores_and_payments_add_up_to_the_cost_of_the_network(together: Result) -> None:
    owners = together.agents[together.agents["agent"].str.startswith("owner ") & (together.agents["metric"] == "score")]
    total = owners.groupby("run")["value"].sum().to_numpy()
    assert np.allclose(total, together.summary["cost"], rtol=1e-9, atol=0.0)


def test_where_there_is_enough_nothing_is_paid() -> None:
    result = simulate(traded(world(1000.0)), runs=3)
    assert result.ledger is not None
    assert (result.ledger["transfer"] == 0.0).all()


def test_a_run_alone_trades_as_in_a_batch(together: Result) -> None:
    alone = simulate(with_values(traded(world(97.0)), {"seed": 0}), runs=1)
    first = together.summary[together.summary["run"] == 0].reset_index(drop=True)
    assert first.equals(alone.summary)
