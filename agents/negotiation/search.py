"""Looking for good packages: a first look at many, then trials of a few, then trials of what those suggest.

A trial lets every node replay its past under the package. It costs far more than a first look and is far better, so
what is decided is decided on trials alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..numeric import add_all
from ..parameters import Number
from ..quantity import Array, Mask, Money
from .menus.base import BestMoves, Menu, Moves, Scene
from .packages import Package, single

Kind = TypeVar("Kind", bound=np.generic)
UNIONS = (2, 3, 5, 8, 13, 21)  # how many of the packages that did well are put together

FirstLook = Callable[[Sequence[Package]], Money]
"""The claims for packages, ``[owners, packages, runs]``, by the closed-form models of their owners."""


Worth = Callable[[Money, Array, Mask], Money]
"""The gain ``[packages, runs]`` of claims and shared metrics, in the eyes of whoever searches; the last argument says
whose levers are moved, ``[owners, packages, runs]``."""


@dataclass(frozen=True)
class Trial:
    """What trials have shown, a period: ``claims`` ``[owners, packages, runs]``; ``metrics`` ``[metrics, packages,
    runs]``, changes of the shared metrics; ``present`` ``[owners, runs]``, the cost of each owner as things are;
    ``changes``, as the claims, what the owners know themselves; ``overloads`` ``[packages, runs]``, the number of docks
    that have more trucks waiting than they can take, and more than without the package; ``parts`` ``[parts, owners,
    packages, runs]`` the changes in consecutive parts of the trial.
    """

    claims: Money
    metrics: Array
    present: Money
    changes: Money
    overloads: Array
    parts: Money | None = None

    def joined(self, other: Trial) -> Trial:
        """The trials of both."""
        pairs = ((self.claims, other.claims), (self.metrics, other.metrics), (self.changes, other.changes))
        claims, metrics, changes = (np.concatenate(pair, axis=1) for pair in pairs)
        overloads = np.concatenate([self.overloads, other.overloads])
        known = self.parts is not None and other.parts is not None
        parts = np.concatenate([self.parts, other.parts], axis=2) if known else None
        return Trial(claims, metrics, self.present, changes, overloads, parts)

    def gain(self, worth: Worth, movers: Mask, caution: Number) -> Money:
        """The gain of every package less ``caution`` standard errors of it, ``[packages, runs]``.

        The error is that of the mean of the parts of a trial; a trial of one part has none. What does best among many
        does so partly by luck, the more the noisier its trial was.
        """
        found = worth(self.claims, self.metrics, movers)
        if self.parts is None:
            return found
        gains = np.stack([worth(part, self.metrics, movers) for part in self.parts])
        off = gains - add_all(list(gains)) / len(gains)
        return found - caution * np.sqrt(add_all(list(off * off)) / (len(gains) * (len(gains) - 1.0)))


TryOut = Callable[[Array], Trial]
"""Trials of levers ``[packages, levers, runs]``."""


@dataclass(frozen=True)
class Shortlist:
    """Packages that were tried: names, and where the levers stand under them, ``[packages, levers, runs]``.

    ``named`` ``[packages, runs]`` is the place of each one's name, which differs between runs.
    """

    names: list[str]
    named: NDArray[np.intp]
    targets: Array

    def joined(self, other: Shortlist) -> Shortlist:
        """Both, with the names of the other one behind."""
        named = np.concatenate([self.named, other.named + len(self.names)])
        return Shortlist([*self.names, *other.names], named, np.concatenate([self.targets, other.targets]))


@dataclass(frozen=True)
class Found:
    """The outcome of a search; ``movers`` ``[owners, packages, runs]`` says whose levers each package moves."""

    shortlist: Shortlist
    trial: Trial
    movers: Mask


@dataclass
class Search:
    """Finds packages in several rounds.

    1. All single moves get a first look; the menus put packages together from that.
    2. The ``singles`` best single moves of each run and all packages of the menus are tried out.
    3. In each further round those that did well are put together, the best 2, 3, 5, ... of them; the best one gets
       further moves; and parts are left out at random.
    """

    menus: Sequence[Menu]
    singles: int
    rounds: int
    reach: float = np.inf
    caution: Number = 0.0

    def __call__(self, scene: Scene, first_look: FirstLook, try_out: TryOut, worth: Worth) -> Found:
        """What was tried, and what it showed."""
        moves = looked_at(scene, first_look, worth)
        shortlist = self.short(scene, moves)
        trial = try_out(shortlist.targets)
        for number in range(1, self.rounds):
            gain = trial.gain(worth, movers_of(scene, shortlist.targets, len(trial.claims)), self.caution)
            more = self.vary(scene, moves, shortlist, gain, number)
            trial = trial.joined(try_out(more.targets))
            shortlist = shortlist.joined(more)
        return Found(shortlist, trial, movers_of(scene, shortlist.targets, len(trial.claims)))

    def short(self, scene: Scene, moves: Moves) -> Shortlist:
        """The best single moves of each run, and all packages of the menus."""
        best = np.argsort(-moves.worth, axis=0, kind="stable")[: self.singles]
        packages = [package for menu in self.menus for package in menu(scene, moves)]
        names = names_of(scene, moves.lever, moves.value)
        targets = [moved_in_each(scene.current, moves, place) for place in best]
        targets += [np.where(scene.open, package.target(scene.current), scene.current) for package in packages]
        own = [np.full(scene.runs, len(names) + place, dtype=np.intp) for place in range(len(packages))]
        return Shortlist([*names, *(package.name for package in packages)], np.stack([*best, *own]), np.stack(targets))

    def vary(self, scene: Scene, moves: Moves, tried: Shortlist, gain: Money, number: int) -> Shortlist:
        """What is tried in a further round."""
        return varied(scene, moves, tried, gain)


@dataclass
class OwnSearch(Search):
    """Finds packages in which an owner moves its own levers alone, with as many trials as `Search` has.

    1. Candidates are the single moves, and of each owner its 2, 4 and 8 best moves together.
    2. In each run the best by what they are worth to their owner at a first look are tried out.
    3. In each further round packages of one owner that did well are put together, and the next candidates are tried.
    """

    def short(self, scene: Scene, moves: Moves) -> Shortlist:
        """The first candidates, as many as the menus and single moves would make."""
        self.trials = self.singles + sum(len(menu(scene, moves)) for menu in self.menus)
        return self._ranked(scene, moves, 0, self.trials)

    def vary(self, scene: Scene, moves: Moves, tried: Shortlist, gain: Money, number: int) -> Shortlist:
        """What did well of each owner put together, as far as that promises most, and the next candidates."""
        count = len(varied(scene, moves, tried, gain).targets)
        together = own_unions(scene, tried.targets, gain)
        promise = np.stack([worth for _, _, worth in together])
        order = np.argsort(-promise, axis=0, kind="stable")[: count // 2]
        targets = np.stack([target for _, target, _ in together])
        chosen = Shortlist([name for name, _, _ in together], order, np.stack([taken(targets, row) for row in order]))
        first = self.trials + (number - 1) * (count - len(order))
        return chosen.joined(self._ranked(scene, moves, first, first + count - len(order)))

    def _ranked(self, scene: Scene, moves: Moves, first: int, last: int) -> Shortlist:
        bundles = own_bundles(scene, moves)
        worth = np.concatenate([moves.worth, *(value[None] for _, _, value in bundles)])
        names = [*names_of(scene, moves.lever, moves.value), *(name for name, _, _ in bundles)]
        order = np.argsort(-worth, axis=0, kind="stable")
        order = order[min(first, len(order) - 1) : last]  # when all have been tried, the last one comes again
        single = len(moves.lever)
        targets = []
        for place in order:
            target = moved_in_each(scene.current, moves, np.minimum(place, single - 1))
            for number, (_, bundle, _) in enumerate(bundles):
                target = np.where(place == single + number, bundle, target)
            targets.append(target)
        return Shortlist(names, order, np.stack(targets))


def looked_at(scene: Scene, first_look: FirstLook, worth: Worth) -> Moves:
    """Every single move, with what it is worth at a first look; what changes nothing in any run is not looked at."""
    levers = [(lever, value) for lever, grid in enumerate(scene.grids) for value in grid]
    lever = np.array([place for place, _ in levers], dtype=np.intp)
    value = np.array([to for _, to in levers])
    possible = np.stack([scene.possible(place, to) for place, to in levers])
    looked = np.flatnonzero(possible.any(axis=1))
    names = names_of(scene, lever, value)
    singles = [single(names[place], int(lever[place]), float(value[place]), len(scene.names)) for place in looked]
    gain = np.full(possible.shape, -np.inf)
    if singles:
        claims = first_look(singles)
        whose = np.array(scene.owners)[lever[looked]]
        movers = np.broadcast_to((np.arange(len(claims))[:, None] == whose)[..., None], claims.shape)
        gain[looked] = worth(claims, np.zeros((0, *claims.shape[1:])), movers)
    return Moves(lever, value, np.where(possible, gain, -np.inf))


def names_of(scene: Scene, lever: NDArray[np.intp], value: Array) -> list[str]:
    """The names of single moves."""
    return [f"{scene.names[place]} = {to:g}" for place, to in zip(lever, value, strict=True)]


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


def own_unions(scene: Scene, targets: Array, gain: Money) -> list[tuple[str, Array, Money]]:
    """Of each owner the packages that did well, the best 2, 3, 5, ... together: name, levers, and the sum of gains."""
    whose, found = np.array(scene.owners), []
    for owner in dict.fromkeys(scene.owners):
        mine = (targets != scene.current)[:, whose == owner].any(axis=1)
        own = np.where(mine, gain, -np.inf)
        order = np.argsort(-own, axis=0, kind="stable")
        for size in (size for size in UNIONS if size <= len(order)):
            ranked = np.take_along_axis(own, order[:size], axis=0)
            worth = add_all(list(np.where(ranked > 0.0, ranked, 0.0)))
            several = np.count_nonzero(ranked > 0.0, axis=0) > size // 2
            target = union(scene, targets, own, order[:size])
            found.append((f"the {size} best of its own together", target, np.where(several, worth, -np.inf)))
    return found


def movers_of(scene: Scene, targets: Array, owners: int) -> Mask:
    """Whose levers packages ``[packages, levers, runs]`` move, ``[owners, packages, runs]``."""
    moved, whose = targets != scene.current, np.array(scene.owners)
    return np.stack([moved[:, whose == owner].any(axis=1) for owner in range(owners)])


def moved_in_each(current: Array, moves: Moves, place: NDArray[np.intp]) -> Array:
    """The levers with one move made in each run, ``place`` ``[runs]`` saying which one; none that is not allowed."""
    allowed = np.take_along_axis(moves.worth, place[None], axis=0)[0] > -np.inf
    here = (np.arange(len(current))[:, None] == moves.lever[place]) & allowed
    return np.where(here, moves.value[place], current)


def varied(scene: Scene, moves: Moves, tried: Shortlist, gain: Money) -> Shortlist:
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
    kept = scene.draw(3 * len(scene.names)).reshape(3, len(scene.names), scene.runs) < 0.5
    parts = (("the best", best), ("many together", largest), ("many together", largest))
    made += [
        (f"parts of {what}, draw {number + 1}", np.where(keep, whole, scene.current))
        for number, (keep, (what, whole)) in enumerate(zip(kept, parts, strict=True))
    ]
    names = [name for name, _ in made]
    named = np.repeat(np.arange(len(names), dtype=np.intp)[:, None], scene.runs, axis=1)
    return Shortlist(names, named, np.stack([target for _, target in made]))


def union(scene: Scene, targets: Array, gain: Money, ranked: NDArray[np.intp]) -> Array:
    """All moves of some packages ``[places, runs]``, best first, that gain anything; of two on one lever the better."""
    together = scene.current
    for place in ranked[::-1]:
        target = taken(targets, place)
        pays = np.take_along_axis(gain, place[None], axis=0)[0] > 0.0
        together = np.where((target != scene.current) & pays, target, together)
    return together


def taken(values: NDArray[Kind], place: NDArray[np.intp]) -> NDArray[Kind]:
    """Of values ``[packages, ..., runs]`` for each run those of the package at its place."""
    found: NDArray[Kind] = np.take_along_axis(values, place[None, None], axis=0)[0]
    return found
