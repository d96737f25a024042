"""Changing single values of a scenario: what a form sends is checked against the scenario's own schema first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..model.schema import Scenario, ScenarioError, get_value
from .caps import Caps, TooMuch
from .choice import Differences, Value, checked_text, checked_value, typed
from .session import Session, plainly
from .uploads import check_inside
from .worlds import changed


def with_change(base: Scenario, changes: Differences, key: Any, text: Any, caps: Caps) -> Differences:
    """The changes with one more; a value that the base has already takes the change away.

    Raises `TooMuch` or `ScenarioError` with what is wrong and the cure.
    """
    name, value = checked_text(key), value_like(base, checked_text(key), text)
    rest = tuple((k, v) for k, v in changes if k != name)
    if value == get_value(base.resolved(), name):
        return rest
    caps.check("differences", len(rest) + 1)
    found = (*rest, (name, value))
    scenario = changed(base, found)
    check_inside(scenario)
    caps.check_scenario(scenario)
    return found


def value_like(base: Scenario, key: str, text: Any) -> Value:
    """A text from a form as a value of the type that the key has now: 3 for a float is 3.0."""
    value = typed(text.strip()) if isinstance(text, str) else checked_value(text)
    held = get_value(base.resolved(), key)
    if isinstance(held, str):
        return checked_value(text)
    if isinstance(held, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def edit(session: Session, message: Any, errors: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Take a change of both worlds from a form, ``{"key", "text"}``; returns the errors that there are then."""
    if not isinstance(message, Mapping) or not isinstance(message.get("key"), str):
        return dict(errors)
    key, text = message["key"][:200], str(message.get("text", ""))[:200]
    left = {k: v for k, v in errors.items() if k != key}
    choice = session.choice.peek()
    try:
        changes = with_change(session.base(), choice.changes, key, text, session.caps)
    except (TooMuch, ScenarioError) as refused:
        return left | {key: (text, _short(plainly(refused), key))}
    session.change(replace(choice, changes=changes))
    return left


def undo(session: Session, key: Any) -> None:
    """Take one change away again, or all with ``"*"``."""
    choice = session.choice.peek()
    kept = () if key == "*" else tuple((k, v) for k, v in choice.changes if k != key)
    session.change(replace(choice, changes=kept))


def _short(message: str, key: str) -> str:
    """A message that stands beside its field need not repeat the key and the value."""
    place, colon, rest = message.partition(": ")
    return rest if colon and place.startswith(key) else message
