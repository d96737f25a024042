"""Numbers behind the pages: pairs, scores, bullwhip, ledgers, stories, experiments."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.experiments.statistics.paired import paired_difference
from ripieno.experiments.sweeps.study import Study
from ripieno.model.schema import ScenarioError, with_values
from ripieno.visualization.bullwhip import levels_of
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.cells import Factor, cells_of, factor_of, result_table, results, study_file
from ripieno.visualization.choice import Choice
from ripieno.visualization.packages import NEEDED, packages_of, unbalanced
from ripieno.visualization.pairing import Paired, column, joined, of_agent, paired
from ripieno.visualization.plans import paired_runs
from ripieno.visualization.scores import scores_of
from ripieno.visualization.stories import answer, holds, stories, verdict
from ripieno.visualization.work import run_ledger, run_orders, run_payments, run_points
from ripieno.visualization.worlds import armed, preset, presets

CAPS = Caps()
SEED = 3


@pytest.fixture(scope="module")
def pair() -> list[Any]:
    base = with_values(ripieno.load("e5-departures"), {"periods": 150, "warm_up": 50})
    return [base, with_values(base, presets()["e5-departures"]["other"])]


@pytest.fixture(scope="module")
def tables(pair: list[Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return run_points(pair, SEED, 0, 6)


def test_the_paired_interval_is_that_of_the_command_line(tables: Any) -> None:
    network, _ = tables
    a, b = column(network, 0, "cost"), column(network, 1, "cost")
    mine, theirs = paired(a, b), paired_difference(a, b)
    assert (mine.difference, mine.low, mine.high) == pytest.approx((theirs.estimate, theirs.low, theirs.high))
    assert (mine.a, mine.b, mine.count) == (a.mean(), b.mean(), 6)


def test_pairs_with_a_missing_side_are_left_out() -> None:
    found = paired([1.0, np.nan, 4.0, 7.0], [1.0, 2.0, 2.0, np.nan])
    assert (found.count, found.difference) == (2, 1.0)
    assert not paired([np.nan], [1.0]).sure
    assert np.isnan(paired([2.0], [1.0]).low)
    same = paired([2.0, 3.0], [1.0, 2.0])
    assert (same.low, same.high, same.sure) == (1.0, 1.0, True)


def test_batches_of_runs_are_the_runs(pair: list[Any], tables: Any) -> None:
    parts = [run_points(pair, SEED, 0, 4), run_points(pair, SEED, 4, 2)]
    network, agents = joined(parts)
    order = ["point", "replication"]
    mine = network.sort_values(order).reset_index(drop=True).drop(columns="run")
    pd.testing.assert_frame_equal(mine, tables[0].sort_values(order).reset_index(drop=True).drop(columns="run"))
    assert np.array_equal(of_agent(agents, 1, "Depot", "stock"), of_agent(tables[1], 1, "Depot", "stock"))


def test_units_of_one_plan_cover_every_run_once(pair: list[Any]) -> None:
    units = paired_runs(pair, SEED, 95)
    covered = [n for unit in units for n in range(unit.arguments[2], unit.arguments[2] + unit.arguments[3])]
    assert covered == list(range(95))
    assert len({unit.key for unit in units}) == len(units) > 1


def test_runs_of_a_large_world_are_not_made_one_by_one() -> None:
    scenario = ripieno.load("regional")
    assert [unit.arguments[3] for unit in paired_runs([scenario, scenario], SEED, 20)] == [10, 10]


def test_scores_add_up_to_the_cost_of_the_network(tables: Any) -> None:
    network, _ = tables
    scores = scores_of(*tables)
    total = column(network, 0, "cost") - column(network, 0, "revenue")
    assert sum(score.own.a for score in scores) == pytest.approx(total.mean())
    for score in scores:
        whole = score.own.difference + score.others.difference
        assert whole == pytest.approx(sum(each.own.difference for each in scores))
    carrier = next(score for score in scores if score.owner == "Haulier")
    assert carrier.own.difference < 0
    assert carrier.quadrant == "good for me, bad for all"


def test_payments_are_those_of_the_scores(pair: list[Any], tables: Any) -> None:
    found = run_payments(pair, SEED, 6)
    own = of_agent(tables[1], 0, "owner Haulier", "score").mean()
    paid = sum(value for (payer, _), value in found[0].items() if payer == "Haulier")
    got = sum(value for (_, payee), value in found[0].items() if payee == "Haulier")
    assert paid - got == pytest.approx(own)


def test_amplification_is_the_engines_metric(pair: list[Any], tables: Any) -> None:
    a, b = run_orders(pair, SEED, 6)
    levels = levels_of(a, b, after_warm_up=True)
    assert levels[0].name == "demand"
    assert levels[0].ratio.a == 1
    for level in levels[1:]:
        for point, mine in ((0, level.ratio.a), (1, level.ratio.b)):
            theirs = of_agent(tables[1], point, level.name, "bullwhip_end_day")
            if np.isfinite(theirs).any():
                assert mine == pytest.approx(theirs.mean())
    last = levels[-1]
    alone = of_agent(tables[1], 0, "Depot", "bullwhip_end_day").mean()
    assert last.members == ("Depot",)
    assert last.ratio.a == pytest.approx(alone)
    whole = levels_of(a, b, after_warm_up=False)
    assert whole[-1].ratio.a != last.ratio.a
    assert a["money"].shape == (150, 6)
    cost = column(tables[0], 0, "cost")
    assert a["money"][50:].mean(axis=0) == pytest.approx(cost, rel=1e-5)


@pytest.fixture(scope="module")
def ledger() -> pd.DataFrame:
    base = with_values(ripieno.load("e1-picking-waves"), {"periods": 200, "warm_up": 50})
    found = run_ledger(armed(base, "orch"), SEED, 1)
    assert isinstance(found, pd.DataFrame)
    return found


def test_a_ledger_becomes_packages(ledger: pd.DataFrame) -> None:
    packages = packages_of(ledger, 0)
    assert len(packages) == ledger["cycle"].nunique() > 0
    first = packages[0]
    rows = ledger[ledger["cycle"] == first.cycle]
    assert first.day == rows["period"].iloc[0] + 1
    assert first.claims == dict(zip(rows["owner"], rows["claim"], strict=True))
    assert first.claims[first.proposer] == min(first.claims.values())
    assert not unbalanced(packages, 0.0)
    assert unbalanced(packages, 5.0)


def test_an_empty_ledger_has_no_packages_and_a_strange_one_is_refused(ledger: pd.DataFrame) -> None:
    assert packages_of(None, 0) == packages_of(ledger.head(0), 0) == []
    with pytest.raises(ValueError, match="'vote'"):
        packages_of(ledger.drop(columns="vote"), 0)
    assert set(NEEDED) <= set(ledger.columns)


def test_nobody_negotiates_without_an_arm() -> None:
    assert run_ledger(with_values(ripieno.load("beer-game"), {"periods": 10}), 1, 1) is None


def test_stories_are_the_arms_of_the_studies() -> None:
    folder = Path(ripieno.__file__).parent / "experiments" / "studies"
    assert list(stories()) == [f"e{n}-{name}" for n, name in enumerate(
        ("picking-waves", "cheap-sourcing", "stock-cuts", "long-campaigns", "departures"), 1)]  # fmt: skip
    for name, story in stories().items():
        study = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        assert presets()[name]["other"] == study["arms"]["network"]
        assert len(story.guesses) == 3
        assert len(story.worlds(ripieno.load(name))) == len(story.settings) >= 2
        assert not story.settings[0].values


DOWN, UP, OPEN = (Paired(1, 1, x, x - 1, x + 1, 9) for x in (-2.0, 2.0, 0.0))


def test_a_verdict_needs_all_three() -> None:
    assert holds(DOWN, UP, UP, "higher")
    assert holds(DOWN, UP, DOWN, "lower")
    assert not any(
        holds(*three, "higher") for three in ((UP, UP, UP), (DOWN, DOWN, UP), (DOWN, UP, OPEN), (OPEN, UP, UP))
    )
    assert [verdict(held) for held in ([True, True], [True, False], [False])] == [
        "supported",
        "only here",
        "not supported",
    ]
    assert [answer(cost) for cost in (DOWN, OPEN, UP)] == [0, 1, 2]


def test_a_grid_has_every_combination(pair: list[Any]) -> None:
    factors = [
        factor_of(pair[0], "carriers.Haulier.fleet.capacity", "10, 20"),
        factor_of(pair[0], "periods", "60, 80, 60"),
    ]
    assert factors[1].values == (60, 80)
    cells = cells_of(pair[0], preset("e5-departures"), factors, CAPS)
    assert [cell.values for cell in cells] == [(10.0, 60), (10.0, 80), (20.0, 60), (20.0, 80)]
    assert cells[3].b.carriers[0].dispatch.threshold == 0.8
    assert cells[3].a.carriers[0].fleet.capacity == 20


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("carriers.Haulier.fleet.capacity", "20", "1 values are given"),
        ("carriers.Haulier.fleet.capacity", ",".join(map(str, range(1, 20))), "19 values"),
        ("carriers.Haulier.fleet.capacity", "1, -2", "capacity"),
        ("carriers.Haulier.nothing", "1, 2", "not a key"),
        ("warehouses.Depot.policy.type", "os:system, base-stock", "names code"),
    ],
)
def test_a_factor_that_does_not_fit_is_refused(pair: list[Any], key: str, values: str, words: str) -> None:
    with pytest.raises((TooMuch, ScenarioError), match=words):
        factor_of(pair[0], key, values)


def test_too_many_cells_and_keys_in_use_are_refused(pair: list[Any]) -> None:
    many = Factor("periods", tuple(range(60, 69)))
    with pytest.raises(TooMuch, match="81 cells are asked for; 64"):
        cells_of(pair[0], Choice("e5-departures"), [many, replace(many, key="warm_up")], CAPS)
    with pytest.raises(TooMuch, match="varied twice"):
        cells_of(pair[0], preset("e5-departures"), [Factor("carriers.Haulier.dispatch.threshold", (0.5, 1.0))], CAPS)
    with pytest.raises(TooMuch, match="4 factors"):
        cells_of(pair[0], Choice("e5-departures"), [many] * 4, CAPS)


def test_finished_cells_are_shown_and_half_ones_are_not(pair: list[Any]) -> None:
    factor = factor_of(pair[0], "carriers.Haulier.fleet.capacity", "15, 20")
    cells = cells_of(pair[0], preset("e5-departures"), [factor], CAPS)
    values = [run_points([cell.a, cell.b], SEED, first, 2) for cell in cells for first in (0, 2)]
    assert [len(results(cells, values[:n], [2, 2], "cost")) for n in range(5)] == [0, 0, 1, 1, 2]
    rows = result_table(results(cells, values, [2, 2], "cost"), [factor])
    assert list(rows["count"]) == [4, 4]
    assert rows["estimate"].iloc[1] == pytest.approx(
        (column(joined(values[2:])[0], 0, "cost") - column(joined(values[2:])[0], 1, "cost")).mean()
    )


def test_the_study_file_is_one(pair: list[Any]) -> None:
    factor = factor_of(pair[0], "carriers.Haulier.fleet.capacity", "15, 20")
    choice = replace(preset("e5-departures"), arms=("", "orch"))
    given = tomllib.loads(study_file(pair[0], choice, [factor], "cost", 20))
    study = Study.model_validate(given | {"scenario": tomllib.loads(ripieno.model.schema.dumps_toml(pair[0]))})
    assert set(study.arms) == {"A", "B"}
    assert given["arms"]["B"]["orchestration"] == {"arm": "orch"}
