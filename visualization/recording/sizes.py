"""How large a recording may be."""

from __future__ import annotations

from ...model.schema import Scenario

SITES = 2_000
LANES = 10_000
PERIODS = 20_000
CELLS = 5_000_000
"""Numbers of one world: 8 fields of sites and 6 of lanes, for every period."""


def cells(sites: int, lanes: int, periods: int) -> int:
    """The numbers that a world of this size takes."""
    return (8 * sites + 6 * lanes) * periods


def check_size(scenario: Scenario) -> None:
    """Refuse a world that no browser would play; raises `ValueError` with the number asked and the one allowed."""
    sites, lanes = len(list(scenario.sites())), len(scenario.lanes)
    sizes = {
        "sites": (sites, SITES),
        "lanes": (lanes, LANES),
        "periods": (scenario.periods, PERIODS),
        "numbers": (cells(sites, lanes, scenario.periods), CELLS),
    }
    for what, (asked, allowed) in sizes.items():
        if asked > allowed:
            raise ValueError(f"{scenario.name}: a recording of {asked:,} {what} is too large; at most {allowed:,}")
