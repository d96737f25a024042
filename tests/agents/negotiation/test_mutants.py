"""The tests of the rules can fail: a line is spoilt, and a check that holds no longer does."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ripieno.agents.negotiation import coalitions, gain, slots
from ripieno.agents.negotiation.agreements import Agreements, Terms
from ripieno.agents.negotiation.governance.base import Ballot
from ripieno.agents.negotiation.governance.consensus import Consensus
from ripieno.agents.negotiation.governance.majority import Majority
from ripieno.agents.negotiation.governance.veto_holders import VetoHolders
from ripieno.agents.negotiation.rollback import Monitor
from ripieno.agents.negotiation.transfers import shapley
from ripieno.agents.negotiation.transfers.base import Deal, Transfer
from ripieno.agents.negotiation.transfers.equal import Equal
from ripieno.agents.negotiation.transfers.proportional import Proportional

RUNS = 30


def deal(owners: int = 4) -> Deal:
    draw = np.random.Generator(np.random.PCG64(7))
    shape = (owners, RUNS)
    claims = draw.normal(-3.0, 6.0, shape)
    return Deal(claims, draw.random(shape) < 0.9, draw.random(shape) < 0.4, 1.5)


def transfers_balance() -> None:
    for rule in (Equal(), Proportional(), shapley.Shapley()):
        package = deal()
        found = rule(package, np.zeros(RUNS))
        assert np.abs(found.transfers.sum(axis=0) + package.overhead).max() < 1e-9


def nobody_loses() -> None:
    for rule in (Equal(), Proportional(), shapley.Shapley()):
        package = deal()
        affordable = rule.affordable(package, np.zeros(RUNS))
        paid = rule(package, np.zeros(RUNS)).transfers - package.stakes
        assert (paid[:, affordable] >= -1e-9).all()


def all_is_shared() -> None:
    package = deal()
    values = coalitions.shapley_exact(shapley.package_game(package), 4, RUNS)
    assert np.abs(values.sum(axis=0) - np.maximum(package.money, 0.0)).max() < 1e-9
    draws = np.random.Generator(np.random.PCG64(1)).random((4, 4, RUNS))
    sampled = coalitions.shapley_sampled(shapley.package_game(package), draws)
    assert np.abs(sampled.sum(axis=0) - values.sum(axis=0)).max() < 1e-9


def votes_count() -> None:
    yes = np.array([[True, True, True], [True, False, False], [True, True, False], [False, True, True]])
    said = Ballot("abcd", np.array([[True] * 3] * 3 + [[False] * 3]), yes, np.arange(12.0).reshape(4, 3))
    assert Consensus().passes(said).tolist() == [True, False, False]
    assert Majority().passes(said).tolist() == [True, True, False]
    assert Majority().wait(said).tolist() == [3.0, 4.0, 5.0]
    assert VetoHolders(holders=("b", "d")).passes(said).tolist() == [True, False, False]


def the_market_clears() -> None:
    most, choke = np.array([[10.0], [6.0], [3.0]]), np.array([[10.0], [3.0], [0.5]])
    rule = slots.SlotMarket()
    found = rule(lambda price: most * np.maximum(1 - price / choke, 0), np.array([11.0]), np.ones((3, 1), dtype=bool))
    assert abs(found.use.sum() - 11.0) < 1e-8
    assert abs(found.payments.sum()) < 1e-8
    assert abs(found.price.item() - 5 / 3) < 1e-6
    assert found.settled.all()
    assert found.rounds.item() < 20, "halving alone takes twice as many"


def locks_hold() -> None:
    held = Agreements(1, 1, 0.5)
    held.adopt(np.array([[True]]), Terms(np.array([[10.0]]), 1, 4), np.zeros((1, 1)))
    stood = []
    for period in range(5):
        stood.append(held.levers(np.array([[2.0]]), period).item())
        held.end_period(period)
    assert stood == [2.0, 10.0, 6.0, 4.0, 2.0]


def bad_deals_are_found_out() -> None:
    monitor, costs = Monitor(3, batch=2, least=3), (5.0, 7.0, 6.0, 8.0, 4.0, 6.0)
    for cost in costs:
        monitor.observe(np.full(3, cost))
    monitor.begin(np.array([True, True, False]))
    for place, cost in enumerate(costs):
        assert not monitor.worse().any(), f"after {place} periods"
        monitor.observe(np.array([cost, cost + 9.0, cost + 9.0]))
    assert monitor.worse().tolist() == [False, True, False]
    assert monitor.rise()[:2].tolist() == [0.0, 9.0]
    assert monitor.trial.count.tolist() == [3.0, 3.0, 0.0]


MUTANTS: list[tuple[Any, str, str, str, Callable[[], None]]] = [
    (Transfer, "__call__", "deal.stakes + payoffs", "payoffs", transfers_balance),
    (Transfer, "__call__", "(deal.money + added)", "-over_owners(deal.stakes)", transfers_balance),
    (Transfer, "affordable", ">= 0.0", ">= -20.0", nobody_loses),
    (Proportional, "weights", "np.abs(deal.stakes)", "-deal.stakes", nobody_loses),
    (shapley, "package_game", "np.maximum(deal.stakes, 0.0)", "0.0 * deal.stakes", all_is_shared),
    (coalitions, "shapley_exact", "players - size - 1", "players - size", all_is_shared),
    (coalitions, "_joined_in_turn", "before = worth\n", "pass\n", all_is_shared),
    (Consensus, "passes", "ballot.yes | ~ballot.voters", "ballot.yes", votes_count),
    (Majority, "needed", ") + 1", ")", votes_count),
    (Majority, "passes", "ballot.in_favour", "ballot.voters", votes_count),
    (Majority, "passes", "ballot.in_favour", "ballot.yes", votes_count),
    (VetoHolders, "passes", "super().passes(ballot) & agreed", "super().passes(ballot)", votes_count),
    (slots, "_posted", "excess <= 0.0", "excess <= 9.0", the_market_clears),
    (slots, "_next_price", "s.step * s.last_excess", "s.step", the_market_clears),
    (slots.SlotMarket, "__call__", "over_owners(use))", "capacity * 1.1)", the_market_clears),
    (Agreements, "locked", "self.starts <= period", "self.starts < period", locks_hold),
    (Agreements, "levers", "(1.0 - self.discipline)", "self.discipline", locks_hold),
    (Agreements, "end_period", "self.locked(period)", "True", locks_hold),
    (Monitor, "worse", "self.ready() &", "", bad_deals_are_found_out),
    (Monitor, "worse", "> doubt", "> -1.0", bad_deals_are_found_out),
    (Monitor, "observe", "settled & self.on_trial", "settled", bad_deals_are_found_out),
    (Monitor, "begin", "self.on_trial | runs", "self.on_trial", bad_deals_are_found_out),
]


def spoilt(owner: Any, name: str, old: str, new: str) -> Any:
    """The function with one piece of text replaced."""
    module = owner if inspect.ismodule(owner) else sys.modules[owner.__module__]
    source = textwrap.dedent(inspect.getsource(getattr(owner, name)))
    assert source.count(old) == 1, f"{name} has changed: write a new mutant"
    place = vars(module) | {"over_owners": gain.over_owners}
    if inspect.isclass(owner):
        source = source.replace("super()", f"super({owner.__name__}, self)")  # there is no class around it here
        new = new.replace("super()", f"super({owner.__name__}, self)")
        old = old.replace("super()", f"super({owner.__name__}, self)")
    exec(compile(source.replace(old, new), "<mutant>", "exec", dont_inherit=True), place)
    return place[name]


@pytest.mark.parametrize(("owner", "name", "old", "new", "check"), MUTANTS)
def test_a_spoilt_line_is_noticed(
    owner: Any, name: str, old: str, new: str, check: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    monkeypatch.setattr(owner, name, spoilt(owner, name, old, new))
    with np.errstate(all="ignore"), pytest.raises(AssertionError):
        check()
