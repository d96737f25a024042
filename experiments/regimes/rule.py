"""A rule that a person can read: a small tree of cuts through regime coordinates, and how often it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..statistics import mean_interval
from ..sweeps.conditions import holds
from ..sweeps.splitting import splits

if TYPE_CHECKING:
    import pandas as pd

DEPTH = 2
FOLDS = 10
PAYS, NOT = "orchestration pays", "not shown to pay"


@dataclass(frozen=True)
class Leaf:
    """An end of the tree: the share of its points at which orchestration pays, and their number."""

    share: float
    points: int

    @property
    def pays(self) -> bool:
        """What the rule says here."""
        return self.share > 0.5


@dataclass(frozen=True)
class Fork:
    """A cut: a condition on a coordinate, and what follows where it holds and where it does not."""

    condition: str
    inside: Rule
    outside: Rule


Rule = Leaf | Fork


def grown(points: pd.DataFrame, names: Sequence[str], pays: NDArray[np.bool_], depth: int = DEPTH) -> Rule:
    """The tree: at each step the cut that tells most, until it is deep enough or all points agree.

    Cuts are those of `ripieno.experiments.sweeps.splitting`. A fork both of whose ends say the same is one leaf.
    """
    cuts = splits(points, names, pays) if depth and 0 < pays.sum() < len(pays) else []
    if not cuts or cuts[0].gain <= 0:
        return Leaf(float(pays.mean()), len(pays))
    inside = np.array([holds(cuts[0].condition, place) for place in _places(points)], dtype=np.bool_)
    sides = [grown(points[side], names, pays[side], depth - 1) for side in (inside, np.logical_not(inside))]
    if all(isinstance(side, Leaf) for side in sides) and sides[0].pays == sides[1].pays:  # type: ignore[union-attr]
        return Leaf(float(pays.mean()), len(pays))
    return Fork(cuts[0].condition, *sides)


def leaf_of(rule: Rule, place: Mapping[str, Any]) -> Leaf:
    """The leaf at which a network ends."""
    while isinstance(rule, Fork):
        rule = rule.inside if holds(rule.condition, place) else rule.outside
    return rule


def said_by(rule: Rule, points: pd.DataFrame) -> NDArray[np.bool_]:
    """What the rule says at every point."""
    return np.array([leaf_of(rule, place).pays for place in _places(points)], dtype=np.bool_)


def _places(points: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(row) for _, row in points.iterrows()]


def accuracy(points: pd.DataFrame, names: Sequence[str], pays: NDArray[np.bool_], depth: int = DEPTH) -> dict[str, Any]:
    """How often a rule grown without a design point is right there.

    ``accuracy`` with ``low, high``: the mean over design points with its 95 % interval. ``base`` is how often one is
    right who always says what most of the other points say. ``pays`` is the share of points at which it pays.
    """
    numbers = points["point"].to_numpy()
    known = np.unique(numbers)
    said, common = np.zeros(len(pays), dtype=bool), np.zeros(len(pays), dtype=bool)
    parts = min(FOLDS, len(known))
    for part in range(parts):
        out = np.isin(numbers, known[part::parts])
        said[out] = said_by(grown(points[~out], names, pays[~out], depth), points[out])
        common[out] = pays[~out].mean() > 0.5
    right = np.array([np.mean((said == pays)[numbers == point]) for point in known])
    found = mean_interval(right)
    return {
        "accuracy": float(np.mean(right)),
        "low": max(found.low, 0.0),
        "high": min(found.high, 1.0),
        "base": float(np.mean([np.mean((common == pays)[numbers == point]) for point in known])),
        "pays": float(pays.mean()),
        "points": len(known),
    }


def sentences(rule: Rule, before: tuple[str, ...] = ()) -> Iterator[str]:
    """The rule in words, a sentence a leaf."""
    if isinstance(rule, Leaf):
        where = " and ".join(before) if before else "everywhere"
        yield f"{where}: {PAYS if rule.pays else NOT} (it pays at {rule.share:.0%} of {rule.points} points)"
        return
    yield from sentences(rule.inside, (*before, rule.condition))
    yield from sentences(rule.outside, (*before, turned(rule.condition)))


def turned(condition: str) -> str:
    """The contrary of a cut's condition.

    >>> turned("owners <= 2.5")
    'owners > 2.5'
    """
    for sign, other in ((" <= ", " > "), (" == ", " != ")):
        if sign in condition:
            return condition.replace(sign, other)
    return f"not ({condition})"


def as_table(rule: Rule) -> dict[str, Any]:
    """The rule as nested tables, as it is written to a file."""
    if isinstance(rule, Leaf):
        return {"share": rule.share, "points": rule.points}
    return {"condition": rule.condition, "inside": as_table(rule.inside), "outside": as_table(rule.outside)}


def from_table(table: Mapping[str, Any]) -> Rule:
    """The rule of nested tables; raises `KeyError` or `ValueError` where they are none."""
    if "condition" in table:
        return Fork(str(table["condition"]), from_table(table["inside"]), from_table(table["outside"]))
    return Leaf(float(table["share"]), int(table["points"]))
