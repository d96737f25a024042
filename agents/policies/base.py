"""What a replenishment policy is, and what it sees of its site."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..forecasts.base import Forecast
from ..parameters import Number, plainly
from ..quantity import Units

Flag: TypeAlias = bool | NDArray[np.bool_]
"""Yes or no, for all runs together or for each ``[runs]``."""


SIGNALS = {"incoming": "incoming", "point-of-sale": "point_of_sale"}  # what of a site a forecast can learn from


class SiteView(Protocol):
    """What a policy sees of its site when it decides; all quantities are ``[products, runs]`` in units."""

    @property
    def products(self) -> tuple[str, ...]:
        """Names of the products, in the order of the rows."""

    @property
    def runs(self) -> int:
        """Number of runs."""

    @property
    def period(self) -> int:
        """The current period, 0 for the first."""

    @property
    def due(self) -> Flag:
        """Whether the site's calendar lets it order this period."""

    @property
    def zeros(self) -> Units:
        """Zeros of the right shape."""

    @property
    def on_hand(self) -> Units:
        """Stock on the shelf."""

    @property
    def backlog(self) -> Units:
        """Owed to all customers."""

    @property
    def net_stock(self) -> Units:
        """On hand less backlog."""

    @property
    def on_order(self) -> Units:
        """Ordered and not yet received, what suppliers have back-ordered included."""

    @property
    def inventory_position(self) -> Units:
        """Net stock plus on order."""

    @property
    def incoming(self) -> Units:
        """Orders and demand booked since the decision of the last period."""

    @property
    def point_of_sale(self) -> Units:
        """Outside demand downstream of the site in the latest period."""

    @property
    def echelon_position(self) -> Units:
        """Inventory position of the site and all downstream of it."""


@dataclass
class Policy(ABC):
    """Decides how much a site orders: a callable from the site to quantities ``[products, runs]``.

    It is called once a period, on days without ordering too, so that its memory sees every period. The site then
    applies its order rules: no negative orders unless returns are allowed, minimum, multiple, cap and calendar.
    Parameters are numbers or arrays that broadcast to ``[products, runs]`` and may be replaced between two periods;
    memory is kept in other attributes. No branch may depend on a value in an array.
    """

    def start(self, site: SiteView) -> None:
        """Set the memory to the state at the start."""

    @abstractmethod
    def __call__(self, site: SiteView) -> Units:
        """The quantity wanted this period."""

    def check(self) -> str | None:
        """Say what is wrong when the parameters cannot go together."""
        return None

    @property
    def reads_point_of_sale(self) -> bool:
        """Whether the policy looks at ``site.point_of_sale``, which is worked out only then."""
        return False

    @property
    def reads_echelon(self) -> bool:
        """Whether the policy looks at ``site.echelon_position``, which is worked out only then."""
        return False


def reads_point_of_sale(forecast: Forecast) -> bool:
    """Whether a forecast learns from the outside demand downstream."""
    return forecast.signal == "point-of-sale"


def falls_due(site: SiteView, period: Number, phase: Number) -> Flag:
    """Whether an order is due: every ``period`` periods from ``phase`` on, on days when the site may order."""
    return ((site.period - phase) % period == 0) & site.due


def raised(level: Units, by: Number) -> Units:
    """``level + by``, at no cost when ``by`` is the plain number zero."""
    return level if plainly(by, 0.0) else level + by
