"""What an agent believes of a stream of demand, orders or loads that reaches it, and of the time that goods take."""

from __future__ import annotations

from dataclasses import dataclass

from ..parameters import Number


@dataclass(frozen=True)
class Flow:
    """Amounts a period: numbers or arrays ``[runs]``.

    ``correlation`` is that of amounts one period apart (0: independent), ``nothing`` the probability that a period
    brings nothing, ``unit`` the size of what comes in whole numbers only (0: any amount).
    """

    mean: Number
    variance: Number
    correlation: Number = 0.0
    nothing: Number = 0.0
    unit: Number = 0.0

    def over(self, periods: Number) -> Flow:
        """The flow of so many periods together, as if periods were independent."""
        return Flow(self.mean * periods, self.variance * periods, 0.0, self.nothing**periods, self.unit)


@dataclass(frozen=True)
class LeadTime:
    """Mean and variance of a time in periods: numbers or arrays ``[runs]``."""

    mean: Number
    variance: Number = 0.0


@dataclass(frozen=True)
class Rates:
    """What stock costs: money for a unit on hand, and for a unit owed, at the end of each period."""

    holding: Number
    backlog: Number
