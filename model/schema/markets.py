"""Where demand from outside arises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator

from . import limits
from .common import Number, PartField, Table, number, other, truth, whole
from .parts import check_part
from .partspec import PartSpec
from .problems import Problem, Refused, refuse
from .sites import Place
from .times import Time, check_time
from .values import check_each


class MarketSite(Table):
    """A site that serves a market."""

    site: str = other("its name")
    share: Number = number("weight in the split of the demand over several sites", default=1.0)
    priority: int | None = whole("rank at that site, 1 first; left out, the order of the file", default=None, minimum=1)
    travel_time: Time = other("time from dispatch to the customer", unit="periods", default=0)

    @field_validator("travel_time", mode="before")
    @classmethod
    def _time(cls, value: Any) -> Any:
        return check_time(value)


class Market(Place):
    """A market; each of its ``sites`` becomes a lane ``SITE->MARKET``."""

    demand: PartField = other("a demand process for each product, or a table {product: process}")
    demand_factor: Number = number("multiplies the demand", default=1.0, per="product")
    sites: list[MarketSite] = other(
        "who serves it: names, or tables with share, priority and travel_time", default=list
    )
    unmet: Literal["backlog", "lost"] = other("what becomes of demand that cannot be met", default="backlog")
    partial: bool = truth("whether part of a demand may be served", default=True)
    split: Literal["share", "priority"] = other(
        "several sites: by share, or from the first that has stock", default="share"
    )
    price: Number = number("revenue from one unit delivered", unit="money per unit", per="product", default=0.0)
    promise: int | None = whole(
        "promised time from demand to receipt, by which demand is met on time in full; left out, none",
        unit="periods", maximum=limits.TIME, default=None,
    )  # fmt: skip
    initial_backlog: Number = number(
        "owed to it at the start, by the first site", unit="units", per="product", default=0.0
    )

    @field_validator("demand", mode="before")
    @classmethod
    def _demand(cls, value: Any) -> Any:
        return check_demand(value)

    @field_validator("sites", mode="before")
    @classmethod
    def _sites(cls, value: Any) -> Any:
        return check_links(value)


def check_links(value: Any) -> list[Any]:
    """The sites that serve a market, each as a table."""
    if not isinstance(value, list | tuple):
        raise refuse("is not a list of sites", 'write ["one", "two"]', value)

    def link(entry: Any) -> Any:
        if not isinstance(entry, str | Mapping | MarketSite):
            raise refuse("is not a site", 'give its name in quotes, or a table {site = "...", share = 2}', entry)
        return {"site": entry} if isinstance(entry, str) else entry

    return list(check_each(enumerate(value), link).values())


def check_demand(value: Any) -> PartSpec | dict[str, PartSpec]:
    """One demand process, or a table with one for each product."""
    if isinstance(value, Mapping) and "type" not in value:
        if not value:
            raise refuse("is empty", 'give a process such as {type = "constant", ...}', dict(value))
        if all(not isinstance(item, Mapping | str | PartSpec) for item in value.values()):
            raise Refused(Problem(("type",), "is missing", 'add the type of demand, such as type = "poisson"'))
        return check_each(value.items(), lambda item: check_part(item, "demand"))
    return check_part(value, "demand")
