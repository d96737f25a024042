"""The closed forms against theory, against exact calculations and against each other."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, exp, factorial

import numpy as np
import pytest
from ripieno.agents.objectives import (
    calibration,
    dispatch,
    docks,
    interface,
    lots,
    newsvendor,
    production,
    review,
    smoothing,
    special,
    waves,
)
from ripieno.agents.objectives.flow import Flow, LeadTime, Rates
from ripieno.agents.quantity import Array

RATES = Rates(1.0, 9.0)


def poisson(mean: float, most: int) -> Array:
    return np.array([exp(-mean) * mean**k / factorial(k) for k in range(most)])


# -- smoothing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead_time", [0.0, 2.0, 5.0])
def test_independent_demand_has_the_published_variances(lead_time: float) -> None:
    T = np.array([0.75, 1.0, 1.618, 4.0, 8.0])
    found = smoothing.multipliers(smoothing.Rule(1.0 / T, lead_time))
    np.testing.assert_allclose(found.orders, 1.0 / (2.0 * T - 1.0), rtol=1e-9)
    np.testing.assert_allclose(found.net_stock, 1.0 + lead_time + (T - 1.0) ** 2 / (2.0 * T - 1.0), rtol=1e-9)
    np.testing.assert_allclose(found.order_correlation, 1.0 - 1.0 / T, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("lead_time", "window"), [(0.0, 4), (2.0, 5), (3.0, 10)])
def test_order_up_to_with_a_moving_average_is_chens(lead_time: float, window: int) -> None:
    cover = lead_time + 1.0
    found = smoothing.multipliers(smoothing.Rule(1.0, lead_time, window=window))
    assert found.orders == pytest.approx(1.0 + 2.0 * cover / window + 2.0 * cover**2 / window**2, rel=1e-12)


def test_order_up_to_with_exponential_smoothing_is_chens() -> None:
    alpha, cover = np.array([0.05, 0.2, 0.5]), 3.0
    found = smoothing.multipliers(smoothing.Rule(1.0, cover - 1.0, alpha=alpha))
    wanted = 1.0 + 2.0 * cover * alpha + 2.0 * cover**2 * alpha**2 / (2.0 - alpha)
    np.testing.assert_allclose(found.orders, wanted, rtol=1e-9)


@pytest.mark.parametrize("rule", [smoothing.Rule(0.4, 2.0, alpha=0.2), smoothing.Rule(0.7, 1.0, window=4)])
def test_autoregressive_demand_is_a_filter_more(rule: smoothing.Rule) -> None:
    """Feeding the innovations through the demand's filter and then the rule's gives the same variances."""
    rho = 0.6
    found = smoothing.multipliers(rule, rho)
    responses = smoothing._responses(
        float(rule.gain), float(rule.gain), int(rule.lead_time), float(rule.alpha), rule.window
    )
    for response, multiplier in zip(responses, (found.orders, found.net_stock), strict=True):
        together = np.convolve(response, rho ** np.arange(400))
        assert multiplier == pytest.approx((1 - rho**2) * float((together**2).sum()), rel=1e-9)
    orders = np.convolve(responses[0], rho ** np.arange(400))
    successive = float((orders[1:] * orders[:-1]).sum() / (orders**2).sum())
    assert found.order_correlation == pytest.approx(successive, rel=1e-9)


def test_a_lead_time_between_two_whole_ones() -> None:
    whole = smoothing.multipliers(smoothing.Rule(0.5, np.array([2.0, 3.0])))
    part = smoothing.multipliers(smoothing.Rule(0.5, 2.25))
    assert part.net_stock == pytest.approx(0.75 * whole.net_stock[0] + 0.25 * whole.net_stock[1])


def test_an_unstable_rule_varies_without_end() -> None:
    found = smoothing.multipliers(smoothing.Rule(np.array([0.1, 1.9]), 3.0, pipeline_gain=0.0))
    assert 4.0 < found.net_stock[0] < 20.0
    assert found.net_stock[1] == np.inf
    assert np.isnan(found.order_correlation[1])


# -- stock ----------------------------------------------------------------------------------------------------------


def test_the_best_factor_is_the_best() -> None:
    demand, cover = Flow(100.0, 400.0), LeadTime(3.0, 0.5)
    spread = np.sqrt(newsvendor.lead_time_demand(demand, cover).variance)
    best = newsvendor.best_factor(RATES)
    costs = newsvendor.factor_cost(best + np.array([-0.1, 0.0, 0.1]), demand, cover, RATES)
    assert costs.argmin() == 1
    assert costs[1] == pytest.approx(float(newsvendor.best_cost(spread, RATES)))


def test_a_known_net_stock() -> None:
    found = newsvendor.cost(np.array([-3.0, 0.0, 4.0]), 0.0, RATES)
    np.testing.assert_allclose(found, [27.0, 0.0, 4.0], atol=1e-9)


def test_orders_that_overtake_each_other_vary_less() -> None:
    """Uniform times 2, 3, 4: what is outstanding has the variance of two draws, 2/9 each."""
    found = newsvendor.overtaking(LeadTime(3.0, 2.0 / 3.0))
    assert found.variance == pytest.approx(4.0 / 9.0, rel=0.05)
    assert newsvendor.overtaking(LeadTime(3.0, 0.1)).variance == 0.1


def test_review_every_period_is_the_newsvendor() -> None:
    demand = Flow(100.0, 400.0)
    level = review.best_level(demand, 3.0, 1, RATES)
    assert level == pytest.approx(300.0 + float(newsvendor.best_factor(RATES)) * 20.0 * 3**0.5, rel=1e-9)
    assert review.stock_cost(level, demand, 3.0, 1, RATES) == pytest.approx(
        float(newsvendor.best_cost(20.0 * 3**0.5, RATES))
    )


@pytest.mark.parametrize("every", [1, 3, 7])
def test_the_best_level_of_a_calendar_is_the_best(every: int) -> None:
    demand = Flow(50.0, 900.0)
    best = review.best_level(demand, 2.0, every, RATES)
    costs = review.stock_cost(best + np.array([-2.0, 0.0, 2.0]), demand, 2.0, every, RATES)
    assert costs.argmin() == 1


@pytest.mark.parametrize(("calendar", "wanted"), [("random", 3040), ("same", 30040), ("balanced", 440)])
def test_calendars_are_those_of_lee_and_others(calendar: str, wanted: float) -> None:
    assert review.together(Flow(10.0, 4.0), 10, 4, calendar) == wanted


def test_an_unknown_calendar_is_named() -> None:
    with pytest.raises(ValueError, match="calendar = 'sync' is not known; use one of random, same, balanced"):
        review.together(Flow(1.0, 1.0), 2, 2, "sync")


def test_fill_rate_of_a_normal_newsvendor() -> None:
    """Snyder & Shen, Example 4.3."""
    assert newsvendor.fill_rate(6.60395593, Flow(50.0, 64.0), 1.0) == pytest.approx(0.9816160653, abs=1e-8)


# -- lots -----------------------------------------------------------------------------------------------------------


def test_a_tiny_lot_is_a_base_stock() -> None:
    demand = Flow(100.0, 400.0)
    found = lots.stock_cost(lots.Lot(330.0, 1e-3), demand, 3.0, RATES)
    assert found == pytest.approx(float(newsvendor.cost(30.0, 20.0 * 3**0.5, RATES)), rel=1e-4)


@pytest.mark.parametrize(("rate", "size"), [(10.0, 20), (10.0, 5), (10.0, 50), (4.0, 24)])
def test_orders_in_lots_vary_as_whole_units_do(rate: float, size: int) -> None:
    """E[x (Q - x)] of Poisson demand modulo the lot, counted out; the normal series comes near."""
    p = poisson(rate, 80)
    rest = np.arange(80) % size
    wanted = rate + float((p * rest * (size - rest)).sum())
    assert lots.order_variance(float(size), Flow(rate, rate)) == pytest.approx(wanted, rel=0.02)
    some = float((p * np.minimum(np.arange(80), size)).sum()) / size
    assert lots.orders(float(size), Flow(rate, rate)) == pytest.approx(some, rel=0.02)


def test_a_price_break_moves_the_lot() -> None:
    fixed, rate, holding = 8.0, 1300.0, 0.225
    own = float(lots.economic_lot(fixed, rate, holding))
    assert lots.best_lot_with_breaks(fixed, rate, holding, 0.75, [(400.0, 0.72), (800.0, 0.68)]) == 800.0
    assert lots.best_lot_with_breaks(fixed, rate, holding, 0.75, [(40_000.0, 0.72)]) == pytest.approx(own)
    assert lots.price(np.array([399.0, 400.0]), 0.75, [(400.0, 0.72)]).tolist() == [0.75, 0.72]


# -- trucks, docks, waves, production -------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "least"), [(0.5, 10), (2.0, 10), (2.0, 40), (5.0, 25)])
def test_a_threshold_comes_near_the_exact_one(rate: float, least: int) -> None:
    exact = dispatch.of_whole_units(poisson(rate, 40), least)
    loads = Flow(rate, rate, nothing=exp(-rate), unit=1.0)
    found = dispatch.by_load(loads, 1e6, least / 1e6)
    assert found.departures == pytest.approx(float(exact.departures), rel=0.005)
    assert found.waiting == pytest.approx(float(exact.waiting), rel=0.01)


def test_one_unit_a_period_is_exact() -> None:
    """Bernoulli arrivals fill a truck of n in n / p periods."""
    found = dispatch.of_whole_units(np.array([0.7, 0.3]), 5)
    assert (found.departures, found.waiting, found.load) == pytest.approx((0.06, 2.0, 5.0))


def test_full_trucks_are_exact() -> None:
    found = dispatch.by_load(Flow(20.0, 80.0, unit=1.0), 120.0, 1.0)
    assert (found.departures, found.waiting) == pytest.approx((20.0 / 120.0, 119.0 / 2.0))


def test_an_age_rule_is_exact_while_trucks_are_large() -> None:
    rate, T = 2.0, 5
    some = 1 - exp(-rate)
    found = dispatch.by_load_or_age(Flow(rate, rate, nothing=exp(-rate), unit=1.0), 1e5, 1.0, T)
    assert found.departures == pytest.approx(1.0 / (T + 1.0 / some))
    wanted = (T * rate / some + rate * T * (T - 1) / 2) / (T + 1.0 / some)
    assert found.waiting == pytest.approx(wanted)


@pytest.mark.parametrize("slots", [1, 3, 6])
def test_slots_against_the_chain(slots: int) -> None:
    """Stationary queue of Q + A - c, with binomial arrivals, by iterating its distribution."""
    n, load = 4 * slots, 0.8
    p = load * slots / n
    arrive = np.array([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])
    q = np.zeros(400)
    q[0] = 1.0
    for _ in range(1_500):
        after = np.convolve(q, arrive)
        q = np.concatenate([[after[: slots + 1].sum()], after[slots + 1 :]])[:400]
    flow = Flow(n * p, n * p * (1 - p))
    wanted = float((q * np.arange(len(q))).sum())
    assert docks.queue(flow, docks.Dock(slots, LeadTime(1.0))) == pytest.approx(wanted, rel=0.05, abs=0.005)


def test_an_overloaded_dock_drains_or_fills_like_a_fluid() -> None:
    steady = docks.Dock(10.0, LeadTime(1.0), horizon=100.0, waiting=50.0)
    assert docks.queue(Flow(12.0, 1e-6), steady) == pytest.approx(50.0 + 2.0 * 50.0, rel=0.02)
    assert docks.load(Flow(12.0, 1.0), steady) == pytest.approx(1.2)
    assert docks.wait(Flow(12.0, 1e-6), steady) == pytest.approx(150.0 / 10.0, rel=0.02)


@pytest.mark.parametrize(("trucks", "periods", "waiting"), [(4.0, 60, 0), (4.2, 150, 0), (3.9, 40, 12)])
def test_on_the_way_against_the_chain(trucks: float, periods: int, waiting: int) -> None:
    """Mean over a horizon of Q + A - 4 from a known queue, with Poisson arrivals, by iterating its distribution."""
    arrive, q = poisson(trucks, 40), np.zeros(300)
    q[waiting] = 1.0
    queues = []
    for _ in range(periods):
        after = np.convolve(q, arrive)
        q = np.concatenate([[after[:5].sum()], after[5:]])[:300]
        queues.append(float((q * np.arange(300)).sum()))
    dock = docks.Dock(4, LeadTime(1.0), periods, waiting)
    assert docks.queue(Flow(trucks, trucks), dock) == pytest.approx(np.mean(queues), rel=0.05)


def test_kingman_is_exact_for_random_arrivals() -> None:
    assert docks.queueing_time(0.8, 1.0, 1.0, 0.2) == pytest.approx(0.8)
    assert docks.queueing_time(0.8, 1.0, 0.0, 0.2) == pytest.approx(0.4)
    assert docks.queueing_time(0.8, 4.0, 1.0, 0.2) == pytest.approx(2.0)
    assert np.isnan(docks.queueing_time(1.0, 1.0, 1.0, 0.2))


def test_many_doors_against_erlang() -> None:
    """M/M/3 at a load of 0.9: Erlang's formula."""
    a, c = 2.7, 3
    last = a**c / factorial(c) / (1 - a / c)
    waits = last / (sum(a**k / factorial(k) for k in range(c)) + last) / (c - a)
    assert docks.queueing_time(0.9, 1.0, 1.0, 1.0, c) == pytest.approx(waits, rel=0.02)


