"""How much the application simulates for one person at once: shared by pages, links, files and the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from ..model.schema import Scenario, ScenarioError

PREFIX = "RIPIENO_SERVE_"
ENTRY_SECONDS = 45e-6
"""What one site, market or lane costs in one period, in seconds; measured on `regional` and the examples."""
RUNS_AS_ONE = 40.0
"""A batch of so many runs costs about twice as much as one run: below that the work is in the steps, not the runs."""
TRIALS = 1.5
"""What a period of a round of trials costs beside a plain period; measured on `e1-picking-waves`."""


class TooMuch(ScenarioError):
    """Something that is not allowed here, often because it is too large; its text says what was asked for."""


@dataclass(frozen=True)
class Caps:
    """The largest sizes that the application accepts. A scenario's own limits are in `ripieno.model.schema.limits`."""

    sites: int = 300
    lanes: int = 2_000
    products: int = 50
    periods: int = 4_000
    runs: int = 500
    cells: int = 64
    factors: int = 3
    seconds: int = 180
    upload_bytes: int = 2_000_000
    files: int = 10
    differences: int = 40
    link_characters: int = 6_000
    at_once: int = max(1, (os.cpu_count() or 2) - 1)
    waiting: int = 20
    sessions: int = 100

    def check(self, what: str, asked: float) -> None:
        """Raise `TooMuch` when more is asked for than the cap of that name allows."""
        allowed = getattr(self, what)
        if asked > allowed:
            name = what.replace("_", " ")
            raise TooMuch(f"{asked:,.0f} {name} are asked for; {allowed:,} are allowed here")

    def check_scenario(self, scenario: Scenario) -> None:
        """Raise `TooMuch` for a world that is too large to be simulated here."""
        full = scenario.resolved()
        sizes = {"sites": len(list(full.sites())), "lanes": len(full.lanes), "products": len(full.products)}
        for what, asked in (sizes | {"periods": full.periods}).items():
            self.check(what, asked)

    def check_time(self, scenario: Scenario, runs: int, cells: int = 1) -> None:
        """Raise `TooMuch` when a simulation would take longer than is allowed."""
        self.check("seconds", round(estimate(scenario, runs) * cells))


def from_environment(environment: Mapping[str, str] = os.environ) -> Caps:
    """The caps, with those replaced that a variable such as ``RIPIENO_SERVE_SESSIONS`` gives; other values are wrong.

    Raises `TooMuch` for a value that is no whole number of at least 1.
    """
    given = {}
    for field in fields(Caps):
        text = environment.get(PREFIX + field.name.upper())
        if text is not None:
            if not text.isdecimal() or int(text) < 1:
                raise TooMuch(f"{PREFIX}{field.name.upper()} is {text!r}; give a whole number of at least 1")
            given[field.name] = int(text)
    return Caps(**given)


def estimate(scenario: Scenario, runs: int = 1) -> float:
    """About how many seconds a simulation takes, from the number of entries, periods and runs; good to a factor of 2.

    Planning with trials replays part of the past in many small worlds at each date of a plan.
    """
    full = scenario.resolved()
    entries = len(list(full.sites())) + len(full.markets) + len(full.lanes)
    step = entries * ENTRY_SECONDS
    return step * (full.periods * (1 + runs / RUNS_AS_ONE) + _trial_periods(full, runs))


def tries_out(scenario: Scenario) -> bool:
    """Whether somebody in the scenario tries packages out, which takes most of the time of a simulation."""
    return scenario.orchestration is not None and scenario.orchestration.arm not in ("none", "opt", "central")


def _trial_periods(full: Scenario, runs: int) -> float:
    """Periods of one run that the trials of all plans are worth."""
    spec = full.orchestration
    if spec is None or not tries_out(full):
        return 0.0
    first = spec.first or min(60, full.periods // 4)
    plans = max(0, full.periods - first) / spec.cadence
    return plans * spec.search.rounds * spec.search.history * TRIALS * (1 + spec.search.singles * runs / RUNS_AS_ONE)
