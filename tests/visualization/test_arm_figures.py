"""The figures that set arms side by side: what they say, and that they are the same bytes every time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.visualization import figures
from ripieno.visualization.figures.style import BLUE, ORANGE, marks

ARMS = ("none", "opt", "orch")


def cards(**more: Any) -> pd.DataFrame:
    rows = [
        ("A", "opt", -0.25, 0.05, "wins"),
        ("B", "opt", 0.75, 0.05, "loses"),
        ("A", "orch", 0.001, -0.2, "open"),
        ("B", "orch", -12.345, -0.2, "wins"),
        ("network", "opt", 0.05, 0.05, "loses"),
        ("network", "orch", -0.2, -0.2, "wins"),
    ]
    table = pd.DataFrame(rows, columns=["owner", "arm", "relative", "network_relative", "outcome"])
    return table.assign(**more)


def queues() -> pd.DataFrame:
    rows = [(dock, arm, 1.0 + place, 0.5 + place, 2.0 + place) for dock in "XY" for place, arm in enumerate(ARMS)]
    return pd.DataFrame(rows, columns=["dock", "arm", "estimate", "low", "high"])


def course(arms: tuple[str, ...] = ("orch",)) -> pd.DataFrame:
    rows = [
        (arm, period, 0.5, 0.25, 0.125, 1.0, 10.0 * place, 8.0 * place)
        for arm in arms
        for place, period in enumerate((80, 100, 120), 1)
    ]
    names = ["arm", "period", "kept", "adopted", "rolled_back", "turned_down", "predicted", "realised"]
    return pd.DataFrame(rows, columns=names)


def texts(axis: Any) -> list[str]:
    return [text.get_text() for text in axis.texts]


def legend(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_scorecards_say_sign_and_size_and_set_the_network_apart() -> None:
    axis: Any = figures.scorecards(cards()).axes[0]
    assert texts(axis) == ["−25.0 % ▼", "+75.0 % ▲", "+0.10 %", "−1,234 % ▼", "+5.00 % ▲", "−20.0 % ▼"]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["A", "B", "network"]
    places = axis.get_yticks()
    assert 0 < places[0] - places[1] < places[1] - places[2]


def test_scorecards_colour_better_and_worse() -> None:
    from matplotlib.colors import to_hex

    axis: Any = figures.scorecards(cards()).axes[0]
    colours = [to_hex(card.get_facecolor()).upper() for card in axis.patches]
    assert colours[:2] == [BLUE.upper(), ORANGE.upper()]
    strength = [card.get_alpha() for card in axis.patches]
    assert strength[4] < strength[1]  # a change of 5 % is fainter than one of 75 %
    assert strength[2] < strength[4]  # and one that is not told from none the faintest


def test_scorecards_without_a_relative_change_say_the_sign_alone() -> None:
    axis: Any = figures.scorecards(cards(relative=np.nan)).axes[0]
    assert texts(axis) == ["▼", "▲", "", "▼", "▲", "▼"]


def test_quadrants_place_and_name_the_owners() -> None:
    owners = cards().query("owner != 'network'")
    figure: Any = figures.quadrants(owners, "none", ARMS)
    axis = figure.axes[0]
    dots = {line.get_label(): line.get_xydata().tolist() for line in axis.lines if line.get_label() in ARMS}
    assert dots == {"opt": [[-25.0, 5.0], [75.0, 5.0]], "orch": [[0.1, -20.0], [-1234.5, -20.0]]}
    assert {"A", "B"} <= set(texts(axis))
    assert "good for itself, bad for all" in texts(axis)
    assert axis.get_xscale() == "symlog"
    low, high = axis.get_xlim()
    assert low == -high
    assert legend(figure) == ["opt", "orch"]
    # An arm looks as it does beside the reference.
    shapes = {line.get_label(): line.get_marker() for line in axis.lines if line.get_label() in ARMS}
    assert shapes == {arm: marks(ARMS)[arm].marker for arm in ("opt", "orch")}


def test_quadrants_of_small_changes_are_linear_and_leave_missing_ones_out() -> None:
    owners = cards().query("owner != 'network' and arm == 'opt'")
    small = owners.assign(relative=[np.nan, 0.1])
    axis: Any = figures.quadrants(small).axes[0]
    assert axis.get_xscale() == "linear"
    assert [line.get_xydata().tolist() for line in axis.lines if line.get_label() == "opt"] == [[[10.0, 5.0]]]
    assert "A" not in texts(axis)


def test_a_name_without_room_is_left_out() -> None:
    owners = pd.DataFrame(
        {"owner": ["A", "B", "C"], "arm": ["x", "x", "y"], "relative": [0.2, -0.2, 0.199], "network_relative": 0.1}
    )
    named = texts(figures.quadrants(owners).axes[0])
    assert {"A", "B"} <= set(named)
    assert "C" not in named


def test_arm_dots_keep_a_line_for_each_place_and_a_mark_for_each_arm() -> None:
    table = queues()
    table.loc[1, ["estimate", "low", "high"]] = np.nan
    figure: Any = figures.arm_dots(table, "queue", "trucks")
    axis = figure.axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["X", "Y"]
    assert axis.get_xlabel() == "queue (trucks)"
    assert legend(figure) == list(ARMS)
    (dots,) = [drawn for drawn in axis.containers if drawn.get_label() == "orch"]
    assert dots[0].get_xdata().tolist() == [3.0, 3.0]
    (gap,) = [drawn for drawn in axis.containers if drawn.get_label() == "opt"]
    assert np.isnan(gap[0].get_xdata()[0])
    bars = dots[2][0].get_segments()
    assert [bar[:, 0].tolist() for bar in bars] == [[2.5, 4.0], [2.5, 4.0]]


def test_the_course_of_a_negotiation() -> None:
    figure: Any = figures.negotiation_course(course(), "week", "money per week")
    above, below = figure.axes
    heights = [bar.get_height() for bar in above.patches]
    assert heights == [0.5] * 3 + [0.25] * 3 + [0.125] * 3 + [1.0] * 3
    assert [bar.get_y() for bar in above.patches[::3]] == [0.0, 0.5, 0.75, 0.875]
    lines = {line.get_label(): line.get_ydata().tolist() for line in below.lines if len(line.get_ydata()) == 3}
    assert lines == {"predicted": [10.0, 20.0, 30.0], "realised": [8.0, 16.0, 24.0]}
    assert (below.get_xlabel(), below.get_ylabel()) == ("week", "gain, cumulated\n(money per week)")
    assert legend(figure) == [
        "kept", "adopted, not reviewed", "rolled back", "turned down", "predicted", "realised",
    ]  # fmt: skip


@pytest.mark.parametrize("arms", [("orch",), ("orch", "interleaved")])
def test_arms_that_negotiate_stand_side_by_side(arms: tuple[str, ...]) -> None:
    axes: Any = figures.negotiation_course(course(arms)).axes
    assert [axis.get_title(loc="left") for axis in axes] == [*arms, *([""] * len(arms))]


def test_large_totals_are_written_out() -> None:
    table = pd.DataFrame({"arm": ["none", "opt"], "line": "holding", "value": [24569.3, 31.583]})
    assert texts(figures.cost_bars(table).axes[0]) == ["24,569", "31.58"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.scorecards(cards()),
        lambda: figures.quadrants(cards()),
        lambda: figures.arm_dots(queues()),
        lambda: figures.negotiation_course(course()),
    ],
)
def test_same_tables_same_bytes(draw: Any) -> None:
    assert figures.as_bytes(draw(), "svg") == figures.as_bytes(draw(), "svg")