def test_waves_and_pickers() -> None:
    demand, every = Flow(20.0, 20.0), np.array([1, 2, 5])
    free = waves.cost_by_calendar(demand, every, 200.0, RATES)
    np.testing.assert_allclose(free, [200.0, 200.0, 440.0])
    busy = waves.cost_by_calendar(demand, every, 200.0, RATES, 108.0)
    np.testing.assert_allclose(busy[:2], free[:2], rtol=1e-5)  # waves of 40 hardly ever exceed 108
    left_over = docks.queue(Flow(100.0, 100.0), docks.Dock(108.0, LeadTime(1.0)))
    assert left_over > 1.0
    assert busy[2] - free[2] == pytest.approx(10.0 * float(left_over))


def test_the_production_lot_is_the_best() -> None:
    best = float(production.best_batch(100.0, 10.0, 40.0, 0.5))
    costs = [float(production.batch_cost(best * f, 100.0, 10.0, 40.0, 0.5)) for f in (0.95, 1.0, 1.05)]
    assert min(costs) == costs[1]


def test_lots_of_a_busy_factory_have_a_best_size() -> None:
    """Karmarkar's curve: small lots lose capacity to setups, large ones wait for themselves."""
    sizes = np.array([13.0, 20.0, 60.0, 200.0])
    found = production.lot_lead_time(Flow(8.0, 8.0), sizes, 12.0, 0.5)
    mean, variance = np.asarray(found.mean), np.asarray(found.variance)
    assert 0 < int(mean.argmin()) < 3
    assert production.utilisation(8.0, 20.0, 12.0, 0.5) == pytest.approx(8 / 12 + 0.2)
    assert variance[1] == pytest.approx((mean[1] - 0.5 - 20 / 12) ** 2)


