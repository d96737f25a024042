"""Stock against uncertain demand: what a level costs, and the best safety factor."""

from __future__ import annotations

import numpy as np

from ..parameters import Number
from ..quantity import Array, Money
from .flow import Flow, LeadTime, Rates
from .special import LEAST, below, density, loss, quantile


def lead_time_demand(demand: Flow, lead_time: LeadTime) -> Flow:
    """Demand over a random lead time that it does not depend on.

    1. mean = m E[L].
    2. variance = s^2 E[L] + m^2 Var[L].

    Reference: Hadley & Whitin (1963), Analysis of Inventory Systems, Prentice-Hall, section 3-4.
    """
    variance = demand.variance * lead_time.mean + np.square(demand.mean) * lead_time.variance
    return Flow(demand.mean * lead_time.mean, variance, unit=demand.unit)


def overtaking(lead_time: LeadTime) -> LeadTime:
    """The lead time that counts when there is an order every period and later ones may overtake earlier ones.

    What is outstanding is then the sum over ages k of what has not come by then, with variance
    m^2 sum of P(L > k) P(L <= k) = m^2 E|L - L'| / 2; for normal times E|L - L'| / 2 = deviation / sqrt(pi). It never
    exceeds the variance of the time itself.

    Reference: Robinson, Bradley & Thomas (2001), Consequences of Order Crossover Under Order-Up-To Inventory Policies,
    Manufacturing & Service Operations Management 3(3):175-188.
    """
    variance = np.asarray(lead_time.variance)
    return LeadTime(lead_time.mean, np.minimum(variance, np.sqrt(variance / np.pi)))


def expected_backlog(mean: Number, deviation: Number) -> Array:
    """E[(-N)+] of a normal net stock N with this mean and standard deviation.

    1. backlog = deviation L(mean / deviation), L the normal loss function.
    2. Where the deviation is zero, (-mean)+.
    """
    spread = np.maximum(deviation, LEAST)
    return np.where(np.asarray(deviation) > LEAST, spread * loss(mean / spread), np.maximum(-np.asarray(mean), 0.0))


def cost(mean: Number, deviation: Number, rates: Rates) -> Money:
    """Cost a period of a normal net stock with this mean and standard deviation.

    1. B = E[(-N)+], see `expected_backlog`.
    2. cost = holding (mean + B) + backlog B.

    Reference: Arrow, Harris & Marschak (1951), Optimal Inventory Policy, Econometrica 19(3):250-272.
    """
    short = expected_backlog(mean, deviation)
    return rates.holding * (mean + short) + rates.backlog * short


def best_factor(rates: Rates) -> Array:
    """The safety factor with the least cost: z = quantile of backlog / (backlog + holding)."""
    return quantile(rates.backlog / (np.asarray(rates.backlog) + rates.holding))


def best_cost(deviation: Number, rates: Rates) -> Money:
    """Cost a period at the best safety factor z: (holding + backlog) density(z) deviation."""
    return (rates.holding + np.asarray(rates.backlog)) * density(best_factor(rates)) * deviation


def factor_cost(factor: Number, demand: Flow, lead_time: LeadTime, rates: Rates) -> Money:
    """Cost a period of a level of ``factor`` deviations of the lead time's demand above its mean.

    ``lead_time`` is the cover: the periods of demand from an order until what follows it is on the shelf.
    """
    deviation = np.sqrt(lead_time_demand(demand, lead_time).variance)
    return cost(factor * deviation, deviation, rates)


def ready_rate(mean: Number, deviation: Number) -> Array:
    """Probability that a normal net stock is not negative."""
    spread = np.maximum(deviation, LEAST)
    return np.where(np.asarray(deviation) > LEAST, below(mean / spread), np.where(np.asarray(mean) >= 0, 1.0, 0.0))


def fill_rate(mean: Number, demand: Flow, periods: Number) -> Array:
    """Share of demand served in its own period by a base stock that covers so many ``periods``.

    1. Net stock at the end of a period has the given ``mean`` and the variance of ``periods`` periods' demand.
    2. Before the period's demand it was one mean demand more, with one period's variance less.
    3. fill = 1 - (backlog at the end - backlog before the demand) / mean demand.

    Reference: Zipkin (2000), Foundations of Inventory Management, McGraw-Hill, section 6.2; periodic as in Sobel
    (2004), Fill Rates of Single-Stage and Multistage Supply Systems, MSOM 6(1):41-52.
    """
    at_end = expected_backlog(mean, np.sqrt(demand.variance * periods))
    before = np.sqrt(np.maximum(demand.variance * (periods - 1.0), 0.0))
    short = at_end - expected_backlog(mean + demand.mean, before)
    return np.clip(1.0 - short / demand.mean, 0.0, 1.0)
