"""The goods that move through the network."""

from __future__ import annotations

from . import limits
from .common import Named, Number, number, whole

DEFAULT_PRODUCT = "goods"
"""The product of a scenario that declares none."""


class Product(Named):
    """One product or raw material."""

    value: Number = number("working capital tied up in one unit", unit="money per unit", default=0.0)
    weight: Number = number("weight of one unit, for truck loads and tariffs", unit="weight per unit", default=1.0)
    volume: Number = number("volume of one unit, for truck loads and storage", unit="volume per unit", default=1.0)
    shelf_life: int | None = whole(
        "periods for which a unit can be sold at a site, the one of its arrival included, before it is thrown away; "
        "left out, for ever",
        unit="periods", minimum=1, maximum=limits.TIME, default=None,
    )  # fmt: skip
    salvage_value: Number = number(
        "what the owner of a site gets for a unit that is thrown away there; below 0, what its disposal costs",
        unit="money per unit", minimum=None, default=0.0,
    )  # fmt: skip
