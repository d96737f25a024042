"""What negotiation keeps to, whatever is negotiated: money, honesty to claims, what nobody may know, the same bits."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.agents.negotiation.trial import Trial
from ripieno.agents.quantity import quantities_of
from ripieno.model.api import run_batch
from ripieno.model.supply_chain import SupplyChain

from .worlds import go_on, halt, orchestrated, pair, world_of

TRANSFERS = ("equal", "proportional", "shapley", "none")
ADOPTED = ("adopted", "kept", "rolled back")
RUNS = 4


def cycles(ledger: pd.DataFrame) -> pd.DataFrame:
    """One row for each run and cycle in which something was adopted, sums over the owners beside it."""
    adopted = ledger[ledger["status"].isin(ADOPTED)]
    keys = ["run", "cycle"]
    once = adopted.drop_duplicates(keys).set_index(keys)
    sums = adopted.groupby(keys)[["claim", "transfer", "payoff"]].sum()
    return once.drop(columns=list(sums)).join(sums)


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_transfers_add_up_to_minus_the_overhead(transfer: str) -> None:
    scenario = orchestrated(transfer=transfer, overhead=0.07, governance="mandate")
    ledger = ripieno.simulate(scenario, runs=RUNS).ledger
    assert ledger is not None
    found = cycles(ledger)
    assert len(found) >= RUNS
    assert np.abs(found["transfer"] + 0.07).max() < 1e-9
    assert (found["sponsor"] == 0).all()
    if transfer != "none":
        assert found["transfer"].abs().max() > 1e-6
        paid = ledger[ledger["status"].isin(ADOPTED)]
        assert paid["transfer"].abs().max() > 0.1, "nothing is ever paid: the test says nothing"


def test_what_a_sponsor_adds_stands_on_a_line_of_its_own() -> None:
    """The overhead is more than any package saves, and service is worth a lot: only a sponsor makes packages pay."""
    dear: dict[str, Any] = {"world": pair(level=24), "overhead": 30.0, "service_value": 100.0, "governance": "mandate"}
    alone = ripieno.simulate(orchestrated(**dear), runs=RUNS).ledger
    assert alone is not None
    assert cycles(alone).empty
    world = world_of(orchestrated(**dear, sponsor=40.0), RUNS, series=True).run()
    assert world.planning is not None
    found = cycles(world.planning.orchestrator.ledger.table())
    assert len(found)
    assert (found["sponsor"] < 0).any()
    assert np.abs(found["transfer"] + found["sponsor"] + 30.0).max() < 1e-9
    assert (world.accounts.balance("sponsor") > 0).any()
    total = sum(world.accounts.balance(owner) for owner in world.accounts.owners())
    assert np.abs(total / world.accounts.cost() - 1.0).max() < 1e-9


@pytest.mark.parametrize("transfer", TRANSFERS[:3])
@pytest.mark.parametrize("padding", [0.0, 0.4])
def test_with_transfers_nobody_is_worse_off_by_its_claim(transfer: str, padding: float) -> None:
    scenario = orchestrated(transfer=transfer, overhead=0.05, claims={"padding": padding}, governance="mandate")
    ledger = ripieno.simulate(scenario, runs=RUNS).ledger
    assert ledger is not None
    adopted = ledger[ledger["status"].isin(ADOPTED)]
    assert len(adopted) > RUNS
    assert (adopted["claim"] > 0.01).any(), "nobody loses before the transfers: the test says nothing"
    assert adopted["payoff"].min() >= -1e-9


def test_without_transfers_consensus_stops_what_a_mandate_lets_pass() -> None:
    """So the test above is one of transfers, not of harmless packages."""
    forced = ripieno.simulate(orchestrated(transfer="none", governance="mandate"), runs=RUNS).ledger
    agreed = ripieno.simulate(orchestrated(transfer="none"), runs=RUNS).ledger
    assert forced is not None
    assert agreed is not None
    assert forced[forced["status"].isin(ADOPTED)]["payoff"].min() < -0.01
    assert "voted down" in set(agreed["status"])
    assert not (agreed[agreed["status"].isin(ADOPTED)]["payoff"] < 0).any()


@pytest.mark.parametrize("arm", ["none", "opt", "selfish", "orch", "interleaved"])
def test_scores_and_payments_add_up_to_the_cost_of_the_network(arm: str) -> None:
    more: dict[str, Any] = {"overhead": 0.3, "switching_cost": 2.0, "transfer": "proportional", "governance": "mandate"}
    result = ripieno.simulate(orchestrated(arm, **more), runs=RUNS)
    scores = result.agents[(result.agents["metric"] == "score") & result.agents["agent"].isin(OWNERS)]
    total = scores.groupby("run")["value"].sum()
    world = world_of(orchestrated(arm, **more), RUNS).run()
    balances = sum(world.accounts.balance(owner) for owner in world.accounts.owners())
    cost = world.accounts.cost()
    assert np.abs(balances / cost - 1.0).max() < 1e-9
    assert np.abs(cost / world.measured_periods / result.summary["cost"].to_numpy() - 1.0).max() < 1e-9
    if arm != "none":
        chief = world.accounts.balance("orchestrator") if "orchestrator" in world.accounts.owners() else 0.0
        assert np.abs(chief).max() < 1e-9, "the orchestrator keeps nothing"
    fees = world.accounts.cost(name="orchestration") / world.measured_periods
    assert np.abs((total.to_numpy() + 0.0) / (result.summary["cost"].to_numpy()) - 1.0).max() < 1e-9 or fees.any()


OWNERS = ("Plant", "Maker", "Shop", "Haulier", "orchestrator", "sponsor")


# -- what nobody may know ------------------------------------------------------------------------------------------


def fixed_trial(world: SupplyChain) -> Any:
    """Claims that depend on where the levers go alone."""
    owners = len(world.planning.owners)  # type: ignore[union-attr]
    weights = np.random.Generator(np.random.PCG64(5)).normal(0.0, 3.0, (owners, len(world.levers.names)))  # type: ignore[union-attr]

    def try_out(targets: np.ndarray) -> Trial:
        changes = np.stack([(weight[None, :, None] * targets).sum(axis=1) for weight in weights])
        none = np.zeros((1, *changes.shape[1:]))
        return Trial(changes, none, np.full((owners, world.runs), 50.0), changes, none[0])

    return try_out


def fix_claims(world: SupplyChain) -> None:
    try_out = fixed_trial(world)
    assert world.levers is not None
    levers = world.levers

    def first_look(packages: Any) -> np.ndarray:
        return np.asarray(try_out(np.stack([package.target(levers.values) for package in packages])).changes)

    for desk in world.planning.orchestrator.desks:  # type: ignore[union-attr]
        desk.minds = replace(desk.minds, try_out=try_out, first_look=first_look)


def scramble(world: SupplyChain) -> int:
    """Put other numbers into everything that agents hold and remember; how many arrays that were."""
    draw = np.random.Generator(np.random.PCG64(99))
    orchestrator = world.planning.orchestrator  # type: ignore[union-attr]
    seen: set[int] = {id(world), id(orchestrator), id(world.levers), id(world.streams), id(world.scenario)}
    waiting: list[Any] = [holder for holder in [*world.holders, *world.groups] if holder is not orchestrator]
    waiting += [world.planning.memory, world.planning.trials.beliefs]  # type: ignore[union-attr]
    changed = 0
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            waiting += list(thing.values())
        elif isinstance(thing, list | tuple) or type(thing).__name__ == "deque":
            waiting += list(thing)
        for name, value in list(getattr(thing, "__dict__", {}).items()):
            if isinstance(value, np.ndarray) and value.dtype == float and value.shape[-1:] == (world.runs,):
                object.__setattr__(thing, name, draw.uniform(0.0, 50.0, value.shape))
                changed += 1
            else:
                waiting.append(value)
    return changed


@pytest.mark.parametrize("more", [{}, {"arm": "selfish"}, {"transfer": "shapley", "governance": "majority"}])
def test_hidden_state_has_no_part_in_the_choice(more: dict[str, Any]) -> None:
    """Stocks, backlogs, beliefs and memories are scrambled, the claims held fixed: the choice has the same bits."""
    said = []
    for hidden in (False, True):
        menus = ["bundles", "neighbours", "staggering", "random-moves", "annealed"]
        world = world_of(orchestrated(**{"arm": "orch", **more}, search={"menus": menus, "rounds": 2}), RUNS)
        fix_claims(world)
        for _ in range(20):
            world.step()
        halt(world)
        if hidden:
            stock = world.sites["Shop"].on_hand
            assert scramble(world) > 100
            assert not np.array_equal(world.sites["Shop"].on_hand, stock)
        orchestrator = world.planning.orchestrator  # type: ignore[union-attr]
        orchestrator.plan()
        said.append(orchestrator.ledger.table())
    assert len(said[0]) >= RUNS
    assert (said[0]["claim"] != 0).any()
    pd.testing.assert_frame_equal(said[0], said[1], check_exact=True)


def test_a_scrambled_world_is_another_world() -> None:
    """The firewall test can fail: trials of a scrambled world come to other claims."""
    said = []
    for hidden in (False, True):
        world = world_of(orchestrated(), RUNS)
        for _ in range(20):
            world.step()
        halt(world)
        if hidden:
            for site in world.sites.values():
                site.on_hand = site.on_hand + 30.0
        world.planning.orchestrator.plan()  # type: ignore[union-attr]
        said.append(world.planning.orchestrator.ledger.table())  # type: ignore[union-attr]
    assert not said[0]["claim"].equals(said[1]["claim"])


# -- the same bits --------------------------------------------------------------------------------------------------

ALL_MENUS = ["bundles", "neighbours", "staggering", "random-moves", "annealed"]
RANDOM: dict[str, Any] = {
    "search": {"menus": ALL_MENUS, "rounds": 2},
    "response": {"mean": 2.0, "random": True},
    "implementation": {"mean": 3.0, "random": True},
    "visibility": {"delay": 3, "noise": 0.2, "share": 0.5},
    "governance": "majority",
    "transfer": "shapley",
    "switching_cost": 0.5,
    "trial": 13,
    "cadence": 5,
}


def same(mine: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """The same bits; a table without rows knows no types."""
    pd.testing.assert_frame_equal(mine, theirs, check_exact=True, check_dtype=len(mine) > 0)


def rows_of(table: pd.DataFrame, run: int) -> pd.DataFrame:
    return table[table["run"] == run].drop(columns="run").reset_index(drop=True)


def with_calendars(**more: Any) -> dict[str, Any]:
    """The same world with levels from forecasts, and so with review periods and phases to choose."""
    world = pair(level=24, **more)
    for site in world["warehouses"]:
        forecast = {"type": "exponential-smoothing", "alpha": 0.2, "initial": 8}
        site["policy"] = {"type": "order-up-to", "cover": 3, "safety_factor": 0.5, "forecast": forecast}
        site["orders"] = {"review_period": 3}
    return world


LOOKS = [("orch", "trial"), ("orch", "model"), ("orch", "random"), ("selfish", "random"), ("interleaved", "model")]


@pytest.mark.parametrize(("arm", "look"), LOOKS)
def test_a_run_has_the_same_bits_alone_in_a_batch_and_in_another_order(arm: str, look: str) -> None:
    search = RANDOM["search"] | {"first_look": look}
    more = RANDOM | {"search": search, "escalation": ["mandate"], "escalate_after": 1}
    scenario = orchestrated(arm, with_calendars(periods=50), **more)
    pairs = [(0, replication) for replication in range(RUNS)]
    together = run_batch([scenario], pairs, seed=4)
    turned = run_batch([scenario], pairs[::-1], seed=4)
    for run in range(RUNS):
        alone = run_batch([scenario], [pairs[run]], seed=4)
        for other, place in ((turned, RUNS - 1 - run), (alone, 0)):
            for name in ("summary", "agents", "ledger"):
                mine, theirs = getattr(together, name), getattr(other, name)
                same(rows_of(mine, run), rows_of(theirs, place))
    assert together.ledger is not None
    assert together.ledger["moves"].nunique() > 2


def test_runs_differ() -> None:
    ledger = ripieno.simulate(orchestrated(**RANDOM), runs=RUNS, seed=4).ledger
    assert ledger is not None
    assert all(not rows_of(ledger, a).equals(rows_of(ledger, b)) for a, b in pairwise(range(RUNS)))


def test_an_arm_that_does_nothing_costs_no_bit() -> None:
    plain = ripieno.simulate(orchestrated("none"), runs=RUNS)
    without = ripieno.simulate(orchestrated("none").changed(orchestration=None), runs=RUNS)
    pd.testing.assert_frame_equal(plain.summary, without.summary, check_exact=True)


def test_planning_that_decides_nothing_leaves_the_world_as_it_is() -> None:
    """A threshold that no package exceeds: trials are held, and every number is that of a world without them."""
    scenario = orchestrated(threshold={"amount": 1e9})
    planned, plain = world_of(scenario, RUNS), world_of(scenario.changed(orchestration=None), RUNS)
    for _ in range(45):
        planned.step()
        plain.step()
    assert planned.planning is not None
    assert planned.planning.orchestrator.ledger.table().empty
    for mine, theirs in zip(planned.holders, plain.holders, strict=False):
        for name in quantities_of(type(mine)):
            assert np.array_equal(getattr(mine, name), getattr(theirs, name)), (mine.name, name)


# -- trials that know the future ------------------------------------------------------------------------------------


def test_an_exact_trial_predicts_what_comes_true() -> None:
    """One decision, without delay, and a trial of the whole future: its gain is the difference, run by run."""
    exact: dict[str, Any] = {
        "search": {"trials": "exact", "history": 30, "horizon": 1, "rounds": 2, "menus": ALL_MENUS},
        "cadence": 500,
    }
    scenario = orchestrated(**exact, governance="mandate", threshold={"share": 0.01})
    worlds = {}
    for name in ("orchestrated", "alone"):
        world = world_of(scenario if name == "orchestrated" else scenario.changed(orchestration=None), 6)
        for _ in range(20):
            world.step()
        halt(world)
        if name == "orchestrated":
            world.planning.orchestrator.plan()  # type: ignore[union-attr]
            world.planning.orchestrator.settle()  # type: ignore[union-attr]
        go_on(world, 30)
        worlds[name] = world
    ledger = worlds["orchestrated"].planning.orchestrator.ledger.table()  # type: ignore[union-attr]
    gain = np.zeros(6)
    once = ledger.drop_duplicates("run")
    gain[once["run"]] = once["predicted_gain"]
    assert (gain > 0.1).sum() > 3
    lived = {name: world.accounts.cost() - world.accounts.cost(name="transfer") for name, world in worlds.items()}
    true = (lived["alone"] - lived["orchestrated"]) / 30
    assert np.abs(gain - true).max() < 1e-9 * lived["alone"].max()


@pytest.mark.parametrize("trials", ["back-cast", "exact"])
def test_the_end_of_the_warm_up_has_no_part_in_a_trial(trials: str) -> None:
    """The world's books begin anew in the middle of the trial; those of a trial go through."""
    claims = []
    for warm_up in (10, 25):
        scenario = orchestrated(world=pair(warm_up=warm_up), cadence=500, search={"trials": trials})
        ledger = ripieno.simulate(scenario, runs=3).ledger
        assert ledger is not None
        claims.append(list(ledger["claim"]))
    assert len(claims[0]) >= 3
    assert claims[0] == claims[1]


def test_exact_trials_and_a_mandate_adopt_nothing_that_costs_the_network() -> None:
    exact: dict[str, Any] = {
        "search": {"trials": "exact", "history": 15, "rounds": 2, "menus": ALL_MENUS},
        "cadence": 15,
    }
    scenario = orchestrated(**exact, governance="mandate", trial=15)
    with_it = ripieno.simulate(scenario, runs=12)
    without = ripieno.simulate(scenario.changed(orchestration=None), runs=12)
    change = (with_it.summary["cost"] - without.summary["cost"]).to_numpy()
    assert change.mean() <= 3 * change.std(ddof=1) / np.sqrt(len(change))
    assert with_it.ledger is not None
    assert with_it.ledger["status"].isin(ADOPTED).any()
    assert change.mean() < -0.5, "there is much to gain here, and it is gained"
