from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.parameters import Parameter, Space

UNIT = np.linspace(0.0, 1.0, 100_001)


def test_a_range_is_spread_evenly_and_reaches_both_ends() -> None:
    values = Parameter(low=2.0, high=4.0).scaled(UNIT)
    assert values[0] == 2.0
    assert values[-1] == 4.0
    assert np.mean(np.array(values, dtype=float)) == pytest.approx(3.0)


def test_a_logarithmic_range_has_its_geometric_mean_in_the_middle() -> None:
    assert Parameter(low=1.0, high=100.0, log=True).middle == pytest.approx(10.0)


@pytest.mark.parametrize("log", [False, True])
def test_an_integer_range_stays_whole_and_within_its_ends(log: bool) -> None:
    values = Parameter(low=1, high=5, integer=True, log=log).scaled(UNIT)
    assert all(type(value) is int for value in values)
    assert sorted(set(values)) == [1, 2, 3, 4, 5]


def test_every_whole_number_gets_the_same_share() -> None:
    values = np.array(Parameter(low=1, high=4, integer=True).scaled(UNIT[:-1]))
    assert [np.mean(values == n) for n in (1, 2, 3, 4)] == pytest.approx([0.25] * 4, abs=1e-4)


def test_listed_values_get_the_same_share_and_keep_their_type() -> None:
    parameter = Parameter(values=["priority", "proportional", 3])
    assert parameter.scaled(np.array([0.0, 0.3, 0.34, 0.99, 1.0])) == ["priority", "priority", "proportional", 3, 3]


def test_a_grid_takes_levels_of_a_range() -> None:
    assert Parameter(low=0.0, high=1.0, levels=3).grid("x") == [0.0, 0.5, 1.0]
    assert Parameter(low=1, high=1000, levels=4, integer=True, log=True).grid("x") == [1, 10, 100, 1000]
    with pytest.raises(StudyError, match=r"parameters\.x.*give levels"):
        Parameter(low=0.0, high=1.0).grid("x")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"low": 1.0}, "only half a range"),
        ({"low": 2.0, "high": 2.0}, "is not below"),
        ({"low": 0.0, "high": 2.0, "log": True}, "starts above 0"),
        ({"low": 0.5, "high": 2.0, "integer": True}, "whole numbers"),
        ({"low": 0.0, "high": float("inf")}, "only half a range"),
        ({"values": []}, "is empty"),
        ({"values": [1, 1]}, "twice"),
        ({"values": [[1]]}, "not a number"),
        ({"values": [float("nan")]}, "not a number"),
        ({"values": [1, 2], "low": 1.0, "high": 2.0}, "both"),
        ({"values": [1, 2], "levels": 2}, "no range"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Parameter(**fields)  # type: ignore[arg-type]


def test_one_and_true_are_different_values() -> None:
    assert Parameter(values=[1, True]).grid("x") == [1, True]


def test_a_space_scales_each_column_by_its_own_parameter() -> None:
    space = Space({"a": Parameter(low=0.0, high=10.0), "b": Parameter(values=["x", "y"])})
    assert space.scaled(np.array([[0.5, 0.1], [0.0, 0.9]])) == [{"a": 5.0, "b": "x"}, {"a": 0.0, "b": "y"}]
