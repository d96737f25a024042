"""Votes, ballots, waits and escalation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.negotiation.escalation import Escalation
from ripieno.agents.negotiation.gain import Bar
from ripieno.agents.negotiation.governance.base import Ballot, at_once, in_turn, nth_answer, votes
from ripieno.agents.negotiation.governance.consensus import Consensus
from ripieno.agents.negotiation.governance.majority import Majority
from ripieno.agents.negotiation.governance.mandate import Mandate
from ripieno.agents.negotiation.governance.veto_holders import VetoHolders

OWNERS = ("A", "B", "C", "D", "E")


def ballot(yes: str, answered: Any = (5, 1, 4, 2, 3), voters: str = "ABCDE") -> Ballot:
    def those(names: str) -> np.ndarray:
        return np.array([[name in names] for name in OWNERS])

    return Ballot(OWNERS, those(voters), those(yes), np.array(answered, dtype=float)[:, None])


def passes(rule: Any, *given: Any, **more: Any) -> bool:
    return bool(rule.passes(ballot(*given, **more)).item())


def wait(rule: Any, *given: Any, **more: Any) -> float:
    return float(rule.wait(ballot(*given, **more)).item())


def test_inertia_is_a_bar_below_which_an_owner_says_no() -> None:
    payoffs = np.array([[1.9, 2.0], [0.0, -0.1]])
    present = np.array([[20.0, 20.0], [0.0, 0.0]])
    assert votes(payoffs, Bar(share=0.1), present).tolist() == [[False, True], [True, False]]


def test_a_mandate_asks_nobody() -> None:
    assert passes(Mandate(), "")
    assert wait(Mandate(), "") == 0.0


@pytest.mark.parametrize(
    ("yes", "voters", "share", "passed"),
    [
        ("ABC", "ABCDE", 0.5, True),
        ("AB", "ABCDE", 0.5, False),
        ("AB", "ABCD", 0.5, False),  # half is not more than half
        ("ABCE", "ABCD", 0.5, True),
        ("ABE", "ABCD", 0.5, False),  # who is not asked has no vote
        ("AB", "ABC", 2 / 3, False),
        ("ABC", "ABC", 2 / 3, True),
        ("ABCDE", "", 0.5, False),
    ],
)
def test_majority(yes: str, voters: str, share: float, passed: bool) -> None:
    assert passes(Majority(share=share), yes, voters=voters) is passed


def test_a_majority_waits_for_as_many_answers_as_it_needs() -> None:
    assert wait(Majority(), "ABCDE") == 3.0
    assert wait(Majority(), "") == 3.0
    assert wait(Majority(), "ABCDE", voters="AC") == 5.0
    assert wait(Majority(), "ABCDE", voters="") == 0.0


def test_a_majority_may_wait_until_the_vote_is_settled() -> None:
    rule = Majority(until_settled=True)
    assert wait(rule, "ABCDE") == 3.0
    assert wait(rule, "ACE") == 5.0  # B and D, who are against, answer first; the third yes is A's
    assert wait(rule, "AC") == 3.0  # B, D and E settle it
    assert wait(rule, "AB", voters="ABCD") == 4.0  # two no of four leave no majority: D at 2, C at 4
    assert wait(rule, "A", voters="") == 0.0


def test_a_veto_holder_that_is_asked_has_to_agree() -> None:
    rule = VetoHolders(holders=("A", "B"))
    assert passes(rule, "ABC")
    assert not passes(rule, "ACDE")
    assert not passes(rule, "AB")
    assert passes(rule, "ACD", voters="ACDE")
    assert wait(rule, "ABC") == 5.0
    assert wait(VetoHolders(holders=("B",)), "ABC") == 3.0
    assert VetoHolders().passes(ballot("ABC")).item()


def test_a_veto_holder_that_nobody_knows_is_named() -> None:
    with pytest.raises(ValueError, match="veto holder 'Z' is not one of the owners: A, B"):
        VetoHolders(holders=("A", "Z")).passes(ballot("A"))


def test_consensus() -> None:
    assert passes(Consensus(), "ABCDE")
    assert not passes(Consensus(), "ABCD")
    assert passes(Consensus(), "AB", voters="AB")
    assert not passes(Consensus(), "AB", voters="")
    assert wait(Consensus(), "A") == 5.0
    assert wait(Consensus(), "A", voters="BDE") == 3.0


def test_asked_in_turn_each_waits_for_those_before() -> None:
    said = ballot("ABCDE", voters="ACD")
    assert in_turn(said.answered, said.voters)[:, 0].tolist() == [5.0, 5.0, 9.0, 11.0, 11.0]
    assert at_once(said.answered) is said.answered


def test_order_statistics_by_run() -> None:
    answered = np.array([[3.0, 3.0, 3.0], [1.0, 1.0, 1.0], [2.0, 2.0, 2.0]])
    among = np.array([[True, True, True], [True, False, True], [True, True, True]])
    assert nth_answer(answered, among, np.array([2, 1, 0])).tolist() == [2.0, 2.0, 0.0]
    assert nth_answer(answered, among, np.array([4, 3, 3])).tolist() == [np.inf, np.inf, 3.0]


def both(one: Ballot, other: Ballot) -> Ballot:
    """Two runs beside each other."""
    return Ballot(OWNERS, *[np.hstack([getattr(b, f) for b in (one, other)]) for f in ("voters", "yes", "answered")])


def test_a_vote_that_keeps_failing_goes_up_the_ladder() -> None:
    ladder = Escalation((Consensus(), Majority(), Mandate()), after=2.0, runs=2)
    said, on_table = both(ballot("ABC"), ballot("A")), np.array([True, True])
    decided = [ladder.decide(said, on_table) for _ in range(5)]
    assert [passed.tolist() for passed, _ in decided] == [
        [False, False],
        [False, False],
        [True, False],  # the majority decides, for the first run
        [False, False],  # which begins again
        [False, True],  # the mandate, for the second
    ]
    assert [wait.tolist() for _, wait in decided] == [[5.0, 5.0], [5.0, 5.0], [3.0, 3.0], [5.0, 3.0], [5.0, 0.0]]


def test_cycles_without_a_proposal_do_not_count() -> None:
    ladder = Escalation((Consensus(), Mandate()), after=1.0, runs=2)
    said = both(ballot("A"), ballot("A"))
    passed, wait = ladder.decide(said, np.array([True, False]))
    assert (passed.tolist(), wait.tolist()) == ([False, False], [5.0, 0.0])
    assert ladder.level().tolist() == [1.0, 0.0]
    ladder.rest(np.array([True, True]))
    assert ladder.level().tolist() == [0.0, 0.0]


def test_a_ladder_needs_a_rule() -> None:
    with pytest.raises(ValueError, match="ladder of rules is empty"):
        Escalation((), after=1.0, runs=1)
