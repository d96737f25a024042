"""What every sourcing rule keeps to; new ones are found by themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.agents.numeric import Rows

RUNS = 6


class Lane:
    """A lane from a supplier, of frozen numbers."""

    on_order: Any

    def __init__(self, **terms: Any) -> None:
        names = terms.pop("products", None)
        rows = Rows(names, ("a", "b")) if names else Rows(("a", "b"), ("a", "b"))
        defaults: dict[str, Any] = {"share": 1.0, "price": 0.0, "price_list": None, "order_cap": None}
        defaults |= {"priority": None, "travel_time": 1}
        defaults["on_order"] = np.zeros((rows.shape[0], RUNS))
        for name, value in {**defaults, **terms, "rows": rows}.items():
            setattr(self, name, value)

    def due_within(self, periods: int) -> Any:
        """What arrives soon: here some of what is on order."""
        return self.on_order / 2

    def of_run(self, run: int) -> Lane:
        """The same lane in one run alone; a number of that run is a plain number."""
        lane = Lane()
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                value = float(value[run]) if value.ndim == 1 else value[:, run : run + 1]
            setattr(lane, name, value)
        return lane


def frozen(values: Any) -> Any:
    values = np.array(values, dtype=float)
    values.setflags(write=False)
    return values


def lanes_and_order(seed: int, capped: Any = (True, True, True)) -> tuple[list[Lane], np.ndarray]:
    draw = np.random.Generator(np.random.PCG64(seed))
    lanes = [
        Lane(
            share=frozen(draw.uniform(0.0, 2.0, RUNS)),
            price=frozen(draw.integers(1, 4, RUNS)),
            order_cap=frozen(draw.uniform(1.0, 9.0, RUNS)) if cap else None,
            priority=int(draw.integers(0, 3)),
            on_order=frozen(draw.uniform(0.0, 20.0, (2, RUNS))),
        )
        for cap in capped
    ]
    return lanes, frozen(draw.uniform(0.0, 30.0, (2, RUNS)))


def started(variant: Any, lanes: list[Lane]) -> Any:
    rule = variant.alike()
    rule.start(SimpleNamespace(suppliers=lanes, stock_of_wanted=lambda: np.full((2, 1), 2.0)))
    return rule


CAPPED = [(True, True, True), (True, False, True), (False, False), (True, True)]


@pytest.mark.parametrize("capped", CAPPED)
@pytest.mark.parametrize("seed", range(4))
def test_the_parts_add_up_to_the_order(sourcing_variant: Any, seed: int, capped: Any) -> None:
    lanes, order = lanes_and_order(seed, capped)
    parts = started(sourcing_variant, lanes)(order, lanes)
    assert [part.shape for part in parts] == [order.shape] * len(lanes)
    assert all((part >= 0).all() for part in parts)
    np.testing.assert_allclose(sum(parts), order, rtol=1e-12)


@pytest.mark.parametrize("capped", CAPPED)
def test_a_run_alone_is_split_the_same(sourcing_variant: Any, capped: Any) -> None:
    lanes, order = lanes_and_order(5, capped)
    together = started(sourcing_variant, lanes)(order, lanes)
    for run in range(RUNS):
        own = [lane.of_run(run) for lane in lanes]
        alone = started(sourcing_variant, own)(order[:, run : run + 1], own)
        assert all(np.array_equal(a, b[:, run : run + 1]) for a, b in zip(alone, together, strict=True))


def test_an_order_on_the_only_lane_is_left_alone(sourcing_variant: Any) -> None:
    lanes, order = lanes_and_order(6, (True,))
    assert started(sourcing_variant, lanes)(order, lanes)[0] is order


def test_no_order_goes_where_the_product_is_not_carried(sourcing_variant: Any) -> None:
    terms = {"price": 2.0, "order_cap": 4.0, "on_order": frozen(np.ones((1, RUNS)))}
    lanes = [
        Lane(products=("a",), **terms),
        Lane(products=("b",), **terms | {"price": 1.0}),
        Lane(price=frozen([[3.0], [0.5]]), order_cap=5.0, on_order=frozen(np.ones((2, RUNS)))),
    ]
    order = frozen(np.full((2, RUNS), 20.0))
    parts = started(sourcing_variant, lanes)(order, lanes)
    assert (parts[0][1] == 0).all()
    assert (parts[1][0] == 0).all()
    np.testing.assert_allclose(sum(parts), order, rtol=1e-12)


def test_returns_are_split_too(sourcing_variant: Any) -> None:
    lanes, order = lanes_and_order(7)
    parts = started(sourcing_variant, lanes)(-order, lanes)
    assert all((part <= 0).all() for part in parts)
    np.testing.assert_allclose(sum(parts), -order, rtol=1e-12)


def test_nothing_is_split_into_nothing(sourcing_variant: Any) -> None:
    lanes, order = lanes_and_order(8)
    assert all((part == 0).all() for part in started(sourcing_variant, lanes)(0.0 * order, lanes))
