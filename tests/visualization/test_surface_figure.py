from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.visualization import figures


def grid(half: float) -> pd.DataFrame:
    """A plane that rises from -1 to 1 along x, with bounds so far on either side."""
    across, up = (values.ravel() for values in np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 2, 5)))
    estimate = 2 * across - 1
    return pd.DataFrame({"x": across, "y": up, "estimate": estimate, "low": estimate - half, "high": estimate + half})


POINTS = pd.DataFrame({"x": [0.1, 0.5, 0.9], "y": [0.5, 1.0, 1.5], "low": [-1.0, -0.1, 0.5], "high": [-0.5, 0.1, 1.0]})


def legend(half: float, level: float = 0.0) -> list[str]:
    figure = figures.surface_map(grid(half), POINTS, ("x", "y"), level)
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_the_line_and_the_band_are_drawn_where_they_are() -> None:
    assert legend(0.2) == ["cannot be told (95 %)", "zero: the sign turns", "point's interval off it", "covers it"]
    assert legend(0.0) == ["zero: the sign turns", "point's interval off it", "covers it"]
    assert "0.25" in legend(0.2, level=0.25)
    assert legend(0.0, level=3.0) == ["point's interval off it"]


def test_axes_have_their_labels_and_units() -> None:
    labels = ("owners", "distance (days)", "gain (% of cost)")
    axis, bar = figures.surface_map(grid(0.1), POINTS, ("x", "y"), labels=labels).axes
    assert (axis.get_xlabel(), axis.get_ylabel(), bar.get_ylabel()) == labels
    plain = figures.surface_map(grid(0.1), POINTS, ("x", "y")).axes[0]
    assert (plain.get_xlabel(), plain.get_ylabel()) == ("x", "y")


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_table_gives_the_same_bytes(kind: str) -> None:
    one, other = (figures.as_bytes(figures.surface_map(grid(0.1), POINTS, ("x", "y")), kind) for _ in range(2))
    assert one == other
