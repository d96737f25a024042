"""The goods that move through the network."""

from __future__ import annotations

from .common import Named, Number, number, whole

DEFAULT_PRODUCT = "goods"
"""The product of a scenario that declares none."""


class Product(Named):
    """One product or raw material."""

    value: Number = number("working capital tied up in one unit", unit="money per unit", default=0.0)
    weight: Number = number("weight of one unit, for truck loads and tariffs", unit="weight per unit", default=1.0)
    volume: Number = number("volume of one unit, for truck loads and storage", unit="volume per unit", default=1.0)
    shelf_life: int | None = whole("age at which a unit is thrown away", unit="periods", default=None, built=False)
    salvage_value: Number = number(
        "money back for a unit that is thrown away", unit="money per unit", default=None, built=False
    )
