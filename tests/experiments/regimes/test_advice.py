from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.regimes.advice import Advice, advise
from ripieno.experiments.regimes.advice_report import as_table
from ripieno.experiments.regimes.ingredients import CONTROLS, INGREDIENTS
from ripieno.experiments.regimes.regime_map import make_map
from ripieno.experiments.regimes.words import ENOUGH, LOSES, NOTHING, OPEN, PAYS, QUICK, recommendation, verdict
from ripieno.experiments.statistics import holm, paired_difference
from ripieno.model.schema import Scenario, ScenarioError, load

from .conftest import MakeAdvice, MakeGains

BASE = np.array([80.0, 83.0, 78.0, 81.0, 79.0, 82.0, 80.0, 81.0])
WIGGLE = np.array([0.5, -0.5, 0.2, -0.2, 0.4, -0.4, 0.1, -0.1])
DEARER = {"none": BASE + 30 + WIGGLE, "opt": BASE + 20 - WIGGLE, "selfish": BASE + 10 + WIGGLE, "orch": BASE}
"""Orchestration gains about 10 over the best control."""


@pytest.fixture(scope="module")
def measured() -> Advice:
    from .conftest import tiny_chain

    return advise(tiny_chain(), runs=4)


def test_every_arm_is_run_on_the_same_random_numbers(measured: Advice) -> None:
    assert measured.found.arms == (*CONTROLS, "orch", *INGREDIENTS.values())
    assert measured.costs.shape == (4, 8)
    assert measured.costs.notna().all(axis=None)
    alone = advise(measured.found.scenario, runs=2)
    assert np.array_equal(alone.costs.to_numpy(), measured.costs.to_numpy()[:2])


def test_gains_and_worths_are_paired_differences(measured: Advice) -> None:
    cost = measured.costs
    for _, row in measured.against.iterrows():
        found = paired_difference(cost[row["control"]].to_numpy(), cost["orch"].to_numpy())
        assert (row["estimate"], row["low"], row["high"]) == pytest.approx((found.estimate, found.low, found.high))
        assert row["relative"] == pytest.approx(found.estimate / cost[row["control"]].mean())
    for _, row in measured.ingredients.iterrows():
        found = paired_difference(cost[row["arm"]].to_numpy(), cost["orch"].to_numpy())
        assert (row["estimate"], row["low"], row["high"]) == pytest.approx((found.estimate, found.low, found.high))
        assert row["relative"] == pytest.approx(found.estimate / cost["orch"].mean())


def test_tests_are_corrected_within_each_table(measured: Advice) -> None:
    for table in (measured.against, measured.ingredients):
        assert table["p_holm"].to_numpy() == pytest.approx(holm(table["p"].to_numpy()))
    assert measured.ingredients["ingredient"].tolist() == list(INGREDIENTS)


@pytest.mark.parametrize(
    ("costs", "word"),
    [
        ({}, PAYS),
        ({"selfish": BASE + 0.1 + WIGGLE / 10}, ENOUGH),
        ({"selfish": BASE - 10 + WIGGLE}, LOSES),
        ({"selfish": BASE + 30 * WIGGLE}, OPEN),
        ({"none": BASE + 0.1 + WIGGLE / 10}, NOTHING),
        ({"opt": BASE + 12 + 60 * WIGGLE}, OPEN),  # it gains over the best one, but not surely over all three
    ],
)
def test_the_word_follows_from_the_numbers(make_advice: MakeAdvice, costs: dict[str, Any], word: str) -> None:
    advice = make_advice(DEARER | costs)
    assert verdict(advice) == word
    assert recommendation(advice).word == word


def test_a_gain_within_the_margin_is_no_reason_to_orchestrate(make_advice: MakeAdvice) -> None:
    advice = make_advice(DEARER | {"selfish": BASE + 1.0 + WIGGLE / 10})
    assert advice.gain_over("selfish")["outcome"] == "gains"
    assert verdict(advice) == ENOUGH
    assert "both cost the same within 2 %" in recommendation(advice).sentences[0]


