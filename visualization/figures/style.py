"""One look for all figures, and files that are the same bytes every time.

Colours are those of Okabe and Ito, which readers with any common colour vision can tell apart, and each is doubled by
a dash, a marker or a hatch. Fonts come with matplotlib, so that a figure does not depend on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
AMBER, SKY, INK, GREY = "#E69F00", "#56B4E9", "#1B2A3A", "#6B7785"
ECHELONS = (BLUE, GREEN, AMBER, PINK)
LONGEST_LABEL = 40  # characters; more would be longer than the axis of a low figure
WIDTH = 6.8  # inches: two columns of a journal page

SETTINGS: Mapping[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDE3E9",
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.6,
    "figure.dpi": 100,
    "svg.fonttype": "path",
    "svg.hashsalt": "ripieno",
    "pdf.fonttype": 42,
}

P = ParamSpec("P")


@dataclass(frozen=True)
class Mark:
    """How one arm is drawn: colour, dash, marker and hatch say the same thing."""

    colour: str
    dash: Any
    marker: str
    hatch: str


_MARKS = (
    Mark(ORANGE, (0, (5, 2)), "o", ""),
    Mark(BLUE, "solid", "s", "//"),
    Mark(GREEN, (0, (1, 1.2)), "^", ".."),
    Mark(PINK, (0, (6, 2, 1, 2)), "D", "\\\\"),
    Mark(AMBER, (0, (3, 1, 1, 1, 1, 1)), "v", "xx"),
    Mark(SKY, (0, (8, 3)), "P", "--"),
    Mark(INK, (0, (2, 3)), "X", "++"),
)


def marks(names: Sequence[Any]) -> dict[Any, Mark]:
    """A mark for every name in order: the first dashed vermilion, the second solid blue, as everywhere in Ripieno.

    One name alone is drawn solid blue. More than seven start over, as no reader could tell them apart anyway.
    """
    if len(names) == 1:
        return {names[0]: _MARKS[1]}
    return {name: _MARKS[place % len(_MARKS)] for place, name in enumerate(names)}


def labelled(text: str, unit: str = "") -> str:
    """An axis label with its unit: ``stock (units)``; a long one has the unit on its second line."""
    return text if not unit else f"{text}\n({unit})" if len(text) + len(unit) > LONGEST_LABEL else f"{text} ({unit})"


def whole_numbers(axis: Any) -> None:
    """Periods are counted: no tick between two of them."""
    from matplotlib.ticker import MaxNLocator

    axis.xaxis.set_major_locator(MaxNLocator(integer=True))


@contextmanager
def look() -> Iterator[None]:
    """Matplotlib's own defaults plus the settings above, whatever the user's configuration says."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        settings: Any = SETTINGS  # its type lists every key that the installed version knows
        mpl.rcParams.update(settings)
        yield


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw inside `look`."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with look():
            return draw(*args, **kwargs)

    return drawn


def canvas(width: float = WIDTH, height: float = 3.0) -> Figure:
    """An empty figure in inches that no global state knows of."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=0.08, h_pad=0.06)
    return figure


def save(figure: Figure, path: str | Path, dpi: int = 200) -> Path:
    """Write a figure as PNG, SVG or PDF by the ending of ``path``; the same figure gives the same bytes.

    Raises `ValueError` for another ending. Returns the path.
    """
    target = Path(path)
    target.write_bytes(as_bytes(figure, target.suffix.removeprefix(".").lower(), dpi))
    return target


def as_bytes(figure: Figure, kind: str, dpi: int = 200) -> bytes:
    """A figure as the bytes of a ``png``, ``svg`` or ``pdf`` file, without date or version."""
    if kind not in _METADATA:
        raise ValueError(f"figures are written as {', '.join(_METADATA)}, not as {kind!r}")
    buffer = BytesIO()
    with look():
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=dict(_METADATA[kind]))
    return buffer.getvalue()


_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "Ripieno"},
    "pdf": {"CreationDate": None, "Creator": "Ripieno", "Producer": None},
}
