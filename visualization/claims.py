"""The claims C1 to C11: two worlds of each to look at, and what the studies have found. A new file is a new claim."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .choice import Choice, Differences

FOLDER = Path(__file__).parent / "stories" / "claims"
PLANNING: Differences = (
    ("periods", 400),
    ("warm_up", 100),
    ("orchestration.first", 60),
    ("orchestration.cadence", 30),
    ("orchestration.trial", 30),
    ("orchestration.threshold.share", 0.005),
    ("orchestration.own.cadence", 30),
    ("orchestration.own.threshold", 0.005),
    ("orchestration.search.singles", 6),
    ("orchestration.search.history", 84),
)
"""How everybody plans in both worlds of a claim: as in the studies, on a horizon that can be watched."""
GUESSES = ("It holds nearly everywhere", "It holds in some places only", "It does not hold")


@dataclass(frozen=True)
class Setting:
    """One position of the knob of a claim: its name, what is other in it, and what the two worlds are called there."""

    label: str
    both: Differences = ()
    other: Differences = ()
    shock: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, str] | None = None


@dataclass(frozen=True)
class Claim:
    """A claim of the thesis and two worlds in which to see what it is about; they prove nothing, a study does.

    ``look`` are sentences that say what to look at; ``shock`` are further keys of both worlds that no link can hold.
    ``knob`` is one thing that matters for the claim, with its ``settings``; the first one is that of the story.
    """

    code: str
    study: str
    title: str
    claim: str
    question: str
    scenario: str
    names: tuple[str, str]
    arms: tuple[str, str]
    both: Differences
    other: Differences
    shock: Mapping[str, Any]
    look: tuple[str, ...]
    refuted: str
    knob: str
    settings: tuple[Setting, ...]

    def choice(self, place: int = 0) -> Choice:
        """The two worlds in a position of the knob as a choice, without the shock."""
        setting = self.settings[place]
        both = dict(PLANNING) | dict(self.both) | dict(setting.both)
        other = dict(self.other) | dict(setting.other)
        return Choice(self.scenario, tuple(both.items()), tuple(other.items()), self.arms)

    def shocked(self, place: int = 0) -> dict[str, Any]:
        """The keys of both worlds that no link can hold, in a position of the knob."""
        return dict(self.shock) | dict(self.settings[place].shock)

    def called(self, place: int = 0) -> tuple[str, str]:
        """What the two worlds are called in a position of the knob."""
        return self.settings[place].names or self.names


@cache
def claims() -> dict[str, Claim]:
    """All claims by their codes, in their order: C1, C2, ... C10."""
    found = [_claim(path) for path in FOLDER.glob("*.toml")]
    return {claim.code: claim for claim in sorted(found, key=lambda claim: _place(claim.code))}


def _place(code: str) -> tuple[int, str]:
    number = code.strip("Cabcdefgh")
    return int(number), code


def _claim(path: Path) -> Claim:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    knob = given.pop("knob")
    settings = (Setting(knob["first"]), *(Setting(**_typed(each)) for each in knob["settings"]))
    return Claim(shock=given.pop("shock", {}), knob=knob["label"], settings=settings, **_typed(given))


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    """Tables of differences and lists as the tuples that they stand for."""
    differences = {name: tuple(given.get(name, {}).items()) for name in ("both", "other")}
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return given | lists | differences


def told_by(choice: Choice) -> tuple[Claim, int] | None:
    """The claim whose worlds a choice holds, and the position of its knob, if any.

    What is looked at and the seed may be others.
    """
    for claim in claims().values():
        for place in range(len(claim.settings)):
            mine = claim.choice(place)
            if (mine.scenario, mine.arms, mine.changes, mine.other) == (
                choice.scenario, choice.arms, choice.changes, choice.other
            ):  # fmt: skip
                return claim, place
    return None
