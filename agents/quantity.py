"""Declared quantities: one line says what an agent's number means, and everything else reads that line.

A quantity is a plain float64 array whose last axis is the runs, ``[products, runs]`` or ``[runs]``. It is declared
once, as a class attribute, with its meaning and unit::

    on_hand: Units = quantity("ready to be picked", unit="units", role="held", tally="total")

The recorder, the metrics, the conservation check and the documentation all read these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Units: TypeAlias = Array
Money: TypeAlias = Array
Mask: TypeAlias = NDArray[np.bool_]

Role = Literal["state", "held", "enters", "leaves"]
Tally = Literal["total", "spread", "count"]

DECLARED = "declared_quantities"  # the attribute of a class in which its own declarations are


@dataclass(frozen=True)
class Quantity:
    """The declaration of one number of an agent or a lane.

    ``role`` says what the conservation check makes of it: goods ``held`` here, goods that ``enters`` or ``leaves``
    the world this period, or plain ``state``. ``tally`` says what the books keep of it over the periods after the
    warm-up: its ``total``, its ``spread`` (mean and population variance), the ``count`` of periods in which it was
    positive, several of them or nothing. ``over`` is the attribute that names
    the rows of the array.
    """

    meaning: str
    unit: str
    role: Role = "state"
    tally: tuple[Tally, ...] = ()
    over: str = "products"
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Note the declaration in the class, and leave the name to the instances.

        An attribute that the class has too is found much more slowly.
        """
        object.__setattr__(self, "name", name)
        if DECLARED not in vars(owner):
            setattr(owner, DECLARED, {})
        vars(owner)[DECLARED][name] = self
        delattr(owner, name)


def quantity(
    meaning: str, *, unit: str, role: Role = "state", tally: Tally | tuple[Tally, ...] = (), over: str = "products"
) -> Any:
    """Declare a quantity; the instance then binds a plain array to the same name."""
    return Quantity(meaning, unit, role, (tally,) if isinstance(tally, str) else tally, over)


def quantities_of(kind: type) -> Mapping[str, Quantity]:
    """All quantities that a class declares, inherited ones first, in the order of declaration."""
    return _quantities_of(kind)


@cache
def _quantities_of(kind: type) -> Mapping[str, Quantity]:
    found: dict[str, Quantity] = {}
    for base in reversed(kind.__mro__):
        found |= own_quantities_of(base)
    return MappingProxyType(found)


def own_quantities_of(kind: type) -> dict[str, Quantity]:
    """The quantities that a class declares itself."""
    return vars(kind).get(DECLARED, {})  # type: ignore[no-any-return]
