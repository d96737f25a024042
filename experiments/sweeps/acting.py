"""What a parameter does to a scenario: which keys it means there, and what stands at them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ...model.schema import Scenario, get_value, leaf_keys
from .errors import StudyError
from .keyed import matching
from .parameters import Parameter, Value


class Keys:
    """The dotted keys of a scenario, found by patterns with ``*``; what was found is remembered."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.known = lru_cache(maxsize=None)(self._known)
        self.matching = lru_cache(maxsize=None)(self._matching)
        self.value = lru_cache(maxsize=None)(self._value)

    def _known(self) -> tuple[str, ...]:
        """All keys that hold a single value or a list of numbers."""
        return tuple(leaf_keys(self.scenario))

    def _matching(self, pattern: str) -> tuple[str, ...]:
        """The keys that a pattern stands for; a key without ``*`` stands for itself, whatever it holds."""
        if "*" not in pattern:
            return (pattern,)
        return tuple(matching(pattern, self.known()))

    def _value(self, key: str) -> Any:
        """What the scenario has at a key; raises `ScenarioError` for one that leads nowhere."""
        return get_value(self.scenario, key)


def act(changed: dict[str, Any], keys: Keys, name: str, parameter: Parameter, value: Value) -> None:
    """Note in ``changed``, the values to set by their keys, what a parameter makes of a scenario.

    A pattern leaves alone what it cannot act on: where no number stands, nothing is multiplied. Raises `StudyError`
    where a key without ``*`` holds no number to act on, and `ScenarioError` where it leads nowhere.
    """
    for pattern in parameter.keys or (name,):
        for key in keys.matching(pattern):
            if parameter.act == "set":
                changed[key] = value
                continue
            before = _number(changed, keys, key)
            if before is not None:
                changed[key] = _after(parameter, before, value)
            elif "*" not in pattern:
                cure = 'name the keys in it, or set it with act = "set"'
                raise StudyError(f"parameters.{name}: {key} holds no single number to {parameter.act}; {cure}")


def touches(keys: Keys, name: str, parameter: Parameter) -> bool:
    """Whether a parameter changes anything in a scenario; raises `ScenarioError` for a key that leads nowhere."""
    found: dict[str, Any] = {}
    for pattern in parameter.keys or (name,):
        for key in keys.matching(pattern):
            keys.value(key)
    act(found, keys, name, parameter, parameter.ends[0] if parameter.ends else 1)
    return bool(found)


def _number(changed: Mapping[str, Any], keys: Keys, key: str) -> int | float | None:
    held = changed[key] if key in changed else keys.value(key)
    if isinstance(held, np.ndarray) and held.ndim == 0:
        held = float(held)
    return held if isinstance(held, int | float) and not isinstance(held, bool) else None


def _after(parameter: Parameter, before: int | float, value: Value) -> int | float:
    assert isinstance(value, int | float)
    after = before * value if parameter.act == "scale" else before + value
    return round(after) if isinstance(before, int) else float(after)
