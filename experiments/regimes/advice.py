"""Advice for one network: what orchestration and each of its ingredients are worth there, measured in that network."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ...agents.quantity import Array
from ...model.schema import Scenario
from ..compare.comparison import Comparison, compare_worlds
from ..compare.pairing import ALPHA, LEVEL, with_shares
from ..compare.running import Advance, unwatched
from ..compare.verdicts import counted_in_part
from ..statistics import Equivalence, holm, paired_table, tost
from .coordinates import coordinates
from .gains import COST, FEES
from .ingredients import CONTROLS, INGREDIENTS, ORCH, worlds_for

if TYPE_CHECKING:
    from .regime_map import Reading, RegimeMap

MARGIN = 0.02
"""Equivalence: within this share of the control's cost."""
FULL_RUNS, QUICK_RUNS = 128, 8
NARROW = 0.01
"""Runs asked for when nothing can be told: so many that half the interval is about this share of the cost."""
SWITCHING = "cost_switching"
COLUMNS = (
    "estimate", "low", "high", "deviation", "control_mean", "relative", "relative_low", "relative_high", "count",
    "p", "p_holm", "outcome",
)  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """The runs of all arms in one network, and what follows from them.

    ``found`` holds the runs, ``place`` the regime coordinates, ``map`` the map that was looked at, if any, ``notes``
    what was changed in the scenario so that the arms mean what they say. ``quick`` runs give no verdict.
    """

    found: Comparison
    place: dict[str, float]
    notes: list[str] = field(default_factory=list)
    quick: bool = False
    map: RegimeMap | None = None

    @property
    def runs(self) -> int:
        """Replications of every arm."""
        return self.found.runs

    @cached_property
    def reading(self) -> Reading | None:
        """What the map says of this network."""
        return None if self.map is None else self.map.reading(self.place)

    @cached_property
    def against(self) -> pd.DataFrame:
        """What orchestration gains over each control: control - orch in the cost, a row a control.

        ``outcome`` is ``gains`` or ``loses`` where the gain can be told from 0 after Holm's correction over the
        controls, else ``open``.
        """
        return self._compared(CONTROLS, "control", ("gains", "loses"))

    @cached_property
    def ingredients(self) -> pd.DataFrame:
        """What each ingredient is worth: cost without it - cost with all, a row an ingredient, corrected over them.

        ``outcome`` is ``pays`` or ``costs`` where that can be told from 0, else ``open``. ``small`` is whether its
        worth is shown to lie within 2 % of the orchestrated cost (two one-sided tests at 5 %).
        """
        table = self._compared(tuple(INGREDIENTS.values()), "arm", ("pays", "costs"))
        cost, whole = self._arrays, self._arrays[ORCH]
        small = [bool(tost(cost[arm], whole, relative=MARGIN).equivalent) for arm in table["arm"]]
        return table.assign(ingredient=list(INGREDIENTS), small=small)[["ingredient", "arm", *COLUMNS, "small"]]

    @cached_property
    def costs(self) -> pd.DataFrame:
        """The network's cost a period, a row a replication and a column an arm."""
        return self.found.summary.pivot(index="replication", columns="arm", values=COST)

    @property
    def _arrays(self) -> dict[str, Array]:
        return {arm: self.costs[arm].to_numpy(dtype=float) for arm in self.found.arms}

    @cached_property
    def means(self) -> dict[str, float]:
        """The mean cost a period by arm."""
        return {arm: float(self.costs[arm].mean()) for arm in self.found.arms}

    @property
    def best(self) -> str:
        """The control with the least mean cost."""
        return min(CONTROLS, key=self.means.__getitem__)

    @cached_property
    def equivalence(self) -> Equivalence:
        """Whether orchestration and the best control cost the same, within 2 %."""
        return tost(self._arrays[ORCH], self._arrays[self.best], relative=MARGIN)

    @property
    def charged(self) -> dict[str, float]:
        """What running agreements, and moving levers, costs in the orchestrated arm a period; it is in its cost."""
        rows = self.found.summary[self.found.summary["arm"] == ORCH]
        return {name: float(rows[name].mean()) if name in rows else 0.0 for name in (FEES, SWITCHING)}

    @property
    def runs_wanted(self) -> int:
        """About how many runs make the interval of the gain over the best control 1 % of its cost on either side."""
        row = self.gain_over(self.best)
        error = NARROW * abs(float(row["control_mean"]))
        return math.ceil((1.96 * float(row["deviation"]) / error) ** 2) if error > 0 else self.runs

    def gain_over(self, control: str) -> pd.Series:
        """The row of one control."""
        return self.against.iloc[CONTROLS.index(control)]

    def _compared(self, arms: tuple[str, ...], name: str, words: tuple[str, str]) -> pd.DataFrame:
        """Every arm less the orchestrated one, in the cost; shares are of the arm's own cost for controls."""
        rows = self.found.summary[self.found.summary["arm"].isin([*arms, ORCH])]
        table = paired_table(rows, [COST], ORCH, LEVEL).set_index("arm").loc[list(arms)].reset_index()
        if name == "control":
            base = table["control_mean"] + table["estimate"]
            table = table.assign(control_mean=base, relative=table["estimate"] / base.abs().where(base != 0))
        table = with_shares(table.assign(p_holm=holm(table["p"].to_numpy())))
        up, down = words
        told = table["p_holm"] <= ALPHA
        outcome = [
            "open" if not known else up if estimate > 0 else down
            for known, estimate in zip(told, table["estimate"], strict=True)
        ]
        return table.rename(columns={"arm": name}).assign(outcome=outcome)[[name, *COLUMNS]]


def advise(
    scenario: Scenario,
    runs: int | None = None,
    quick: bool = False,
    regime_map: RegimeMap | None = None,
    advance: Advance = unwatched,
    workers: int = 1,
) -> Advice:
    """Run a scenario under every control, orchestrated, and without each ingredient, on the same random numbers.

    ``runs`` is the number of replications of each arm: left out, 128, or 8 with ``quick``. ``advance`` hears of the
    progress; arms are simulated in as many processes as ``workers``. Raises `ScenarioError` when the scenario has
    nothing that the arms could act on.
    """
    from ...model.levers import levers_of
    from ...model.schema import ScenarioError

    if not levers_of(scenario.resolved()):
        cure = "give a site or a carrier a policy or a calendar that has levers"
        raise ScenarioError(f"scenario {scenario.name}: nobody in it has a lever, so that there is no advice; {cure}")
    worlds, notes = worlds_for(scenario)
    count = runs if runs is not None else QUICK_RUNS if quick else FULL_RUNS
    if count < 2:
        raise ScenarioError(f"runs is {count}; advice rests on intervals, which need at least 2")
    found = compare_worlds(worlds, count, CONTROLS[0], advance, workers)
    notes = [*notes, *counted_in_part(found)]
    return Advice(found, coordinates(worlds[ORCH]), notes, quick, regime_map)
