"""Known coordination problems as ordinary scenarios: what no owner does alone, packages bring about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import parse

from .test_agreements_in_force import followed
from .test_invariants import ADOPTED
from .worlds import Table, orchestrated, pair

SHOPS = ("North", "East", "South")


def same_day(**more: Any) -> Table:
    """Three shops order from one plant on the same day of three; the plant makes in a day what one of them needs."""
    policy = {"type": "order-up-to", "cover": 5, "safety": 4.0, "forecast": {"type": "constant", "mean": 8}}
    shop = {"policy": policy, "holding_cost": 0.5, "backlog_cost": 20.0, "initial_stock": 44.0,
            "orders": {"review_period": 3, "phase": 0, "cost": 20.0}}  # fmt: skip
    return {
        "name": "same day",
        "periods": 160,
        "warm_up": 41,
        "suppliers": [{"name": "Plant", "capacity": 25.0}],
        "warehouses": [{"name": name, **shop} for name in SHOPS],
        "markets": [{"name": f"{name} town", "sites": [name], "demand": {"type": "poisson", "mean": 8}}
                    for name in SHOPS],
        "lanes": [{"from": "Plant", "to": name, "travel_time": 1} for name in SHOPS],
    } | more  # fmt: skip


CALENDARS: Table = {"levers": ["*.orders.phase", "*.orders.review_period"], "first": 41, "cadence": 500}


@pytest.mark.parametrize("trials", ["back-cast", "exact"])
def test_calendars_are_spread_over_the_days(trials: str) -> None:
    """In every run the shops stop ordering all on the same day, and that saves what the queue at the plant has cost."""
    search = {"menus": ["staggering"], "singles": 4, "trials": trials, "history": 100}
    scenario = orchestrated(world=same_day(), **CALENDARS, search=search, rollback=False)
    world, stood = followed(scenario, 8)
    names = world.levers.names  # type: ignore[union-attr]
    calendars = [[stood[:, names.index(f"warehouses.{shop}.orders.{key}")] for shop in SHOPS]
                 for key in ("review_period", "phase")]  # fmt: skip
    days = [np.stack(numbers, axis=1) for numbers in calendars]  # [periods, shops, runs]
    assert (days[1][40] == 0.0).all()
    together = (days[0][-1] == days[0][-1][0]).all(axis=0) & (days[1][-1] == days[1][-1][0]).all(axis=0)
    assert not together.any()
    ledger = world.planning.orchestrator.ledger.table()  # type: ignore[union-attr]
    assert ledger["package"].str.startswith("take turns").any(), "the menu of calendars is never the best"
    without = ripieno.simulate(parse(same_day()), runs=8).summary["cost"].to_numpy()
    with_it = (world.accounts.cost() - world.accounts.cost(name="transfer")) / world.measured_periods
    saved = without - with_it
    assert saved.mean() > 3 * saved.std(ddof=1) / np.sqrt(8)
    assert saved.mean() > 0.2 * without.mean()


# -- padded claims --------------------------------------------------------------------------------------------------


def test_padded_claims_stop_packages_and_open_books_bring_them_back() -> None:
    """The more claims are padded the less is adopted; with full transparency it is what truthful claims come to."""
    gained = {}
    for padding, transparency in ((0.0, 0.0), (0.9, 0.0), (0.9, 1.0), (5.0, 0.0)):
        claims = {"padding": padding, "transparency": transparency}
        ledger = ripieno.simulate(orchestrated(claims=claims, governance="mandate"), runs=8).ledger
        assert ledger is not None
        gained[padding, transparency] = float(ledger[ledger["status"].isin(ADOPTED)]["claim"].sum())
    assert gained[0.0, 0.0] < gained[0.9, 0.0] < 0.0, "what is adopted is claimed to save less"
    assert gained[0.9, 1.0] == gained[0.0, 0.0]
    assert gained[5.0, 0.0] == 0.0


@pytest.mark.parametrize("threshold", [0.0, 0.01])
def test_with_one_owner_to_orchestrate_is_to_optimise(threshold: float) -> None:
    """Everything belongs to one owner: the same search for the same objective moves the same levers, day by day."""
    world = pair(periods=160, level=24)
    for sites in ("suppliers", "warehouses", "carriers"):
        world[sites] = [site | {"owner": "Everybody"} for site in world[sites]]
    more: dict[str, Any] = {"rollback": False, "threshold": {"share": threshold}}
    paths = {arm: followed(orchestrated(arm, world, **more), 6)[1] for arm in ("selfish", "orch")}
    assert (paths["orch"][-1] != paths["orch"][0]).any(), "nothing moves: the test says nothing"
    np.testing.assert_array_equal(paths["selfish"], paths["orch"])
