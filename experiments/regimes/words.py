"""The recommendation: what follows from the numbers of an advice by one stated rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from ..compare.pairing import ALPHA
from ..report import written
from ..report.numbers import probability
from .advice import FULL_RUNS, MARGIN, Advice
from .gains import FEES
from .ingredients import CONTROLS

PAYS, ENOUGH, NOTHING, LOSES, OPEN, QUICK = (
    "orchestration pays",
    "local optimisation is enough here",
    "levers may stay as they are",
    "orchestration loses here",
    "cannot be told yet",
    "no verdict",
)
RULE = (
    "Orchestration is compared with the best of the arms none, opt and selfish, the one with the least mean cost. If "
    f"both cost the same within {100 * MARGIN:g} % (two one-sided tests at {100 * ALPHA:g} %), that arm is enough. "
    "Otherwise orchestration pays if it gains over all three after Holm's correction; it loses if it costs more than "
    "the best one; and else that cannot be told yet. An ingredient pays if leaving it out costs more, told from 0 "
    "after Holm's correction over the four. A quick look gives no verdict."
)
EVALUATED = {
    "none": "levers stay as the scenario has them",
    "opt": "each agent optimises alone by its own closed-form model",
    "selfish": "each owner optimises alone with the evaluator of the orchestration",
}


class Recommendation(NamedTuple):
    """A word, and sentences with the numbers that it follows from."""

    word: str
    sentences: tuple[str, ...]


def recommendation(advice: Advice) -> Recommendation:
    """What to do, by `RULE`."""
    word = verdict(advice)
    said = [_headline(advice), *_overhead(advice), *_ingredients(advice), *_sureness(advice), *_map(advice)]
    if advice.quick:
        return Recommendation(
            QUICK, ("This is a quick look, which gives no verdict.", f"It looks like: {word}.", *said)
        )
    return Recommendation(word, tuple(said))


def verdict(advice: Advice) -> str:
    """The word alone, as the numbers have it."""
    if advice.equivalence.equivalent:
        return NOTHING if advice.best == "none" else ENOUGH
    outcomes = {control: advice.gain_over(control)["outcome"] for control in CONTROLS}
    if outcomes[advice.best] == "loses":
        return LOSES
    return PAYS if set(outcomes.values()) == {"gains"} else OPEN


def _headline(advice: Advice) -> str:
    row = advice.gain_over(advice.best)
    period = advice.found.scenario.period
    best = f"the best of the others, {advice.best} ({EVALUATED[advice.best]}; {_money(row['control_mean'])} a {period})"
    interval = f"[{_money(row['low'])}, {_money(row['high'])}] a {period}"
    numbers = f"{_money(row['estimate'])} {interval}, {_percent(row['relative'])}"
    same = f"; both cost the same within {100 * MARGIN:g} %" if advice.equivalence.equivalent else ""
    return f"Orchestration gains {numbers} over {best}; p {_p(row['p_holm'])}{same}."


def _overhead(advice: Advice) -> Iterator[str]:
    period, fees = advice.found.scenario.period, advice.charged[FEES]
    row = advice.gain_over(advice.best)
    if fees > 0:
        yield f"Running agreements costs {_money(fees)} a {period}, which is in these numbers."
    elif row["outcome"] == "gains":
        yield (
            f"The scenario charges nothing for running agreements. The gain is above what they cost as long as that is "
            f"less than {_money(row['low'])} a {period} (the lower bound)."
        )


def _ingredients(advice: Advice) -> Iterator[str]:
    table, period = advice.ingredients, advice.found.scenario.period
    pays, costs, still = (table[table["outcome"] == word] for word in ("pays", "costs", "open"))
    if len(pays):
        lead = "It rests on" if verdict(advice) == PAYS else "Within orchestration it pays to have"
        yield f"{lead} {_listed([_worth(row, period) for _, row in pays.iterrows()])}."
    for _, row in costs.iterrows():
        interval = f"[{_money(-row['high'])}, {_money(-row['low'])}]"
        yield f"It would be cheaper without {row['ingredient']}, by {_money(-row['estimate'])} {interval} a {period}."
    same = still["deviation"].eq(0) & still["estimate"].eq(0)
    for _, row in still[same].iterrows():
        yield f"Leaving out {row['ingredient']} changes the cost in no run."
    for _, row in still[still["small"] & ~same].iterrows():
        share = f"{100 * MARGIN:g} %"
        yield f"What {row['ingredient']} is worth cannot be told from 0; it is less than {share} of the cost."
    for _, row in still[~still["small"] & ~same].iterrows():
        bounds = f"[{_money(row['low'])}, {_money(row['high'])}]"
        yield f"What {row['ingredient']} is worth cannot be told from 0: {_money(row['estimate'])} {bounds} a {period}."


def _worth(row: pd.Series, period: str) -> str:
    interval = f"[{_money(row['low'])}, {_money(row['high'])}]"
    return f"{row['ingredient']} (worth {_money(row['estimate'])} {interval} a {period}, p {_p(row['p_holm'])})"


def _sureness(advice: Advice) -> Iterator[str]:
    yield f"This rests on {advice.runs} paired runs of each of {len(advice.found.arms)} arms in this network."
    if advice.runs < FULL_RUNS:
        yield f"The studies ask for {FULL_RUNS} runs before a verdict."
    if verdict(advice) == OPEN and advice.runs_wanted > advice.runs:
        yield f"About {advice.runs_wanted:,} runs would bring the interval to 1 % of the cost on either side."


def _map(advice: Advice) -> Iterator[str]:
    reading, made = advice.reading, advice.map
    if reading is None or made is None:
        return
    name = f"the map of the study {made.study}{' (a quick look)' if made.quick else ''}"
    if reading.unknown:
        yield f"On {name} it has no place: {_listed(reading.unknown)} cannot be measured here."
        return
    outside = _listed([coordinate.replace("_", " ") for coordinate in reading.beyond])
    where = f"beyond its range in {outside}" if reading.beyond else "far from its points"
    lies = f"It lies inside {name}" if reading.inside else f"It lies outside {name}, {where}: this is a guess"
    yield (
        f"{lies}. There orchestration gains {_percent(reading.estimate)} [{_percent(reading.low)}, "
        f"{_percent(reading.high)}] over {made.against} on the surface; single networks lie up to "
        f"{_percent(reading.reach)} off it. The rule says: {'it pays' if reading.pays else 'it is not shown to pay'}."
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _money(value: float) -> str:
    return written(float(value), 3)


def _percent(share: float) -> str:
    return f"{written(100 * float(share), 3)} %"


def _p(value: float) -> str:
    text = probability(float(value))
    return text if text.startswith("<") else f"= {text}"
