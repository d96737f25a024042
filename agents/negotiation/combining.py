"""Packages made of others that did well."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numeric import add_all
from ..quantity import Array, Money
from .menus.base import BestMoves, Moves, Scene
from .trial import Shortlist, taken

UNIONS = (2, 3, 5, 8, 13, 21)  # how many of the packages that did well are put together
OWN_SIZES = (1, 3, 8)  # of each owner's own packages

Named = list[tuple[str, Array]]
"""Packages: their name, and where the levers ``[levers, runs]`` stand under them."""


def own_bundles(scene: Scene, moves: Moves) -> list[tuple[str, Array, Money]]:
    """Of each owner its best moves together: name, where the levers stand then, and the sum of their worth."""
    best, found = BestMoves.of(scene, moves), []
    whose = np.array(scene.owners)
    for owner in dict.fromkeys(scene.owners):
        mine = (whose == owner)[:, None]
        worth = np.where(mine & (best.worth > 0.0), best.worth, -np.inf)
        rank = BestMoves(best.value, worth).rank()
        for size in (2, 4, 8):
            if np.count_nonzero(mine) > size // 2:
                moved = (rank < size) & np.isfinite(worth)
                gain = add_all(list(np.where(moved, worth, 0.0)))
                names = f"the {size} best moves of its own"
                found.append((names, np.where(moved, best.value, scene.current), np.where(gain > 0, gain, -np.inf)))
    return found


def own_unions(scene: Scene, targets: Array, own: Money) -> list[tuple[str, Array, Money]]:
    """Of each owner its packages that did well, the best 2, 3, 5, ... together: name, levers, and the sum of gains.

    ``own`` ``[owners, packages, runs]`` is what packages are worth of which an owner makes all moves, see
    `Trial.own_gain`.
    """
    found = []
    for owner in dict.fromkeys(scene.owners):
        order = np.argsort(-own[owner], axis=0, kind="stable")
        for size in (size for size in UNIONS if size <= len(order)):
            ranked = np.take_along_axis(own[owner], order[:size], axis=0)
            worth = add_all(list(np.where(ranked > 0.0, ranked, 0.0)))
            several = np.count_nonzero(ranked > 0.0, axis=0) > size // 2
            target = union(scene, targets, own[owner], order[:size])
            found.append((f"the {size} best of its own together", target, np.where(several, worth, -np.inf)))
    return found


def everybodys_own(scene: Scene, targets: Array, own: Money) -> Named:
    """What every owner would do for itself, done by all at once: the best, the 3 best, the 8 best packages of each.

    An owner's gain from its own moves shows far more clearly in a trial than the network's, so that many good moves
    that are lost in the noise one by one come in together.
    """
    owners = list(dict.fromkeys(scene.owners))
    orders = {owner: np.argsort(-own[owner], axis=0, kind="stable") for owner in owners}
    found = []
    for size in (size for size in OWN_SIZES if size <= len(targets)):
        together = scene.current
        for owner in owners:
            target = union(scene, targets, own[owner], orders[owner][:size])
            together = np.where(target != scene.current, target, together)
        found.append((f"the {size} best of everybody's own", together))
    return found


def moved_in_each(current: Array, moves: Moves, place: NDArray[np.intp]) -> Array:
    """The levers with one move made in each run, ``place`` ``[runs]`` saying which one; none that is not allowed."""
    allowed = np.take_along_axis(moves.worth, place[None], axis=0)[0] > -np.inf
    here = (np.arange(len(current))[:, None] == moves.lever[place]) & allowed
    return np.where(here, moves.value[place], current)


def varied(scene: Scene, moves: Moves, tried: Shortlist, gain: Money, own: Money) -> Shortlist:
    """Packages made of those that did well: several together, the best with further moves, parts of the best."""
    order = np.argsort(-gain, axis=0, kind="stable")
    best = taken(tried.targets, order[0])
    sizes = [size for size in UNIONS if size <= len(order)]
    made = [(f"the {size} best together", union(scene, tried.targets, gain, order[:size])) for size in sizes]
    largest = made[-1][1] if made else best
    unused = np.where(best[moves.lever] == moves.value[:, None], -np.inf, moves.worth)
    following = np.argsort(-unused, axis=0, kind="stable")
    made += [
        (f"the best, and the move of rank {rank + 1}", moved_in_each(best, moves, place))
        for rank, place in enumerate(following[:2])
    ]
    selfish = everybodys_own(scene, tried.targets, own) if len(set(scene.owners)) > 1 else []
    made += selfish
    made += [(f"{name}, and the best", np.where(best != scene.current, best, levers)) for name, levers in selfish[-1:]]
    made += parts(scene, [("the best", best), ("many together", largest)])
    made += parts_by_owner(scene, [("the best", best), *selfish[-1:]])
    names = [name for name, _ in made]
    named = np.repeat(np.arange(len(names), dtype=np.intp)[:, None], scene.runs, axis=1)
    return Shortlist(names, named, np.stack([target for _, target in made]))


def parts(scene: Scene, packages: Named) -> Named:
    """About half of the moves of each package, by lot."""
    count = len(scene.names)
    kept = scene.draw(count * len(packages)).reshape(len(packages), count, scene.runs) < 0.5
    return [
        (f"parts of {name}", np.where(keep, levers, scene.current))
        for keep, (name, levers) in zip(kept, packages, strict=True)
    ]


def parts_by_owner(scene: Scene, packages: Named) -> Named:
    """All moves of about half of the owners in each package, by lot."""
    count = 1 + max(scene.owners)
    kept = scene.draw(count * len(packages)).reshape(len(packages), count, scene.runs) < 0.5
    whose = np.array(scene.owners)
    return [
        (f"some owners' part of {name}", np.where(keep[whose], levers, scene.current))
        for keep, (name, levers) in zip(kept, packages, strict=True)
    ]


def union(scene: Scene, targets: Array, gain: Money, ranked: NDArray[np.intp]) -> Array:
    """All moves of some packages ``[places, runs]``, best first, that gain anything; of two on one lever the better."""
    together = scene.current
    for place in ranked[::-1]:
        target = taken(targets, place)
        pays = np.take_along_axis(gain, place[None], axis=0)[0] > 0.0
        together = np.where((target != scene.current) & pays, target, together)
    return together
