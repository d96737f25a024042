from __future__ import annotations

import numpy as np
import pytest
from ripieno.experiments.regimes.rule import (
    Fork,
    Leaf,
    accuracy,
    as_table,
    from_table,
    grown,
    leaf_of,
    said_by,
    sentences,
)

from .conftest import points_table
from .test_surface import noise

NAMES = ("owners", "distance", "volatility", "decision_path")


def test_one_cut_is_found_and_said() -> None:
    table = points_table()
    rule = grown(table, NAMES, (table["owners"] > 4).to_numpy())
    assert isinstance(rule, Fork)
    assert rule.condition == "owners <= 4.5"
    assert [type(side) for side in (rule.inside, rule.outside)] == [Leaf, Leaf]
    assert list(sentences(rule)) == [
        f"owners <= 4.5: not shown to pay (it pays at 0% of {(table['owners'] <= 4).sum()} points)",
        f"owners > 4.5: orchestration pays (it pays at 100% of {(table['owners'] > 4).sum()} points)",
    ]


def test_two_cuts_make_a_corner() -> None:
    table = points_table(80)
    pays = ((table["owners"] > 4) & (table["volatility"] > 0.5)).to_numpy()
    rule = grown(table, NAMES, pays)
    assert np.mean(said_by(rule, table) == pays) > 0.98  # cuts are greedy: the first one is not always at the edge
    assert leaf_of(rule, {"owners": 9, "volatility": 0.9, "distance": 0, "decision_path": 0}).pays
    assert not leaf_of(rule, {"owners": 9, "volatility": 0.1, "distance": 0, "decision_path": 0}).pays
    assert len(list(sentences(rule))) == 3


def test_ends_that_say_the_same_are_one() -> None:
    table = points_table()
    assert isinstance(grown(table, NAMES, np.ones(40, dtype=bool)), Leaf)
    mostly = np.ones(40, dtype=bool)
    mostly[:3] = False
    assert isinstance(grown(table, NAMES, mostly, depth=1), Leaf)


def test_a_true_rule_beats_the_base_rate_and_noise_does_not() -> None:
    table = points_table(60)
    true = accuracy(table, NAMES, (table["owners"] > 4).to_numpy())
    assert true["accuracy"] > 0.95
    assert true["low"] > true["base"]
    luck = accuracy(table, NAMES, noise(60) > 0)
    assert luck["low"] < luck["base"]
    assert luck["accuracy"] < 0.7


def test_accuracy_is_counted_at_points_that_the_rule_has_not_seen() -> None:
    table = points_table(12)
    pays = np.arange(12) == 5
    found = accuracy(table, NAMES, pays)
    # One point alone pays; grown without it, nothing says so.
    assert found["accuracy"] == pytest.approx(11 / 12)
    assert found["base"] == pytest.approx(11 / 12)


def test_a_rule_survives_its_file() -> None:
    table = points_table(80)
    rule = grown(table, NAMES, ((table["owners"] > 4) & (table["volatility"] > 0.5)).to_numpy())
    assert from_table(as_table(rule)) == rule
