"""Places that hold stock: suppliers, factories and warehouses."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

from ...agents.parameters import Parameter
from . import limits
from .common import Named, Number, PartField, check_name, check_names, number, numbers, other, part, whole
from .facilities import (
    Availability,
    Campaign,
    Docks,
    Overtime,
    Picking,
    PriceBreak,
    ReceivingWindow,
    Reservation,
    Staging,
    Waves,
    Yield,
)
from .orders import OrderRules
from .problems import refuse
from .values import check_each, check_number

HOLDING = "money per unit and period"
_LEVEL = Parameter("echelon", minimum=0, maximum=limits.SITES, whole=True, per_product=False)
_NEED = Parameter("units of a part in one unit of a product", unit="units per unit", above=0, per_product=False)


class Place(Named):
    """What all sites and markets have in common."""

    owner: str | None = other("who owns it; left out, itself", default=None)
    position: list[float] | None = numbers("where it lies: [x, y]", default=None)
    region: str | None = other("its region", default=None)
    products: list[str] | None = other("what it deals in; left out, derived from the network", default=None)

    @field_validator("owner", "region", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return None if value is None else check_name(value)

    @field_validator("products", mode="before")
    @classmethod
    def _products(cls, value: Any) -> Any:
        return check_names(value)

    @field_validator("position", mode="before")
    @classmethod
    def _position(cls, value: Any) -> Any:
        return check_position(value)


class Site(Place):
    """What suppliers, factories and warehouses have in common."""

    echelon: str | int | None = other("its level; left out, the number of steps to the furthest market", default=None)
    holding_cost: Number = number("cost of goods on hand", unit=HOLDING, per="product", default=0.0)
    backlog_cost: Number = number("cost of goods owed to any customer", unit=HOLDING, per="product", default=0.0)
    lost_cost: Number = number("cost of demand that is lost here", unit="money per unit", per="product", default=0.0)
    initial_stock: Number = number("on hand at the start", unit="units", per="product", default=0.0)
    policy: PartField = part("policies", "how it decides what to order or make", default=None)
    orders: OrderRules = other("rules that act on its orders", default=OrderRules)
    sourcing: PartField = part(
        "sourcing", "how an order is split over several suppliers; left out, split", default=None
    )
    allocation: PartField = part(
        "allocation", "who is served first when stock is short; left out, priority", default=None
    )
    docks: Docks | None = other("doors for trucks", default=None)

    @field_validator("echelon", mode="before")
    @classmethod
    def _echelon(cls, value: Any) -> Any:
        return check_echelon(value)


class Supplier(Site):
    """Where goods come from. Without a policy it makes what is owed, at once, up to its capacity."""

    capacity: Number = number(
        "most that it makes of each product; left out, no limit",
        unit="units per period",
        per="product",
        default=None,
        above=0,
    )
    unit_cost: Number = number("cost of making one unit", unit="money per unit", per="product", default=0.0)
    lead_time: int = whole("time to make goods to stock, with a policy", unit="periods", maximum=limits.TIME, default=0)
    price_breaks: list[PriceBreak] = other("lower prices for larger orders of sites", default=list)
    setup_cost: Number = number("cost of changing to a product", unit="money per setup", per="product", default=None)
    lot: Number = number(
        "units made at a time; production waits until so much is wanted",
        unit="units",
        per="product",
        default=None,
        factors=(0.25, 0.5, 0.7, 1.0, 1.4, 2.0),
    )
    campaign: Campaign | None = other("products take turns", default=None)
    availability: Availability | None = other("random times in which it makes nothing", default=None)
    yield_rate: Yield | None = other("share of good units", default=None)


class Factory(Site):
    """Makes products from parts by its bill of materials."""

    bill: dict[str, dict[str, float]] = other(
        "{product: {part: units}}; an empty table makes it from nothing", default=dict
    )
    capacity: Number = number(
        "most that it makes over all products; left out, no limit", unit="units per period", default=None, above=0
    )
    usage: Number = number("capacity that one unit takes", unit="units per unit", per="product", default=1.0)
    lead_time: int = whole("time from start to finished stock", unit="periods", maximum=limits.TIME, default=0)
    unit_cost: Number = number("cost of starting one unit", unit="money per unit", per="product", default=0.0)
    input_holding_cost: Number = number("cost of parts on hand", unit=HOLDING, per="part", default=0.0)
    initial_inputs: Number = number("parts on hand at the start", unit="units", per="part", default=0.0)
    initial_work: Number = number(
        "units in every slot of production at the start", unit="units", per="product", default=0.0
    )
    initial_orders: Number = number(
        "production ordered and not started at the start; left out, what parts on their way at the start are for",
        unit="units",
        per="product",
        default=None,
    )
    buy: PartField = part("policies", "how it orders parts; left out, exactly what production needs", default=None)
    setup_cost: Number = number("cost of changing to a product", unit="money per setup", per="product", default=None)
    setup_time: Number = number(
        "capacity lost by changing to a product, in parts of that of a period",
        unit="periods", per="product", default=None,
    )  # fmt: skip
    lot: Number = number(
        "units made at a time; production waits until so much is wanted",
        unit="units",
        per="product",
        default=None,
        factors=(0.25, 0.5, 0.7, 1.0, 1.4, 2.0),
    )
    campaign: Campaign | None = other("products take turns", default=None)
    overtime: Overtime | None = other("capacity beyond the regular one", default=None)
    reserved: list[Reservation] = other("capacity sold to other owners", default=list)

    @field_validator("bill", mode="before")
    @classmethod
    def _bill(cls, value: Any) -> Any:
        return check_bill(value)


class Warehouse(Site):
    """Orders goods, stores them and passes them on. A retailer is a warehouse that serves a market."""

    storage: Number = number("room for goods; left out, no limit", unit="units", default=None, above=0)
    picking: Picking | None = other("how goods are picked", default=None)
    waves: Waves | None = other("picking in waves", default=None)
    staging: Staging | None = other("area between picking and loading", default=None)
    receiving_window: ReceivingWindow | None = other("periods with receipts", default=None)


def check_position(value: Any) -> Any:
    """Two coordinates, or nothing."""
    if value is not None and (not isinstance(value, list | tuple) or len(value) != 2):
        raise refuse("is not a position", "give two numbers, as in [12.5, 40]", value)
    return value


def check_echelon(value: Any) -> str | int | None:
    """A name, a whole number that is not negative, or nothing."""
    if value is None or isinstance(value, str):
        return None if value is None else check_name(value)
    return int(check_number(value, _LEVEL))


def check_bill(value: Any) -> dict[str, dict[str, float]]:
    """A bill of materials: for each product a table of its parts with the units that one unit needs."""
    if not isinstance(value, dict):
        raise refuse("is not a bill of materials", "write {product = {part = units}}", value)

    def parts(table: Any) -> dict[str, float]:
        if not isinstance(table, dict):
            raise refuse("is not a table of parts", "write {part = units}", table)
        return check_each(table.items(), lambda units: check_number(units, _NEED))

    return check_each(value.items(), parts)
