"""Looking for good packages: a first look at many, then trials of a few, then trials of what those suggest.

A trial lets every node replay its past under the package. It costs far more than a first look and is far better, so
what is decided is decided on trials alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..parameters import Number
from ..quantity import Array, Money
from .combining import moved_in_each, own_bundles, own_unions, varied
from .menus.base import Menu, Moves, Scene
from .packages import Package, single
from .trial import Found, Shortlist, Trial, TryOut, Worth, movers_of, taken

FirstLook = Callable[[Sequence[Package]], Money]
"""The claims for packages, ``[owners, packages, runs]``, by the closed-form models of their owners."""


@dataclass
class Search:
    """Finds packages in several rounds.

    1. All single moves get a first look; the menus put packages together from that.
    2. The ``singles`` best single moves of each run and all packages of the menus are tried out.
    3. In each further round those that did well are put together, the best 2, 3, 5, ... of them, and what did well of
       each owner's own; the best one gets further moves; and parts are left out at random.
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
        found = self.found(scene, shortlist, try_out(shortlist.targets))
        for number in range(1, self.rounds):
            more = self.vary(scene, moves, found, worth, number)
            found = self.found(scene, found.shortlist.joined(more), found.trial.joined(try_out(more.targets)))
        return found

    def found(self, scene: Scene, shortlist: Shortlist, trial: Trial) -> Found:
        """The trials so far."""
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

    def vary(self, scene: Scene, moves: Moves, found: Found, worth: Worth, number: int) -> Shortlist:
        """What is tried in a further round."""
        own = found.trial.own_gain(found.movers, self.caution)
        return varied(scene, moves, found.shortlist, found.trial.gain(worth, found.movers, self.caution), own)


@dataclass
class OwnSearch(Search):
    """Finds packages in which an owner moves its own levers alone, with as many trials as `Search` has.

    1. Candidates are the single moves, and of each owner its 2, 4 and 8 best moves together.
    2. In each run the best by what they are worth at a first look are tried out.
    3. In each further round packages of one owner that did well are put together, and the next candidates are tried.
    """

    def short(self, scene: Scene, moves: Moves) -> Shortlist:
        """The first candidates, as many as the menus and single moves would make."""
        self.trials = self.singles + sum(len(menu(scene, moves)) for menu in self.menus)
        return self._ranked(scene, moves, 0, self.trials)

    def vary(self, scene: Scene, moves: Moves, found: Found, worth: Worth, number: int) -> Shortlist:
        """What did well of each owner put together, as far as that promises most, and the next candidates."""
        count = len(super().vary(scene, moves, found, worth, number).targets)
        gain = found.trial.gain(worth, found.movers, self.caution)
        together = own_unions(scene, found.shortlist.targets, np.where(found.movers, gain, -np.inf))
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
    gain, own = np.full((2, *possible.shape), -np.inf)
    if singles:
        claims = first_look(singles)
        whose = np.array(scene.owners)[lever[looked]]
        movers = np.broadcast_to((np.arange(len(claims))[:, None] == whose)[..., None], claims.shape)
        gain[looked] = worth(claims, np.zeros((0, *claims.shape[1:])), movers)
        own[looked] = -claims[whose, np.arange(len(looked))]
    return Moves(lever, value, np.where(possible, gain, -np.inf), np.where(possible, own, -np.inf))


def names_of(scene: Scene, lever: NDArray[np.intp], value: Array) -> list[str]:
    """The names of single moves."""
    return [f"{scene.names[place]} = {to:g}" for place, to in zip(lever, value, strict=True)]
