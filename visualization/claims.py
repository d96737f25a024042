"""The claims C1 to C11: two worlds of each to look at, and what the studies have found. A new file is a new claim."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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
class Claim:
    """A claim of the thesis and two worlds in which to see what it is about; they prove nothing, a study does.

    ``look`` are sentences that say what to look at; ``shock`` are further keys of both worlds that no link can hold.
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

    def choice(self) -> Choice:
        """The two worlds as a choice, without the shock."""
        both = dict(PLANNING) | dict(self.both)
        return Choice(self.scenario, tuple(both.items()), self.other, self.arms)


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
    for name in ("both", "other"):
        given[name] = tuple(given.get(name, {}).items())
    for name in ("names", "arms", "look"):
        given[name] = tuple(given[name])
    return Claim(shock=given.pop("shock", {}), **given)


def told_by(choice: Choice) -> Claim | None:
    """The claim whose worlds a choice holds, if any: what is looked at and the seed may be others."""
    for claim in claims().values():
        mine = claim.choice()
        if (mine.scenario, mine.arms, mine.changes, mine.other) == (
            choice.scenario, choice.arms, choice.changes, choice.other
        ):  # fmt: skip
            return claim
    return None
