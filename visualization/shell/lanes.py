"""Swim lanes: the way of every package from what was seen to what is in force, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from ...model.schema.orchestration import Orchestration
from ..packages import IN_FORCE, Package, seen_until
from .markup import text

LANES = ("seen up to", "proposed", "voted on", "in force")
WIDTH, LEFT, ROW = 900.0, 88.0, 40.0
REFUSED = ("voted down", "not material", "not affordable")
SEEN = (
    "Square: the last day whose demand the markets had reported, {delay}. What changed later could not be answered; "
    "the ledger has no day on which a change was noticed, as packages are looked for at set dates. "
)
UNSEEN = "These packages were not put together from reports, so no day is shown up to which something was seen. "


def swim_lanes(packages: Sequence[Package], spec: Orchestration, periods: int, period: str) -> str:
    """A mark in each lane that a package reached, on one clock; "in force" ends where it is rolled back."""

    def at(day: float) -> float:
        return LEFT + (WIDTH - LEFT - 10) * day / max(periods, 1)

    height = 16 + len(LANES) * ROW
    parts = [
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{_y(place)}" y2="{_y(place)}" class="ri-grid"/>'
        f'<text class="ink" x="0" y="{_y(place) + 4}">{name}</text>'
        for place, name in enumerate(LANES)
    ]
    seen = [seen_until(package, spec) for package in packages]
    for number, package in enumerate(packages, 1):
        parts.append(_seen(seen[number - 1], at(package.day), at))
        parts.append(_marks(number, package, at, periods))
    ticks = "".join(
        f'<text x="{at(day):.1f}" y="{height + 12}" text-anchor="middle">{day}</text>'
        for day in range(0, periods + 1, max(1, periods // 8))
    )
    return (
        f'<div class="ri-scroll"><svg class="ri-plot" style="min-width:560px" viewBox="0 0 {WIDTH:g} '
        f'{height + 16:g}" role="img" '
        f'aria-label="Packages on a time line; the table below has them all">{"".join(parts)}{ticks}</svg></div>'
        f'<p class="ri-quiet">{_about(any(map(isfinite, seen)), spec.visibility.delay, text(period))}</p>'
    )


def _about(seen: bool, delay: int, period: str) -> str:
    """What the marks mean."""
    late = f"{delay} {period}{'' if delay == 1 else 's'} late" if delay else "without delay"
    return (
        f"{SEEN.format(delay=late) if seen else UNSEEN}Circle: agreed; cross: refused, both at the {period} of the "
        "proposal, as the ledger does not keep that of the last answer. The bar shows how long it is in force; hollow "
        f"and dashed: rolled back. Across: {period}s."
    )


def _y(lane: int) -> float:
    return 16 + lane * ROW


def _seen(day: float, proposed: float, at: Callable[[float], float]) -> str:
    """A square at the last day that was seen, and the way to the proposal."""
    if not isfinite(day):
        return ""
    x = at(day)
    return (
        f'<line x1="{x:.1f}" x2="{proposed:.1f}" y1="{_y(0)}" y2="{_y(1)}" class="ri-axis"/>'
        f'<rect x="{x - 4:.1f}" y="{_y(0) - 4}" width="8" height="8" fill="var(--ri-b)"/>'
    )


def _marks(number: int, package: Package, at: Callable[[float], float], periods: int) -> str:
    place = at(package.day)
    name = f'<text x="{place:.1f}" y="{_y(1) - 8}" text-anchor="middle">{number}</text>'
    made = [f'<circle cx="{place:.1f}" cy="{_y(1)}" r="4.5" fill="var(--ri-b)"/>', name]
    made.append(f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{_y(1)}" y2="{_y(2)}" class="ri-axis"/>')
    if package.status in REFUSED:
        y = _y(2)
        made.append(
            f'<path d="M{place - 5:.1f} {y - 5} L{place + 5:.1f} {y + 5} M{place + 5:.1f} {y - 5} L{place - 5:.1f} '
            f'{y + 5}" '
            'stroke="var(--ri-a)" stroke-width="2.5"/>'
        )
    elif package.status in IN_FORCE:
        made.append(_in_force(place, package, at, periods))
    return "".join(made)


def _in_force(place: float, package: Package, at: Callable[[float], float], periods: int) -> str:
    start = at(package.effective + 1 if isfinite(package.effective) else package.day)
    end = at(periods)
    back = package.status == "rolled back"
    dash = ' stroke-dasharray="5 4"' if back else ""
    return (
        f'<circle cx="{place:.1f}" cy="{_y(2)}" r="4.5" fill="var(--ri-b)"/>'
        f'<line x1="{place:.1f}" x2="{start:.1f}" y1="{_y(2)}" y2="{_y(3)}" class="ri-axis"/>'
        f'<line x1="{start:.1f}" x2="{min(start + 60, end) if back else end:.1f}" y1="{_y(3)}" y2="{_y(3)}" '
        f'stroke="{"var(--ri-a)" if back else "var(--ri-b)"}" stroke-width="4"{dash} opacity=".75"/>'
        f'<circle cx="{start:.1f}" cy="{_y(3)}" r="4.5" fill="{"var(--ri-card)" if back else "var(--ri-b)"}" '
        f'stroke="var(--ri-b)"/>'
    )
