"""Rules that act on an order after the policy has named its quantity."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator, model_validator

from ...agents.parameters import Parameter
from .common import Number, Table, number, numbers, other, truth, whole
from .problems import Problem, Refused, refuse
from .values import check_number

_PHASE = Parameter("phase", unit="periods", minimum=0, whole=True)


class Forced(Table):
    """A quantity that is ordered whatever the policy says, while the period is before ``until``."""

    until: int = whole("first period in which it no longer holds", unit="periods")
    quantity: Number = number("ordered each period", unit="units per period", per="product")


class LaneOrders(Table):
    """Order rules of one lane; they act on the share of the order that the sourcing rule gives to the lane."""

    minimum: Number = number("smallest order; a smaller one is raised to it", unit="units", per="product", default=0.0)
    multiple: Number = number(
        "orders are rounded up to multiples of it; 0 for none", unit="units", per="product", default=0.0
    )
    cap: Number = number("largest order a period; left out, no limit", unit="units", per="product", default=None)
    cost: Number = number("cost of each order above zero", unit="money per order", per="product", default=0.0)
    forced: list[Forced] = other("quantities fixed until a date", default=list)
    script: list[float] | None = numbers(
        "orders by period from period 0; after its end the policy acts", unit="units", minimum=0, default=None
    )

    @model_validator(mode="after")
    def _possible(self) -> LaneOrders:
        self.check_together()
        return self

    def check_together(self) -> None:
        """Refuse rules of which one would always break another; several design points at once were checked before."""
        for name in ("minimum", "multiple"):
            value, cap = getattr(self, name), self.cap
            keys = [*(value if isinstance(value, dict) else ()), *(cap if isinstance(cap, dict) else ())] or [""]
            for key in keys:
                least, most = _of(value, key, 0.0), _of(cap, key, None)
                if isinstance(least, float) and isinstance(most, float) and least > most > 0:
                    which = f" (for {key})" if key else ""
                    problem = Problem((name,), f"is more than cap = {most:g}{which}", "change one of the two", least)
                    raise Refused(problem)


def _of(value: Any, product: str, default: Any) -> Any:
    return value.get(product, default) if isinstance(value, dict) else value


class OrderRules(LaneOrders):
    """Order rules of a site; they act on the policy's quantity of each product, before it is split over the lanes."""

    returns: bool = truth("whether a negative order, a return, is allowed", default=False)
    clip_to_storage: bool = truth("whether an order is cut to the free storage", default=False)
    review_period: int = whole(
        "periods between two orders", unit="periods", minimum=1, default=1, grid=(1, 2, 3, 5, 7, 10)
    )
    phase: Any = other('period of the first order, or "random" to draw it per run', unit="periods", default=0)

    @field_validator("phase", mode="before")
    @classmethod
    def _phase(cls, value: Any) -> Any:
        if value == "random":
            return value
        if isinstance(value, str):
            raise refuse("is not a phase", 'give a whole number of periods or "random"', value)
        return check_number(value, _PHASE)
