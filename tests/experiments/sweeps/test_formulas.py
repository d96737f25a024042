from __future__ import annotations

import math

import pytest
from ripieno.experiments.sweeps.formulas import names_in, value_of


def test_arithmetic_follows_the_usual_rules() -> None:
    assert value_of("1 + 2 * lead / window + 2 * (lead / window) ** 2", {"lead": 4, "window": 5}) == pytest.approx(3.88)
    assert value_of("-2 ** 2 + sqrt(16) - max(1, x, 2)", {"x": 7}) == -7.0
    assert value_of("warehouses.W.policy.level / 2", {"warehouses.W.policy.level": 5}) == 2.5


def test_the_names_are_found_once_each() -> None:
    assert names_in("b + a.c * b / log(d)") == ["b", "a.c", "d"]
    assert names_in("1 / (b - 1)") == ["b"]


@pytest.mark.parametrize("formula", ["1 / (a - 3)", "log(3 - a)", "(2 - a) ** 0.5", "10.0 ** (a * 1000)"])
def test_where_there_is_no_value_it_is_missing(formula: str) -> None:
    assert math.isnan(value_of(formula, {"a": 3.0}))


@pytest.mark.parametrize(
    "formula",
    ["", "a +", "__import__('os')", "a if b else c", "[1, 2]", "'text'", "a.b(1)", "True", "a < b", "sqrt(1, 2)",
     "1" * 501, "f(2)[0].x", "lambda: 1", "min()"],
)  # fmt: skip
def test_anything_else_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match=r"arithmetic|longer than|other number|not the name"):
        names_in(formula)
