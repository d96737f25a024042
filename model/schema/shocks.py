"""The date of the first shock of a scenario: what recovery is counted from."""

from __future__ import annotations

from .world import World


def first_shock(scenario: World) -> int | None:
    """The period of the first intervention or dated outage within the horizon, ``None`` if there is none.

    Outages at random times have no date that is the same in all runs, and do not count.
    """
    dates = [intervention.at for intervention in scenario.interventions]
    dates += [outage.start for outage in scenario.outages if outage.start is not None]
    dates += [outage.states.index(1) for outage in scenario.outages if outage.states is not None]
    return min((date for date in dates if date < scenario.periods), default=None)
