"""The books: what is noted, forgotten at the end of the warm-up, and read without a trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.books import Books
from ripieno.agents.quantity import Units, quantities_of, quantity


class Shelf(Books):
    """A holder of three quantities."""

    stock: Units = quantity("stock", unit="units", role="held", tally=("total", "count"))
    asked: Units = quantity("asked for", unit="units", tally="spread")
    idle: Units = quantity("nobody's business", unit="units")


def noted(*values: float, **opening: Any) -> Shelf:
    shelf = Shelf()
    shelf.stock = shelf.asked = shelf.idle = np.zeros((1, 2))
    shelf.open_books(**opening)
    for value in values:
        shelf.stock, shelf.asked = np.array([[value, 0.0]]), np.array([[2 * value, 1.0]])
        shelf.account()
    return shelf


def test_the_declarations_decide_what_is_kept() -> None:
    assert list(quantities_of(Shelf)) == ["stock", "asked", "idle"]
    shelf = noted(1.0, 2.0, 6.0)
    assert shelf.total("stock")[0].tolist() == [9.0, 0.0]
    assert shelf.mean("stock")[0].tolist() == [3.0, 0.0]
    assert shelf.count("stock")[0].tolist() == [3.0, 0.0]
    assert shelf.total("asked")[0].tolist() == [18.0, 3.0]
    assert shelf.variance("asked")[0].tolist() == pytest.approx([np.var([2.0, 4.0, 12.0]), 0.0])
    assert [name for name, _ in shelf.noted()] == ["stock", "asked"]


@pytest.mark.parametrize("runs", [1, 90, 2100, 9000])
def test_the_sums_do_not_depend_on_how_many_periods_are_taken_in_together(runs: int) -> None:
    """Periods of few runs are added many at a time, those of 2,100 one by one: the first run is the same to the bit."""
    values = np.random.Generator(np.random.PCG64(1)).random(150).tolist()
    shelf = Shelf()
    shelf.stock = shelf.asked = shelf.idle = np.zeros((1, runs))
    shelf.open_books(unused=[("stock", "count")])
    total = 0.0
    for value in values:
        shelf.stock, shelf.asked = np.full((1, runs), value), np.full((1, runs), 2 * value)
        shelf.account()
        total = total + value
    assert shelf.total("stock")[0, 0] == total
    assert shelf.variance("asked")[0, 0] == pytest.approx(np.var(np.array(values) * 2), rel=1e-12)


@pytest.mark.parametrize("runs", [1, 40, 700, 2100])
def test_the_sums_are_those_of_adding_period_by_period(runs: int) -> None:
    """To the last bit, with several quantities on a page, however many fit into the cache together."""
    draw = np.random.Generator(np.random.PCG64(2))
    shelf, other = Shelf(), Shelf()
    for holder in (shelf, other):
        holder.stock = holder.asked = holder.idle = np.zeros((2, runs))
    shelf.open_books()
    other.open_books(page=shelf.page)
    rows = draw.normal(1.5, size=(300, 2, 2, runs))  # most are positive: more often than a byte can count
    for row in rows:
        for holder, values in zip((shelf, other), row, strict=True):
            holder.stock, holder.asked = values, 3.0 * values
        shelf.account()
    for place, holder in enumerate((shelf, other)):
        seen = rows[:, place]
        off = 3.0 * seen - 3.0 * seen[0]
        sums, squares = (np.add.accumulate(terms, axis=0)[-1] for terms in (off, off * off))
        mean = sums / 300
        assert np.array_equal(holder.total("stock"), np.add.accumulate(seen, axis=0)[-1])
        assert np.array_equal(holder.mean("asked"), 3.0 * seen[0] + mean)
        assert np.array_equal(holder.variance("asked"), squares / 300 - mean * mean)
        assert np.array_equal(holder.count("stock"), (seen > 1e-9).sum(axis=0))


def test_what_somebody_else_notes_is_read_there() -> None:
    shelf, twin = noted(), noted(elsewhere=None)
    twin.open_books(unused={("stock", "count")}, elsewhere={"asked": (shelf, "asked")})
    for value in (1.0, 2.0, 6.0):
        shelf.asked = twin.asked = np.array([[value, 1.0]])
        for holder in (shelf, twin):
            holder.account()
    assert not twin.page.keeps(twin, "asked", "spread")
    assert [name for name, _ in twin.noted()] == ["stock", "asked"]
    for read in ("total", "mean", "variance"):
        assert np.array_equal(getattr(twin, read)("asked"), getattr(shelf, read)("asked"))
    with pytest.raises(LookupError, match="asked"):
        twin.count("asked")


def test_the_names_of_quantities_are_left_to_the_instances() -> None:
    assert not hasattr(Shelf, "stock")
    assert quantities_of(Shelf)["stock"].name == "stock"


def test_a_holder_of_one_quantity_keeps_it() -> None:
    shelf = noted(1.0, 2.0, unused=[("asked", "spread"), ("stock", "count")])
    assert shelf.total("stock")[0].tolist() == [3.0, 0.0]


@pytest.mark.parametrize(("read", "name"), [("variance", "stock"), ("count", "asked"), ("mean", "idle")])
def test_what_is_not_kept_cannot_be_read(read: str, name: str) -> None:
    with pytest.raises(LookupError, match=name):
        getattr(noted(1.0), read)(name)


def test_the_warm_up_is_forgotten() -> None:
    shelf = noted(100.0, 50.0)
    shelf.close_warm_up()
    shelf.stock, shelf.asked = np.array([[1.0, 1.0]]), np.array([[3.0, 3.0]])
    shelf.account()
    assert shelf.total("stock")[0].tolist() == [1.0, 1.0]
    assert shelf.mean("asked")[0].tolist() == [3.0, 3.0]


@pytest.mark.parametrize("runs", [1, 700])
def test_the_warm_up_is_forgotten_once_for_all_on_a_page(runs: int) -> None:
    """By few runs, whose periods are added together, and by many; the second holder finds nothing to forget."""
    shelf, other = Shelf(), Shelf()
    for holder in (shelf, other):
        holder.stock = holder.asked = holder.idle = np.full((1, runs), 2.0)
    shelf.open_books()
    other.open_books(page=shelf.page)
    for _ in range(3):
        shelf.account()
        other.account()  # keeps no page, and notes nothing
    for holder in (shelf, other):
        assert (holder.total("stock")[0, 0], holder.count("stock")[0, 0]) == (6.0, 3.0)
    for holder in (shelf, other):
        holder.close_warm_up()
    shelf.account()
    for holder in (shelf, other):
        assert (holder.total("stock")[0, 0], holder.mean("asked")[0, 0], holder.count("stock")[0, 0]) == (2.0, 2.0, 1.0)


def test_quantities_without_rows_are_noted_too() -> None:
    """Such as the parts of a factory that needs none, where nothing else is on the page."""
    shelf = Shelf()
    shelf.stock = shelf.asked = shelf.idle = np.zeros((0, 3))
    shelf.open_books()
    for _ in range(40):
        shelf.account()
    for read in (shelf.total("stock"), shelf.count("stock"), shelf.mean("asked"), shelf.variance("asked")):
        assert read.shape == (0, 3)


def test_unused_tallies_are_not_kept() -> None:
    shelf = noted(1.0, unused={("stock", "total"), ("stock", "count")})
    with pytest.raises(LookupError):
        shelf.total("stock")
    assert shelf.mean("asked")[0].tolist() == [2.0, 1.0]


def test_reading_often_changes_nothing() -> None:
    values = [float(value % 7) / 3 for value in range(100)]
    quiet, read = noted(), noted()
    for value in values:
        for shelf in (quiet, read):
            shelf.stock, shelf.asked = np.array([[value, 0.0]]), np.array([[2 * value, 1.0]])
            shelf.account()
        read.total("stock")
        read.variance("asked")
    assert np.array_equal(quiet.total("stock"), read.total("stock"))
    assert np.array_equal(quiet.variance("asked"), read.variance("asked"))


def test_long_series_agree_with_numpy() -> None:
    series = np.random.Generator(np.random.PCG64(4)).normal(3.0, 5.0, 300)
    shelf = noted(*series)
    assert shelf.total("stock")[0, 0] == pytest.approx(series.sum(), rel=1e-12)
    assert shelf.mean("asked")[0, 0] == pytest.approx(2 * series.mean(), rel=1e-12)
    assert shelf.variance("asked")[0, 0] == pytest.approx(4 * series.var(), rel=1e-12)
    assert shelf.count("stock")[0, 0] == (series > 1e-9).sum()
    assert shelf.variance("asked")[0, 1] == 0.0  # a constant has no variance at all


def test_a_large_mean_costs_no_digits() -> None:
    series = np.random.Generator(np.random.PCG64(4)).normal(0.0, 5.0, 300)
    assert noted(*(1e9 + series)).variance("asked")[0, 0] == pytest.approx(4 * series.var(), rel=1e-6)


def test_rounding_is_not_counted() -> None:
    assert noted(1e-12, -1.0, 0.0, 1e-6, 2.0).count("stock")[0, 0] == 2.0


def test_holders_on_one_page_are_noted_together() -> None:
    shelf, other = Shelf(), Shelf()
    for holder in (shelf, other):
        holder.stock = holder.asked = holder.idle = np.zeros((1, 2))
    shelf.open_books()
    other.open_books(page=shelf.page)
    for value in (1.0, 5.0):
        shelf.stock, other.stock = np.full((1, 2), value), np.full((1, 2), -value)
        shelf.account()
    assert shelf.total("stock")[0].tolist() == [6.0, 6.0]
    assert other.total("stock")[0].tolist() == [-6.0, -6.0]
    assert (shelf.count("stock")[0, 0], other.count("stock")[0, 0]) == (2.0, 0.0)


def test_what_is_handed_out_stays_as_it_is() -> None:
    shelf = noted(1.0)
    before = shelf.total("stock")
    shelf.account()
    assert before[0].tolist() == [1.0, 0.0]
    assert shelf.total("stock")[0].tolist() == [2.0, 0.0]
