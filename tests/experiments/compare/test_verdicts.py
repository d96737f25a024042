"""What a comparison comes to, in sentences."""

from __future__ import annotations

import pytest
from ripieno.model.schema import Scenario, with_values

from .conftest import COSTS, Make, comparison_of

SCORES = {
    "A": {"none": (50.0, 52.0, 48.0, 50.0), "opt": (45.0, 47.0, 43.0, 44.0)},
    "B": {"none": (50.0, 52.0, 48.0, 50.0), "opt": (61.0, 62.0, 58.0, 60.0)},
}


def chosen(*arms: str, runs: int = 4) -> dict[str, tuple[float, ...]]:
    return {arm: COSTS[arm][:runs] for arm in arms}


def said(sentences: list[str], start: str) -> str:
    found = [sentence for sentence in sentences if sentence.startswith(start)]
    assert len(found) == 1, sentences
    return found[0]


def test_an_arm_that_loses_is_said_to_lose(made: Make) -> None:
    sentence = said(made(chosen("none", "opt")).verdicts, "opt")
    assert sentence == "opt loses: it costs more than none by 5 [3.7, 6.3] a week (5 %, p = 0.0012)."


def test_an_arm_that_gains(made: Make) -> None:
    sentence = said(made(chosen("none", "orch")).verdicts, "orch")
    assert sentence == "orch costs less than none by 20 [17.7, 22.3] a week (−20 %, p < 0.001)."


def test_an_arm_that_cannot_be_told(made: Make) -> None:
    costs = chosen("none") | {"opt": (101.0, 103.0, 97.0, 98.0)}
    sentence = said(made(costs).verdicts, "opt")
    assert sentence == (
        "opt cannot be told from none by its cost with 4 runs: the difference is −0.25 [−2.64, +2.14] a week."
    )


def test_an_arm_that_does_nothing(made: Make) -> None:
    sentences = made(chosen("none") | {"opt": COSTS["none"]}).verdicts
    assert said(sentences, "opt") == "opt costs the same as none in every run."


def test_service_is_said_with_the_cost(made: Make) -> None:
    fill = {"none": (0.95, 0.96, 0.94, 0.95), "orch": (0.9, 0.91, 0.89, 0.905)}
    sentence = said(made(chosen("none", "orch"), fill_rate=fill).verdicts, "orch costs")
    assert sentence.endswith("Besides: fill rate 95 % to 90.1 % (worse).")


def test_local_bias_has_a_sentence(made: Make) -> None:
    sentences = made(chosen("none", "opt"), SCORES).verdicts
    assert said(sentences, "Under opt") == (
        "Under opt 1 of 2 owners win and 1 lose by their own score, while the network's cost rises; "
        "B loses most, 10.2 a week."
    )


def test_the_owner_that_loses_most_is_named(made: Make) -> None:
    more = SCORES | {"C": {"none": (50.0, 52.0, 48.0, 50.0), "opt": (51.0, 53.0, 49.0, 51.5)}}
    sentence = said(made(chosen("none", "opt"), more).verdicts, "Under opt")
    assert "1 of 3 owners win and 2 lose" in sentence
    assert sentence.endswith("; B loses most, 10.2 a week.")


def test_the_gap_and_what_it_is_made_of(made: Make) -> None:
    sentences = made(COSTS).verdicts
    assert said(sentences, "Of the gap from none").startswith(
        "Of the gap from none to central, opt closes −22.7 % [−28.6 %, −16.8 %], "
        "selfish closes 45.5 % [39.5 %, 51.4 %], orch closes 90.9 % ["
    )
    split = said(sentences, "Of the gain from opt to central")
    assert split.startswith("Of the gain from opt to central, 55.6 % [")
    assert "is model quality and 37 % [" in split
    assert split.endswith(
        "the shared objective: opt to selfish 15 [13.2, 16.8], selfish to orch 10 [6.56, 13.4] a week."
    )


def test_without_central_the_missing_arm_is_named(made: Make) -> None:
    sentences = made(chosen("none", "opt", "selfish", "orch")).verdicts
    assert said(sentences, "How much of the possible gain").endswith(
        "the arm central would tell; it is not among the arms."
    )


def test_a_gap_that_is_none_is_said_to_be_none(made: Make) -> None:
    sentences = made(COSTS | {"central": (104.0, 108.0, 100.0, 105.0)}).verdicts
    reason = "No share of the gap from none to central is given: central is worse than none: there is no gap to close."
    assert said(sentences, "No share of the gap from none") == reason
    assert said(sentences, "central loses")


@pytest.mark.parametrize(("runs", "start"), [(1, "With one run there are no intervals"), (4, "4 runs are few")])
def test_few_runs_are_cautioned_against(made: Make, runs: int, start: str) -> None:
    sentences = made(chosen("none", "opt", runs=runs)).verdicts
    assert sentences[0].startswith(start)
    if runs == 1:
        assert said(sentences, "opt") == (
            "opt cannot be told from none by its cost with 1 run: the difference is +6 a week."
        )


@pytest.mark.parametrize(("first", "lag"), [(40, 0), (41, 19), (59, 1), (60, 0), (70, 0)])
def test_counting_from_the_middle_of_the_first_plan_is_cautioned_against(world: Scenario, first: int, lag: int) -> None:
    plans = {"arm": "orch", "first": first, "cadence": 20, "trial": 10}
    planned = with_values(world, {"warm_up": 60, "periods": 300, "orchestration": plans})
    sentences = [text for text in comparison_of(planned, COSTS).verdicts if text.startswith("Counting begins")]
    assert len(sentences) == (lag > 0)
    assert all(f"begins {lag} week{'s' * (lag > 1)} after the first plan" in text for text in sentences)


@pytest.mark.parametrize("arm", ["none", "central"])
def test_where_nobody_plans_there_is_nothing_to_count(world: Scenario, arm: str) -> None:
    idle = with_values(world, {"warm_up": 60, "periods": 300, "orchestration": {"arm": arm, "first": 50}})
    assert not [text for text in comparison_of(idle, COSTS).verdicts if text.startswith("Counting begins")]


def test_one_arm_has_nothing_to_compare_with(made: Make) -> None:
    assert made(chosen("opt")).verdicts == ["There is one arm, opt, and nothing to compare it with."]
