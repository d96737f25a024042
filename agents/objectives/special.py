"""Normal and gamma distributions: probabilities and partial moments, element by element."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from ..parameters import Number
from ..quantity import Array

ROOT_2_PI = float(np.sqrt(2.0 * np.pi))
LEAST = 1e-12  # deviation below which a quantity counts as known
STEADIEST = 1e-6  # least squared coefficient of variation of a gamma distribution


@cache
def _functions() -> Any:
    from scipy import special  # here, so that importing the package stays quick

    return special


def below(z: Number) -> Array:
    """The standard normal distribution function."""
    return np.asarray(_functions().ndtr(z), dtype=np.float64)


def log_below(z: Number) -> Array:
    """Its logarithm, also where the probability itself is too small for a number."""
    return np.asarray(_functions().log_ndtr(z), dtype=np.float64)


def quantile(probability: Number) -> Array:
    """The standard normal quantile."""
    return np.asarray(_functions().ndtri(probability), dtype=np.float64)


def density(z: Number) -> Array:
    """The standard normal density."""
    return np.exp(-0.5 * np.square(z)) / ROOT_2_PI


def loss(z: Number) -> Array:
    """E[(Z - z)+] of a standard normal Z."""
    return density(z) - z * below(-np.asarray(z))


def second_loss(z: Number) -> Array:
    """E[((Z - z)+)^2] / 2 of a standard normal Z, the integral of the loss from z on.

    Reference: Zipkin (2000), Foundations of Inventory Management, McGraw-Hill, appendix C.
    """
    return 0.5 * ((np.square(z) + 1.0) * below(-np.asarray(z)) - z * density(z))


class Gamma:
    """A gamma distribution by its mean and variance, ``[runs]``; for amounts that cannot be negative.

    With shape k = mean^2 / variance and scale s = variance / mean, P(X <= x) = P(k, x / s), and
    E[X^j; X > x] = s^j k (k + 1) ... (k + j - 1) Q(k + j, x / s), P and Q being the incomplete gamma functions.
    """

    def __init__(self, mean: Number, variance: Number) -> None:
        positive = np.maximum(mean, LEAST)
        relative = np.maximum(variance / np.square(positive), STEADIEST)
        self.shape: Array = np.asarray(1.0 / relative)
        self.scale: Array = np.asarray(positive * relative)

    def part_below(self, x: Number, power: int = 0) -> Array:
        """E[X^power; X <= x]; the probability for power 0."""
        at = np.maximum(x, 0.0) / self.scale
        share: Array = np.asarray(_functions().gammainc(self.shape + power, at), dtype=np.float64)
        return self._moment(power) * share

    def part_above(self, x: Number, power: int = 0) -> Array:
        """E[X^power; X > x]."""
        at = np.maximum(x, 0.0) / self.scale
        share: Array = np.asarray(_functions().gammaincc(self.shape + power, at), dtype=np.float64)
        return self._moment(power) * share

    def excess(self, x: Number, power: int = 1) -> Array:
        """E[((X - x)+)^power], for x not below 0 and powers up to 3."""
        above = [self.part_above(x, j) for j in range(power + 1)]
        if power == 1:
            found = above[1] - x * above[0]
        elif power == 2:
            found = above[2] - 2.0 * x * above[1] + np.square(x) * above[0]
        else:
            found = above[3] - 3.0 * x * above[2] + 3.0 * np.square(x) * above[1] - x * np.square(x) * above[0]
        return np.maximum(found, 0.0)

    def _moment(self, power: int) -> Array:
        moment = np.ones_like(self.shape)
        for j in range(power):
            moment = moment * self.scale * (self.shape + j)
        return moment
