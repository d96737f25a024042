"""What pages say in words, and plots that must not mislead: scales of the bullwhip, names beside dots, rounding."""

from __future__ import annotations

import re

import numpy as np
import pytest
from ripieno.visualization.bullwhip import Level
from ripieno.visualization.pages.bullwhip import ranges_of, said
from ripieno.visualization.pages.scorecards import said as scores_said
from ripieno.visualization.pairing import Paired, paired
from ripieno.visualization.player import SCRIPTS, bare, script, style
from ripieno.visualization.scores import Score
from ripieno.visualization.shell.quadrants import HEIGHT, WIDTH, quadrants

NAMES = ("early", "late")


def level(name: str, values: list[float], ratio: float) -> Level:
    series = np.array(values)
    return Level(name, (name.title(),), series, series, Paired(ratio, 2 * ratio, -ratio, -ratio, -ratio, 5))


LEVELS = [level("demand", [9, 10, 11] * 40, 1.0), level("echelon 1", [0, 100, 200] * 40, 100.0)]


def score(owner: str, own: float, others: float, wide: float = 0.1) -> Score:
    both = [Paired(0.0, 0.0, each, each - wide, each + wide, 20) for each in (own, others)]
    return Score(owner, *both)


def test_on_one_scale_every_row_reaches_as_many_of_its_means() -> None:
    (low, high), (far_low, far_high) = ranges_of(LEVELS, 0, shared=True)
    assert (low, high) == pytest.approx((0, 20))
    assert (far_low, far_high) == pytest.approx((0, 200))
    assert ranges_of(LEVELS, 0, shared=False) == [(9, 11), (0, 200)]


def test_a_row_without_orders_is_drawn_flat() -> None:
    assert ranges_of([level("demand", [0.0] * 9, 1.0)], 0, shared=True) == [(-1, 1)]


def test_the_echelon_that_amplifies_most_is_named() -> None:
    words = said(LEVELS, NAMES)
    assert words == (
        "The orders of Echelon 1 vary 100 times as much as what customers buy in A (early), 200 times in B (late)."
    )
    steady = [LEVELS[0], level("echelon 1", [5.0] * 9, float("nan"))]
    assert "nothing to amplify" in said(steady, NAMES)


def test_who_gains_and_who_pays_is_said() -> None:
    words = scores_said([score("Hub", -8, 130), score("East", 50, 70), score("South", 60, 60)], "money per day")
    assert words == (
        "Hub (8) pays less in A; South (60) and East (50) pay more in A, and all of them together pay more: "
        "102 money per day."
    )
    assert "Nobody" in scores_said([score("Hub", 0.01, 0.01)], "money per day")


def test_names_in_the_quadrants_keep_clear_of_each_other() -> None:
    crowd = [score(f"Owner {k}", 50 + 0.1 * k, 60 - 0.1 * k) for k in range(6)]
    drawn = quadrants([score("Hub", -20, 100), *crowd], "money")
    found = re.findall(r'class="ink" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)<', drawn)
    assert {name for *_, name in found} >= {"Hub", "Owner 0", "Owner 1"}
    boxes = []
    for x, y, anchor, name in found:
        wide = 6.6 * len(name)
        left = float(x) - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        boxes.append((left, float(y) - 11, left + wide, float(y) + 3))
    for number, box in enumerate(boxes):
        assert 0 <= box[0] <= box[2] <= WIDTH
        assert 0 <= box[1] <= box[3] <= HEIGHT
        for other in boxes[:number]:
            assert box[0] > other[2] or box[2] < other[0] or box[1] > other[3] or box[3] < other[1]


def test_rounding_is_no_difference() -> None:
    one = np.array([0.1 + 0.2, 1.7, 250.0])
    found = paired(one, np.array([0.3, 1.7, 250.0]))
    assert (found.difference, found.low, found.high) == (0, 0, 0)
    assert paired(one, one + 1e-6).difference == pytest.approx(-1e-6)


def test_what_is_sent_of_the_player_has_no_comments_and_no_indentation() -> None:
    assert bare("  // a comment\n\n  const a = 'x // y';\n    b();\n") == "const a = 'x // y';\nb();"
    for text in (script(), style()):
        assert not [line for line in text.splitlines() if line != line.strip() or line.startswith("//")]
    assert script().count("class ") >= 5
    assert len(SCRIPTS) == 9
