"""The plan: design points times arms as settings, and in which order their runs are best made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...model.schema import ScenarioError, groups
from .errors import StudyError
from .fingerprint import digest
from .parameters import Point
from .prepared import Prepared

IntArray: TypeAlias = NDArray[np.int64]
TILE = 256
"""Replications are run in tiles of so many, within which all settings come together and share their draws."""


@dataclass(frozen=True)
class Setting:
    """One way to set the scenario: the overrides of an arm and a design point.

    ``key`` is the hash of the overrides: two points or arms that set the same values are one setting, run once.
    """

    key: str
    overrides: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """All that a study will run. A run is a setting and a replication.

    ``setting_of[point, arm]`` is the index of the setting of a design point in an arm; ``group[setting]`` numbers the
    structures: settings of one group can be simulated side by side.
    """

    prepared: Prepared
    points: list[Point]
    settings: list[Setting]
    setting_of: IntArray
    group: IntArray

    @property
    def arms(self) -> list[str]:
        """The names of the arms."""
        return list(self.prepared.study.arms)

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of each setting by its key."""
        return {setting.key: i for i, setting in enumerate(self.settings)}

    @property
    def start(self) -> int:
        """The number of the first replication."""
        return self.prepared.study.replications.start

    @property
    def most(self) -> int:
        """The largest number of replications of a setting."""
        return self.prepared.study.replications.most

    def ordered(self, wanted: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
        """The runs of a mask ``[settings, replications]`` as settings and replications, in the order of running.

        Settings of one structure stay together, and within a tile of replications all of them share their draws.
        """
        setting, offset = np.nonzero(wanted)
        order = np.lexsort((offset, setting, offset // TILE, self.group[setting]))
        return setting[order], offset[order] + self.start

    def share(self, part: int, parts: int, sequential: bool) -> NDArray[np.bool_]:
        """The mask ``[settings, replications]`` of shard ``part`` of ``parts`` (counted from 0).

        A fixed number of replications is cut into stretches of runs; with a sequential rule whole design points are
        dealt out, since the rule looks at all runs of a point.
        """
        mask = np.zeros((len(self.settings), self.most), dtype=bool)
        if sequential:
            mask[np.unique(self.setting_of[part::parts])] = True
            return mask
        setting, replication = self.ordered(np.ones_like(mask))
        cut = slice(len(setting) * part // parts, len(setting) * (part + 1) // parts)
        mask[setting[cut], replication[cut] - self.start] = True
        return mask


def make_plan(prepared: Prepared, points: Sequence[Point]) -> Plan:
    """The plan of a study with the given design points; raises `StudyError` if there are none."""
    if not points:
        raise StudyError(f"study {prepared.study.name}: the design has no points; give the parameters values")
    settings: list[Setting] = []
    index: dict[str, int] = {}
    setting_of = np.empty((len(points), len(prepared.study.arms)), dtype=np.int64)
    group: list[int] = []
    structure = _Structure(prepared, points)
    for p, point in enumerate(points):
        for a, arm in enumerate(prepared.study.arms):
            overrides = prepared.overrides(point, arm)
            key = digest(overrides)
            if key not in index:
                index[key] = len(settings)
                settings.append(Setting(key, overrides))
                group.append(structure.of(point, arm))
            setting_of[p, a] = index[key]
    return Plan(prepared, list(points), settings, setting_of, np.array(group, dtype=np.int64))


class _Structure:
    """Numbers the structures of a study's settings without building every scenario.

    Arms are compared at the first point, and a parameter belongs to the structure of an arm if two of its values
    cannot be stacked. It only serves to make good batches: a batch is stacked anew where it is run.
    """

    def __init__(self, prepared: Prepared, points: Sequence[Point]) -> None:
        self.numbers: dict[Any, int] = {}
        self.arm_group, self.structural = {}, {}
        first = [_built(prepared, points[0], arm) for arm in prepared.study.arms]
        grouped = _grouped(first)
        for a, arm in enumerate(prepared.study.arms):
            # Runs that wait for a choice come together, so that it is made for many settings at once.
            self.arm_group[arm] = (grouped[a], arm in prepared.study.chosen)
            self.structural[arm] = [n for n in points[0] if _matters(prepared, points, arm, n)]

    def of(self, point: Point, arm: str) -> int:
        """The number of the structure of a point in an arm."""
        key = (self.arm_group[arm], *((name, repr(point[name])) for name in self.structural[arm]))
        return self.numbers.setdefault(key, len(self.numbers))


def _matters(prepared: Prepared, points: Sequence[Point], arm: str, name: str) -> bool:
    first = points[0]
    other = next((point[name] for point in points if point[name] != first[name]), first[name])
    pair = [_built(prepared, first, arm), _built(prepared, first | {name: other}, arm)]
    return len(set(_grouped(pair))) > 1


def _built(prepared: Prepared, point: Point, arm: str) -> Any:
    """The scenario of a setting, or nothing where its values do not fit: its runs will be recorded as failures."""
    try:
        return prepared.built(point, arm).resolved()
    except ScenarioError:
        return None


def _grouped(scenarios: list[Any]) -> list[int]:
    """A number for each scenario, equal for those that can be stacked."""
    usable = [i for i, scenario in enumerate(scenarios) if scenario is not None]
    numbers = [-1] * len(scenarios)
    for number, members in enumerate(groups([scenarios[i] for i in usable])):
        for member in members:
            numbers[usable[member]] = number
    return numbers
