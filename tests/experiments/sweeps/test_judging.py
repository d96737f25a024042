from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from ripieno.experiments.sweeps.errors import StudyError, valid
from ripieno.experiments.sweeps.judging import Judged, judge_predictions
from ripieno.experiments.sweeps.merging import Merged
from ripieno.experiments.sweeps.study import Study

LEVEL = "warehouses.W.policy.level"
SPREAD = np.array([-1.0, 1.0] * 8)


def merged(values: Callable[[int, str], np.ndarray], arms: tuple[str, ...] = ("none", "dear")) -> Merged:
    """A table of runs whose cost at each point and in each arm is given."""
    rows = []
    for point in range(4):
        for arm in arms:
            rows += [(point, arm, r, 10.0 * point, v) for r, v in enumerate(values(point, arm))]
    frame = pd.DataFrame(rows, columns=["point", "arm", "replication", "level", "cost"])
    return Merged(frame, ["cost"], 0, 0, np.zeros(len(frame), dtype=np.int64), [""] * len(frame))


@pytest.fixture
def judged(make_study: Callable[..., Study]) -> Callable[..., Judged]:
    """The prediction, judged on the table; the study's parameter is ``level``."""

    def judge(prediction: dict[str, Any], table: Merged, **changed: Any) -> Judged:
        parameters = {"level": {"values": [0.0, 10.0, 20.0, 30.0], "keys": [LEVEL]}}
        study = make_study(predictions=[{"metric": "cost"} | prediction], parameters=parameters, **changed)
        (one,) = judge_predictions(study, table)
        return one

    return judge


def shifted(by: Callable[[int], float]) -> Merged:
    return merged(lambda point, arm: 100.0 + 0.1 * SPREAD * (1 + (arm == "dear")) + (by(point) if arm == "dear" else 0))


def test_a_fall_is_seen_with_its_share_of_points(judged: Callable[..., Judged]) -> None:
    one = judged({"expected": "lower"}, shifted(lambda point: -5.0 if point else 5.0))
    assert (one.verdict.share, one.verdict.against, one.verdict.verdict) == (0.75, 1, "supported")
    assert one.rows["came"].tolist() == ["no", "yes", "yes", "yes"]
    other = judged({"expected": "higher"}, shifted(lambda point: -5.0 if point else 5.0))
    assert (other.verdict.share, other.verdict.against, other.verdict.verdict) == (0.25, 3, "only here")


def test_an_interval_over_zero_is_neither(judged: Callable[..., Judged]) -> None:
    for expected in ("lower", "higher", "different"):
        one = judged({"expected": expected}, shifted(lambda point: 0.0))
        assert (one.verdict.share, one.verdict.against) == (0.0, 0)
        assert set(one.rows["came"]) == {"open"}


def test_a_gain_is_compared_with_a_gain_run_by_run(judged: Callable[..., Judged]) -> None:
    # a gains 5 on b at the first point and nothing at the others, c gains 1 on d everywhere; the noise is large and
    # common to the two arms of a gain, but not to the two gains.
    gains = {"a": [-5.0, 0.0, 0.0, 0.0], "b": [0.0] * 4, "c": [-1.0] * 4, "d": [0.0] * 4}
    noise = {"a": SPREAD, "b": SPREAD, "c": SPREAD[::-1] ** 3, "d": SPREAD[::-1] ** 3}
    table = merged(
        lambda p, arm: 100.0 + 30 * noise[arm] + gains[arm][p] + 0.01 * SPREAD * (arm in "ac"), tuple("abcd")
    )
    arms = {"arms": {name: {} for name in "abcd"}, "comparison": {"control": "d"}}
    one = judged({"arm": "a - b", "against": "c - d", "expected": "lower"}, table, **arms)
    assert one.rows["came"].tolist() == ["yes", "no", "no", "no"]
    np.testing.assert_allclose(one.rows["estimate"], [-4.0, 1.0, 1.0, 1.0], atol=1e-9)
    assert one.sentence == "cost in a - b is lower, compared with c - d"


def test_different_counts_both_signs(judged: Callable[..., Judged]) -> None:
    assert judged({"expected": "different"}, shifted(lambda point: -5.0 if point else 5.0)).verdict.share == 1.0


