"""Transport links from one site to another, or from a site to a market."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator

from . import limits
from .common import Number, Table, check_name, check_names, number, other, slots, truth, whole
from .orders import LaneOrders
from .times import Time, check_time


class Lane(Table):
    """A lane; in the file its two ends are ``from`` and ``to``."""

    name: str | None = other('its name, unique over all lanes; left out, "FROM->TO"', default=None)
    origin: str = Field(alias="from", description="the site that ships")
    destination: str = Field(alias="to", description="the site or market that receives")
    products: list[str] | None = other(
        "what it carries; left out, all that the origin has and the destination wants", default=None
    )
    travel_time: Time = other("time from dispatch to receipt", unit="periods", default=1)
    order_delay: int = whole(
        "time from placing an order to its booking at the origin", unit="periods", maximum=limits.TIME, default=0
    )
    capacity: Number = number(
        "most that it ships a period; left out, no limit", unit="units per period", per="product", default=None, above=0
    )
    transit_cost: Number = number(
        "cost of goods on the way", unit="money per unit and period", per="product", default=0.0
    )
    transit_payer: Literal["from", "to"] = other("which end's owner pays for goods on the way", default="from")
    held_cost: Number = number(
        "cost of goods that wait at the destination's gate; left out, the destination's holding cost",
        unit="money per unit and period", per="product", default=None,
    )  # fmt: skip
    price: Number = number(
        "what the destination's owner pays the origin's owner", unit="money per unit", per="product", default=0.0
    )
    unmet: Literal["backlog", "lost"] | None = other(
        "what becomes of an order that cannot be met; left out, the market's rule, or backlog", default=None
    )
    partial: bool | None = truth(
        "whether part of an order may be shipped; left out, the market's rule, or true", default=None
    )
    priority: int | None = whole(
        "rank among the lanes, 1 first; left out, the order of the file", default=None, minimum=1
    )
    promise: int | None = whole(
        "promised time from order to receipt, by which orders are on time in full; left out, the market's, or none",
        unit="periods", maximum=limits.TIME, default=None,
    )  # fmt: skip
    share: Number = number("weight in the split of an order over several lanes", default=1.0)
    orders: LaneOrders = other("order rules of this lane", default=LaneOrders)
    initial_in_transit: Number = slots(
        "goods on the way at the start: in every slot of the pipeline, or a list by slot, next to arrive first",
        unit="units",
    )
    initial_orders: Number = slots("orders on the way to the origin at the start, likewise", unit="units")
    initial_backlog: Number = number(
        "owed at the start; left out, 0 (or the market's on its first lane)", unit="units", per="product", default=None
    )
    carrier: str | None = other("the carrier that serves it; left out, the one that names it", default=None)

    @field_validator("name", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return None if value is None else check_name(value, arrow=True)

    @field_validator("products", mode="before")
    @classmethod
    def _products(cls, value: Any) -> Any:
        return check_names(value)

    @field_validator("travel_time", mode="before")
    @classmethod
    def _time(cls, value: Any) -> Any:
        return check_time(value)
