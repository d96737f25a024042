from __future__ import annotations

import pytest
from ripieno.experiments.sweeps.conditions import holds, named_in

POINT = {"lead": 2, "volatility": 0.5, "network": "tree", "warehouses.W.policy.level": 20.0}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("lead <= 2", True),
        ("lead < 2", False),
        ("2 > volatility >= 0.5", True),
        ("network == 'tree' and lead == 2", True),
        ("network != 'tree' or lead != 2", False),
        ("not (network == 'tree' and lead > 2)", True),
        ("volatility > -1", True),
        ("warehouses.W.policy.level == 20", True),
        ("volatility < lead", True),
    ],
)
def test_it_holds_where_it_says(condition: str, expected: bool) -> None:
    assert holds(condition, POINT) is expected


def test_a_text_is_neither_more_nor_less_than_a_number() -> None:
    assert not holds("network < 3", POINT)
    assert not holds("network >= 3", POINT)
    assert holds("network != 3", POINT)


def test_the_parameters_are_found_once_each() -> None:
    assert named_in("b < 1 and (a.c == 'x' or not b > d)") == ["b", "a.c", "d"]


@pytest.mark.parametrize(
    "condition",
    ["", "a", "a <", "1 < 2", "a + 1 < 2", "f(a) < 2", "a in 'abc'", "a is b", "-a < 1", "a < 1" + " " * 500],
)
def test_anything_else_is_refused(condition: str) -> None:
    with pytest.raises(ValueError, match=r"condition|comparison|compares no|not the name|longer than"):
        named_in(condition)
