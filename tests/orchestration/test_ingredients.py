"""Ingredients of orchestration left out: packages of one owner at a time, and nobody heard but those who move."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.negotiation.escalation import Escalation
from ripieno.agents.negotiation.gain import Bar
from ripieno.agents.negotiation.governance.mandate import Mandate
from ripieno.agents.negotiation.protocols.base import Decision, Rules, Table
from ripieno.agents.negotiation.protocols.joint import Joint
from ripieno.agents.negotiation.transfers.equal import Equal
from ripieno.agents.negotiation.trial import Found, Shortlist, Trial, movers_of
from ripieno.model import trials

from ..agents.negotiation.test_combining import RUNS, scene, targets
from .worlds import orchestrated, pair, world_of

SYNCHRONISED = [True, False]


def decided(shared: bool, overloaded: bool = False) -> Decision:
    """One package, by which A saves 5 and B loses 9."""
    stage, levers = scene(), targets("100")
    claims = np.array([-5.0, 9.0])[:, None, None] * np.ones(RUNS)
    trial = Trial(
        claims, np.zeros((1, 1, RUNS)), np.full((2, RUNS), 10.0), claims, np.full((1, RUNS), 1.0 * overloaded)
    )
    found = Found(
        Shortlist(["A moves"], np.zeros((1, RUNS), dtype=np.intp), levers), trial, movers_of(stage, levers, 2)
    )
    rules = Rules(Bar(), Bar(), Equal(), Escalation([Mandate()], 3, RUNS))
    table = Table(("A", "B"), lambda voters: np.zeros(voters.shape), stage.draw)
    return Joint(shared=shared).decide(stage, found, rules, table)


def test_where_nothing_is_shared_nobody_is_heard_but_the_mover() -> None:
    together, alone = decided(True), decided(False)
    assert not together.adopted.any()
    assert alone.adopted.all()
    assert alone.proposal.voters[:, 0].tolist() == [True, False]
    assert alone.proposal.predicted.tolist() == [5.0] * RUNS
    assert not alone.transfers.any()


def test_where_nothing_is_shared_nobody_sees_the_docks() -> None:
    assert decided(False, overloaded=True).adopted.all()


@pytest.mark.parametrize("synchronised", SYNCHRONISED)
def test_without_common_cycles_a_package_moves_levers_of_one_owner(synchronised: bool) -> None:
    search = {"menus": ["bundles", "own-moves"], "rounds": 2, "singles": 4}
    protocol = {"type": "joint", "synchronised": synchronised}
    world = world_of(orchestrated(world=pair(level=24), protocol=protocol, search=search, rollback=False), 6)
    world.run()
    assert world.planning is not None
    chief = world.planning.orchestrator
    ledger = chief.ledger.table()
    moves = ledger[ledger["status"].isin(["adopted", "kept"])].drop_duplicates(["run", "cycle"])["moves"]
    owner_of = {lever.name: lever.owner for lever in chief.levers.items}
    owners = [{owner_of[move.rsplit(" ", 3)[0]] for move in text.split("; ")} for text in moves]
    assert len(owners) >= 6
    assert (max(map(len, owners)) > 1) == synchronised


@pytest.mark.parametrize("most", [1, 24])
def test_a_first_look_has_the_same_bits_in_slices(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One package at a time, four at a time, and all at once."""
    ledgers = []
    for worlds in (most, 4608):
        monkeypatch.setattr(trials, "MOST_WORLDS", worlds)
        world = world_of(orchestrated(world=pair(level=24)), 6)
        world.run()
        assert world.planning is not None
        ledgers.append(world.planning.orchestrator.ledger.table())
    assert not ledgers[0].empty
    assert ledgers[0].equals(ledgers[1])


def test_where_levers_are_given_nothing_is_remembered() -> None:
    world = world_of(orchestrated("central", pair(level=24), settings={"warehouses.Shop.policy.level": 1.1}))
    world.run()
    assert world.planning is not None
    assert not world.planning.memory
    assert world.planning.orchestrator.monitor.baseline.count.max() == 0.0
