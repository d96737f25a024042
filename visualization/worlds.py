"""The two worlds A and B of a comparison. Everything that makes them differ goes through this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..model.schema import Scenario, bundled, dumps_toml, load, with_values
from ..model.schema.world import plain
from .caps import Caps, TooMuch
from .choice import OWN, Choice, Differences
from .claims import told_by

ARMS = ("none", "opt", "selfish", "orch", "opt-then-orch", "orch-then-opt", "interleaved")
CENTRAL = "central"
SETTINGS = "orchestration.settings."
PRESETS = Path(__file__).parent / "presets.toml"


@dataclass(frozen=True)
class Worlds:
    """Two scenarios on the same random numbers, with the names under which they are shown."""

    a: Scenario
    b: Scenario
    names: tuple[str, str]
    seed: int

    @cached_property
    def key(self) -> str:
        """A hash of everything that decides what is simulated."""
        return digest(dumps_toml(self.a), dumps_toml(self.b), *self.names, self.seed)


def digest(*parts: Any) -> str:
    """A short hash of texts and numbers."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]


@cache
def presets() -> dict[str, dict[str, Any]]:
    """What B is compared with A in each bundled scenario, and the names of the two: constants of the package."""
    return tomllib.loads(PRESETS.read_text(encoding="utf-8"))


@cache
def _bundled(name: str) -> Scenario:
    return load(bundled()[name])


def base_of(choice: Choice, own: Scenario | None, caps: Caps) -> Scenario:
    """The scenario of a choice before anything is changed in it; raises `TooMuch`."""
    if choice.scenario == OWN:
        if own is None:
            raise TooMuch("this link is about a scenario file that is not here; import the file on the page Network")
        scenario = own
    elif choice.scenario in bundled():
        scenario = _bundled(choice.scenario)
    else:
        raise TooMuch(f"there is no scenario {choice.scenario[:60]!r} here; known are {', '.join(bundled())}")
    caps.check_scenario(scenario)
    return scenario


def worlds_of(choice: Choice, own: Scenario | None, caps: Caps) -> Worlds:
    """The two worlds of a choice, checked; raises `TooMuch` or `ScenarioError` with a message for the user."""
    base = changed(base_of(choice, own, caps), choice.changes)
    base = base if choice.seed is None else with_values(base, {"seed": choice.seed})
    a, b = armed(base, choice.arms[0]), armed(changed(base, choice.other), choice.arms[1])
    for scenario in (a, b):
        caps.check_scenario(scenario)
    if a.periods != b.periods:
        raise TooMuch(f"A has {a.periods} periods and B {b.periods}; both must have the same")
    return Worlds(a, b, names_of(choice), base.seed)


def changed(scenario: Scenario, differences: Differences) -> Scenario:
    """The scenario with some keys set; raises `ScenarioError` naming the key, the value and the cure.

    A scenario without a table of the orchestration gets one, of the arm ``none``, for the keys in it. A key such as
    ``orchestration.settings.warehouses.Hub.waves.every`` holds the setting of a lever.
    """
    if scenario.orchestration is None and any(key.startswith("orchestration.") for key, _ in differences):
        scenario = with_values(scenario, {"orchestration": {"arm": "none"}})
    settings = {key.removeprefix(SETTINGS): value for key, value in differences if key.startswith(SETTINGS)}
    if settings:
        scenario = with_values(scenario, {SETTINGS.rstrip("."): settings})
    values = {key: value for key, value in differences if not key.startswith(SETTINGS)}
    return with_values(scenario, values) if values else scenario


def armed(scenario: Scenario, arm: str) -> Scenario:
    """The scenario under an arm of the comparison; nothing leaves it as it stands.

    Raises `TooMuch` for an unknown arm, `ScenarioError` where it does not fit.
    """
    if not arm:
        return scenario
    if arm not in arms_of(scenario):
        raise TooMuch(f"there is no arm {arm[:40]!r} here; known are {', '.join(ARMS)}")
    if scenario.orchestration is None and arm == "none":
        return scenario
    settings = {} if scenario.orchestration is None else plain(scenario.orchestration)
    return with_values(scenario, {"orchestration": settings | {"arm": arm}})


def arms_of(scenario: Scenario) -> tuple[str, ...]:
    """The arms that a scenario can be simulated under here.

    The arm ``central`` needs settings, which `with_settings` puts into a choice when they have been searched for.
    """
    searched = scenario.orchestration is not None and scenario.orchestration.settings
    return (*ARMS, CENTRAL) if searched else ARMS


def with_arm(choice: Choice, place: int, arm: str) -> Choice:
    """The choice with another arm in A (place 0) or B (1); settings that were searched for go with the arm central."""
    arms = (arm, choice.arms[1]) if place == 0 else (choice.arms[0], arm)
    other = tuple((key, value) for key, value in choice.other if not key.startswith(SETTINGS))
    return replace(choice, arms=arms, other=choice.other if CENTRAL in arms else other)


def with_settings(choice: Choice, settings: Mapping[str, float]) -> Choice:
    """The choice with the arm central in B, and its settings among what differs there."""
    bare = with_arm(choice, 1, "")
    found = tuple((SETTINGS + name, value) for name, value in settings.items())
    return replace(bare, other=(*bare.other, *found), arms=(bare.arms[0], CENTRAL))


def names_of(choice: Choice) -> tuple[str, str]:
    """What A and B are called: as in the story of their claim, by their arms, as in the preset, or by what they are."""
    told = told_by(choice)
    if told is not None:
        claim, place = told
        return claim.called(place)
    if any(choice.arms):
        return tuple(arm or "as it stands" for arm in choice.arms)  # type: ignore[return-value]
    preset = presets().get(choice.scenario)
    if preset and tuple(preset["other"].items()) == choice.other and not choice.changes:
        return preset["names"][0], preset["names"][1]
    return ("As it stands" if not choice.changes else "With changes"), (
        "With differences" if choice.other else "The same"
    )


def preset(name: str) -> Choice:
    """The choice that a bundled scenario opens with."""
    known = presets().get(name, {"other": {}})
    return Choice(scenario=name, other=tuple(known["other"].items()))
