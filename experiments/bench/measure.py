"""How times are taken: the median of interleaved repetitions, as CPU time, after one repetition to warm up."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True)
class Effort:
    """How much a session of measurements does: repetitions of each measurement, and how large the workloads are.

    ``periods`` is the length of W1 for many runs and ``large`` adds the measurements that take minutes.
    """

    repetitions: int = 5
    periods: int = 1_000
    large: bool = False

    def __post_init__(self) -> None:
        if self.repetitions < 1 or self.periods < 1:
            raise ValueError(f"repetitions and periods must be at least 1, not {self.repetitions} and {self.periods}")


@dataclass(frozen=True)
class Measurement:
    """One row of the result. Smaller values are better in every unit used here.

    ``ratio`` is the value of the ``reference`` divided by ``value``: above 1, this is better than the reference.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    reference: str | None = None

    @classmethod
    def against(cls, other: Measurement, name: str, value: float) -> Measurement:
        """A measurement compared with another one of the same session and unit."""
        return cls(name, value, other.unit, other.value / value, other.name)

    @classmethod
    def within(cls, bar: float, name: str, value: float, unit: str) -> Measurement:
        """A measurement compared with the most that is asked for."""
        return cls(name, value, unit, bar / value, f"at most {bar:g} {unit}")


def medians(works: Mapping[str, Work], repetitions: int) -> dict[str, float]:
    """Median CPU seconds of each piece of work.

    The repetitions are interleaved, so that a slow spell of a shared machine hits all alike and the ratios hold.
    """
    for work in works.values():
        work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repetitions):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(taken) for name, taken in times.items()}


def seconds(work: Work, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds that one call takes, without the collection of earlier garbage."""
    gc.collect()
    start = clock()
    work()
    return clock() - start


def wall_median(work: Work, repetitions: int) -> float:
    """Median of elapsed time, for work in another process."""
    work()
    return median(seconds(work, time.perf_counter) for _ in range(repetitions))


def as_rows(measurements: Iterable[Measurement]) -> list[dict[str, object]]:
    """The measurements as plain rows, for JSON."""
    return [vars(measurement).copy() for measurement in measurements]
