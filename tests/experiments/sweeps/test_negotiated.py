from __future__ import annotations

from typing import Any

import numpy as np
from ripieno.experiments.sweeps.negotiated import negotiated
from ripieno.model.schema import load, with_values
from ripieno.model.supply_chain import SupplyChain

QUICK: dict[str, Any] = {
    "periods": 120,
    "warm_up": 20,
    "orchestration.first": 40,
    "orchestration.cadence": 20,
    "orchestration.trial": 10,
    "orchestration.search.singles": 2,
    "orchestration.search.rounds": 1,
    "orchestration.search.history": 20,
    "orchestration.threshold.share": 0.0,
}


def world(arm: str, **more: Any) -> SupplyChain:
    scenario = with_values(load("serial-owners"), {"orchestration": {}})
    found = SupplyChain(with_values(scenario, QUICK | {"orchestration.arm": arm} | more), np.arange(3))
    found.run()
    return found


def test_they_are_those_of_the_ledger() -> None:
    chain = world("orch", **{"orchestration.implementation.mean": 7})
    assert chain.planning is not None
    table = chain.planning.orchestrator.ledger.table()
    agreed = table[table["status"].isin(["adopted", "kept", "rolled back"])].drop_duplicates(["run", "cycle"])
    values = {name: measure() for name, measure in negotiated(chain).items()}
    for run in range(3):
        mine = agreed[agreed["run"] == run]
        assert values["agreements"][run] == len(mine) > 0
        assert values["first_agreement"][run] == min(mine["effective"].min(), 120) - 40
        assert values["decision_time"][run] == (mine["effective"] - mine["period"]).mean() >= 7


def test_without_an_agreement_the_wait_is_that_until_the_end() -> None:
    values = {
        name: measure() for name, measure in negotiated(world("orch", **{"orchestration.inertia.amount": 1e9})).items()
    }
    assert values["agreements"].tolist() == [0.0, 0.0, 0.0]
    assert values["first_agreement"].tolist() == [80.0, 80.0, 80.0]
    assert np.isnan(values["decision_time"]).all()


def test_a_world_without_orchestration_has_none() -> None:
    assert negotiated(SupplyChain(load("w1"), np.arange(2))) == {}
