"""Carriers: fleets, dispatch rules, tariffs and calendars."""

from __future__ import annotations

from typing import Literal

from .common import Named, Number, Table, number, numbers, other, truth, whole


class Calendar(Table):
    """Periods in which work is done: a pattern that repeats, such as five working days and two days off."""

    pattern: list[float] = numbers(
        "1 for a working period, 0 for a free one; repeats", whole=True, maximum=1, minimum=0
    )
    phase: int = whole("where in the pattern period 0 lies", unit="periods", default=0)


class Fleet(Table):
    """The trucks of a carrier. A truck is away until it is unloaded and back."""

    trucks: Number = number(
        "number of trucks, rounded down to whole ones; left out, as many as are needed",
        unit="trucks", default=None, minimum=1, factors=(1.0, 1.25, 1.5), responsive=True,
    )  # fmt: skip
    capacity: Number = number("load of one truck", unit="load per truck", above=0)
    load_by: Literal["units", "weight", "volume"] = other("what a load is measured in", default="units")
    return_time: int | None = whole(
        "time of the empty trip back; left out, the lane's travel time", unit="periods", default=None
    )
    reserved: Number = number(
        "share of the trucks, rounded down to whole ones, that other lanes than those of reserved_for leave at home",
        default=None, maximum=1, grid=(0.0, 0.1, 0.2, 0.3, 0.5),
    )  # fmt: skip
    reserved_for: list[str] = other("names of the lanes with reserved loads", default=list)
    period_cost: Number = number("cost of owning one truck", unit="money per truck and period", default=0.0)


class Dispatch(Table):
    """When a truck leaves: by load, by the wait of the oldest load, or by timetable."""

    threshold: Number = number(
        "share of a truck at which it leaves", default=1.0, maximum=1, grid=(0.1, 0.3, 0.5, 0.7, 0.85, 1.0)
    )
    longest_wait: int | None = whole(
        "the oldest load never waits longer; left out, no limit",
        unit="periods",
        default=None,
        grid=(0, 1, 2, 3, 5, 8),
    )
    every: int | None = whole(
        "timetable: periods between two departures", unit="periods", minimum=1, default=None, grid=(1, 2, 3, 4, 5, 7)
    )
    phase: int = whole("timetable: period of the first departure", unit="periods", default=0, grid=(0, 1, 2, 3, 4))


class Bracket(Table):
    """One bracket of a tariff: the price for a load of at least ``from_load``."""

    from_load: Number = number("smallest load of the bracket", unit="load")
    price: Number = number("price per unit of load in it", unit="money per load")


class Tariff(Table):
    """What a carrier charges."""

    departure: Number = number("per departure", unit="money per departure", default=0.0)
    unit: Number = number("per unit of load", unit="money per load", default=0.0)
    brackets: list[Bracket] = other("prices by size of the load instead of one price", default=list)
    minimum: Number = number("least charge of a departure", unit="money per departure", default=0.0)


class Pool(Table):
    """Lanes from one origin that share trucks: their goods are one load for the carrier's dispatch rule."""

    lanes: list[str] = other("names of the lanes, in the order of the stops")
    route: bool = truth(
        "whether the trucks visit several places, one after the other, each after the travel time of its lane and the "
        "waits at the docks before it; without, all lanes lead to one place",
        default=False,
    )


class Carrier(Named):
    """A carrier and the lanes that it serves."""

    owner: str | None = other("who owns it; left out, itself", default=None)
    lanes: list[str] = other("names of the lanes that it serves", default=list)
    fleet: Fleet = other("its trucks")
    dispatch: Dispatch = other("when trucks leave", default=Dispatch)
    pools: list[Pool] = other("lanes that share trucks", default=list)
    tariff: Tariff = other("what it charges for a truck that leaves", default=Tariff)
    costs: Tariff = other("what a truck that leaves costs the carrier itself", default=Tariff)
    detention_cost: Number = number(
        "charged for a truck that waits at a dock", unit="money per truck and period", default=0.0
    )
    calendar: Calendar | None = other("its working periods; left out, all", default=None)
