"""What a comparison comes to, in sentences with numbers; an arm that loses is said to lose."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ...model.planning import first_plan
from ...model.schema import Scenario
from ..report import written
from ..report.numbers import probability
from .findings import Findings
from .gap import BEST, CLOSED, NEEDED, QUALITY, SHARED, WHOLE
from .looked_at import SHARE, Shown, shown_first
from .pairing import constant, outcome, row_of

FEW = 10


def verdicts(findings: Findings) -> list[str]:
    """The sentences: the cost of each arm and what it does to service, who wins, and the gap."""
    if len(findings.arms) < 2:
        return [f"There is one arm, {findings.reference}, and nothing to compare it with."]
    said = list(caution(findings))
    said += [of_arm(findings, arm) for arm in findings.others]
    return [*said, *further(findings)]


def of_arm(findings: Findings, arm: str) -> str:
    """What an arm costs against the reference, and what it does to service and flow."""
    return " ".join([_cost(findings, arm), *_besides(findings, arm)])


def further(findings: Findings) -> list[str]:
    """Who wins and loses, how much of the gap is closed, and what the gain is made of."""
    owners = [sentence for arm in findings.others for sentence in _owners(findings, arm)]
    return [*owners, *_closed(findings), *_split(findings)]


def caution(findings: Findings) -> Iterator[str]:
    """What to know of a comparison of few runs, and of one that counts from the middle of the first plan on."""
    if findings.runs < 2:
        yield "With one run there are no intervals: nothing here can be told from chance. Give more with --runs."
    elif findings.runs < FEW:
        yield f"{findings.runs} runs are few: the intervals are wide, and rest on how the costs of runs are spread."
    yield from counted_in_part(findings)


def counted_in_part(findings: Findings) -> Iterator[str]:
    """What to know where counting begins in the middle of what the first plan does."""
    lag = max(map(_uncounted, findings.worlds.values()))
    if lag > 0:
        after = f"{lag} {findings.scenario.period}{'s' * (lag > 1)} after the first plan and before the second"
        yield (
            f"Counting begins {after}: what the first packages save or cost at once is counted in part. "
            f"Let orchestration.first be warm_up, or far earlier."
        )


def _uncounted(world: Scenario) -> int:
    """Periods from the first plan to the end of the warm-up, where no second plan comes in between; else 0."""
    spec = world.orchestration
    if spec is None or spec.arm in ("none", "central"):
        return 0
    lag = world.warm_up - first_plan(world)
    return lag if 0 < lag < spec.cadence else 0


def _cost(findings: Findings, arm: str) -> str:
    reference, period = findings.reference, findings.scenario.period
    row = row_of(findings.paired, "cost", arm, reference)
    if row is None or pd.isna(row["estimate"]):
        return f"{arm} has no cost that could be compared with {reference}'s."
    if constant(row) and row["estimate"] == 0:
        return f"{arm} costs the same as {reference} in every run."
    interval = f"[{_money(min(abs(row['low']), abs(row['high'])))}, {_money(max(abs(row['low']), abs(row['high'])))}]"
    relative = "" if pd.isna(row["relative"]) else f"{_percent(row['relative'])}, "
    numbers = f"{_money(abs(row['estimate']))} {interval} a {period}"
    how = outcome(row)
    if how == "open":
        return _untold(findings, arm, row)
    p = f"{relative}p {_p(row['p_holm'])}"
    if how == "lower":
        return f"{arm} costs less than {reference} by {numbers} ({p})."
    return f"{arm} loses: it costs more than {reference} by {numbers} ({p})."


def _untold(findings: Findings, arm: str, row: pd.Series) -> str:
    reference, period = findings.reference, findings.scenario.period
    interval = "" if pd.isna(row["low"]) else f" [{_signed(row['low'])}, {_signed(row['high'])}]"
    runs = f"{row['count']} run{'s' if row['count'] != 1 else ''}"
    return (
        f"{arm} cannot be told from {reference} by its cost with {runs}: "
        f"the difference is {_signed(row['estimate'])}{interval} a {period}."
    )


def _besides(findings: Findings, arm: str) -> Iterator[str]:
    """What the arm does to the other metrics that are looked at first, as far as it can be told."""
    parts = []
    for shown in shown_first(findings.scenario, findings.summary):
        row = row_of(findings.paired, shown.name, arm, findings.reference)
        if shown.name == "cost" or row is None or outcome(row) == "open":
            continue
        sign = "better" if shown.good(outcome(row)) else "worse"
        before = row["control_mean"]
        parts.append(f"{shown.title} {_level(before, shown)} to {_level(before + row['estimate'], shown)} ({sign})")
    if parts:
        yield f"Besides: {', '.join(parts)}."


def _owners(findings: Findings, arm: str) -> Iterator[str]:
    rows = findings.scores[findings.scores["arm"] == arm]
    row = row_of(findings.paired, "cost", arm, findings.reference)
    if len(rows) < 2 or row is None:
        return
    wins, loses = int((rows["outcome"] == "wins").sum()), int((rows["outcome"] == "loses").sum())
    if not wins + loses:
        yield f"Under {arm} no owner's own score can be told from that under {findings.reference}."
        return
    ends = {"lower": "falls", "higher": "rises", "open": "cannot be told from before"}[outcome(row)]
    link = "while" if (ends == "rises" and wins) or (ends == "falls" and loses) else "and"
    sentence = f"Under {arm} {wins} of {len(rows)} owners win and {loses} lose by their own score, {link} "
    yield f"{sentence}the network's cost {ends}{_hardest(rows, findings.scenario.period)}."


def _hardest(rows: pd.DataFrame, period: str) -> str:
    losers = rows[rows["outcome"] == "loses"]
    if losers.empty:
        return ""
    most = losers.iloc[int(losers["estimate"].argmax())]
    return f"; {most['owner']} loses most, {_money(most['estimate'])} a {period}"


def _closed(findings: Findings) -> Iterator[str]:
    rows = findings.gap[findings.gap["part"] == CLOSED]
    for start, group in rows.groupby("from", sort=False):
        notes = group["note"][group["note"] != ""]
        if len(notes) == len(group):
            yield f"No share of the gap from {start} to {BEST} is given: {notes.iloc[0]}."
            continue
        told = [f"{row['to']} closes {_share(row)}" for _, row in group.iterrows() if not row["note"]]
        yield f"Of the gap from {start} to {BEST}, {', '.join(told)}."
    if rows.empty and BEST not in findings.arms and set(NEEDED) & set(findings.arms):
        yield f"How much of the possible gain this is, the arm {BEST} would tell; it is not among the arms."


def _split(findings: Findings) -> Iterator[str]:
    rows = {row["part"]: row for _, row in findings.gap.iterrows()}
    if WHOLE not in rows:
        return
    quality, shared, whole = rows[QUALITY], rows[SHARED], rows[WHOLE]
    period = findings.scenario.period
    ends = f"{whole['from']} to {whole['to']}"
    parts = f"opt to selfish {_gain(quality)}, selfish to orch {_gain(shared)} a {period}"
    if whole["note"]:
        yield f"Model quality and shared objective have no shares: {whole['note']}. Gains: {parts}."
    else:
        told = f"{_share(quality)} is model quality and {_share(shared)} the shared objective"
        yield f"Of the gain from {ends}, {told}: {parts}."


def _share(row: pd.Series) -> str:
    return f"{_percent(row['share'])} [{_percent(row['share_low'])}, {_percent(row['share_high'])}]"


def _gain(row: pd.Series) -> str:
    bounds = "" if pd.isna(row["gain_low"]) else f" [{_money(row['gain_low'])}, {_money(row['gain_high'])}]"
    return f"{_money(row['gain'])}{bounds}"


def _money(value: float) -> str:
    return written(float(value), 3)


def _signed(value: float) -> str:
    return f"+{_money(value)}" if value > 0 else _money(value)


def _percent(share: float) -> str:
    return f"{written(100 * float(share), 3)} %"


def _level(value: float, shown: Shown) -> str:
    return _percent(value) if shown.unit == SHARE else written(float(value), 3)


def _p(value: float) -> str:
    text = probability(float(value))
    return text if text.startswith("<") else f"= {text}"
