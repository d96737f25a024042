"""What orchestration gains at every design point of a study, and where in the space of networks the point lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compare.pairing import with_shares
from ..statistics import paired_table
from ..sweeps.errors import StudyError
from ..sweeps.findings import Findings, provenance_of
from ..sweeps.merging import merge
from ..sweeps.opening import plan_of
from ..sweeps.prepared import Prepared
from ..sweeps.store import Store
from .coordinates import NAMES, coordinates

if TYPE_CHECKING:
    import pandas as pd

COST = "cost"
FEES = "cost_orchestration"
ORCHESTRATED = "orch"
CONTROLS = ("selfish", "opt")
ARM = "orchestration.arm"
KEYS = ("point", "arm", "control", "against")
NUMBERS = (
    "estimate", "low", "high", "control_mean", "relative", "relative_low", "relative_high", "fees", "count", "p",
)  # fmt: skip


@dataclass(frozen=True)
class Gains:
    """The gains of a study and what they were made with; ``period`` is what its worlds call one.

    ``table`` has one row a design point, orchestrated arm and control: ``point, arm, control, against`` (the kind of
    the control, ``selfish`` or ``opt``), the regime coordinates of the world in which the arm acted, ``estimate, low,
    high`` (control - arm in the cost of the network, money per period, above 0 where orchestration gains),
    ``relative...`` (the same over the control's mean), ``fees`` (what agreements cost a period in the runs, over the
    control's mean; it is in the cost already, and missing where the study does not keep it), ``count`` and ``p``.
    """

    study: str
    quick: bool
    period: str
    table: pd.DataFrame
    facts: dict[str, Any]

    def against(self, kind: str) -> pd.DataFrame:
        """The rows of one kind of control; raises `StudyError` where there are none."""
        rows = self.table[self.table["against"] == kind].reset_index(drop=True)
        if rows.empty:
            known = ", ".join(dict.fromkeys(self.table["against"]))
            raise StudyError(
                f"study {self.study}: no orchestrated arm has a control of the kind {kind}; it has {known}"
            )
        return rows


def gains_of(folder: str | Path) -> Gains:
    """Read the folder of a study that has an orchestrated arm, and one of ``selfish`` or ``opt`` beside it.

    Raises `StudyError` when it has not, keeps no cost, or has fewer than two runs of both at every point.
    """
    store = Store.open(folder)
    plan = plan_of(store)
    prepared = plan.prepared
    pairs = paired_arms(prepared)
    merged = merge(store, plan)
    findings = Findings(store, plan, merged)
    if merged.frame.empty:
        raise StudyError(f"{folder}: has no finished runs to map; run the study first")
    if COST not in merged.metrics:
        raise StudyError(f"study {prepared.study.name}: keeps no {COST}, which a map is drawn of; add it to metrics")
    table = _with_places(_differences(merged.frame, pairs), prepared, plan.points)
    if table.empty:
        raise StudyError(f"{folder}: no design point has two runs of an orchestrated arm and of its control; run more")
    return Gains(prepared.study.name, prepared.study.quick, prepared.scenario.period, table, provenance_of(findings))


def paired_arms(prepared: Prepared) -> list[tuple[str, str, str]]:
    """Orchestrated arm, control and the control's kind: every pair whose arms differ in nothing but who decides.

    The arm called ``orch`` has the controls called as their kinds also where they differ in more. Raises `StudyError`
    without any pair.
    """
    kinds = {arm: _kind(prepared, arm) for arm in prepared.study.arms}
    found = []
    for arm in (name for name, kind in kinds.items() if kind == ORCHESTRATED):
        for kind in CONTROLS:
            known = [name for name, one in kinds.items() if one == kind]
            alike = [name for name in known if _rest(prepared, name) == _rest(prepared, arm)]
            named = [name for name in known if (arm, name) == (ORCHESTRATED, kind)]
            found += [(arm, control, kind) for control in (alike or named)[:1]]
    if not found:
        cure = f'a map needs an arm with {ARM} = "{ORCHESTRATED}" and one with "selfish" or "opt"'
        raise StudyError(f"study {prepared.study.name}: has the arms {', '.join(kinds)}; {cure}")
    return found


def _kind(prepared: Prepared, arm: str) -> str:
    """Who decides in an arm; nobody where its scenario has no table of the orchestration."""
    scenario = next(world for (_, name), world in prepared.arm_scenarios.items() if name == arm)
    return "none" if scenario.orchestration is None else str(scenario.orchestration.arm)


def _rest(prepared: Prepared, arm: str) -> dict[str, Any]:
    return {key: value for key, value in prepared.study.arms[arm].items() if key != ARM}


def _differences(frame: pd.DataFrame, pairs: list[tuple[str, str, str]]) -> pd.DataFrame:
    """One row a point and pair, for all of which there are two runs."""
    import pandas as pd

    present = set(frame["arm"])
    tables = [_pair(frame, *pair) for pair in pairs if {pair[0], pair[1]} <= present]
    if not tables:
        return pd.DataFrame(columns=[*KEYS, *NUMBERS])
    table = pd.concat(tables, ignore_index=True)
    return table[table["count"] >= 2].reset_index(drop=True)[[*KEYS, *NUMBERS]]


def _pair(frame: pd.DataFrame, arm: str, control: str, kind: str) -> pd.DataFrame:
    # The orchestrated arm takes the control's place, so that a gain is above 0.
    runs = frame[frame["arm"].isin([arm, control])]
    found = paired_table(runs, [COST], arm)
    controlled = found["control_mean"] + found["estimate"]
    found = with_shares(found.assign(control_mean=controlled, relative=found["estimate"] / controlled.abs()))
    charged = runs[runs["arm"] == arm].assign(**({} if FEES in runs else {FEES: np.nan})).groupby("point")[FEES].mean()
    fees = found["point"].map(charged) / controlled.abs()
    return found.assign(arm=arm, control=control, against=kind, fees=fees)


def _with_places(table: pd.DataFrame, prepared: Prepared, points: list[Any]) -> pd.DataFrame:
    """The coordinates of each row's world beside it."""
    import pandas as pd

    cells = table[["point", "arm"]].drop_duplicates()
    rows = [
        {"point": point, "arm": arm} | coordinates(prepared.built(points[int(point)], arm))
        for point, arm in cells.itertuples(index=False)
    ]
    placed = table.merge(pd.DataFrame(rows, columns=["point", "arm", *NAMES]), on=["point", "arm"], how="left")
    return placed[[*KEYS, *NAMES, *NUMBERS]]
