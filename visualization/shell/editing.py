"""Fields that change the choice of the session; whatever they are given is checked before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara
from reacton import ipyvuetify as v

from ...model.schema import ScenarioError, bundled, get_value, leaf_keys
from ..caps import TooMuch
from ..choice import MOST_SEED, OWN, Differences, Value, checked_text, typed, whole
from ..session import plainly, use_session
from ..worlds import changed, preset, presets
from .parts import Press, box, html


@solara.component
def Field(
    label: str, value: str, on_value: Callable[[str], None], error: str = "", kind: str = "ri-field", hint: str = ""
) -> Any:
    """A text field that hands over its text when it is left or Enter is pressed."""
    shown, show = solara.use_state(value)
    solara.use_effect(lambda: show(value), [value])
    made = v.TextField(
        label=label, v_model=shown, on_v_model=lambda text: show(str(text or "")), outlined=True, dense=True,
        hide_details=not (error or hint), error_messages=[error] if error else [], class_=kind,
        hint=hint, persistent_hint=bool(hint),
    )  # fmt: skip

    def hand_over(*_: Any) -> None:
        if shown != value:
            on_value(shown)

    v.use_event(made, "blur", hand_over)
    v.use_event(made, "keyup.enter", hand_over)
    return made


@solara.component
def Choose(label: str, values: list[str], value: str, on_value: Callable[[str], None], kind: str = "ri-field") -> Any:
    """A list to choose one text from; anything else is ignored."""

    def pick(given: Any) -> None:
        if given in values:
            on_value(given)

    return v.Select(
        label=label, items=values, v_model=value, on_v_model=pick, outlined=True, dense=True, hide_details=True,
        class_=kind, menu_props={"offsetY": True},
    )  # fmt: skip


@solara.component
def ScenarioSelect() -> Any:
    """Choose a bundled scenario, or the file that this session holds."""
    session = use_session()
    names = {name: presets().get(name, {}).get("title", name) for name in bundled()}
    if session.own.value is not None:
        names[OWN] = f"{session.own.value.name} (your file)"
    titles = {title: name for name, title in names.items()}

    def pick(title: str) -> None:
        session.change(preset(titles[title]))

    current = names.get(session.choice.value.scenario, "")
    Choose("Scenario", sorted(titles), current, pick)


@solara.component
def SeedField() -> Any:
    """The seed of all random numbers."""
    session = use_session()
    error, complain = solara.use_state("")

    def take(text: str) -> None:
        try:
            seed = whole(text, "the seed", 0, MOST_SEED)
        except TooMuch as refused:
            complain(str(refused))
            return
        complain("")
        session.change(replace(session.choice.peek(), seed=seed))

    Field("Seed", str(session.worlds().seed), take, error, "ri-field short")


@solara.component
def DifferenceRows(differences: Differences, on_change: Callable[[Differences], Any]) -> Any:
    """A row for each key that differs, a field for its value, and a row to add one."""
    session = use_session()
    errors, complain = solara.use_state({})
    base = session.base()

    def set_value(key: str, text: str) -> None:
        error, value = checked(key, text)
        complain({**errors, key: error})
        if not error:
            on_change((*((k, x) for k, x in differences if k != key), (key, value)))

    def checked(key: str, text: str) -> tuple[str, Value]:
        try:
            session.caps.check("differences", len(differences) + 1)
            value = typed(text)
            changed(base, ((checked_text(key), value),))
        except (TooMuch, ScenarioError) as refused:
            return plainly(refused), 0
        return "", value

    for key, value in differences:
        with box("ri-row", []):
            html(f"<code>{_safe(key)}</code>")
            Field("in B", _written(value), lambda text, key=key: set_value(key, text), errors.get(key, ""), "ri-field")
            html(f'<span class="ri-quiet">in A: {_safe(current(base, key))}</span>')
            Press("Take away", lambda key=key: on_change(tuple((k, x) for k, x in differences if k != key)))
    AddDifference(set_value, errors)


@solara.component
def AddDifference(on_add: Callable[[str, str], None], errors: dict[str, str]) -> Any:
    """A row in which a key is chosen from those of the scenario and given a value."""
    session = use_session()
    key, set_key = solara.use_state("")
    text, set_text = solara.use_state("")
    base = session.base()
    keys = solara.use_memo(lambda: numeric_keys(base), [base])
    with box("ri-row", []):
        v.Autocomplete(
            label="Key", items=keys, v_model=key or None, clearable=True, outlined=True, dense=True, hide_details=True,
            class_="ri-field long", on_v_model=lambda key: set_key(key if key in keys else ""),
        )  # fmt: skip
        Field("Value in B", text, set_text, errors.get(key, ""), "ri-field")
        Press("Add", lambda: on_add(key, text), disabled=not key)
    if key:
        html(f'<p class="ri-quiet">in A: {_safe(current(base, key))}</p>')


def numeric_keys(scenario: Any) -> list[str]:
    """The keys of a scenario that hold a number, those of the whole world left out."""
    full = scenario.resolved()
    return [key for key in leaf_keys(full) if "." in key and isinstance(_value(full, key), int | float)]


def current(scenario: Any, key: str) -> str:
    """The value of a key as text; a dash where it has none."""
    value = _value(scenario.resolved(), key)
    return "–" if value is None else _written(value)


def _value(scenario: Any, key: str) -> Any:
    try:
        return get_value(scenario, key)
    except ScenarioError:
        return None


def _written(value: Any) -> str:
    return (
        str(value).lower() if isinstance(value, bool) else f"{value:.12g}" if isinstance(value, float) else str(value)
    )


def _safe(value: Any) -> str:
    from .markup import text

    return text(value)
