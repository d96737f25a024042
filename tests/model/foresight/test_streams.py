"""Streams of orders against simulated ones: how their variance grows with the number of periods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ripieno.model.foresight import replies
from ripieno.model.foresight.rules import Rule
from ripieno.model.foresight.streams import Joined, Orders, batches, together
from ripieno.model.streams import Streams
from scipy.special import ndtri

MEAN, DEVIATION, PERIODS = 100.0, 10.0, 400_000


def demand() -> np.ndarray:
    u = Streams(3, np.zeros(1, dtype=np.int64)).stream("demand", draws=PERIODS).uniforms(0)[:, 0]
    return MEAN + DEVIATION * np.asarray(ndtri(u))


def plain() -> Orders:
    one = np.ones((1, 1))
    return Orders(MEAN * one, DEVIATION**2 * one, 0.0 * one)


def smoothed_orders(alpha: float, cover: float) -> np.ndarray:
    seen, forecast, orders = demand(), MEAN, []
    for value in seen:
        new = forecast + alpha * (value - forecast)
        orders.append(value + cover * (new - forecast))
        forecast = new
    return np.array(orders)


@pytest.mark.parametrize(("alpha", "cover"), [(0.1, 2.0), (0.3, 4.0)])
def test_orders_by_a_forecast_take_back_what_they_gave(alpha: float, cover: float) -> None:
    rule = Rule(cover, alpha, alpha / (2.0 - alpha))
    incoming = Joined([plain()])
    out = replies.orders(rule, replies.seen(rule, incoming), window=2.0)
    simulated = smoothed_orders(alpha, cover)
    for periods in (1, 2, 5, 20):
        whole = simulated[: len(simulated) // periods * periods].reshape(-1, periods).sum(axis=1)
        assert out.over(periods)[0, 0] == pytest.approx(whole.var(), rel=0.05)


def test_a_gain_smooths_as_the_table_says() -> None:
    rule = Rule(cover=2.0, gain=0.5)
    out = replies.orders(rule, replies.seen(rule, Joined([plain()])), window=2.0)
    assert out.once[0, 0] == pytest.approx(DEVIATION**2 * 0.5 / 1.5)  # beta / (2 - beta)
    assert out.over(400.0)[0, 0] == pytest.approx(400.0 * DEVIATION**2, rel=0.01)


@pytest.mark.parametrize("every", [2, 3, 7])
@pytest.mark.parametrize("periods", [1, 2, 4, 9])
def test_batches_are_counted(every: int, periods: int) -> None:
    cycle = (np.arange(every * periods) % every == 0) * float(every)
    windows = [np.roll(cycle, -start)[:periods].sum() for start in range(len(cycle))]
    assert batches(float(every), periods) == pytest.approx(np.var(windows))


@pytest.mark.parametrize(("phases", "every"), [((0, 0), 5), ((0, 2), 5), ((1, 4), 5), ((0, 1), 2)])
@pytest.mark.parametrize("periods", [1, 2, 3, 7])
def test_calendars_in_step_are_counted(phases: tuple[int, int], every: int, periods: int) -> None:
    one = np.ones((1, 1))
    a, b = (Orders(one, 0 * one, 0 * one, every=np.array([float(every)]), phase=np.array([float(p)])) for p in phases)
    length = every * periods * every
    x, y = ((np.arange(length) % every == phase) * float(every) for phase in phases)
    sums = [[np.roll(z, -start)[:periods].sum() for start in range(length)] for z in (x, y)]
    covariance = np.mean(np.array(sums[0]) * sums[1]) - np.mean(sums[0]) * np.mean(sums[1])
    assert together(a, b, periods) == pytest.approx(covariance)
    both = Joined([a, b]).over(periods)
    assert both[0, 0] == pytest.approx(np.var(np.array(sums[0]) + sums[1]))


def test_daily_reviews_are_no_calendar() -> None:
    """With arrays of ones everything has the same bits as without a calendar."""
    one = np.ones((2, 3))
    without = Orders(7.0 * one, 3.0 * one, 2.0 * one, 0.15)
    dated = Orders(7.0 * one, 3.0 * one, 2.0 * one, 0.15, np.ones(3), np.zeros(3))
    for periods in (1.0, 2.0, 11.0 / 3.0):
        assert np.array_equal(without.over(periods), dated.over(periods))
    assert np.array_equal(without.noise, dated.noise)


@pytest.mark.parametrize("every", [1, 2, 5])
def test_what_is_not_batches_does_not_depend_on_them(every: int) -> None:
    """Batches of those further downstream come as often as orders do, in both of what is told apart of a period."""
    one = np.ones((1, 1))
    timed = Orders(100.0 * one, 900.0 * one, 50.0 * one, 0.3, np.array([float(every)]), np.zeros(1))
    plainly, lumpy = Joined([timed]), Joined([replace(timed, lumps=40_000.0 * one)])
    assert lumpy.once - lumpy.lumps == pytest.approx(plainly.once - plainly.lumps)
    assert lumpy.once == pytest.approx(plainly.once + 40_000.0 / every)


def test_calendars_one_above_the_other_leave_variances_positive() -> None:
    """Smoothed orders every 5 periods, every 2 above that, and two forecasts further up."""
    one = np.ones((1, 1))
    orders = Orders(20.0 * one, 16.0 * one, 0.0 * one, lumps=0.0 * one)
    for every, gain in ((5, 0.1), (2, 0.1), (1, 1.0), (1, 1.0)):
        rule = Rule(2.0, 0.15, 0.15 / 1.85, gain=gain, every=np.array([float(every)]), phase=np.zeros(1))
        incoming = Joined([orders])
        view = replies.seen(rule, incoming)
        assert (np.asarray(view.forecast) > 0).all()
        assert (view.once > view.lumps).all()
        orders = replies.orders(rule, view, window=2.0)


def test_what_was_asked_is_not_mixed_up() -> None:
    incoming = Joined([plain()])
    asked = [incoming.over(periods) for periods in (1.0, 4.0, 1.0, np.array([4.0]))]
    assert [float(found[0, 0]) for found in asked] == pytest.approx([100.0, 400.0, 100.0, 400.0])