# -- what agents see of each other ----------------------------------------------------------------------------------


def test_orders_go_upstream() -> None:
    demand = Flow(100.0, 400.0)
    calm = interface.smoothed(demand, smoothing.Rule(0.5, 2.0))
    assert (calm.mean, calm.variance, calm.correlation) == pytest.approx((100.0, 400.0 / 3.0, 0.5))
    weekly = interface.reviewed(demand, 5)
    orders = np.array([100.0 * 5, 0, 0, 0, 0] * 2)
    assert weekly.variance == pytest.approx(400.0 + orders.var())
    assert weekly.nothing == pytest.approx(0.8)
    batch = interface.in_lots(demand, 500.0)
    assert batch.nothing == pytest.approx(0.8)
    both = interface.joined([calm, weekly])
    assert both.variance == pytest.approx(calm.variance + weekly.variance)
    assert both.correlation == pytest.approx((0.5 * calm.variance - 1e4) / both.variance)
    assert both.nothing == 0.0


def test_lead_times_go_downstream() -> None:
    out = interface.for_stock(5.0, Flow(10.0, 10.0), 0.9)
    assert (out.mean, out.variance) == pytest.approx((0.5, 2 * 0.25 / 0.1 - 0.25))
    assert interface.for_stock(0.0, Flow(10.0, 10.0), 1.0).variance == 0.0
    truck = interface.for_truck(np.asarray(3.0))
    door = interface.for_door(np.asarray(2.0), 0.8)
    assert (truck.variance, door.variance) == pytest.approx((3.0, 6.0))
    whole = interface.added([LeadTime(2.0), out, truck, door])
    assert (whole.mean, whole.variance) == pytest.approx((7.5, out.variance + 9.0))


