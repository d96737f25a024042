"""Three days of a recorded pair that are worth a look, found in the numbers, each said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .recording import Recording

WINDOW = 20
"""Periods over which costs are compared."""


@dataclass(frozen=True)
class Moment:
    """A day, counted from 1, what happens there, and the site to look at, if any."""

    day: int
    words: str
    site: str = ""


def moments_of(recording: Recording) -> list[Moment]:
    """At most three days after the warm-up: the longest queue, the most that is owed, the dearest weeks of A."""
    start = recording.warm_up
    a, b = recording.worlds[0], recording.worlds[-1]
    names = [site.name for site in recording.network.sites]
    found = []
    for field, words in (
        ("sites/queue", "{n} trucks wait at {site} in A"),
        ("sites/backlog", "{site} owes {n} units in A"),
    ):
        moment = _peak(a, field, start, words, names)
        if moment is not None:
            found.append(moment)
    gap = a["network/cost"].values()[0] - b["network/cost"].values()[0]
    if len(gap) - start > WINDOW:
        sums = np.convolve(gap[start:], np.ones(WINDOW), "valid")
        place = int(np.argmax(sums))
        more = sums[place]
        if more > 0:
            words = f"The {WINDOW} {recording.period}s from here cost A {more:,.0f} {recording.money} more than B"
            found.append(Moment(start + place + 1, words))
    return sorted(found, key=lambda moment: moment.day)


def _peak(world: Any, field: str, start: int, words: str, names: list[str]) -> Moment | None:
    if field not in world.fields:
        return None
    values = world[field].values()[:, start:]
    if not values.size or values.max() <= 0:
        return None
    site, place = np.unravel_index(int(np.argmax(values)), values.shape)
    number = f"{values[site, place]:,.0f}"
    return Moment(start + int(place) + 1, words.format(n=number, site=names[site]), names[site])
