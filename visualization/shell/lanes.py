"""Swim lanes: the way of every package from proposed to in force, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from ..packages import IN_FORCE, Package
from .markup import text

LANES = ("proposed", "voted on", "in force")
WIDTH, LEFT, ROW = 900.0, 80.0, 40.0
REFUSED = ("voted down", "not material", "not affordable")


def swim_lanes(packages: Sequence[Package], periods: int, period: str) -> str:
    """A mark in each lane that a package reached, on one clock; "in force" ends where it is rolled back."""

    def at(day: float) -> float:
        return LEFT + (WIDTH - LEFT - 10) * day / max(periods, 1)

    height = 16 + len(LANES) * ROW
    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{_y(place)}" y2="{_y(place)}" class="ri-grid"/>'
        f'<text class="ink" x="0" y="{_y(place) + 4}">{name}</text>'
        for place, name in enumerate(LANES)
    ]
    for number, package in enumerate(packages, 1):
        parts.append(_marks(number, package, at, periods))
    ticks = "".join(
        f'<text x="{at(day):.1f}" y="{height + 12}" text-anchor="middle">{day}</text>'
        for day in range(0, periods + 1, max(1, periods // 8))
    )
    about = "Circle: agreed; cross: refused; the bar shows how long it is in force, an open end: rolled back."
    return (
        f'<div class="ri-scroll"><svg class="ri-plot" style="min-width:560px" viewBox="0 0 {WIDTH:g} '
        f'{height + 16:g}" role="img" '
        f'aria-label="Packages on a time line; the table below has them all">{"".join(parts)}{ticks}</svg></div>'
        f'<p class="ri-quiet">{about} Across: {text(period)}s.</p>'
    )


def _y(lane: int) -> float:
    return 16 + lane * ROW


def _marks(number: int, package: Package, at: object, periods: int) -> str:
    place = at(package.day)  # type: ignore[operator]
    name = f'<text x="{place:.1f}" y="{_y(0) - 8}" text-anchor="middle">{number}</text>'
    made = [name, f'<circle cx="{place:.1f}" cy="{_y(0)}" r="4.5" fill="var(--ri-b)"/>']
    made.append(f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{_y(0)}" y2="{_y(1)}" class="ri-axis"/>')
    if package.status in REFUSED:
        y = _y(1)
        made.append(
            f'<path d="M{place - 5:.1f} {y - 5} L{place + 5:.1f} {y + 5} M{place + 5:.1f} {y - 5} L{place - 5:.1f} '
            f'{y + 5}" '
            'stroke="var(--ri-a)" stroke-width="2.5"/>'
        )
    elif package.status in IN_FORCE:
        made.append(_in_force(place, package, at, periods))
    return "".join(made)


def _in_force(place: float, package: Package, at: object, periods: int) -> str:
    start = at(package.effective + 1 if isfinite(package.effective) else package.day)  # type: ignore[operator]
    end = at(periods)  # type: ignore[operator]
    back = package.status == "rolled back"
    dash = ' stroke-dasharray="5 4"' if back else ""
    return (
        f'<circle cx="{place:.1f}" cy="{_y(1)}" r="4.5" fill="var(--ri-b)"/>'
        f'<line x1="{place:.1f}" x2="{start:.1f}" y1="{_y(1)}" y2="{_y(2)}" class="ri-axis"/>'
        f'<line x1="{start:.1f}" x2="{min(start + 60, end) if back else end:.1f}" y1="{_y(2)}" y2="{_y(2)}" '
        f'stroke="{"var(--ri-a)" if back else "var(--ri-b)"}" stroke-width="4"{dash} opacity=".75"/>'
        f'<circle cx="{start:.1f}" cy="{_y(2)}" r="4.5" fill="{"var(--ri-card)" if back else "var(--ri-b)"}" '
        f'stroke="var(--ri-b)"/>'
    )
