"""The public way to compare arms: the same world under each of them, on the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ...model.schema import Scenario, ScenarioError
from ...model.schema.problems import nearest
from .arms import DEFAULT, TABLE, Arms, with_orchestration, worlds_of
from .best import with_best
from .findings import Findings
from .running import Advance, joined, simulate_arms, unwatched

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REFERENCE = "none"


class Comparison(Findings):
    """The runs of all arms, what they come to, and a way to draw and to save it.

    ``summary``, ``agents``, ``ledger``: the runs, with the column ``arm``. ``paired``: the differences of every metric
    between all arms. ``gap``: shares of the gap closed, and model quality against shared objective. ``scores``: each
    owner's own score against the network's cost. ``verdicts``: sentences.
    """

    @cached_property
    def verdicts(self) -> list[str]:
        """What it comes to, in sentences; see `ripieno.experiments.compare.verdicts`."""
        from .verdicts import verdicts

        return verdicts(self)

    def plot(self) -> Figure:
        """Each owner's own score against the network's cost, by arm; with a single owner the cost of the arms."""
        from .drawing import picture

        return picture(self)

    def save(self, folder: str | Path, csv: bool = False) -> list[Path]:
        """Write tables, scenarios, figures and report; see `ripieno.experiments.compare.saving.save`."""
        from .saving import save

        return save(self, Path(folder), csv=csv)


def compare(
    scenario: Scenario,
    arms: Arms = DEFAULT,
    runs: int | None = None,
    seed: int | None = None,
    periods: int | None = None,
    reference: str | None = None,
) -> Comparison:
    """Simulate a scenario under each arm on the same random numbers, and compare.

    ``arms`` are names (`ripieno.experiments.compare.arms.ARMS`), or your own: a mapping from a name to a scenario or
    to the values that it sets by their dotted keys. ``runs`` (default: the scenario's) is the number of replications
    of each; ``seed`` and ``periods`` replace the scenario's. ``reference`` (default: ``none`` where it is an arm,
    otherwise the first) is the arm that the others are compared with first.

    Raises `ScenarioError` for an unknown arm or reference.

    >>> import ripieno
    >>> arms = {"none": {}, "low stock": {"warehouses.Retailer.policy.target": 8}}
    >>> found = ripieno.compare(ripieno.load("beer-game"), arms, runs=2)
    >>> found.paired.query("metric == 'cost' and control == 'none'")["arm"].tolist()
    ['low stock']
    """
    given = {name: value for name, value in (("seed", seed), ("periods", periods)) if value is not None}
    return compare_worlds(prepared(scenario, arms, given), runs, reference)


def prepared(scenario: Scenario, arms: Arms, values: Mapping[str, object]) -> dict[str, Scenario]:
    """The scenario under every arm, with some values set in all of them."""
    from ...model.schema import with_values

    below = f"{TABLE}."
    inside = {key.removeprefix(below): value for key, value in values.items() if key.startswith(below)}
    others = {key: value for key, value in values.items() if not key.startswith(below)}
    scenario = with_orchestration(scenario, inside) if inside else scenario
    worlds = worlds_of(scenario, arms)
    return {arm: with_values(world, others) for arm, world in worlds.items()} if others else worlds


def compare_worlds(
    worlds: Mapping[str, Scenario],
    runs: int | None = None,
    reference: str | None = None,
    advance: Advance = unwatched,
    workers: int = 1,
) -> Comparison:
    """As `compare`, for scenarios that are prepared; the first one gives the seed and the number of runs.

    Arms are simulated in as many processes as ``workers``.
    """
    first = next(iter(worlds.values()))
    against = _reference(worlds, reference)
    worlds = with_best(worlds, first.seed, advance)
    made = simulate_arms(worlds, first.runs if runs is None else runs, first.seed, advance, workers)
    tables = {name: joined(made, name) for name in ("summary", "agents", "ledger")}
    count = len(next(iter(made.values())).summary)
    return Comparison(worlds[against], worlds, against, first.seed, count, **tables)


def _reference(worlds: Mapping[str, Scenario], wanted: str | None) -> str:
    if wanted is None:
        return REFERENCE if REFERENCE in worlds else next(iter(worlds))
    if wanted not in worlds:
        raise ScenarioError(f'the reference "{wanted}" is not among the arms; {nearest(wanted, worlds)}')
    return wanted
