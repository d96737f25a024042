"""How numbers are written in a report."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

MINUS, MISSING = "\N{MINUS SIGN}", "\N{EN DASH}"


def written(value: Any, digits: int = 4) -> str:
    """A cell as text: ``digits`` significant digits, thousands apart, a real minus, a dash for a missing value.

    >>> written(-1234.5678), written(0.98765), written(2.5e-7), written(True), written(float("nan")), written(12)
    ('−1,235', '0.9877', '2.5e−7', 'yes', '–', '12')
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}".replace("-", MINUS)
    if isinstance(value, float | np.floating):
        return _real(float(value), digits)
    return str(value)


def probability(value: Any) -> str:
    """A p-value as text; a very small one only as small, since its digits say nothing.

    >>> probability(0.0312), probability(1e-9), probability(float("nan"))
    ('0.031', '< 0.001', '–')
    """
    if not isinstance(value, float | np.floating) or math.isnan(value):
        return written(value)
    return "< 0.001" if value < 0.001 else f"{value:.2g}"


def merged(
    table: pd.DataFrame, names: tuple[str, str, str] = ("estimate", "low", "high"), digits: int = 4
) -> pd.DataFrame:
    """A copy in which three columns have become one text column: ``estimate [low, high]``.

    It takes the place and the name of the first of them. Raises `KeyError` when one of them is not there.
    """
    estimate, low, high = (table[name] for name in names)
    texts = [
        f"{written(value, digits)} [{written(below, digits)}, {written(above, digits)}]"
        for value, below, above in zip(estimate, low, high, strict=True)
    ]
    return table.drop(columns=[names[1], names[2]]).assign(**{names[0]: texts})


def _real(value: float, digits: int) -> str:
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if size >= 1e15 or 0 < size < 1e-4:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    decimals = digits if size == 0 else max(digits - 1 - math.floor(math.log10(size)), 0)
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "0") else text.replace("-", MINUS)
