"""The part of a study's report on the arms whose values are chosen: what was chosen, how often and where."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pandas as pd

from ..report import Report
from .checking import acting_on
from .findings import Findings

Choices = dict[int, int]
"""The place of the chosen candidate in its list, by design point."""


def chosen(report: Report, findings: Findings) -> None:
    """What was chosen at each design point, and how often each candidate was."""
    made = {arm: choices for arm in findings.study.chosen if (choices := choices_of(findings, arm))}
    if not made:
        return
    report.section("What was chosen")
    for arm in made:
        rule = findings.study.chosen[arm]
        report.text(
            f"In {arm} the candidate with the {rule.best} mean of {rule.metric} over {rule.replications} "
            "replications of its own is chosen at every design point."
        )
    for one, other in combinations(made, 2):
        if findings.study.chosen[one].among == findings.study.chosen[other].among:
            both = [point for point in made[one] if point in made[other]]
            apart = sum(made[one][point] != made[other][point] for point in both)
            report.text(f"{one} and {other} differ at {apart} of {len(both)} design points.")
    acting = _acting(findings)
    if acting:
        report.text(f"Values are as the study has them; at a point {', '.join(acting)} act on them.")
    report.table(_counted(findings, made), "At how many design points a value was chosen")
    report.table(_placed(findings, made), "What was chosen at each design point")


def choices_of(findings: Findings, arm: str) -> Choices:
    """What was chosen in an arm, at the points for which a choice is made already."""
    plan, place = findings.plan, findings.plan.arms.index(arm)
    found = {
        point: findings.store.reference(plan.settings[setting].key)
        for point, setting in enumerate(plan.setting_of[:, place])
    }
    return {point: int(kept["place"]) for point, kept in found.items() if kept is not None}


def _acting(findings: Findings) -> list[str]:
    """The parameters that scale or shift what is chosen."""
    prepared = findings.plan.prepared
    found = [
        name
        for place, candidates in prepared.candidates.items()
        for name, _ in acting_on(prepared, place, set().union(*candidates))
    ]
    return list(dict.fromkeys(found))


def _counted(findings: Findings, made: dict[str, Choices]) -> pd.DataFrame:
    """A row for each value of each key that is chosen, in the order in which they are written."""
    counts: dict[tuple[str, Any], Counter[str]] = {}
    for arm, choices in made.items():
        candidates = findings.study.chosen[arm].candidates
        for candidate in candidates:
            for key, value in candidate.items():
                counts.setdefault((key, value), Counter())
        for place in choices.values():
            for key, value in candidates[place].items():
                counts[key, value][arm] += 1
    rows = [
        {"key": key, "value": _shown(value), **{arm: count[arm] for arm in made}}
        for (key, value), count in counts.items()
    ]
    return pd.DataFrame(rows).sort_values("key", kind="stable")


def _placed(findings: Findings, made: dict[str, Choices]) -> pd.DataFrame:
    points = sorted({point for choices in made.values() for point in choices})
    table = pd.DataFrame({"point": points})
    for arm, choices in made.items():
        candidates = findings.study.chosen[arm].candidates
        for key in candidates[0]:
            name = f"{arm}: {key.rsplit('.', 1)[-1]}"
            name = name if name not in table else f"{arm}: {key}"
            table[name] = [_shown(candidates[choices[point]][key]) if point in choices else "" for point in points]
    return findings.placed(table)


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
