"""Equipment of sites: docks, picking and production; and contracts between owners."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator

from . import limits
from .carriers import Calendar
from .common import Number, Table, check_name, check_names, number, other, whole
from .times import Time, check_time


class Dock(Table):
    """Doors at which trucks are loaded or unloaded, one truck a door."""

    doors: int | None = whole("number of doors", minimum=1, maximum=limits.DOORS, default=None)
    time: Time = other("time for which a truck holds a door, at least 1", unit="periods", default=1)
    slots: int | None = whole(
        "short form: trucks a period", unit="trucks per period", minimum=1, maximum=limits.DOORS, default=None
    )

    @field_validator("time", mode="before")
    @classmethod
    def _time(cls, value: Any) -> Any:
        return check_time(value)


class Docks(Table):
    """The docks of a site."""

    inbound: Dock | None = other("where trucks are unloaded", default=None)
    outbound: Dock | None = other("where trucks are loaded", default=None)


class Picking(Table):
    """How goods get from the shelf to the staging area."""

    capacity: Number = number(
        "most that is picked a period; left out, no limit", unit="units per period", default=None, above=0
    )
    unit_cost: Number = number("cost of picking one unit", unit="money per unit", default=0.0)
    pickers: Number = number("how many pick, where pick_time is given", unit="pickers", default=1.0, above=0)
    pick_time: Number = number(
        "time that a picker needs for one unit, instead of capacity", unit="periods per unit", default=None, above=0
    )
    slotting_cost: Number = number(
        "cost of keeping the layout that makes this pick_time possible", unit="money per period", default=0.0
    )


class Waves(Table):
    """Picking in waves: a setup cost a wave makes large waves pay."""

    every: int = whole("periods between two waves", unit="periods", minimum=1, default=1, grid=(1, 2, 3, 4, 5, 7))
    phase: int = whole("period of the first wave", unit="periods", default=0, grid=(0, 1, 2, 3, 4))
    smallest: Number = number(
        "a wave waits until this much is owed", unit="units", default=0.0, factors=(0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
    )
    setup_cost: Number = number("cost of each wave", unit="money per wave", default=0.0)


class Staging(Table):
    """The area between picking and loading; when it is full, picking stops."""

    space: Number = number("room; left out, no limit", unit="units", default=None, above=0)


class ReceivingWindow(Table):
    """Periods in which trucks are received."""

    calendar: Calendar | None = other("periods with receipts", default=None)
    early_cost: Number = number(
        "what a carrier pays the site's owner for a truck that comes outside it", unit="money per truck", default=None
    )


class PriceBreak(Table):
    """A unit price for orders of at least a quantity: the whole order has the price that it reaches."""

    quantity: Number = number("smallest order at this price", unit="units", per="product", above=0)
    price: Number = number("price", unit="money per unit", per="product")


class Campaign(Table):
    """Production in campaigns: products take turns and are started in their turn only; all turns are equally long."""

    order: list[str] = other("products in their turn; left out, the order of the file", default=list)
    cycle: int | None = whole(
        "periods until the first product has its turn again; left out, one period a product",
        unit="periods", minimum=1, maximum=limits.TIME, default=None,
    )  # fmt: skip
    phase: int = whole("period in which the first turn begins", unit="periods", default=0)


class Availability(Table):
    """A supplier that is sometimes not there: random up and down times."""

    mean_up: Number = number("mean length of an up time (geometric)", unit="periods", minimum=1)
    mean_down: Number = number("mean length of a down time (geometric)", unit="periods", minimum=1)


class Yield(Table):
    """Of what is finished in a period only a share is good, drawn from a uniform distribution; the rest is scrapped."""

    mean: Number = number("mean share of good units", above=0, maximum=1)
    deviation: Number = number(
        "standard deviation of the share; its range is the mean plus and minus 1.73 times this", default=0.0
    )


class Overtime(Table):
    """Capacity beyond the regular one, at a price."""

    capacity: Number = number(
        "most overtime", unit="units per period", above=0, factors=(0.0, 0.5, 1.0), responsive=True
    )
    unit_cost: Number = number("extra cost of a unit of capacity used in overtime", unit="money per unit", default=0.0)


class Reservation(Table):
    """Capacity sold to another owner: what its sites and markets are owed is made and served first, up to a share."""

    owner: str = other("who reserves")
    share: Number = number("share of the capacity, and of what is finished in a period", maximum=1)
    fee: Number = number("what the owner pays the factory's owner for it", unit="money per period", default=0.0)


class Contract(Table):
    """An agreement between two owners over the goods that move on lanes from sites of one to sites of the other."""

    name: str | None = other('its name; left out, "SELLER/BUYER"', default=None)
    seller: str = other("owner that sells")
    buyer: str = other("owner that buys")
    type: Literal["wholesale", "buyback", "revenue-sharing"] = other("the kind of contract")
    products: list[str] | None = other("what it covers; left out, all that the seller ships to the buyer", default=None)
    wholesale_price: Number = number(
        "paid by the buyer for each unit when it receives it; may be left out for buyback and revenue-sharing",
        unit="money per unit", per="product", default=None,
    )  # fmt: skip
    buyback_price: Number = number(
        "paid by the seller for each unit that the buyer throws away at the end of its shelf life or sends back",
        unit="money per unit", per="product", default=None,
    )  # fmt: skip
    revenue_share: Number = number(
        "share of what markets pay to the buyer for these products that goes to the seller", default=None, maximum=1
    )
    returns_every: int | None = whole(
        "with buyback: every so many periods, after serving, what the buyer's warehouses have and owe to nobody goes "
        "back at the buyback_price, and leaves the world at the seller's salvage value; left out, nothing goes back",
        unit="periods", minimum=1, default=None,
    )  # fmt: skip

    @field_validator("name", "seller", "buyer", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return None if value is None else check_name(value)

    @field_validator("products", mode="before")
    @classmethod
    def _products(cls, value: Any) -> Any:
        return check_names(value)
