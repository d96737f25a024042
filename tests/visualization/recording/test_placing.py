from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from ripieno.visualization.recording.placing import layered, on_map


def crossings(points: list[tuple[float, float]], lanes: list[tuple[int, int]]) -> int:
    """Pairs of lanes between the same two columns that cross."""
    return sum(
        (points[a][1] - points[c][1]) * (points[b][1] - points[d][1]) < 0
        for (a, b), (c, d) in combinations(lanes, 2)
        if points[a][0] == points[c][0] and points[b][0] == points[d][0]
    )


def test_columns_run_from_upstream_to_downstream() -> None:
    points = layered([2, 1, 1, 0, 0, 0], [(0, 1), (0, 2), (1, 3), (2, 4), (2, 5)])
    assert points[0][0] < points[1][0] == points[2][0] < points[3][0] == points[4][0] == points[5][0]
    assert all(0 < x < 1 and 0 < y < 1 for x, y in points)
    assert len(set(points)) == len(points)


def test_crossed_lanes_are_untangled() -> None:
    lanes = [(0, 5), (1, 4), (2, 3)]  # every pair crosses in the order of the file
    assert crossings([(0.25, k / 3) for k in range(3)] + [(0.75, k / 3) for k in range(3)], lanes) == 3
    assert crossings(layered([1, 1, 1, 0, 0, 0], lanes), lanes) == 0


def test_a_map_has_north_at_the_top_and_keeps_its_proportions() -> None:
    places, aspect = on_map([[0.0, 60.0], [20.0, 60.0], [10.0, 50.0]])
    assert places[0] == (0.0, 0.0)
    assert places[1] == (1.0, 0.0)
    assert places[2] == (0.5, 1.0)
    assert aspect == pytest.approx(2 * 0.549, rel=1e-3)  # a degree of longitude is shorter by cos(56.7 degrees)


@pytest.mark.parametrize("positions", [[[1.0, 1.0], None], [[1.0, 1.0], [1.0, 1.0]], [None]])
def test_no_map_without_places(positions: list[list[float] | None]) -> None:
    assert set(on_map(positions)[0]) == {None}


def test_many_sites_have_room() -> None:
    points = layered([0] * 40 + [1] * 3, [(40 + k % 3, k) for k in range(40)])
    heights = sorted(y for _, y in points[:40])
    assert min(b - a for a, b in pairwise(heights)) > 0.02
