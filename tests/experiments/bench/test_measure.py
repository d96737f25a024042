"""The arithmetic of the benchmark."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.experiments.bench.measure import Effort, Measurement, as_rows, medians


def test_a_ratio_says_how_many_times_better() -> None:
    slow = Measurement("slow", 100.0, "ns")
    fast = Measurement.against(slow, "fast", 4.0)
    assert (fast.ratio, fast.reference, fast.unit) == (25.0, "slow", "ns")


def test_a_bar_is_a_reference() -> None:
    assert Measurement.within(20.0, "load", 5.0, "s").ratio == 4.0
    assert Measurement.within(20.0, "load", 40.0, "s").ratio == 0.5


def test_rows_have_the_promised_keys() -> None:
    (row,) = as_rows([Measurement("a", 1.0, "s")])
    assert list(row) == ["name", "value", "unit", "ratio", "reference"]


def test_repetitions_are_interleaved_after_a_warm_up() -> None:
    calls: list[str] = []
    taken = medians({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, repetitions=2)
    assert calls == ["a", "b"] * 3
    assert set(taken) == {"a", "b"}


@pytest.mark.parametrize("values", [{"repetitions": 0}, {"periods": 0}])
def test_no_effort_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Effort(**values)
