"""The levers of a world: which settings its agents may choose and negotiate, and how a choice takes effect.

Policies, calendars and resources declare levers beside their parameters (`ripieno.agents.parameters`). A lever is known
by the dotted key of the scenario that it moves. A choice becomes an array ``[runs]`` in the place of that number, so it
takes the same way into the agents as an intervention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agents.parameters import Parameter
from ..agents.quantity import Array
from .schema import Scenario, ScenarioError
from .schema.common import Table
from .schema.partspec import PartSpec
from .schema.slots import slots_of_spec

CALENDAR_PHASES = tuple(float(phase) for phase in range(10))
PROTECTED = {"order-up-to": "cover", "proportional-order-up-to": "review"}
"""Policies that know how many periods their stock has to last, and the parameter that says so."""
WITH_LEVERS = ("suppliers", "factories", "warehouses", "carriers")
COVERS_REVIEW = {"order-up-to"}  # whose parameter counts other periods beside those of the review


@dataclass(frozen=True)
class Effect:
    """What a lever does to one number of the scenario: sets it, adds to the number given there, or scales it."""

    path: tuple[str | int, ...]
    way: str  # "set", "add" or "scale"
    less: float = 0.0  # taken off before adding

    def on(self, given: Any, value: Array) -> Any:
        """The number in the place of the one that the scenario gives, or of a table of numbers by product."""
        if isinstance(given, dict):
            return {name: self.on(item, value) for name, item in given.items()}
        if self.way == "set":
            return value
        return given + (value - self.less) if self.way == "add" else given * value


@dataclass(frozen=True)
class Lever:
    """One setting that an agent may choose.

    ``name`` is the dotted key; ``grid`` the values that may be chosen, of a relative lever as factors of what the
    scenario gives; ``start`` where it stands in the scenario, ``[runs]`` or a number. A ``traded`` lever has no grid: a
    market sets it.
    """

    name: str
    agent: str
    owner: str
    grid: tuple[float, ...]
    start: Any
    effects: tuple[Effect, ...]
    relative: bool = False
    responsive: bool = False
    traded: bool = False

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return bool(self.grid) and not self.relative and all(value == int(value) for value in self.grid)

    @property
    def setting(self) -> str:
        """What of the agent it moves: the last two words of the key."""
        return ".".join(self.name.split(".")[-2:])


class Levers:
    """All levers of a world and where they stand, ``values`` ``[levers, runs]``."""

    def __init__(self, model: Any, items: Sequence[Lever]) -> None:
        self.model = model
        self.items = list(items)
        self.names = [lever.name for lever in self.items]
        starts = [np.zeros((0, model.runs)), *((np.zeros(model.runs) + lever.start)[None] for lever in self.items)]
        self.values: Array = np.concatenate(starts)
        self.touched = np.zeros(len(self.items), dtype=bool)

    def like(self, model: Any, of_run: NDArray[np.intp]) -> Levers:
        """The same levers in another world, whose runs are copies of the runs ``of_run``."""
        return Levers(model, [replace(lever, start=lever.start[of_run]) if np.ndim(lever.start) else lever
                              for lever in self.items])  # fmt: skip

    def stand(self, values: Array, touched: NDArray[np.bool_]) -> None:
        """Say where the levers stand without acting on it; those ``touched`` are no longer where the scenario is."""
        self.values = values
        self.touched = touched

    def set(self, values: Array) -> None:
        """Let the levers stand at ``values`` from now on; what has not moved in any run is left alone."""
        moved = (values != self.values).any(axis=1)
        self.values = values
        if moved.any():
            self.touched = self.touched | moved
            self.model.settle_levers()

    def towards(self, wish: Array, steps: int) -> Array:
        """From where levers stand so many values of their grids towards where they are wished, ``[levers, runs]``."""
        rows = []
        for lever, now, then in zip(self.items, self.values, wish, strict=True):
            if not lever.grid:
                rows.append(now)
                continue
            grid = np.array(lever.grid)
            at, to = np.searchsorted(grid, now), np.searchsorted(grid, then)
            near = np.clip(at + np.clip(to - at, -steps, steps), 0, len(grid) - 1)
            rows.append(np.where(np.abs(to - at) <= steps, then, grid[near]))
        return np.stack(rows) if rows else wish

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with the levers where they stand; levers that never moved are left to it."""
        changed = scenario
        for lever, value, touched in zip(self.items, self.values, self.touched, strict=True):
            if touched:
                for effect in lever.effects:
                    changed = _with(changed, effect.path, effect, value)
        return scenario.replaced(**{name: getattr(changed, name) for name in WITH_LEVERS})


def chosen(levers: Sequence[Lever], wanted: Sequence[str], name: str) -> list[Lever]:
    """The levers whose names match one of the patterns; raises `ScenarioError` for a pattern that matches none."""
    if not levers:
        raise ScenarioError(
            f'scenario {name}: nobody has a lever here, so nobody can plan; leave orchestration.arm "none"'
        )
    for pattern in wanted:
        if not any(fnmatchcase(lever.name, pattern) for lever in levers):
            known = ", ".join(lever.name for lever in levers[:6]) or "none"
            raise ScenarioError(f"scenario {name}: no lever matches {pattern!r}; there are {known}, ...")
    return [lever for lever in levers if any(fnmatchcase(lever.name, pattern) for pattern in wanted)]


