"""What a forecast is, and the helpers that several of them share."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units


class SiteView(Protocol):
    """What a forecast needs to know of its site when it starts."""

    @property
    def zeros(self) -> Units:
        """Zeros of the shape ``[products, runs]``."""


@dataclass(kw_only=True)
class Forecast(ABC):
    """Expects the demand of the coming periods from the demand of the past ones.

    The owner calls `start` once, then `update` once a period with what was seen, ``[products, runs]``; after the
    first update `over` may be asked any time.
    """

    signal: str = parameter(
        "what it learns from: the orders that come in here, or the outside demand downstream",
        default="incoming",
        choices=("incoming", "point-of-sale"),
    )

    def start(self, site: SiteView) -> None:
        """Set the memory to the state at the start."""

    @property
    def ready(self) -> bool:
        """Whether it can be asked already; one that starts from the first value seen cannot before that."""
        return True

    @abstractmethod
    def update(self, seen: Units) -> None:
        """Learn the demand of one more period, ``[products, runs]``."""

    @abstractmethod
    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods together, in units."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None


def power(base: Number, exponent: Number) -> Number:
    """``base ** exponent`` for whole exponents, element by element, with the same bits whatever the number of runs.

    NumPy's own power takes other paths for single numbers than for arrays. Slow: to be called through `Remembered`.
    """
    if isinstance(base, float | int) and isinstance(exponent, float | int):
        return math.pow(base, exponent)
    return np.vectorize(math.pow, otypes=[float])(base, exponent)  # type: ignore[no-any-return]


def geometric_sum(rho: Number, periods: Number) -> Number:
    """The sum of ``rho**i`` for i = 1 ... n, and a part of the next term where ``periods`` is not whole.

    For whole n it is ``rho (1 - rho**n) / (1 - rho)``, or n where rho is 1.
    """
    whole = np.floor(periods)
    unit = np.equal(rho, 1.0)
    ratio = rho * (1.0 - power(rho, whole)) / np.where(unit, 1.0, 1.0 - rho)
    return np.where(unit, whole, ratio) + (periods - whole) * power(rho, whole + 1.0)


def power_between(rho: Number, periods: Number) -> Number:
    """``rho**n``, on the straight line between the whole numbers around where ``periods`` is not whole."""
    whole = np.floor(periods)
    part = periods - whole
    return (1.0 - part) * power(rho, whole) + part * power(rho, whole + 1.0)
