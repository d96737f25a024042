"""What every transfer rule and every rule of decision keeps to; new ones are found by themselves."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ripieno.agents.negotiation.gain import over_owners, sponsored
from ripieno.agents.negotiation.governance.base import Ballot
from ripieno.agents.negotiation.transfers.base import Deal
from ripieno.agents.plugins import family, find

quick = settings(deadline=None, derandomize=True, database=None, max_examples=40)
TRANSFERS, DECISIONS = family("negotiation.transfers"), family("negotiation.governance")
PACKAGES = ("negotiation.transfers", "negotiation.governance")
MEMBERS = [(package, name) for package in PACKAGES for name in family(package)]
transfers = pytest.mark.parametrize("rule", [kind() for kind in TRANSFERS.values()], ids=TRANSFERS)
decisions = pytest.mark.parametrize("rule", [kind() for kind in DECISIONS.values()], ids=DECISIONS)


def world(seed: int, owners: int, runs: int = 7) -> tuple[Deal, np.ndarray]:
    """A package of random claims, and what a generous sponsor adds."""
    draw = np.random.Generator(np.random.PCG64(seed))
    shape = (owners, runs)
    deal = Deal(
        draw.normal(-2.0, 10.0, shape) * draw.integers(0, 2, shape),
        draw.random(shape) < 0.8,
        draw.random(shape) < 0.4,
        draw.uniform(0.0, 3.0, runs),
        draw.random((64 * owners, runs)) if owners > 8 else None,
    )
    return deal, sponsored(draw.random(runs) < 0.7, deal.money, np.inf)


def only(deal: Deal, pick: Any) -> Deal:
    """The same package in some runs."""
    return replace(deal, **{f.name: v[..., pick] for f in fields(deal) if (v := getattr(deal, f.name)) is not None})


def test_the_families_have_what_the_design_asks_for() -> None:
    assert {"none", "equal", "proportional", "shapley"} <= set(TRANSFERS)
    assert {"mandate", "majority", "veto-holders", "consensus"} <= set(DECISIONS)


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_a_docstring_is_a_sentence_steps_and_a_reference(package: str, name: str) -> None:
    kind = find(package, name)
    text = inspect.cleandoc(kind.__doc__ or "")
    assert text.split("\n\n")[0].endswith(".")
    steps = re.findall(r"^(\d)\. ", text, re.M)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert steps
    assert re.search(r"Reference: [^\n]*\(\d{4}\)", text)
    assert all("parameter" in f.metadata for f in fields(kind))
    assert kind().check() is None


@transfers
@quick
@given(seed=st.integers(0, 10**6), owners=st.sampled_from([1, 2, 3, 5, 9]), help_=st.booleans())
def test_money_is_neither_made_nor_lost(rule: Any, seed: int, owners: int, help_: bool) -> None:
    deal, added = world(seed, owners)
    added = added if help_ else 0.0 * added
    found = rule(deal, added)
    anyone = deal.parties.any(axis=0)
    paid = over_owners(found.transfers) + found.sponsor
    assert np.abs(np.where(anyone, paid + deal.overhead, paid)).max() < 1e-9
    assert np.abs(found.payoffs - (found.transfers - deal.stakes)).max() < 1e-9
    assert (found.sponsor <= 0).all()
    outside = ~deal.parties
    assert (found.transfers[outside] == 0).all()
    assert (found.payoffs[outside] == 0).all()


@transfers
@quick
@given(seed=st.integers(0, 10**6), owners=st.sampled_from([1, 2, 4, 9]))
def test_shares_are_shares(rule: Any, seed: int, owners: int) -> None:
    deal, added = world(seed, owners)
    weights = rule.weights(deal)
    assert (weights >= 0).all()
    assert np.abs(over_owners(weights) - deal.parties.any(axis=0)).max() < 1e-12
    if rule.compensates:
        found = rule(deal, added)
        assert np.abs(found.payoffs - weights * (deal.money + added)).max() < 1e-9


@transfers
@quick
@given(seed=st.integers(0, 10**6), owners=st.sampled_from([1, 2, 4, 9]))
def test_nobody_is_left_with_less_than_nothing(rule: Any, seed: int, owners: int) -> None:
    if not rule.compensates:
        return
    deal, added = world(seed, owners)
    affordable = rule.affordable(deal, added)
    assert np.array_equal(affordable, deal.money + added >= 0)
    assert (rule(deal, added).payoffs[:, affordable] >= 0).all()


@transfers
@quick
@given(seed=st.integers(0, 10**6), owners=st.integers(2, 6), order=st.randoms(use_true_random=False))
def test_owners_are_treated_alike(rule: Any, seed: int, owners: int, order: Any) -> None:
    deal, added = world(seed, owners)
    place = list(range(owners))
    order.shuffle(place)
    renamed = replace(deal, claims=deal.claims[place], parties=deal.parties[place], movers=deal.movers[place])
    before, after = rule(deal, added), rule(renamed, added)
    assert np.abs(after.transfers - before.transfers[place]).max() < 1e-9


@transfers
@pytest.mark.parametrize("owners", [1, 5, 8, 9, 13])
def test_a_deal_alone_is_settled_with_the_same_bits(rule: Any, owners: int) -> None:
    deal, added = world(owners, owners)
    together = rule(deal, added)
    picks: list[Any] = [slice(run, run + 1) for run in range(7)]
    for pick in [*picks, [6, 2, 4]]:
        alone = rule(only(deal, pick), added[pick])
        for name in ("transfers", "payoffs", "sponsor"):
            assert np.array_equal(getattr(alone, name), getattr(together, name)[..., pick]), name


def ballot(seed: int, owners: int = 5, runs: int = 40) -> Ballot:
    draw = np.random.Generator(np.random.PCG64(seed))
    shape = (owners, runs)
    names = [f"owner {i}" for i in range(owners)]
    return Ballot(names, draw.random(shape) < 0.7, draw.random(shape) < 0.6, draw.exponential(2.0, shape))


def variants(rule: Any) -> list[Any]:
    """The rule as it is, and with everything that makes it harder or slower."""
    more: dict[str, Any] = {"holders": ("owner 0", "owner 3"), "share": 0.6, "until_settled": True}
    known = {f.name for f in fields(rule)}
    return [rule, replace(rule, **{name: value for name, value in more.items() if name in known})]


@decisions
@quick
@given(seed=st.integers(0, 10**6), flipped=st.integers(0, 4))
def test_a_further_yes_never_brings_a_package_down(rule: Any, seed: int, flipped: int) -> None:
    said = ballot(seed)
    yes = said.yes | (np.arange(5) == flipped)[:, None]
    for one in variants(rule):
        assert (one.passes(said) <= one.passes(replace(said, yes=yes))).all()


@decisions
@quick
@given(seed=st.integers(0, 10**6))
def test_who_is_not_asked_has_no_say(rule: Any, seed: int) -> None:
    said = ballot(seed)
    other = replace(
        said, yes=said.yes ^ ~said.voters, answered=np.where(said.voters, said.answered, 99.0 + said.answered)
    )
    for one in variants(rule):
        assert np.array_equal(one.passes(said), one.passes(other))
        assert np.array_equal(one.wait(said), one.wait(other))


@decisions
@quick
@given(seed=st.integers(0, 10**6))
def test_a_decision_falls_with_one_of_the_answers(rule: Any, seed: int) -> None:
    said = ballot(seed)
    last = np.where(said.voters, said.answered, 0.0).max(axis=0)
    for one in variants(rule):
        wait = one.wait(said)
        assert ((wait >= 0) & (wait <= last)).all()
        answers = (wait == said.answered) & said.voters
        assert (answers.any(axis=0) | (wait == 0)).all()
        if one.passes(replace(said, voters=np.zeros_like(said.voters))).any():
            assert (wait == 0).all(), "a rule that needs no votes waits for none"


@decisions
def test_a_vote_alone_is_counted_the_same(rule: Any) -> None:
    said = ballot(3)
    for one in variants(rule):
        for run in range(40):
            own = {name: getattr(said, name)[:, run : run + 1] for name in ("voters", "yes", "answered")}
            alone = replace(said, **own)
            assert one.passes(alone).item() == one.passes(said)[run]
            assert one.wait(alone).item() == one.wait(said)[run]


@quick
@given(seed=st.integers(0, 10**6))
def test_the_rules_from_lax_to_strict(seed: int) -> None:
    said = ballot(seed)
    ladder = [
        DECISIONS["mandate"](),
        DECISIONS["majority"](),
        DECISIONS["veto-holders"](holders=("owner 0", "owner 3")),
        DECISIONS["consensus"](),
    ]
    for lax, strict in pairwise(ladder):
        assert (strict.passes(said) <= lax.passes(said)).all()
        assert (strict.wait(said) >= lax.wait(said)).all()
