"""How the ordering rule of a stock reads to a model: what its level covers, what it follows, how it smooths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

import numpy as np

from ...agents.forecasts.exponential_smoothing import ExponentialSmoothing
from ...agents.forecasts.moving_average import MovingAverage
from ...agents.parameters import Number
from ...agents.policies.base_stock import BaseStock
from ...agents.policies.echelon_base_stock import EchelonBaseStock
from ...agents.policies.order_up_to import OrderUpTo
from ...agents.policies.periodic import PeriodicPolicy
from ...agents.policies.proportional_order_up_to import ProportionalOrderUpTo
from ...agents.policies.reorder_point import RQ, RnQ, SmallSBigS

Read = Callable[[str, Number], Number]
"""The number of a setting of the policy, given the one in use."""


@dataclass(frozen=True)
class Rule:
    """An ordering rule; numbers, ``[runs]`` or ``[products, runs]``.

    ``cover`` counts the periods of expected demand in the level, those between two orders among them. Of a change of
    demand the forecast follows ``follows`` at once, and its variance is ``memory`` of that of independent demand.
    ``factor`` is the safety factor (``None``: no such stock). ``gain`` smooths orders (1: not at all). ``level`` is
    the part of the mean position that levers move, ``lot`` what the position moves through beside the calendar. By
    its calendar net stock goes up and down between two orders: around a level that has been raised by what is sold
    between them (``course`` 1), or not (-1); 0: the calendar is that of those who are served, who take up to ``most``
    times the mean a period.
    """

    cover: Number = 1.0
    follows: Number = 0.0
    memory: Number = 0.0
    factor: Number | None = None
    gain: Number = 1.0
    level: Number = 0.0
    lot: Number = 0.0
    every: Number = 1
    phase: Number = 0
    course: float = 1.0
    most: Number = np.inf


@singledispatch
def rule_of(policy: Any, read: Read) -> Rule:
    """The rule of a policy; one that is not known here passes on what it is asked for."""
    return Rule()


@rule_of.register
def _(policy: OrderUpTo, read: Read) -> Rule:
    follows, memory = _habits(policy.forecast)
    factor = None if policy.safety_factor is None else read("safety_factor", policy.safety_factor)
    return Rule(policy.cover, follows, memory, factor)


@rule_of.register
def _(policy: ProportionalOrderUpTo, read: Read) -> Rule:
    follows, memory = _habits(policy.forecast)
    factor = None if policy.safety_factor is None else read("safety_factor", policy.safety_factor)
    gain = read("inventory_gain", policy.inventory_gain)
    return Rule(policy.lead_time + policy.review, follows, memory, factor, gain)


@rule_of.register
def _(policy: BaseStock, read: Read) -> Rule:
    return Rule(level=read("level", policy.level))


@rule_of.register
def _(policy: EchelonBaseStock, read: Read) -> Rule:
    return Rule(level=read("level", policy.level))


@rule_of.register
def _(policy: SmallSBigS, read: Read) -> Rule:
    low, high = read("reorder_point", policy.reorder_point), read("level", policy.level)
    return Rule(level=0.5 * (low + high), lot=np.maximum(high - low, 0.0))


@rule_of.register(RQ)
@rule_of.register(RnQ)
def _(policy: Any, read: Read) -> Rule:
    lot = read("lot", policy.lot)
    return Rule(level=read("reorder_point", policy.reorder_point) + 0.5 * lot, lot=lot)


@rule_of.register
def _(policy: PeriodicPolicy, read: Read) -> Rule:
    return Rule(every=read("period", policy.period), phase=read("phase", policy.phase), course=-1.0)


def timed(rule: Rule, every: Number, phase: Number, longer: Number) -> Rule:
    """The rule under the calendar of the site; ``longer`` is what a moved review period adds to the cover."""
    return replace(rule, every=every, phase=phase, cover=rule.cover + longer)


def _habits(forecast: Any) -> tuple[Number, Number]:
    """How a forecast follows demand, and its variance over that of independent demand.

    Exponential smoothing: alpha and alpha / (2 - alpha); a moving average of n: both 1 / n. Others follow slowly enough
    to count as constant.
    """
    if isinstance(forecast, ExponentialSmoothing):
        return forecast.alpha, forecast.alpha / (2.0 - np.asarray(forecast.alpha))
    if isinstance(forecast, MovingAverage):
        return 1.0 / forecast.window, 1.0 / forecast.window
    return 0.0, 0.0
