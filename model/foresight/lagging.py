"""What agents have seen lags behind what they have decided: how far their stocks still have to go."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...agents.negotiation.packages import Package
from ...agents.order_rules import TINY
from ...agents.quantity import Array, Units
from . import replies
from .moves import Moves
from .points import Point

Lag = tuple[Units, Units]
"""How much net stock is above what has been seen of it, and its variance over that seen."""


class Lagging:
    """Follows levers as they are moved.

    A moving average with weight w has taken in 1 - (1 - w)^n of a move after n periods. What is missing of it is added
    to what has been seen: (1 - w)^n of the change of mean net stock, by the model, and the ratio of variances to that
    power. Otherwise an agent that plans anew would see the stock of its old levers, and move them again.
    """

    def __init__(self, levers: Any, weight: float) -> None:
        self.levers = levers
        self.weight = weight
        self.values: Array = levers.values
        self.periods = 0
        self.lags: dict[Point, Lag] = {}

    def catch_up(self, base: Any, periods: int) -> dict[Point, Lag]:
        """The lags of the points that have moved, after so many periods that were seen altogether."""
        left = (1.0 - self.weight) ** (periods - self.periods)
        moved = self.values != self.levers.values
        lags = dict(self.lags)
        if moved.any():
            back = Moves(self.levers, Package("back", moved, self.values))
            for point in base.world.points:
                if point.keeps_stock and point.agent in back.masks:
                    shift, ratio = _of_move(base, point, back)
                    before = lags.get(point, (np.zeros_like(shift), np.ones_like(ratio)))
                    lags[point] = before[0] + shift, before[1] * ratio
        self.lags = {point: (shift * left, np.power(ratio, left)) for point, (shift, ratio) in lags.items()}
        self.values, self.periods = self.levers.values, periods
        return self.lags


def _of_move(base: Any, point: Point, back: Moves) -> Lag:
    """What the move of a point's own levers has done to its net stock: mean, and variance over that before."""
    now, then = base.stands[point], base.stand(point, back, {}, {})
    scale = base.scale(point)
    shift = replies.position(now.rule, now.view, scale) - replies.position(then.rule, then.view, scale)
    new = replies.net_stock_variance(now.rule, now.view, now.incoming, point.window)
    old = replies.net_stock_variance(then.rule, then.view, then.incoming, point.window)
    return shift + np.zeros_like(now.view.mean), np.maximum(new, TINY) / np.maximum(old, TINY)
