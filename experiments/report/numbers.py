"""How numbers are written in a report."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

SMALLEST, LARGEST = 1e-4, 1e15  # beyond these a number is written with its power of ten
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

    All three have as many places as two digits of the half width need, or ``digits`` digits where it is no number. It
    takes the place and the name of the first of them. Raises `KeyError` when one of them is not there.
    """
    rows = zip(*(table[name].to_numpy(dtype=float) for name in names), strict=True)
    texts = []
    for estimate, low, high in rows:
        half = (high - low) / 2
        places = _places(half, 2) if SMALLEST < half < math.inf else None
        one, two, three = (written(x, digits) if places is None else _fixed(x, places) for x in (estimate, low, high))
        texts.append(f"{one} [{two}, {three}]")
    return table.drop(columns=[names[1], names[2]]).assign(**{names[0]: texts})


def column(values: pd.Series, digits: int = 4) -> list[str]:
    """The cells of a column: numbers of like size with the same number of places, so that their points line up.

    Where sizes differ by more than a factor of 100, as in a column over several metrics, each number has ``digits``
    significant digits of its own.

    >>> column(pd.Series([201.12, 195.0, 99.5])), column(pd.Series([0.0, 20.0])), column(pd.Series([184.2, 0.98871]))
    (['201.1', '195.0', '99.5'], ['0', '20'], ['184.2', '0.9887'])
    """
    if not pd.api.types.is_float_dtype(values):
        return [written(value, digits) for value in values]
    sizes = values.abs().to_numpy(dtype=float)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not len(sizes) or sizes.max() > 100 * sizes.min() or sizes.max() >= LARGEST or sizes.min() < SMALLEST:
        return [written(value, digits) for value in values]
    places = _places(float(sizes.max()), digits)
    while places and all(round(value, places) == round(value, places - 1) for value in values if math.isfinite(value)):
        places -= 1
    return [_fixed(value, places) if math.isfinite(value) else written(value) for value in values]


def _places(size: float, digits: int) -> int:
    """Decimal places that show so many significant digits of a size."""
    return max(digits - 1 - math.floor(math.log10(size)), 0)


def _fixed(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", MINUS)


def _real(value: float, digits: int) -> str:
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if size >= LARGEST or 0 < size < SMALLEST:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    text = _fixed(value, digits if size == 0 else _places(size, digits))
    return text.rstrip("0").rstrip(".") if "." in text else text
