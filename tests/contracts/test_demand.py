"""What every demand process keeps to; new ones are found by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any

import numpy as np
import pytest
from ripieno.agents.parameters import Parameter, take_over
from ripieno.agents.plugins import family

RUNS = 6
PERIODS = 30
VALUES = [3.0, 0.0, 4.5, 1.25, 2.0]


class GivenStream:
    """Uniform numbers ``[periods, draws, runs]`` that are given; it notes the periods in which it is read."""

    def __init__(self, numbers: Any) -> None:
        self.numbers = numbers
        self.read: list[int] = []

    @classmethod
    def random(cls, draws: int, seed: int = 1) -> GivenStream:
        draw = np.random.Generator(np.random.PCG64(seed))
        return cls(draw.uniform(0.001, 0.999, (PERIODS, draws, RUNS)))

    def only(self, run: int) -> GivenStream:
        return GivenStream(self.numbers[:, :, run : run + 1])

    def uniforms(self, period: int) -> Any:
        self.read.append(period)
        numbers = self.numbers[period]
        numbers.setflags(write=False)
        return numbers


class Kind:
    """A process and one way to set it: with required or with all parameters, in whole units or not."""

    def __init__(self, name: str, kind: Any, filled: bool, whole: bool) -> None:
        self.name = name
        self.kind = kind
        self.filled = filled
        self.whole = whole
        self.draws: int = kind.draws

    def __repr__(self) -> str:
        return "-".join([self.name, "all" if self.filled else "required", *(["whole"] if self.whole else [])])

    def built(self, number: Callable[[int], Any]) -> Any:
        """The process with ``number(place)`` beyond its bound as each of its numbers."""
        given = {}
        for place, f in enumerate(fields(self.kind)):
            declared: Parameter | None = f.metadata.get("parameter")
            if declared is not None and (self.filled or f.default is MISSING):
                given[f.name] = self._value(f, declared, number(place))
            elif f.name == "whole":
                given[f.name] = self.whole
        process = self.kind(**given)
        assert process.check() is None, f"{self}: {process.check()}"
        return process

    def _value(self, f: Field[Any], declared: Parameter, beyond: Any) -> Any:
        if declared.choices or f.default is None:
            return f.default
        if isinstance(f.default, bool):
            return self.whole
        if str(f.type).startswith("Sequence"):
            return VALUES
        if declared.whole:
            return 3 if declared.minimum else 7  # lengths are positive, and shorter than what may be zero
        if f.name == "minimum":
            return 0.25 * beyond
        if declared.maximum is not None and declared.maximum < 2:
            return np.minimum(0.2 + 0.05 * beyond, 0.9)
        return np.floor((declared.minimum or 0) + beyond) if self.whole else (declared.minimum or 0) + beyond

    def of_run(self, run: int) -> Any:
        """With the numbers of one run, as plain numbers."""
        return self.built(lambda place: 2.0 + 2.5 * place + 0.375 * run)

    def varied(self) -> Any:
        """With other numbers in every run."""
        return self.built(lambda place: 2.0 + 2.5 * place + 0.375 * np.arange(RUNS))


KINDS = [
    Kind(name, kind, filled, whole)
    for name, kind in family("demand").items()
    for filled in (False, True)
    for whole in ((False, True) if any(f.name == "whole" for f in fields(kind)) else (False,))
]


def demands(process: Any, stream: GivenStream, periods: range = range(PERIODS), started: bool = False) -> Any:
    """The demand of the periods, ``[periods, runs]``."""
    if not started:
        process.start(stream, stream.numbers.shape[2])
    return np.array([process(period) for period in periods])


@pytest.fixture(params=KINDS, ids=repr)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


def test_demand_is_finite_and_not_negative(kind: Kind) -> None:
    found = demands(kind.of_run(0), GivenStream.random(kind.draws))
    assert found.shape == (PERIODS, RUNS)
    assert found.dtype == np.float64
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert not np.signbit(found).any()


def test_a_run_alone_has_the_same_demand(kind: Kind) -> None:
    stream = GivenStream.random(kind.draws)
    together = demands(kind.of_run(0), stream)
    for run in range(RUNS):
        assert np.array_equal(demands(kind.of_run(0), stream.only(run)), together[:, run : run + 1])


def test_parameters_may_differ_between_runs(kind: Kind) -> None:
    stream = GivenStream.random(kind.draws)
    together = demands(kind.varied(), stream)
    assert together.shape == (PERIODS, RUNS)
    for run in range(RUNS):
        assert np.array_equal(demands(kind.of_run(run), stream.only(run)), together[:, run : run + 1])


def test_parameters_may_be_replaced(kind: Kind) -> None:
    """New numbers act from the next period on, and numbers given back give the demand that there would have been."""
    process, stream = kind.of_run(0), GivenStream.random(kind.draws)
    first = demands(process, stream, range(10))
    take_over(process, kind.of_run(9))
    between = demands(process, stream, range(10, 20), started=True)
    assert np.array_equal(first, demands(kind.of_run(0), stream)[:10])
    memoryless = not any(f.name in ("_deviation", "_is_high") for f in fields(kind.kind))
    if memoryless:
        assert np.array_equal(between, demands(kind.of_run(9), stream)[10:20])


def test_a_period_takes_its_draws_once_whatever_the_parameters(kind: Kind) -> None:
    for process in (kind.of_run(0), kind.of_run(5), kind.varied()):
        stream = GivenStream.random(kind.draws)
        demands(process, stream)
        assert stream.read == (list(range(PERIODS)) if kind.draws else [])


def test_a_start_forgets_what_was_before(kind: Kind) -> None:
    process, stream = kind.of_run(0), GivenStream.random(kind.draws)
    first = demands(process, stream)
    demands(process, GivenStream.random(kind.draws, seed=2))
    assert np.array_equal(demands(process, stream), first)


def test_demand_grows_with_its_random_number(kind: Kind) -> None:
    """Inversion: the larger the uniform number of the period, the larger the demand."""
    stream = GivenStream.random(kind.draws)
    rising = np.sort(stream.numbers, axis=2)
    process = kind.of_run(0)
    found = demands(process, GivenStream(rising))
    assert (np.diff(found, axis=1) >= 0).all()
    random = kind.draws > (getattr(process, "sd", None) == 0.0)  # without noise its draw has no effect
    assert (found[:, -1].sum() > found[:, 0].sum()) == random


@pytest.mark.parametrize(
    "counting", [k for k in KINDS if k.whole or k.name in ("poisson", "negative-binomial")], ids=repr
)
def test_whole_demand_is_whole(counting: Kind) -> None:
    process = counting.of_run(0)
    if hasattr(process, "minimum"):
        process.minimum = 0.0
    found = demands(process, GivenStream.random(counting.draws))
    assert np.array_equal(found, np.floor(found))


def test_what_is_expected_is_a_number_for_every_run(kind: Kind) -> None:
    process = kind.varied()
    for value in (process.expected(), process.deviation()):
        assert value is not None
        assert np.broadcast_shapes(np.shape(value), (RUNS,)) == (RUNS,)
        assert (np.asarray(value) >= 0).all()
