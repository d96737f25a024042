"""Stories: one claim a file, with the two worlds that put it to the test. A new file is a new story."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ...model.schema import Scenario, with_values
from ..pairing import Paired
from ..worlds import presets

Verdict = Literal["supported", "only here", "not supported"]


@dataclass(frozen=True)
class Setting:
    """One position of the knob: its name and the values that it sets in both worlds."""

    label: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """A claim about a bundled scenario: who gains by its own choice, what the network suffers, and one knob.

    The three ``guesses`` are that the network's cost falls, that it hardly moves, and that it rises.

    World A is the scenario as it stands, the choice that suits ``own_agent``; B is the network's, from the presets.
    """

    scenario: str
    code: str
    title: str
    claim: str
    question: str
    guesses: tuple[str, ...]
    own_agent: str
    own_metric: str
    own_label: str
    harm_metric: str
    harm_worse: str
    harm_label: str
    knob: str
    settings: tuple[Setting, ...]
    refuted: str
    scope: str

    def worlds(self, base: Scenario) -> list[tuple[Scenario, Scenario]]:
        """A and B in every position of the knob."""
        made = []
        for setting in self.settings:
            a = with_values(base, dict(setting.values)) if setting.values else base
            made.append((a, with_values(a, presets()[self.scenario]["other"])))
        return made


@cache
def stories() -> dict[str, Story]:
    """All stories by the name of their scenario, in the order of their codes."""
    found = [_story(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]
    return {story.scenario: story for story in sorted(found, key=lambda story: story.code)}


def _story(path: Path) -> Story:
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    knob, own, harm = given.pop("knob"), given.pop("own"), given.pop("harm")
    return Story(
        scenario=path.stem,
        own_agent=own["agent"],
        own_metric=own["metric"],
        own_label=own["label"],
        harm_metric=harm["metric"],
        harm_worse=harm["worse"],
        harm_label=harm["label"],
        knob=knob["label"],
        settings=tuple(Setting(each["label"], each["set"]) for each in knob["settings"]),
        guesses=tuple(given.pop("guesses")),
        **given,
    )


def holds(own: Paired, cost: Paired, harm: Paired, worse: str) -> bool:
    """Whether the claim holds in one setting: own cost falls, the harm and the network's cost rise, beyond doubt."""
    harmed = harm.low > 0 if worse == "higher" else harm.high < 0
    return own.high < 0 and cost.low > 0 and harmed


def answer(cost: Paired) -> int:
    """Which of the three guesses an interval of the network's cost shows to be right."""
    return 0 if cost.high < 0 else 2 if cost.low > 0 else 1


def verdict(held: list[bool]) -> Verdict:
    """Supported where the claim holds in every setting, only here where in some, else not supported."""
    return "supported" if all(held) else "only here" if any(held) else "not supported"