def test_a_quick_look_gives_no_verdict(make_advice: MakeAdvice) -> None:
    said = recommendation(make_advice(DEARER, quick=True))
    assert said.word == QUICK
    assert f"It looks like: {PAYS}." in said.sentences


def test_ingredients_are_told_by_what_leaving_them_out_costs(make_advice: MakeAdvice) -> None:
    without = {
        "without-cycles": BASE + 5 + WIGGLE,
        "without-metrics": BASE - 5 + WIGGLE,
        "without-visibility": BASE + 0.05 + WIGGLE / 5,
    }
    advice = make_advice(DEARER | without)
    table = advice.ingredients.set_index("ingredient")
    assert table["outcome"].tolist() == ["pays", "costs", "open", "open"]
    assert table["small"].tolist() == [False, False, True, True]
    said = " ".join(recommendation(advice).sentences)
    assert "It rests on synchronised cycles (worth 5" in said
    assert "It would be cheaper without shared metrics, by 5" in said
    assert "What visibility is worth cannot be told from 0; it is less than 2 % of the cost." in said
    assert "Leaving out governance changes the cost in no run." in said


def test_it_rests_on_nothing_where_it_does_not_pay(make_advice: MakeAdvice) -> None:
    costs = {"selfish": BASE - 10 + WIGGLE, "without-cycles": BASE + 5 + WIGGLE}
    said = " ".join(recommendation(make_advice(DEARER | costs)).sentences)
    assert "It rests on" not in said
    assert "Within orchestration it pays to have synchronised cycles" in said


def test_what_agreements_cost_is_said(make_advice: MakeAdvice) -> None:
    charged = make_advice(DEARER, more={"cost_orchestration": 2.5})
    assert any("costs 2.5 a day, which is in these numbers" in text for text in recommendation(charged).sentences)
    free = make_advice(DEARER)
    bound = free.gain_over("selfish")["low"]
    assert any(f"less than {bound:.3g} a day" in text for text in recommendation(free).sentences)


def test_how_many_runs_it_rests_on_and_how_many_it_would_take(make_advice: MakeAdvice) -> None:
    said = recommendation(make_advice(DEARER | {"selfish": BASE + 30 * WIGGLE})).sentences
    assert "This rests on 8 paired runs of each of 8 arms in this network." in said
    assert "The studies ask for 128 runs before a verdict." in said
    spread = float(np.std(30 * WIGGLE, ddof=1))
    wanted = int(np.ceil((1.96 * spread / (0.01 * (BASE + 30 * WIGGLE).mean())) ** 2))
    assert any(f"About {wanted:,} runs" in text for text in said)


def test_the_map_is_read_where_the_network_lies(make_advice: MakeAdvice, make_gains: MakeGains) -> None:
    made = make_map(make_gains(lambda table: 0.1 * np.log1p(table["owners"]) - 0.1))
    (said,) = [
        text for text in recommendation(make_advice(DEARER, map=made)).sentences if "the map of the study" in text
    ]
    assert said.startswith("It lies outside the map of the study invented, beyond its range in sites")
    assert "this is a guess" in said
    assert not any("map" in text for text in recommendation(make_advice(DEARER)).sentences)


def test_it_can_be_written_as_plain_tables(measured: Advice) -> None:
    table = json.loads(json.dumps(as_table(measured), allow_nan=False))
    assert table["verdict"] == recommendation(measured).word
    assert [row["ingredient"] for row in table["ingredients"]] == list(INGREDIENTS)
    assert table["mean_cost"] == pytest.approx(measured.costs.mean().to_dict())


def test_counting_from_the_middle_of_the_first_plan_is_noted(measured: Advice) -> None:
    from .conftest import tiny_chain

    assert [note for note in measured.notes if "Counting begins 8 days after the first plan" in note]
    assert not advise(tiny_chain(warm_up=12), runs=2).notes


def test_without_a_lever_there_is_no_advice() -> None:
    with pytest.raises(ScenarioError, match="beer-game: nobody in it has a lever"):
        advise(load("beer-game"), runs=2)


def test_one_run_is_not_enough(chain: Scenario) -> None:
    with pytest.raises(ScenarioError, match="runs is 1; advice rests on intervals"):
        advise(chain, runs=1)