def test_the_wait_for_a_truck_is_spread_as_said() -> None:
    """With a timetable of R periods a load waits 0, 1, ... R - 1 periods: a mean of w, a variance of about w^2 / 3."""
    R = 9
    waits = dispatch.by_timetable(Flow(20.0, 20.0), 1e4, R).wait(Flow(20.0, 20.0))
    assert waits == pytest.approx((R - 1) / 2)
    assert interface.for_truck(waits).variance == pytest.approx(np.arange(R).var(), rel=0.25)


def test_calibration_is_clipped() -> None:
    assert calibration.level(np.array([1.0, 30.0, 100.0]), 20.0).tolist() == [0.4, 1.5, 2.5]
    assert calibration.level(5.0, 0.0) == 1.0
    assert calibration.deviation_ratio(np.array([3.0, 5.0]), np.array([2.0, 0.0])).tolist() == [1.5, 1.0]


def test_partial_moments_of_a_gamma() -> None:
    held = special.Gamma(2.0, 4.0)  # exponential
    assert [float(held.excess(1.5, j)) for j in (1, 2, 3)] == pytest.approx(
        [2 * exp(-0.75), 8 * exp(-0.75), 48 * exp(-0.75)]
    )
    assert float(held.part_below(1.5, 1) + held.part_above(1.5, 1)) == pytest.approx(2.0)


