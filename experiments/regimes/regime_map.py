"""The regime map: a surface and a rule fitted to what orchestration gains, against what governance costs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...agents.quantity import Array
from ..sweeps.errors import StudyError
from .coordinates import COORDINATES, NAMES
from .gains import Gains
from .rule import Rule, accuracy, as_table, from_table, grown, leaf_of
from .surface import (
    Axes,
    Manner,
    Sample,
    bootstrapped,
    bounds,
    chosen_manner,
    fitted,
    fitted_by_choice,
    left_out,
    sample_of,
)
from .surface import quality as quality_of

if TYPE_CHECKING:
    import pandas as pd

MAP_FILE = "regime_map.json"
FORMAT = 1
LEAST_POINTS = 10
ROWS = ("point", "arm", *NAMES, "relative", "relative_low", "relative_high")


class Reading(NamedTuple):
    """What a map says of a network, all as shares of the control's cost.

    ``low, high`` bound the surface, ``reach`` is what 95 % of the errors at points that it had not seen stay within.
    ``inside`` is whether the network lies in the mapped region; ``beyond`` names the coordinates that do not, and
    ``unknown`` those that could not be measured. ``pays`` is what the rule says, or nothing where it cannot tell.
    """

    estimate: float
    low: float
    high: float
    reach: float
    inside: bool
    beyond: tuple[str, ...]
    unknown: tuple[str, ...]
    pays: bool | None


@dataclass(frozen=True)
class RegimeMap:
    """A map of what orchestration gains against one kind of control, as shares of the control's cost.

    ``rows`` has one row a design point and orchestrated arm: ``point, arm``, the coordinates, and ``relative`` with
    ``relative_low, relative_high``. ``overhead`` is what governance costs beside what the runs are charged for it.
    """

    study: str
    against: str
    quick: bool
    period: str
    overhead: float
    rows: pd.DataFrame
    manner: Manner
    quality: dict[str, float]
    rule: Rule
    right: dict[str, Any]
    facts: dict[str, Any]

    @cached_property
    def axes(self) -> Axes:
        """The coordinates that vary over the points."""
        return Axes.of(self.rows, NAMES)

    @cached_property
    def sample(self) -> Sample:
        """The points as they are fitted."""
        return sample_of(self.rows, self.axes)

    @property
    def pays(self) -> NDArray[np.bool_]:
        """At which points the whole interval of the gain lies above the overhead."""
        return pays_at(self.rows, self.overhead)

    def surface(self, places: pd.DataFrame) -> tuple[Array, Array, Array]:
        """The surface and its bootstrapped bounds at some networks, which have a column for each axis."""
        at = self.axes(places)
        low, high = bounds(bootstrapped(self.sample, self.manner, at))
        return fitted(self.sample, self.manner)(at), low, high

    def reading(self, place: Mapping[str, float]) -> Reading:
        """What the map says of a network with these coordinates; missing where a coordinate is unknown."""
        import pandas as pd

        unknown = tuple(name for name in self.axes.names if np.isnan(place[name]))
        beyond = tuple(name for name in NAMES if name not in unknown and not self._spans(name, place[name]))
        if unknown:
            return Reading(np.nan, np.nan, np.nan, self.quality["reach"], False, beyond, unknown, None)
        here = pd.DataFrame([dict(place)])
        estimate, low, high = (float(values[0]) for values in self.surface(here))
        inside = not beyond and bool(self._gaps(self.axes(here)).min() <= self._widest)
        said = leaf_of(self.rule, place).pays
        return Reading(estimate, low, high, self.quality["reach"], inside, beyond, unknown, said)

    def _spans(self, name: str, value: float) -> bool:
        """Whether a value lies between the least and the largest of the points; so does what is not known."""
        known = self.rows[name].dropna()
        if known.empty or np.isnan(value):
            return True
        slack = 1e-9 * max(abs(value), 1.0)
        return bool(known.min() - slack <= value <= known.max() + slack)

    def _gaps(self, places: Array) -> Array:
        """How far the points are from places, in standard deviations, ``[places, points]``."""
        return np.asarray(np.sqrt(((places[:, None] - self.sample.places[None]) ** 2).sum(axis=2)))

    @cached_property
    def _widest(self) -> float:
        """The largest distance from a point to the nearest other one: beyond it a network lies in a gap."""
        same = self.sample.points[:, None] == self.sample.points[None]
        return float(np.where(same, np.inf, self._gaps(self.sample.places)).min(axis=1).max())

    def table(self) -> dict[str, Any]:
        """The map as nested tables, from which `read_map` makes an equal one."""
        return {
            "format": FORMAT,
            "study": self.study,
            "against": self.against,
            "quick": self.quick,
            "period": self.period,
            "overhead": self.overhead,
            "manner": list(self.manner),
            "quality": {name: _plain(value) for name, value in self.quality.items()},
            "rule": as_table(self.rule),
            "right": {name: _plain(value) for name, value in self.right.items()},
            "coordinates": {c.name: {"unit": c.unit, "meaning": c.meaning} for c in COORDINATES},
            "facts": self.facts,
            "rows": {name: [_plain(value) for value in self.rows[name].tolist()] for name in ROWS},
        }


def make_map(gains: Gains, against: str = "selfish", overhead: float = 0.0) -> RegimeMap:
    """Fit surface and rule to the gains against one kind of control.

    Raises `StudyError` with fewer than ten design points, or where no coordinate varies.
    """
    rows = gains.against(against)
    points = rows["point"].nunique()
    if points < LEAST_POINTS:
        cure = f"run it with {LEAST_POINTS} or more"
        raise StudyError(f"study {gains.study}: {points} design points are too few for a map; {cure}")
    axes = Axes.of(rows, NAMES)
    if not axes.names:
        cure = f"vary what moves one of {', '.join(NAMES)}"
        raise StudyError(f"study {gains.study}: all its points lie at one place of the map; {cure}")
    sample, pays = sample_of(rows, axes), pays_at(rows, overhead)
    return RegimeMap(
        study=gains.study,
        against=against,
        quick=gains.quick,
        period=gains.period,
        overhead=overhead,
        rows=rows[list(ROWS)],
        manner=chosen_manner(sample),
        quality=quality_of(sample, left_out(sample, fitted_by_choice)),
        rule=grown(rows, axes.names, pays),
        right=accuracy(rows, axes.names, pays),
        facts=gains.facts,
    )


def pays_at(rows: pd.DataFrame, overhead: float) -> NDArray[np.bool_]:
    """Where the whole interval of the gain lies above what governance costs."""
    return (rows["relative_low"] > overhead).to_numpy()


def _plain(value: Any) -> Any:
    """A missing number as JSON has it."""
    return None if isinstance(value, float) and np.isnan(value) else value


def _missing(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.nan if value is None else value for name, value in table.items()}


def dumps_map(made: RegimeMap) -> bytes:
    """The map as the content of a file; the same map gives the same bytes."""
    return json.dumps(made.table(), indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def read_map(source: str | Path) -> RegimeMap:
    """The map in a file, or in the folder that `ripieno regimes` wrote; raises `StudyError` where there is none."""
    import pandas as pd

    path = Path(source) / MAP_FILE if Path(source).is_dir() else Path(source)
    cure = "make one with `ripieno regimes RESULTS -o DIR`"
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["format"] != FORMAT:
            raise StudyError(f"{path}: is a map of format {table['format']}, not {FORMAT}; {cure}")
        rows = pd.DataFrame({name: table["rows"][name] for name in ROWS}).astype(dict.fromkeys(NAMES, float))
        reach, smoothing = table["manner"]
        kept = {name: table[name] for name in ("study", "against", "quick", "period", "overhead", "facts")}
        kept |= {name: _missing(table[name]) for name in ("quality", "right")}
        return RegimeMap(rows=rows, manner=(reach, smoothing), rule=from_table(table["rule"]), **kept)
    except StudyError:
        raise
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}; {cure}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise StudyError(f"{path}: is no regime map ({type(error).__name__}: {error}); {cure}") from None
