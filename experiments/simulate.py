"""The public way to simulate: results that can be plotted and saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..model import api
from ..model import result as engine
from ..model.schema import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Result(engine.Result):
    """The tables of a simulation, with a picture of them and a way to write them to a folder."""

    def plot(self, metric: str = "cost") -> Figure:
        """A first look: the bullwhip by echelon, or with several design points what they do to ``metric``.

        See `ripieno.experiments.pictures.picture`; `ripieno.visualization.figures` has more.
        """
        from .pictures import picture

        return picture(self, metric)

    def save(self, folder: str | Path, csv: bool = False) -> list[Path]:
        """Write the tables, the resolved scenario and the provenance; see `ripieno.experiments.output.save`."""
        from .output import save

        return save(self, Path(folder), csv=csv)


def simulate(
    scenario: Scenario | Sequence[Scenario],
    runs: int | None = None,
    seed: int | None = None,
    periods: int | None = None,
    **watch: bool,
) -> Result:
    """Simulate a scenario ``runs`` times, or several scenarios on the same random numbers.

    ``runs`` (default: the scenario's) is the number of replications of each; ``seed`` and ``periods`` replace the
    scenario's. ``series=True`` keeps every quantity of every period, ``audit=True`` checks the balance of goods after
    every period.

    >>> import ripieno
    >>> result = ripieno.simulate(ripieno.load("beer-game"), runs=2)
    >>> len(result.summary)
    2
    """
    found = api.simulate(scenario, runs, seed, periods, **watch)
    return Result(found.scenarios, found.seed, found.summary, found.agents, found.series, found.ledger)