# -- runs -----------------------------------------------------------------------------------------------------------

MEAN = np.linspace(3.0, 40.0, 33)
SPREAD = MEAN * np.linspace(0.3, 9.0, 33)
ALL = Flow(MEAN, SPREAD, np.linspace(-0.3, 0.9, 33), np.linspace(0.0, 0.3, 33))
WHOLE: Array = np.arange(33, dtype=np.float64) % 6 + 1.0
SHARE: Array = np.linspace(0.05, 1.0, 33, dtype=np.float64)


def _at(flow: Flow, i: int) -> Flow:
    return Flow(*(np.asarray(x)[i : i + 1] for x in (flow.mean, flow.variance, flow.correlation, flow.nothing)))


Model = Callable[[Flow, Array, Array], Array]  # demand, whole numbers from 1 to 6, shares up to 1

MODELS: dict[str, Model] = {
    "smoothing": lambda d, n, x: smoothing.own_cost(smoothing.Rule(x, n + x, x), d, 5.0 * n, RATES),
    "review": lambda d, n, x: review.stock_cost(review.best_level(d, 2 + x, n, RATES), d, 2 + x, n, RATES),
    "lots": lambda d, n, x: lots.stock_cost(lots.Lot(n, 50 * x), d, n, RATES) + lots.order_variance(50 * x, d),
    "threshold": lambda d, n, x: dispatch.by_load(d, 100.0, x).cost(60.0, x),
    "age": lambda d, n, x: dispatch.by_load_or_age(d, 100.0, x, n).cost(60.0, x),
    "timetable": lambda d, n, x: dispatch.by_timetable(d, 30.0, n).cost(60.0, x),
    "docks": lambda d, n, x: docks.queue(d, docks.Dock(4 * n, LeadTime(1.0 + x, x), 200.0, n)),
    "waves": lambda d, n, x: waves.cost_by_calendar(d, n, 60.0, RATES, 60.0),
    "campaign": lambda d, n, x: production.campaign_cost([production.Product(d, 20.0 * n, RATES)] * 2, 2 * n, x),
    "lead time": lambda d, n, x: np.asarray(production.lot_lead_time(d, 10 * n, 60.0, x).mean),
    "factor": lambda d, n, x: newsvendor.factor_cost(x, d, newsvendor.overtaking(LeadTime(n, x)), RATES),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_run_alone_has_the_same_bits(name: str) -> None:
    model = MODELS[name]
    together = model(ALL, WHOLE, SHARE)
    assert together.shape == (33,)
    assert not np.isinf(together).any()
    alone = np.concatenate([model(_at(ALL, i), WHOLE[i : i + 1], SHARE[i : i + 1]) for i in range(33)])
    np.testing.assert_array_equal(together, alone)
