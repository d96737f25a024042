"""When things happen: cycles, answers, effects, trials, terms, and rules that take over when cycles fail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno

from .test_agreements_in_force import SHOP, Forced, followed, named
from .worlds import orchestrated, pair

RUNS = 4
ALWAYS: dict[str, Any] = {"protocol": named(Forced), "cadence": 500, "rollback": False}


def once(ledger: pd.DataFrame | None) -> pd.DataFrame:
    assert ledger is not None
    return ledger.drop_duplicates(["run", "cycle"])


def moved_at(scenario: Any) -> list[int]:
    """The first period in which the shop's level stands elsewhere, of each run."""
    world, stood = followed(scenario, RUNS)
    place = world.levers.names.index(SHOP)  # type: ignore[union-attr]
    return [int(first) for first in (stood[:, place] != 1.0).argmax(axis=0)]


def test_without_delays_a_decision_takes_effect_in_its_period() -> None:
    assert moved_at(orchestrated(**ALWAYS)) == [20] * RUNS


def test_a_decision_takes_effect_after_its_implementation() -> None:
    assert moved_at(orchestrated(**ALWAYS, implementation={"mean": 6})) == [26] * RUNS
    assert moved_at(orchestrated(**ALWAYS, implementation={"mean": 6.5})) == [27] * RUNS


def test_a_random_implementation_is_as_the_ledger_says() -> None:
    scenario = orchestrated(**ALWAYS, implementation={"mean": 5, "random": True})
    when = moved_at(scenario)
    said = once(ripieno.simulate(scenario, runs=RUNS).ledger)["effective"]
    assert when == list(said)
    assert len(set(when)) > 1


MANDATE: dict[str, Any] = {"cadence": 500, "governance": "mandate"}


@pytest.mark.parametrize(("rule", "waits"), [("mandate", 0), ("majority", 4), ("consensus", 4)])
def test_a_decision_waits_for_the_answers_that_its_rule_needs(rule: str, waits: int) -> None:
    scenario = orchestrated(cadence=500, governance=rule, response={"mean": 4}, implementation={"mean": 2})
    said = once(ripieno.simulate(scenario, runs=RUNS).ledger)
    adopted = said[said["status"] != "voted down"]
    assert len(adopted)
    assert (adopted["effective"] == 20 + waits + 2).all()


def test_the_stricter_the_rule_the_longer_the_wait() -> None:
    """Answers at random: nobody is waited for, the first ones, all of them."""
    waits = {}
    for rule in ("mandate", "majority", "consensus"):
        scenario = orchestrated(cadence=500, governance=rule, transfer="equal", response={"mean": 6, "random": True})
        said = once(ripieno.simulate(scenario, runs=12).ledger).set_index("run")
        waits[rule] = said["effective"].dropna()
    runs = waits["mandate"].index.intersection(waits["majority"].index).intersection(waits["consensus"].index)
    assert len(runs) >= 6
    mandate, majority, consensus = (waits[rule].loc[runs] for rule in ("mandate", "majority", "consensus"))
    assert (mandate == 20).all()
    assert (mandate <= majority).all()
    assert (majority <= consensus).all()
    assert mandate.mean() < majority.mean() < consensus.mean()


def test_nothing_is_decided_while_a_package_is_on_trial_or_to_come() -> None:
    """Adopted in 20, in force in 26, on trial until 36: the next cycle that may decide is that of 40."""
    scenario = orchestrated(cadence=5, trial=10, implementation={"mean": 6}, governance="mandate")
    said = once(ripieno.simulate(scenario, runs=8).ledger)
    for _, mine in said[said["effective"].notna()].groupby("run"):
        gaps = mine["period"].to_numpy()[1:] - mine["effective"].to_numpy()[:-1]
        assert (gaps >= 10).all()
    assert ((said["period"] > 20) & (said["period"] < 36)).sum() == 0


def test_an_arm_of_two_halves_changes_over_when_it_says() -> None:
    for switch, expected in ((35, 40), (None, 40), (41, 50)):
        scenario = orchestrated("opt-then-orch", pair(level=24), **({} if switch is None else {"switch": switch}))
        periods = once(ripieno.simulate(scenario, runs=6).ledger)["period"]
        assert periods.min() >= expected


@pytest.mark.parametrize("arm", ["orch", "opt-then-orch", "interleaved"])
def test_nothing_is_decided_after_the_end(arm: str) -> None:
    """What has been agreed on stands; levers move no more."""
    cycles: dict[str, Any] = {"cadence": 10, "trial": 5, "switch": 30, "own": {"cadence": 5}}
    for end, latest in ((41, 40), (40, 30)):
        scenario = orchestrated(arm, pair(level=24), **cycles, end=end, rollback=False)
        world, stood = followed(scenario, 6)
        said = once(world.planning.orchestrator.ledger.table())  # type: ignore[union-attr]
        assert said["period"].max() == latest
        assert not np.array_equal(stood[15], stood[-1])
        assert (stood[end:] == stood[-1]).all()


# -- escalation -----------------------------------------------------------------------------------------------------

UNWILLING: dict[str, Any] = {"inertia": {"amount": 1e6}, "cadence": 5, "trial": 200, "escalate_after": 3}
"""Nobody ever agrees to anything."""


@pytest.mark.parametrize("cadence", [7, 15])
def test_cycles_come_every_so_many_periods_from_the_first(cadence: int) -> None:
    said = once(ripieno.simulate(orchestrated(**(UNWILLING | {"cadence": cadence, "first": 18})), runs=2).ledger)
    assert all(list(mine["period"]) == list(range(18, 60, cadence)) for _, mine in said.groupby("run"))


def test_failed_cycles_pass_the_decision_on() -> None:
    """Consensus fails three times; then a mandate decides, at once."""
    said = once(ripieno.simulate(orchestrated(**UNWILLING, escalation=["mandate"]), runs=RUNS).ledger)
    for _, mine in said.groupby("run"):
        assert list(mine["status"])[:3] == ["voted down"] * 3
        assert list(mine["status"])[3] in ("adopted", "kept")
        assert list(mine["period"])[:4] == [20, 25, 30, 35]


def test_without_a_ladder_they_fail_for_ever() -> None:
    said = once(ripieno.simulate(orchestrated(**UNWILLING), runs=RUNS).ledger)
    assert set(said["status"]) == {"voted down"}
    assert said.groupby("run").size().min() == 8


def test_a_ladder_is_climbed_step_by_step() -> None:
    """A majority fails three times too; it takes six cycles until the mandate."""
    said = once(ripieno.simulate(orchestrated(**UNWILLING, escalation=["majority", "mandate"]), runs=RUNS).ledger)
    first = said[said["status"] != "voted down"].groupby("run")["period"].min()
    assert (first == 20 + 6 * 5).all()


def test_settings_hold_from_the_first_plan_on() -> None:
    scenario = orchestrated("central", settings={SHOP: 1.2, "carriers.Haulier.dispatch.threshold": 0.5})
    world, stood = followed(scenario, 2)
    names = world.levers.names  # type: ignore[union-attr]
    assert (stood[:20] == 1.0).all()
    assert (stood[20:, names.index(SHOP)] == 1.2).all()
    assert (stood[20:, names.index("carriers.Haulier.dispatch.threshold")] == 0.5).all()
    assert (stood[20:, names.index("warehouses.Maker.policy.level")] == 1.0).all()
    assert np.shape(stood) == (60, 3, 2)