def test_equivalence_needs_the_interval_inside_the_zone(judged: Callable[..., Judged]) -> None:
    one = judged({"expected": "equivalent", "tolerance": 0.03}, shifted(lambda point: [0.0, 1.0, 2.97, 20.0][point]))
    assert one.rows["came"].tolist() == ["yes", "yes", "open", "no"]
    assert (one.verdict.share, one.verdict.against) == (0.5, 1)


@pytest.mark.parametrize(
    ("expected", "came"),
    [("near", ["yes", "no", "no", "open"]), ("at-least", ["yes", "no", "yes", "open"]),
     ("at-most", ["yes", "yes", "no", "yes"])],
)  # fmt: skip
def test_a_value_is_compared_with_a_formula(judged: Callable[..., Judged], expected: str, came: list[str]) -> None:
    # The formula gives 100, 110, 120, 130; the metric is right, too low, too high, and at the lower edge of 1 %.
    off = [0.0, -5.0, 5.0, -1.3]
    table = merged(lambda point, arm: 100.0 + 10 * point + off[point] + 0.2 * SPREAD)
    prediction = {"expected": expected, "value": "100 + level", "tolerance": 0.01, "arm": "none"}
    one = judged(prediction, table)
    assert one.rows["came"].tolist() == came
    assert one.rows["predicted"].tolist() == [100.0, 110.0, 120.0, 130.0]


def test_another_arm_may_be_the_one_compared_with(judged: Callable[..., Judged]) -> None:
    costs = {"none": 1.0, "dear": 2.0, "third": 3.0}
    table = merged(lambda point, arm: costs[arm] + SPREAD, arms=tuple(costs))
    arms = {"none": {}, "dear": {"warehouses.W.holding_cost": 3.0}, "third": {"warehouses.W.holding_cost": 4.0}}
    one = judged({"expected": "lower", "arm": "dear", "against": "third"}, table, arms=arms)
    assert one.against == "third"
    assert one.verdict.share == 1.0


def test_a_quick_study_gets_no_verdict(judged: Callable[..., Judged]) -> None:
    assert judged({"expected": "lower"}, shifted(lambda _: -5.0), quick=True).verdict.verdict == "no verdict"


def test_a_point_without_interval_counts_as_missing(judged: Callable[..., Judged]) -> None:
    table = merged(lambda point, arm: np.full(16, np.nan) if point == 0 else 100 + SPREAD - 9 * (arm == "dear"))
    one = judged({"expected": "lower"}, table)
    assert (one.verdict.missing, one.verdict.share) == (1, 0.75)


def test_the_sentence_says_what_was_expected(judged: Callable[..., Judged]) -> None:
    table = shifted(lambda _: -5.0)
    assert judged({"expected": "lower"}, table).sentence == "cost in dear is lower, compared with none"
    near = judged({"expected": "near", "value": "100 + level", "arm": "none"}, table)
    assert near.sentence == "cost in none is near 100 + level (within 2 %)"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"expected": "near"}, "predictions.1.value: is near and has no value"),
    ({"expected": "lower", "value": 3}, "predictions.1.value: is lower and has a value"),
    ({"expected": "near", "value": 3, "tolerence": 0.1}, 'predictions.1.tolerence = 0.1: is not a key.*"tolerance"'),
    ({"expected": "near", "value": "1 +"}, 'predictions.1.value = "1 \\+": is not arithmetic'),
    ({"expected": "near", "value": "2 * levle"}, 'uses levle, which is not a parameter; did you mean "level"'),
    ({"expected": "near", "value": 1, "against": "none"}, "means nothing beside a value"),
    ({"expected": "near", "value": 1, "tolerance": 0}, "leaves no room"),
    ({"expected": "lower", "arm": "none"}, "is compared with itself"),
    ({"expected": "lower", "quorum": 0.5}, "quorum = 0.5: means nothing for a single metric"),
    ({"expected": "lower", "where": "level +"}, 'where = "level \\+": is not a condition'),
    ({"expected": "lower", "where": "levle > 3"}, 'uses levle, which is not a parameter; did you mean "level"'),
    ({"expected": "lower", "against": "nnoe"}, 'predictions.1.against = "nnoe": is not an arm; did you mean "none"'),
]


