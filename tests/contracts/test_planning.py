"""What every menu of packages and every protocol keeps to; new ones are found by themselves."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from ripieno.agents.negotiation.escalation import Escalation
from ripieno.agents.negotiation.gain import Bar, over_owners
from ripieno.agents.negotiation.governance.mandate import Mandate
from ripieno.agents.negotiation.ledger import Status
from ripieno.agents.negotiation.menus.base import Moves, Scene
from ripieno.agents.negotiation.packages import Package
from ripieno.agents.negotiation.protocols.base import Decision, Rules, Table
from ripieno.agents.negotiation.transfers.equal import Equal
from ripieno.agents.negotiation.trial import Found, Shortlist, Trial, movers_of
from ripieno.agents.plugins import family, find

MENUS, PROTOCOLS = family("negotiation.menus"), family("negotiation.protocols")
MEMBERS = [(package, name) for package in ("negotiation.menus", "negotiation.protocols") for name in family(package)]
menus = pytest.mark.parametrize("name", MENUS)
protocols = pytest.mark.parametrize("name", PROTOCOLS)
RUNS = 6
OWNERS = ("A", "B", "C")
GRIDS = [(0.7, 1.0, 1.2), (1.0, 2.0, 3.0, 5.0), tuple(map(float, range(10)))] * 3 + [(0.3, 0.6, 1.0)]
NAMES = [
    f"warehouses.{site}.{key}" for site in "XYZ" for key in ("policy.level", "orders.review_period", "orders.phase")
]
NAMES.append("carriers.H.dispatch.threshold")
AGENTS = [name.split(".")[1] for name in NAMES]
WHOSE = [0, 0, 0, 1, 1, 1, 1, 1, 1, 2]


def frozen(values: Any) -> Any:
    values = np.array(values)
    values.setflags(write=False)
    return values


def scene_of(seed: int, pick: Any = slice(None)) -> Scene:
    """Ten levers of three owners, each somewhere on its grid; in some runs some may not be moved."""
    draw = np.random.Generator(np.random.PCG64(seed))
    current = np.stack([draw.choice(grid, RUNS) for grid in GRIDS])[:, pick]
    opened = (draw.random((len(GRIDS), RUNS)) < 0.8)[:, pick]
    asked = 0

    def numbers(count: int) -> np.ndarray:
        nonlocal asked
        rows = np.random.Generator(np.random.PCG64(seed + 1)).random((asked + count, RUNS))[asked:, pick]
        asked += count
        return rows

    return Scene(
        names=NAMES, grids=GRIDS, agents=AGENTS, owners=WHOSE, current=frozen(current), open=frozen(opened),
        links=[("X", "Y"), ("Y", "Z"), ("X", "H")], groups=[["X", "Y"], ["X", "Y", "Z"], []], draw=numbers,
    )  # fmt: skip


def moves_of(scene: Scene, seed: int, pick: Any = slice(None)) -> Moves:
    """All single moves, worth anything; those that are none or not allowed are worth nothing at all."""
    pairs = [(lever, value) for lever, grid in enumerate(scene.grids) for value in grid]
    lever, value = np.array([place for place, _ in pairs]), np.array([to for _, to in pairs])
    worth = np.random.Generator(np.random.PCG64(seed + 2)).normal(0.0, 5.0, (len(pairs), RUNS))[:, pick]
    possible = scene.open[lever] & (scene.current[lever] != value[:, None])
    own = worth + np.random.Generator(np.random.PCG64(seed + 3)).normal(0.0, 5.0, (len(pairs), RUNS))[:, pick]
    allowed = (frozen(np.where(possible, gain, -np.inf)) for gain in (worth, own))
    return Moves(lever, frozen(value), *allowed)


def offered(name: str, seed: int, pick: Any = slice(None)) -> tuple[Scene, list[Package]]:
    scene = scene_of(seed, pick)
    return scene, MENUS[name]()(scene, moves_of(scene, seed, pick))


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_a_docstring_is_a_sentence_and_steps(package: str, name: str) -> None:
    kind = find(package, name)
    text = inspect.cleandoc(kind.__doc__ or "")
    assert text.split("\n\n")[0].endswith(".")
    steps = re.findall(r"^(\d)\. ", text, re.M)
    assert steps
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert all("parameter" in f.metadata for f in fields(kind))
    assert kind().check() is None


def test_the_families_have_what_the_design_asks_for() -> None:
    assert {"single", "neighbours", "staggering", "random-moves", "annealed", "bundles"} <= set(MENUS)
    assert {"joint", "own"} <= set(PROTOCOLS)


@menus
@pytest.mark.parametrize("seed", range(6))
def test_packages_move_levers_to_values_that_they_may_have(name: str, seed: int) -> None:
    scene, packages = offered(name, seed)
    assert packages
    assert len({package.name for package in packages}) == len(packages)
    for package in packages:
        moved = np.broadcast_to(package.moved, scene.current.shape)
        values = np.broadcast_to(package.values, scene.current.shape)
        assert moved.dtype == bool
        for lever, grid in enumerate(scene.grids):
            assert np.isin(values[lever][moved[lever]], grid).all(), (package.name, scene.names[lever])


@menus
def test_some_package_changes_something(name: str) -> None:
    scene, packages = offered(name, 3)
    assert any(package.changes(scene.current).any() for package in packages)


@menus
@pytest.mark.parametrize("seed", range(4))
def test_a_run_gets_the_same_packages_alone(name: str, seed: int) -> None:
    """As many of them, too: how many there are depends on the levers and never on where they stand."""
    scene, together = offered(name, seed)
    for run in range(RUNS):
        small, alone = offered(name, seed, slice(run, run + 1))
        assert [package.name for package in alone] == [package.name for package in together]
        for one, other in zip(alone, together, strict=True):
            assert np.array_equal(one.target(small.current), other.target(scene.current)[:, run : run + 1])


# -- protocols ------------------------------------------------------------------------------------------------------


def found_of(scene: Scene, seed: int, pick: Any = slice(None), packages: int = 8) -> Found:
    """Random packages, of which some move levers of one owner alone, with random trials."""
    draw = np.random.Generator(np.random.PCG64(seed + 3))
    whole = scene_of(seed)
    targets = np.stack([np.stack([draw.choice(grid, RUNS) for grid in GRIDS]) for _ in range(packages)])
    one_owner = np.array(WHOSE)[None, :, None] == (np.arange(packages) % 4)[:, None, None]
    several = (np.arange(packages) % 4 == 3)[:, None, None]
    targets = np.where((one_owner | several) & whole.open, targets, whole.current)[..., pick]
    claims = draw.normal(-1.0, 6.0, (len(OWNERS), packages, RUNS))[..., pick]
    metrics = draw.normal(0.0, 1.0, (1, packages, RUNS))[..., pick]
    present = draw.uniform(5.0, 20.0, (len(OWNERS), RUNS))[..., pick]
    names = [f"package {place}" for place in range(packages)]
    named = np.repeat(np.arange(packages)[:, None], scene.runs, axis=1)
    trial = Trial(frozen(claims), frozen(metrics), frozen(present), frozen(claims), np.zeros(targets.shape[::2]))
    return Found(Shortlist(names, named, frozen(targets)), trial, movers_of(scene, targets, len(OWNERS)))


def rules(scene: Scene, threshold: float = 0.5) -> Rules:
    ladder = Escalation([Mandate()], 3, scene.runs)
    return Rules(Bar(threshold), Bar(), Equal(), ladder, overhead=0.25, values=np.zeros((1, 1, scene.runs)))


def decided(name: str, seed: int, pick: Any = slice(None), threshold: float = 0.5) -> tuple[Scene, Found, Decision]:
    scene = scene_of(seed, pick)
    found = found_of(scene, seed, pick)
    table = Table(OWNERS, lambda voters: np.zeros(voters.shape), scene.draw)
    return scene, found, PROTOCOLS[name]().decide(scene, found, rules(scene, threshold), table)


@protocols
@pytest.mark.parametrize("seed", range(6))
def test_only_levers_that_may_be_moved_are_moved_to_values_that_were_tried(name: str, seed: int) -> None:
    scene, found, decision = decided(name, seed)
    assert decision.adopted.any()
    target = np.where(decision.adopted, decision.target, scene.current)
    assert not ((target != scene.current) & ~scene.open).any()
    tried = (found.shortlist.targets == target).any(axis=0)
    assert (tried | (target == scene.current)).all()
    assert (target != scene.current).any(axis=0)[decision.adopted].all(), "what is adopted moves something"


@protocols
@pytest.mark.parametrize("seed", range(6))
def test_money_and_words_belong_to_what_is_adopted(name: str, seed: int) -> None:
    _, _, decision = decided(name, seed)
    said = decision.proposal
    assert ((decision.status == Status.ADOPTED) == decision.adopted).all()
    assert (decision.adopted <= said.tabled).all()
    assert (decision.wait >= 0.0).all()
    paid = over_owners(decision.transfers)[decision.adopted]
    assert np.abs(paid + (0.25 if decision.binding else 0.0)).max() < 1e-9
    assert np.abs(said.payoffs - (said.transfers - said.claims))[:, decision.adopted].max() < 1e-9


@protocols
@pytest.mark.parametrize("seed", range(6))
def test_nothing_below_the_threshold_is_adopted(name: str, seed: int) -> None:
    """The gain that the protocol itself compares packages by is what has to exceed the threshold."""
    scene, found, decision = decided(name, seed, threshold=4.0)
    protocol = PROTOCOLS[name]()
    gain = protocol.worth(found.trial.claims, found.trial.metrics, found.movers, rules(scene))
    assert (decision.proposal.predicted[decision.adopted] > 4.0).all()
    if not protocol.searches_alone:  # then several owners may each adopt one
        assert (decision.proposal.predicted <= gain.max(axis=0) + 1e-12)[decision.adopted].all()
    assert not decided(name, seed, threshold=1e9)[2].adopted.any()


@protocols
@pytest.mark.parametrize("seed", range(4))
def test_a_run_comes_to_the_same_decision_alone(name: str, seed: int) -> None:
    _, _, together = decided(name, seed)
    for run in range(RUNS):
        pick = slice(run, run + 1)
        _, _, alone = decided(name, seed, pick)
        for field in ("target", "adopted", "wait", "transfers", "status"):
            assert np.array_equal(getattr(alone, field), getattr(together, field)[..., pick]), field
        for field in ("tabled", "predicted", "claims", "voters", "votes", "transfers", "payoffs", "sponsor"):
            mine, theirs = getattr(alone.proposal, field), getattr(together.proposal, field)
            assert np.array_equal(mine, theirs[..., pick]), field
