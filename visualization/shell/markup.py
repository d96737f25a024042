"""HTML of tables and small plots as text. Every name that a scenario may choose goes through `text`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import floor, isfinite, log10
from typing import Any


def text(value: Any) -> str:
    """A value as text that the browser shows and does not obey."""
    return escape(str(value), quote=True)


def figure(value: float, digits: int = 3) -> str:
    """A number as people read it: three significant digits, thousands separated; a dash for a missing one."""
    if not isfinite(value):
        return "–"
    if abs(value) < 1e-9:
        return "0"
    places = max(0, digits - 1 - floor(log10(abs(value))))
    shown = f"{value:,.{min(places, 9)}f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace("-", "−")


def span(value: float, low: float, high: float) -> str:
    """An estimate with its interval."""
    return f"{figure(value)} [{figure(low)}, {figure(high)}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "", numbers: Iterable[int] = ()) -> str:
    """A table of cells that are HTML already; the first cell of a row names it, ``numbers`` are columns of figures."""
    right = set(numbers)

    def cells(row: Sequence[str], tag: str) -> str:
        made = []
        for place, cell in enumerate(row):
            kind = ' class="n"' if place in right else ""
            if tag == "th":
                made.append(f'<th scope="col"{kind}>{cell}</th>')
            else:
                made.append(f'<th scope="row">{cell}</th>' if place == 0 else f"<td{kind}>{cell}</td>")
        return "<tr>" + "".join(made) + "</tr>"

    body = "".join(cells(row, "td") for row in rows)
    top = f'<caption><span class="ri-caption">{caption}</span></caption>' if caption else ""
    return f'<div class="ri-scroll"><table>{top}<thead>{cells(head, "th")}</thead><tbody>{body}</tbody></table></div>'


def unit(name: str) -> str:
    """A unit behind a name."""
    return f'<span class="ri-unit">{text(name)}</span>' if name else ""


def swatch(which: str, name: str) -> str:
    """The name of a world with its mark: A dashed, B solid."""
    return f'<span class="ri-swatch {which}" aria-hidden="true"></span><span class="ri-{which}">{text(name)}</span>'


def interval(value: float, low: float, high: float, reach: float) -> str:
    """A dot with its interval on a line from -reach to reach, zero in the middle; the numbers stand beside it.

    A filled diamond is below zero, a filled circle above, a hollow square where the interval covers zero.
    """
    if not all(map(isfinite, (value, low, high))) or reach <= 0:
        return ""

    def at(x: float) -> float:
        return 100 + 96 * max(-1.0, min(1.0, x / reach))

    colour = "var(--ri-b)" if high < 0 else "var(--ri-a)" if low > 0 else "var(--ri-quiet)"
    x = at(value)
    if high < 0:
        mark = f'<path d="M{x - 6:.1f} 11 L{x:.1f} 5 L{x + 6:.1f} 11 L{x:.1f} 17 Z" fill="{colour}"/>'
    elif low > 0:
        mark = f'<circle cx="{x:.1f}" cy="11" r="5" fill="{colour}"/>'
    else:
        mark = (
            f'<rect x="{x - 4.5:.1f}" y="6.5" width="9" height="9" fill="var(--ri-card)" stroke="{colour}" '
            f'stroke-width="2"/>'
        )
    return (
        '<svg class="ri-plot" viewBox="0 0 200 22" aria-hidden="true"><line x1="100" x2="100" y1="0" y2="22" '
        'class="ri-axis"/>'
        f'<line x1="{at(low):.1f}" x2="{at(high):.1f}" y1="11" y2="11" stroke="{colour}" stroke-width="2.5"/>'
        f"{mark}</svg>"
    )


def curve(values: Sequence[float], low: float, high: float, size: tuple[float, float], kind: str) -> str:
    """One line of a plot of a size in its own coordinates; missing values end it."""
    width, height = size
    step = width / max(len(values) - 1, 1)
    scale = height / (high - low) if high > low else 0.0
    points = [
        f"{place * step:.1f},{height - (value - low) * scale:.1f}"
        for place, value in enumerate(values)
        if isfinite(value)
    ]
    return f'<polyline points="{" ".join(points)}" class="{kind}"/>'


def note(message: str, kind: str = "ri-note") -> str:
    """A line that says something."""
    role = ' role="alert"' if kind == "ri-error" else ""
    return f'<p class="{kind}"{role}>{text(message)}</p>'


def bar(share: float) -> str:
    """A progress bar."""
    percent = round(100 * max(0.0, min(1.0, share)))
    return (
        f'<div class="ri-progress" role="progressbar" aria-valuenow="{percent}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-label="Progress"><span style="width:{percent}%"></span></div>'
    )
