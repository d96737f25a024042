"""Where sites are drawn: in columns by echelon, and on a map where the scenario says where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

Point = tuple[float, float]
SWEEPS = 8
"""How often the columns are sorted; the order settles after a few."""


def layered(levels: Sequence[int], lanes: Sequence[tuple[int, int]]) -> list[Point]:
    """Positions in columns, the most upstream level on the left, with few crossings of lanes.

    ``levels`` counts from 0 for the most downstream site. Within a column the sites are sorted by the mean place of
    their neighbours, sweeping down and up (the barycentre rule of Sugiyama, Tagawa & Toda 1981).
    """
    count = max(levels) + 1
    columns = [[site for site, level in enumerate(levels) if level == wanted] for wanted in reversed(range(count))]
    height = _heights(columns)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda site: _pull(site, lanes, height, downwards=sweep % 2 == 0))
            height |= _heights([column])
    across = {site: (number + 0.5) / count for number, column in enumerate(columns) for site in column}
    return [(round(across[site], 4), round(height[site], 4)) for site in range(len(levels))]


def _heights(columns: Sequence[Sequence[int]]) -> dict[int, float]:
    return {site: (row + 0.5) / len(column) for column in columns for row, site in enumerate(column)}


def _pull(
    site: int, lanes: Sequence[tuple[int, int]], height: dict[int, float], downwards: bool
) -> tuple[float, float]:
    """The mean height of a site's suppliers, or of its customers on the way up; its own where it has none."""
    near = [a if b == site else b for a, b in lanes if site == (b if downwards else a)]
    return (sum(height[other] for other in near) / len(near) if near else height[site], height[site])


def on_map(positions: Sequence[Sequence[float] | None]) -> tuple[list[Point | None], float]:
    """Positions in the unit square with north at the top, and the width of the map over its height.

    Longitudes are shortened by the cosine of the mean latitude. Unless every site has a position and two of them
    differ there is no map.
    """
    known = [position for position in positions if position is not None]
    nowhere: list[Point | None] = [None] * len(positions)
    if len(known) < len(positions) or len({tuple(position) for position in known}) < 2:
        return nowhere, 1.0
    narrower = _narrower(known)
    xs, ys = [x * narrower for x, _ in known], [y for _, y in known]
    width, depth = max(xs) - min(xs), max(ys) - min(ys)
    aspect = min(max(width / depth if depth else 4.0, 0.25), 4.0)
    return [
        (
            round((x - min(xs)) / width if width else 0.5, 4),
            round((max(ys) - y) / depth if depth else 0.5, 4),
        )
        for x, y in zip(xs, ys, strict=True)
    ], aspect


def _narrower(positions: Sequence[Sequence[float]]) -> float:
    """The cosine of the mean latitude where the positions can be longitudes and latitudes, else 1."""
    if all(abs(x) <= 180 and abs(y) <= 90 for x, y in positions):
        return cos(radians(sum(y for _, y in positions) / len(positions)))
    return 1.0