@pytest.mark.parametrize(("prediction", "message"), BAD)
def test_a_prediction_that_cannot_be_judged_is_refused(
    make_study: Callable[..., Study], prediction: dict[str, Any], message: str
) -> None:
    parameters = {"level": {"values": [5.0, 15.0], "keys": [LEVEL]}}
    raw = make_study(parameters=parameters).table() | {"predictions": [{"metric": "cost"} | prediction]}
    with pytest.raises(StudyError, match=message):
        valid(Study, raw, "study")


def test_a_difference_needs_an_arm_to_compare_with(make_study: Callable[..., Study]) -> None:
    with pytest.raises(ValidationError, match="is compared with no arm"):
        make_study(comparison=None, predictions=[{"metric": "cost", "expected": "lower"}])


def several(better: Callable[[int, int], bool]) -> Merged:
    """Costs of three agents at every point; in "dear" those fall that are better off, and the others rise."""
    table = merged(lambda point, arm: 0 * SPREAD)
    for agent in range(3):
        values = [
            100 + 0.1 * spread * (1 + dear) - dear * (5 if better(agent, point) else -5)
            for point, dear, spread in zip(
                table.frame["point"], table.frame["arm"] == "dear", [*SPREAD] * 8, strict=True
            )
        ]
        table.frame[f"owner {'ABC'[agent]}.score"] = values
    return table


QUORUM = {"metric": "owner *.score", "expected": "lower", "quorum": 0.6, "arm": "dear"}


def test_a_quorum_counts_metrics_at_each_point(judged: Callable[..., Judged]) -> None:
    # At point 0 nobody is better off, at point 3 all three: two of three are enough.
    one = judged(QUORUM, several(lambda agent, point: agent < point))
    assert one.rows["came"].tolist() == ["no", "no", "yes", "yes"]
    assert one.rows["estimate"].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert one.verdict.share == 0.5
    assert "for 60 % of them at least" in one.sentence


def test_metrics_that_are_nothing_at_a_point_do_not_count_there(judged: Callable[..., Judged]) -> None:
    table = several(lambda agent, point: agent < 2)
    here = table.frame["point"] == 1
    table.frame.loc[here, "owner A.score"] = 0.0
    table.frame.loc[here, "owner B.score"] = np.nan
    assert judged(QUORUM, table).rows["came"].tolist() == ["yes", "no", "yes", "yes"]


def test_a_condition_restricts_the_points(judged: Callable[..., Judged]) -> None:
    table = shifted(lambda point: -5.0 if point >= 2 else 5.0)
    one = judged({"expected": "lower", "where": "level > 15"}, table)
    assert (one.verdict.points, one.verdict.share) == (2, 1.0)
    assert one.rows["point"].tolist() == [2, 3]
    assert one.sentence == "cost in dear is lower, compared with none, where level > 15"


def test_a_condition_that_no_point_fulfils_gives_no_judgement(make_study: Callable[..., Study]) -> None:
    parameters = {"level": {"values": [0.0, 10.0], "keys": [LEVEL]}}
    prediction = {"metric": "cost", "expected": "lower", "where": "level > 99"}
    study = make_study(predictions=[prediction], parameters=parameters)
    assert judge_predictions(study, shifted(lambda point: -5.0)) == []


def test_not_lower_allows_for_the_tolerance(judged: Callable[..., Judged]) -> None:
    # The control is at 100, so that the margin is 2.
    table = shifted(lambda point: [5.0, -1.0, -2.03, -9.0][point])
    lower = judged({"expected": "not-lower", "tolerance": 0.02}, table)
    assert lower.rows["came"].tolist() == ["yes", "yes", "open", "no"]
    assert lower.sentence == "cost in dear is not lower within 2 %, compared with none"
    table = shifted(lambda point: [-5.0, 1.0, 2.03, 9.0][point])
    assert judged({"expected": "not-higher", "tolerance": 0.02}, table).rows["came"].tolist() == [
        "yes",
        "yes",
        "open",
        "no",
    ]