def levers_of(scenario: Scenario) -> list[Lever]:
    """All levers of a resolved scenario: those of sites in the order of the file, then those of carriers."""
    found = [lever for which in ("suppliers", "factories", "warehouses") for lever in _of_sites(scenario, which)]
    return found + [lever for place, spec in enumerate(scenario.carriers) for lever in _of_carrier(place, spec)]


def _of_sites(scenario: Scenario, which: str) -> Iterator[Lever]:
    for place, spec in enumerate(getattr(scenario, which)):
        at = (which, place)
        for name in ("policy", "buy", "sourcing"):
            part = getattr(spec, name, None)
            if part is not None:
                yield from _declared(spec, (*at, name), slots_of_spec(part), part.given())
        yield from _of_calendar(spec, at)
        yield from _of_reservations(spec, at)
        for name in ("lot", "waves", "overtime"):
            held = getattr(spec, name, None)
            if isinstance(held, Table):
                yield from _of_table(spec, (*at, name), held)
            elif held is not None:
                yield from _declared(spec, at, {name: type(spec).declared[name]}, {name: held})


def _of_reservations(spec: Any, at: tuple[str | int, ...]) -> Iterator[Lever]:
    """The shares of a factory's capacity that other owners have reserved."""
    for place, item in enumerate(getattr(spec, "reserved", ())):
        path = (*at, "reserved", place, "share")
        name = f"{at[0]}.{spec.name}.reserved.{place + 1}.share"
        yield Lever(name, spec.name, item.owner, (), item.share, (Effect(path, "set"),), responsive=True, traded=True)


def _of_carrier(place: int, spec: Any) -> Iterator[Lever]:
    free = not np.any(np.asarray(spec.fleet.period_cost) > 0)  # trucks that cost nothing are nothing to decide about
    yield from _of_table(spec, ("carriers", place, "fleet"), spec.fleet, ("trucks",) if free else ())
    timetable = spec.dispatch.every is not None
    unused = ("threshold", "longest_wait") if timetable else ("every", "phase")
    yield from _of_table(spec, ("carriers", place, "dispatch"), spec.dispatch, unused)


def _of_calendar(spec: Any, at: tuple[str | int, ...]) -> Iterator[Lever]:
    """Review period and phase, where the policy knows the period that its stock has to last."""
    if spec.policy is None or spec.policy.type not in PROTECTED or not isinstance(spec.orders.phase, int):
        return
    path, rules = (*at, "orders"), spec.orders
    review = float(np.max(rules.review_period))
    protected = PROTECTED[spec.policy.type]
    way = "add" if spec.policy.type in COVERS_REVIEW else "set"
    effects = (
        Effect((*path, "review_period"), "set"),
        Effect((*at, "policy", protected), way, review),
    )
    grid = type(rules).declared["review_period"].parameter.grid
    yield _lever(spec, (*path, "review_period"), grid, review, effects)
    yield _lever(spec, (*path, "phase"), CALENDAR_PHASES, rules.phase)


def _of_table(spec: Any, path: tuple[str | int, ...], table: Table, unused: Sequence[str] = ()) -> Iterator[Lever]:
    declared = {name: value for name, value in type(table).declared.items() if name not in unused}
    yield from _declared(spec, path, declared, {name: getattr(table, name) for name in declared})


def _declared(spec: Any, path: tuple[str | int, ...], slots: Any, given: Any) -> Iterator[Lever]:
    """The levers among declared parameters that the scenario gives a number."""
    for name, slot in slots.items():
        parameter: Parameter = getattr(slot, "declared", None) or slot.parameter
        value = given.get(name)
        if not parameter.is_lever or value is None:
            continue
        if parameter.factors and not isinstance(value, list) and _positive(value):
            way = (Effect((*path, name), "scale"),)
            yield _lever(spec, (*path, name), parameter.factors, 1.0, way, parameter)
        elif parameter.grid and not isinstance(value, dict):
            yield _lever(spec, (*path, name), parameter.grid, value, (), parameter)


def _lever(
    spec: Any,
    path: tuple[str | int, ...],
    grid: Sequence[float],
    start: Any,
    effects: tuple[Effect, ...] = (),
    declared: Parameter | None = None,
) -> Lever:
    relative = bool(declared and declared.factors)
    values = tuple(sorted({float(value) for value in grid} | ({float(start)} if np.ndim(start) == 0 else set())))
    name = ".".join([str(path[0]), spec.name, *(str(step) for step in path[2:])])
    return Lever(
        name, spec.name, spec.owner or spec.name, values, start, effects or (Effect(path, "set"),), relative,
        bool(declared and declared.responsive),
    )  # fmt: skip


def _positive(value: Any) -> bool:
    """Whether a number, or each one of a table, is above zero, so that a factor of it means something."""
    values = value.values() if isinstance(value, dict) else [value]
    return all(bool(np.all(np.asarray(item) > 0)) for item in values)


def _with(held: Any, path: Sequence[str | int], effect: Effect, value: Array) -> Any:
    """Tables with one number replaced; the values of a lever were checked when its grid was declared."""
    if not path:
        return effect.on(held, value)
    step, rest = path[0], path[1:]
    if isinstance(held, list):
        assert isinstance(step, int)
        return [*held[:step], _with(held[step], rest, effect, value), *held[step + 1 :]]
    name = str(step)
    if isinstance(held, PartSpec):
        given = held.given()
        inner = given[name] if name in given else slots_of_spec(held)[name].usual()
        return held.replacing(**{name: _with(inner, rest, effect, value)})
    return held.changed(**{name: _with(getattr(held, name), rest, effect, value)})
