"""Putting packages together: what everybody would do for itself, parts of what did well, and own gains in trials."""

from __future__ import annotations

import numpy as np
import pytest
from ripieno.agents.negotiation.combining import everybodys_own, parts_by_owner
from ripieno.agents.negotiation.menus.base import Menu, Moves, Scene
from ripieno.agents.negotiation.menus.bundles import Bundles
from ripieno.agents.negotiation.menus.own_moves import OwnMoves
from ripieno.agents.negotiation.search import Search
from ripieno.agents.negotiation.trial import Trial, movers_of

RUNS = 2
OWNERS = (0, 1, 1)  # whose each lever is


def scene(runs: int = RUNS) -> Scene:
    """Three levers of two owners, which stand at 0 and may go to 1."""
    draw = np.random.Generator(np.random.PCG64(3))
    return Scene(
        names=["A.x", "B.y", "B.z"], grids=[(0.0, 1.0)] * 3, agents=["A", "B", "B"], owners=list(OWNERS),
        current=np.zeros((3, runs)), open=np.ones((3, runs), dtype=bool), links=[("A", "B")], groups=[],
        draw=lambda count: draw.random((count, runs)),
    )  # fmt: skip


def targets(*moved: str) -> np.ndarray:
    """Where the levers stand under packages, such as ``"110"``, in every run."""
    rows = np.array([[float(digit) for digit in levers] for levers in moved])
    return np.repeat(rows[..., None], RUNS, axis=2)


def trial(claims: np.ndarray, parts: np.ndarray | None = None) -> Trial:
    none = np.zeros(claims.shape[1:])
    return Trial(claims, none[None], np.ones((2, RUNS)), claims, none, parts)


def test_own_gains_are_those_of_packages_that_an_owner_moves_alone() -> None:
    claims = np.array([[-5.0, 4.0, -9.0], [7.0, -3.0, -9.0]])[..., None] * np.ones(RUNS)
    movers = movers_of(scene(), targets("100", "011", "110"), 2)
    found = trial(claims).own_gain(movers, 1.0)[..., 0]
    assert found.tolist() == [[5.0, -np.inf, -np.inf], [-np.inf, 3.0, -np.inf]]


def test_own_gains_count_less_the_error_of_the_owner_alone() -> None:
    """What others pay swings in the parts of the trial, which does not blur what the mover saves."""
    draw = np.random.Generator(np.random.PCG64(1))
    swings = draw.normal(0.0, 1.0, (6, 2, 2, RUNS)) * np.array([1.0, 100.0])[:, None, None]
    parts = np.array([-5.0, 7.0])[:, None, None] + swings
    movers = movers_of(scene(), targets("100", "011"), 2)
    found = trial(parts.mean(axis=0), parts).own_gain(movers, 2.0)
    mine = -parts[:, 0, 0]
    assert found[0, 0] == pytest.approx(mine.mean(axis=0) - 2.0 * mine.std(axis=0, ddof=1) / np.sqrt(6))


def test_everybody_makes_the_moves_that_pay_for_itself() -> None:
    """A lever whose move does not pay stays; what two owners did together is nobody's own."""
    tried = targets("100", "010", "001", "111")
    own = np.full((2, 4, RUNS), -np.inf)
    own[0, 0], own[1, 1], own[1, 2] = 5.0, 3.0, -1.0
    found = dict(everybodys_own(scene(), tried, own))
    assert found["the 1 best of everybody's own"].tolist() == targets("110")[0].tolist()
    assert found["the 3 best of everybody's own"].tolist() == targets("110")[0].tolist()
    own[1, 2] = 1.0
    found = dict(everybodys_own(scene(), tried, own))
    assert found["the 1 best of everybody's own"].tolist() == targets("110")[0].tolist()
    assert found["the 3 best of everybody's own"].tolist() == targets("111")[0].tolist()


def test_parts_leave_out_whole_owners() -> None:
    wide = scene(200)
    ((name, levers),) = parts_by_owner(wide, [("all", np.ones((3, 200)))])
    assert name == "some owners' part of all"
    assert (levers[1] == levers[2]).all()
    shares = [float(levers[0].mean()), float(levers[1].mean()), float((levers[0] == levers[1]).mean())]
    assert all(0.35 < share < 0.65 for share in shares)


def test_the_menu_moves_the_best_levers_of_every_owner() -> None:
    """Ranked by what the owner saves, not by what the network does, and owner by owner."""
    own = np.array([1.0, 2.0, 9.0])[:, None] * np.ones(RUNS)
    moves = Moves(np.arange(3), np.ones(3), -own, own)
    first, second, *_ = OwnMoves()(scene(), moves)
    assert first.target(np.zeros((3, RUNS))).tolist() == targets("101")[0].tolist()
    assert second.target(np.zeros((3, RUNS))).tolist() == targets("111")[0].tolist()


@pytest.mark.parametrize(("menu", "found"), [(Bundles(), 0.0), (OwnMoves(), 10.0)])
def test_what_pays_only_when_all_do_it_is_found_through_own_gains(menu: Menu, found: float) -> None:
    """Each move alone saves its owner 2 and costs the other one 3; all three together save the network 10."""

    def claims(levers: np.ndarray) -> np.ndarray:
        moved = np.stack([(levers[:, [0]] > 0).any(axis=1), (levers[:, 1:] > 0).any(axis=1)])
        alone = -2.0 * moved + 3.0 * moved[::-1]
        return np.where((levers > 0).all(axis=1), -5.0, alone)

    def look(packages: object) -> np.ndarray:
        return claims(np.stack([package.target(np.zeros((3, RUNS))) for package in packages]))  # type: ignore[attr-defined]

    search = Search([menu], singles=3, rounds=1)
    outcome = search(scene(), look, lambda levers: trial(claims(levers)), lambda made, *_: -made.sum(axis=0))
    assert max(0.0, float((-outcome.trial.claims.sum(axis=0)).max())) == found
