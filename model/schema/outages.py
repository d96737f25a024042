"""Times in which a site or a lane is out of order."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator, model_validator

from .common import Number, Table, check_name, number, numbers, other, whole
from .problems import Problem, Refused, refuse


class Outage(Table):
    """An outage of one site or one lane; for a site it concerns all lanes into it.

    ``ordering``: no orders are placed. ``shipping``: goods are set aside at the supplier and do not leave.
    ``transit``: the pipeline stands still. ``receiving``: goods wait at the gate. ``production``: nothing is made.
    When: a 0/1 list that repeats, or once (or every so often) from ``start`` for ``length`` periods, or random up and
    down times.
    """

    name: str | None = other("its name, which also names its random numbers; left out, SITE/KIND", default=None)
    site: str | None = other("the site that is out", default=None)
    lane: str | None = other("the lane that is out", default=None)
    kind: Literal["ordering", "shipping", "transit", "receiving", "production"] = other("what stands still")
    states: list[float] | None = numbers(
        "1 for a period that is out, 0 for one that is not; repeats", whole=True, minimum=0, maximum=1, default=None
    )
    start: int | None = whole("first period that is out", unit="periods", default=None)
    length: int | None = whole("number of periods out", unit="periods", minimum=1, default=None)
    every: int | None = whole(
        "periods from one outage to the next; left out, it happens once", unit="periods", minimum=1, default=None
    )
    mean_up: Number = number("mean time between outages (geometric)", unit="periods", minimum=1, default=None)
    mean_down: Number = number("mean length of an outage (geometric)", unit="periods", minimum=1, default=None)

    @field_validator("name", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return None if value is None else check_name(value, arrow=True)

    @model_validator(mode="after")
    def _one_place(self) -> Outage:
        if self.site is None and self.lane is None:
            raise refuse("names neither a site nor a lane", "add site or lane")
        if self.site is not None and self.lane is not None:
            raise refuse("names both a site and a lane", "remove one of the two", f"{self.site}, {self.lane}")
        if self.kind == "production" and self.site is None:
            raise Refused(Problem(("lane",), "has no production that could stop", "name a site instead", self.lane))
        return self

    @model_validator(mode="after")
    def _one_time(self) -> Outage:
        dated = [self.start, self.length, self.every]
        random = [self.mean_up, self.mean_down]
        ways = [self.states is not None, any(v is not None for v in dated), any(v is not None for v in random)]
        if sum(ways) != 1:
            raise refuse(f"says when in {sum(ways)} ways", "give states, or start and length, or mean_up and mean_down")
        if ways[0] and not self.states:
            raise Refused(Problem(("states",), "is empty", "give at least one 0 or 1", []))
        if self.states is not None and not any(self.states):
            raise Refused(Problem(("states",), "is never 1, so that nothing is ever out", "add a 1", self.states))
        if ways[1] and None in dated[:2]:
            raise refuse("needs both start and length", f"add {_lacking(self, 'start', 'length')}")
        if ways[2] and None in random:
            raise refuse("needs both mean_up and mean_down", f"add {_lacking(self, 'mean_up', 'mean_down')}")
        return self

    @model_validator(mode="after")
    def _apart(self) -> Outage:
        if self.every is not None and self.length is not None and self.every < self.length:
            cure = "make it at least as long"
            raise Refused(Problem(("every",), f"is shorter than length = {self.length}", cure, self.every))
        return self


def _lacking(outage: Outage, *keys: str) -> str:
    return next(key for key in keys if getattr(outage, key) is None)
