from __future__ import annotations

from ripieno.experiments.sweeps.sizing import FIRST_RUNS, LEAST_RUNS, MOST_RUNS, MOST_SECONDS, TARGET_SECONDS, Sizer


def test_it_grows_towards_the_target() -> None:
    sizer = Sizer(MOST_RUNS)
    sizer.learn(FIRST_RUNS, TARGET_SECONDS / 12)
    assert sizer.size == 12 * FIRST_RUNS > LEAST_RUNS
    sizer.learn(sizer.size, TARGET_SECONDS / 1e6)
    assert sizer.size == MOST_RUNS


def test_it_shrinks_when_chunks_take_long_but_not_to_nothing() -> None:
    sizer = Sizer(MOST_RUNS, size=2)
    for _ in range(5):
        sizer.learn(sizer.size, 1000 * TARGET_SECONDS)
    assert sizer.size == 1


def test_slow_chunks_stay_large_enough_to_be_worth_their_overhead() -> None:
    sizer = Sizer(MOST_RUNS)
    sizer.learn(FIRST_RUNS, 10 * TARGET_SECONDS)
    assert sizer.size == LEAST_RUNS
    sizer.learn(LEAST_RUNS, 4 * MOST_SECONDS)
    assert sizer.size == LEAST_RUNS // 4


def test_a_small_remainder_teaches_nothing() -> None:
    sizer = Sizer(MOST_RUNS)
    sizer.learn(3, 100.0)
    assert sizer.size == FIRST_RUNS


def handed_out(sizer: Sizer, missing: int, slots: int) -> list[int]:
    sizes: list[int] = []
    while missing > 0:
        sizes.append(min(sizer.next(missing, slots), missing))
        missing -= sizes[-1]
    return sizes


def test_the_last_chunks_are_equal() -> None:
    assert handed_out(Sizer(MOST_RUNS, size=1000), 1100, 2) == [550, 550]
    assert handed_out(Sizer(MOST_RUNS, size=1000), 100, 1) == [100]
    assert handed_out(Sizer(MOST_RUNS, size=1000), 3100, 2) == [1000, 1000, 550, 550]
    assert handed_out(Sizer(MOST_RUNS, size=1000), 3, 8) == [1, 1, 1]
    assert handed_out(Sizer(MOST_RUNS, size=1000), 1003, 4) == [251, 251, 251, 250]


def test_the_end_of_one_round_does_not_cut_the_next() -> None:
    sizer = Sizer(MOST_RUNS, size=1000)
    assert sizer.next(1800, 3) == 600
    assert handed_out(sizer, 30_000, 3)[:3] == [1000, 1000, 1000]
    sizer.next(1800, 3)
    assert len(handed_out(sizer, 2000, 3)) <= 3


def test_a_fixed_size_is_kept() -> None:
    sizer = Sizer(MOST_RUNS, fixed=7)
    sizer.learn(7, 1e-6)
    assert sizer.next(1000, 2) == 7
