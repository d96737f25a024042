"""What every forecast keeps to; new ones are found by themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

HORIZONS = (1.0, 3.0)


def expected(forecast: Any, site: Any, horizons: Any = HORIZONS) -> np.ndarray:
    """What is expected in every period, ``[periods, horizons, products, runs]``."""
    forecast.start(site.at(0))
    found = []
    for period in range(site.periods):
        forecast.update(site.at(period).incoming)
        assert forecast.ready
        found.append([forecast.over(horizon) for horizon in horizons])
    return np.array(found)


@pytest.mark.parametrize("products", [1, 3])
def test_a_forecast_covers_every_product_in_every_run(forecast_variant: Any, site_of: Any, products: int) -> None:
    site = site_of(products)
    found = expected(forecast_variant.alike(), site)
    assert found.shape == (site.periods, len(HORIZONS), products, site.runs)
    assert np.isfinite(found).all()


@pytest.mark.parametrize("products", [1, 3])
def test_a_run_alone_expects_the_same(forecast_variant: Any, site_of: Any, products: int) -> None:
    site = site_of(products)
    together = expected(forecast_variant.alike(), site)
    for run in range(site.runs):
        alone = expected(forecast_variant.alike(), site.only(run=run))
        assert np.array_equal(alone, together[..., run : run + 1])


def test_parameters_and_horizons_may_differ_between_runs(forecast_variant: Any, site_of: Any) -> None:
    site = site_of(2)
    horizons = np.array([1.0, 2.0, 2.0, 4.0, 7.0])
    together = expected(forecast_variant.varied(), site, (horizons,))
    for run in range(site.runs):
        alone = expected(forecast_variant.of_run(run), site.only(run=run), (float(horizons[run]),))
        assert np.array_equal(alone, together[..., run : run + 1])


def test_nothing_is_expected_over_no_time(forecast_variant: Any, site_of: Any) -> None:
    site = site_of(2)
    assert np.array_equal(expected(forecast_variant.alike(), site, (0.0,)), np.zeros((site.periods, 1, 2, site.runs)))


def test_asking_does_not_change_it(forecast_variant: Any, site_of: Any) -> None:
    site, forecast = site_of(2), forecast_variant.alike()
    often = expected(forecast, site, (1.0, 5.0, 1.0, 2.0, 5.0, 1.0))
    assert np.array_equal(often[:, 0], often[:, 2])
    assert np.array_equal(often[:, 0], expected(forecast_variant.alike(), site, (1.0,))[:, 0])


def test_it_does_not_look_ahead(forecast_variant: Any, site_of: Any) -> None:
    one, other = site_of(2), site_of(2, seed=2)
    mixed = {name: np.concatenate([one.seen[name][:7], other.seen[name][7:]]) for name in one.seen}
    found = expected(forecast_variant.alike(), type(one)(mixed))
    assert np.array_equal(found[:7], expected(forecast_variant.alike(), one)[:7])


def test_a_start_forgets_what_was_before(forecast_variant: Any, site_of: Any) -> None:
    forecast, site = forecast_variant.alike(), site_of(2)
    first = expected(forecast, site)
    expected(forecast, site_of(2, seed=2))
    assert np.array_equal(expected(forecast, site), first)


def test_it_is_finite_where_nothing_happens(forecast_variant: Any, idle_site_of: Any) -> None:
    assert np.isfinite(expected(forecast_variant.alike(), idle_site_of(2))).all()
