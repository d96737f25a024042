from __future__ import annotations

from ripieno.experiments.sweeps.sizing import FIRST_RUNS, MOST_RUNS, TARGET_SECONDS, Sizer


def test_it_grows_towards_the_target() -> None:
    sizer = Sizer(MOST_RUNS)
    sizer.learn(FIRST_RUNS, TARGET_SECONDS / 4)
    assert sizer.size == 4 * FIRST_RUNS
    sizer.learn(sizer.size, TARGET_SECONDS / 1e6)
    assert sizer.size == MOST_RUNS


def test_it_shrinks_when_chunks_take_long_but_not_to_nothing() -> None:
    sizer = Sizer(MOST_RUNS, size=2)
    for _ in range(5):
        sizer.learn(sizer.size, 1000 * TARGET_SECONDS)
    assert sizer.size == 1


def test_a_small_remainder_teaches_nothing() -> None:
    sizer = Sizer(MOST_RUNS)
    sizer.learn(3, 100.0)
    assert sizer.size == FIRST_RUNS


def test_the_last_chunks_are_equal() -> None:
    sizer = Sizer(MOST_RUNS, size=1000)
    assert sizer.next(1100, 2) == 550
    assert sizer.next(100, 1) == 100
    assert sizer.next(10_000, 2) == 1000
    assert sizer.next(1, 8) == 1


def test_a_fixed_size_is_kept() -> None:
    sizer = Sizer(MOST_RUNS, fixed=7)
    sizer.learn(7, 1e-6)
    assert sizer.next(1000, 2) == 7
