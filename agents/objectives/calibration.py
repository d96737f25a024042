"""How a model is fitted to what was observed: its level, and the deviation of net stock that it predicts."""

from __future__ import annotations

import numpy as np

from ..parameters import Number
from ..quantity import Array

LEAST_LEVEL, GREATEST_LEVEL = 0.4, 2.5
TINY = 1e-9  # money or units: less than this is rounding


def level(observed: Number, model: Number) -> Array:
    """Kappa = observed cost / model cost, from 0.4 to 2.5; 1 where the model has no cost.

    A predicted change of cost is multiplied by it. A model that is further off than that says too little to be scaled.
    """
    known = np.asarray(model) > TINY
    return np.where(known, np.clip(observed / np.where(known, model, 1.0), LEAST_LEVEL, GREATEST_LEVEL), 1.0)


def deviation_ratio(observed: Number, predicted: Number) -> Array:
    """Observed over predicted standard deviation of net stock, 1 where none is predicted.

    It takes up what the model leaves out: late suppliers, demand that is not normal, orders cut off at zero.
    """
    known = np.asarray(predicted) > TINY
    return np.where(known, observed / np.where(known, predicted, 1.0), 1.0)
