from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from ripieno.experiments.statistics import KimNelson, select_best, subset_containing_best

Draw = Callable[[tuple[str, ...], range], np.ndarray]


def noise(replication: int, arm: int, common: float) -> float:
    shared = np.random.Generator(np.random.Philox(key=[replication, 99])).normal()
    own = np.random.Generator(np.random.Philox(key=[replication, arm])).normal()
    return float(np.sqrt(common) * shared + np.sqrt(1 - common) * own)


def simulator(means: dict[str, float], offset: int = 0, common: float = 0.8) -> Draw:
    places = {name: place for place, name in enumerate(means)}

    def draw(names: tuple[str, ...], replications: range) -> np.ndarray:
        rows = [[means[n] + noise(offset + r, places[n], common) for r in replications] for n in names]
        return np.array(rows)

    return draw


def test_the_constant_of_the_procedure() -> None:
    # k = 2, n0 = 2, level 0.5: eta = ((2 * 0.5)^-2 - 1) / 2 = 0; k = 3, n0 = 11, level 0.9: (0.1^-0.2 - 1) / 2
    values = np.array([[0.0, 2.0], [0.0, 0.0]])
    assert KimNelson(1.0, level=0.5, first=2).reach(values)[0, 1] == 0
    first = np.zeros((3, 11))
    first[0, ::2] = 1.0
    eta = (0.1 ** (-2 / 10) - 1) / 2
    expected = 2 * eta * 10 * first[0].var(ddof=1) / 0.5**2
    assert KimNelson(0.5, level=0.9, first=11).reach(first)[0, 1] == pytest.approx(expected)


@pytest.mark.parametrize("maximise", [False, True])
def test_the_best_is_found_and_the_rest_dropped(maximise: bool) -> None:
    sign = -1 if maximise else 1
    draw = simulator({"a": sign * 1.0, "b": sign * 0.2, "c": sign * 3.0})
    found = select_best(draw, ["a", "b", "c"], KimNelson(0.25, maximise=maximise))
    assert (found.best, found.candidates, found.decided) == ("b", ("b",), True)
    assert found.runs < 3 * found.replications + 60


def test_arms_that_are_dropped_are_not_simulated_again() -> None:
    asked: list[tuple[str, ...]] = []
    inner = simulator({"a": 0.0, "b": 0.1, "far": 50.0})

    def draw(names: tuple[str, ...], replications: range) -> np.ndarray:
        asked.append(names)
        return inner(names, replications)

    select_best(draw, ["a", "b", "far"], KimNelson(0.1))
    assert asked[0] == ("a", "b", "far")
    assert len(asked) > 1
    assert all("far" not in names for names in asked[1:])


def test_equal_arms_end_within_the_indifference_zone() -> None:
    def draw(names: tuple[str, ...], replications: range) -> np.ndarray:
        return np.array([[noise(r, 0, 0.0) for r in replications] for _ in names])

    found = select_best(draw, ["a", "b"], KimNelson(0.1))
    assert found.decided
    assert found.candidates == ("a", "b")
    assert found.replications == 20


def test_a_spent_budget_is_said() -> None:
    found = select_best(simulator({"a": 0.0, "b": 0.01}), ["a", "b"], KimNelson(0.001), most=40)
    assert not found.decided
    assert found.replications == 40


def test_common_random_numbers_save_runs() -> None:
    means = {"a": 0.0, "b": 0.3, "c": 0.3}
    alike = select_best(simulator(means, common=0.95), list(means), KimNelson(0.3))
    apart = select_best(simulator(means, common=0.0), list(means), KimNelson(0.3))
    assert alike.runs < apart.runs / 3


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(ValueError, match="missing or infinite"):
        select_best(lambda names, reps: np.full((len(names), len(reps)), np.nan), ["a", "b"], KimNelson(1.0))
    with pytest.raises(ValueError, match="indifference"):
        KimNelson(0.0)


@pytest.mark.parametrize("chance", [pytest.param((150, 0), id="fast"), pytest.param((3000, 1), marks=pytest.mark.slow)])
def test_the_best_is_selected_with_the_stated_chance(chance: tuple[int, int]) -> None:
    repetitions, offset = chance
    means = {"a": 0.0, "b": 0.4, "c": 0.4, "d": 0.4}
    procedure = KimNelson(0.4, level=0.9, first=10)
    hits = 0
    for repetition in range(repetitions):
        draw = simulator(means, offset=10_000 * (repetition + 1) + 50_000_000 * offset, common=0.5)
        hits += select_best(draw, list(means), procedure).best == "a"
    assert hits / repetitions >= 0.9 - 4.5 * np.sqrt(0.9 * 0.1 / repetitions)


def test_the_subset_keeps_the_best_and_drops_the_bad(rng: np.random.Generator) -> None:
    level, repetitions, kept = 0.9, 400, 0
    for _ in range(repetitions):
        shared = rng.normal(0, 3, 20)
        values = np.array([mean + shared + rng.normal(0, 1, 20) for mean in (0.0, 0.0, 0.2, 5.0)])
        stays = subset_containing_best(values, level)
        assert not stays[3]
        kept += bool(stays[0])
    assert kept / repetitions >= level - 4.5 * np.sqrt(level * (1 - level) / repetitions)


def test_the_subset_leaves_out_incomplete_replications(rng: np.random.Generator) -> None:
    values = rng.normal(size=(2, 30)) + np.array([[0.0], [5.0]])
    holed = np.column_stack([values, [np.nan, -1e6]])
    assert subset_containing_best(holed).tolist() == subset_containing_best(values).tolist() == [True, False]
    assert subset_containing_best(values, maximise=True).tolist() == [False, True]
    with pytest.raises(ValueError, match="two complete"):
        subset_containing_best(values[:, :1])
