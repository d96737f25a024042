from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.regimes.coordinates import NAMES
from ripieno.experiments.regimes.surface import (
    Axes,
    Sample,
    bootstrapped,
    bounds,
    chosen_manner,
    fitted,
    fitted_by_choice,
    left_out,
    quality,
    sample_of,
)

from .conftest import points_table


def noise(count: int) -> Any:
    """Numbers without a pattern, the same every time."""
    return (np.sin(np.arange(count) * 12.9898) * 43758.5453) % 1 - 0.5


def sample(gains: Any, table: pd.DataFrame) -> Sample:
    rows = table.assign(relative=gains)
    return sample_of(rows, Axes.of(rows, NAMES))


def test_only_what_varies_and_is_known_is_an_axis() -> None:
    table = points_table()
    assert Axes.of(table, NAMES).names == ("owners", "distance", "volatility", "decision_path")
    assert "distance" not in Axes.of(table.assign(distance=np.nan), NAMES).names


def test_places_are_in_standard_deviations() -> None:
    table = points_table()
    places = Axes.of(table, NAMES)(table)
    assert places.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert places.std(axis=0) == pytest.approx(np.ones(4))


def test_a_smooth_surface_is_found_at_points_it_has_not_seen() -> None:
    table = points_table(60)
    gains = 0.1 * np.log1p(table["owners"]) - 0.05 * table["volatility"]
    found = sample(gains, table)
    assert quality(found, left_out(found, fitted_by_choice))["explained"] > 0.95


def test_noise_explains_nothing_and_is_smoothed_away() -> None:
    table = points_table(60)
    found = sample(noise(60), table)
    assert quality(found, left_out(found, fitted_by_choice))["explained"] < 0.1
    rough, smooth = (fitted(found, (1.5, amount))(found.places) for amount in (1e-6, chosen_manner(found)[1]))
    assert np.std(smooth) < 0.3 * np.std(rough)


def test_rows_of_one_point_are_left_out_together() -> None:
    table = pd.concat([points_table(20), points_table(20)], ignore_index=True)
    found = sample(noise(40), table)
    masks = list(found.folds(7))
    assert len(masks) == 7
    assert np.sum(masks, axis=0).tolist() == [1] * 40
    assert all(np.array_equal(mask[:20], mask[20:]) for mask in masks)
    # Knowing the twin of a left-out row would make it easy: with interpolation the error would vanish.
    twice = Sample(found.places, np.tile(noise(20), 2), found.points)
    said = left_out(twice, lambda some: fitted(some, (1.5, 1e-9)))
    assert quality(twice, said)["error"] > 0.2


def test_the_bootstrap_is_narrow_where_points_agree_and_the_same_every_time() -> None:
    table = points_table(60)
    sure, unsure = (sample(0.1 * table["owners"] + size * noise(60), table) for size in (0.01, 2.0))
    widths = []
    for found in (sure, unsure):
        low, high = bounds(bootstrapped(found, (3.0, 3.0), found.places[:5], resamples=60))
        again = bounds(bootstrapped(found, (3.0, 3.0), found.places[:5], resamples=60))
        assert np.array_equal(low, again[0])
        widths.append(float(np.mean(high - low)))
    assert widths[0] < 0.5 * widths[1]


def test_quality_by_hand() -> None:
    found = Sample(np.zeros((4, 1)), np.array([0.0, 2.0, 0.0, 2.0]), np.arange(4))
    assert quality(found, np.array([1.0, 1.0, 1.0, 1.0])) == {"error": 1.0, "explained": 0.0, "reach": 1.0}
