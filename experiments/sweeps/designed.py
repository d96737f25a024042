"""What was run: the part of a study's report that says what was compared, over what, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..report import Report
from .findings import Findings
from .parameters import Parameter

LONG = 160
"""Characters of what an arm sets; the study's own file has the rest."""


def designed(report: Report, findings: Findings) -> None:
    """The arms and what each sets, the parameters and their ranges, the networks, the horizon, the replications."""
    study, plan = findings.study, findings.plan
    prepared = plan.prepared
    worlds = list(prepared.scenarios.values()) or [prepared.scenario]
    report.section("What was run")
    periods, warm_up = (study.values.get(key, getattr(worlds[0], key)) for key in ("periods", "warm_up"))
    report.text(
        f"{_counted(len(plan.points), 'design point')} of {_counted(len(worlds), 'network')} "
        f"({', '.join(dict.fromkeys(world.name for world in worlds))}), {_counted(len(plan.arms), 'arm')}, "
        f"{_counted(findings.merged.frame['replication'].nunique(), 'replication')} of each at every point. A run has "
        f"{periods:,} {worlds[0].period}s, of which the first {warm_up:,} do not count. The runs of a replication "
        "share their random numbers."
    )
    if study.coalitions is None:
        arms = [(name, _short(study.arms.get(name, {}), study.chosen.get(name))) for name in plan.arms]
        report.table(pd.DataFrame(arms, columns=["arm", "sets"]), "Arms")
    if prepared.space.parameters:
        rows = [(name, _range(one), ", ".join(one.keys or [name])) for name, one in prepared.space.parameters.items()]
        report.table(pd.DataFrame(rows, columns=["parameter", "values", "acts on"]), "What is varied")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _short(overrides: Mapping[str, Any], chosen: Any) -> str:
    """What an arm sets, as long as that is short."""
    said = [f"{key} = {value}" for key, value in overrides.items()]
    if chosen is not None:
        said.append(f"the {chosen.best} {chosen.metric} of {len(chosen.candidates)} candidates, at every point")
    text = "; ".join(said) or "nothing: the scenario as it stands"
    return text if len(text) <= LONG else f"{text[:LONG].rsplit(';', 1)[0]}; ..."


def _range(parameter: Parameter) -> str:
    """The values of a parameter in words."""
    how = {"set": "", "scale": "times ", "shift": "plus "}[parameter.act]
    if parameter.values is not None:
        return how + ", ".join(str(value) for value in parameter.values)
    if parameter.low is None:
        return "from the design"
    return f"{how}{parameter.low:g} to {parameter.high:g}{', evenly by ratio' if parameter.log else ''}"
