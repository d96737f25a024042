"""Judging predictions: at how many design points what a study expected came true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..statistics import Verdict, describe, equivalence_table, judge, paired_table
from .conditions import holds
from .formulas import value_of
from .keyed import matching
from .merging import Merged
from .predictions import LEVELS, MINUS, WITH_MARGIN, Prediction
from .study import Study

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Judged:
    """One prediction for one arm, what became of it, and the rows behind it.

    ``rows`` has one row a design point: ``point, estimate, low, high`` of the difference or of the metric itself, with
    a value or margin the bounds ``least`` and ``most``, and ``came`` ("yes", "no", "open": the interval allows both).
    """

    prediction: Prediction
    arm: str
    against: str | None
    verdict: Verdict
    rows: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The prediction in words."""
        p = self.prediction
        where = f" in {self.arm}" if self.arm != "base" else ""
        often = f", for {_percent(p.quorum or 1.0)} of them at least" if "*" in p.metric else ""
        place = f", where {p.where}" if p.where else ""
        if p.expected in LEVELS:
            within = f" (within {_percent(p.share)})" if p.share else ""
            return f"{p.metric}{where} is {p.expected.replace('-', ' ')} {_written(p.value)}{within}{often}{place}"
        within = f" within {_percent(p.share)}" if p.expected in WITH_MARGIN and p.share else ""
        words = f"{p.expected.replace('-', ' ')}{within}"
        return f"{p.metric}{where} is {words}, compared with {self.against}{often}{place}"


def judge_predictions(study: Study, merged: Merged) -> list[Judged]:
    """Every prediction of a study, for every arm that it speaks of.

    Arms without finished runs are left out, and predictions for a part of the design in which no point lies.

    A point counts for a prediction when the whole interval says so, and against it when the whole interval says the
    contrary. ``near`` and ``equivalent`` need the interval inside the bounds; ``equivalent`` uses two one-sided tests.
    """
    found = []
    for prediction in study.predictions:
        runs = spoken_of(prediction, merged.frame)
        present = set(runs["arm"])
        for arm in _arms_of(prediction, study):
            against = None if prediction.expected in LEVELS else prediction.against or study.control
            if set(single(arm, against or arm)) <= present:
                found.append(_judged(study, runs, prediction, (arm, against)))
    return found


def spoken_of(prediction: Prediction, runs: pd.DataFrame) -> pd.DataFrame:
    """The runs of the design points of which a prediction speaks."""
    if prediction.where is None:
        return runs
    points = runs.drop_duplicates("point")
    inside = [holds(prediction.where, dict(point)) for _, point in points.iterrows()]
    return runs[runs["point"].isin(points["point"][np.array(inside, dtype=bool)])]


def _arms_of(prediction: Prediction, study: Study) -> Iterator[str]:
    other = None if prediction.expected in LEVELS else prediction.against or study.control
    for arm in [prediction.arm] if prediction.arm else study.arms:
        if arm != other:
            yield arm


def single(*arms: str) -> list[str]:
    """The arms that names stand for; one such as ``orch - selfish`` stands for two."""
    return [name for arm in arms for name in arm.split(MINUS)]


def with_gains(runs: pd.DataFrame, metrics: Sequence[str], arms: Sequence[str]) -> pd.DataFrame:
    """The runs of some arms; those of ``a - b`` hold what the metrics of a have more than those of b, run by run."""
    import pandas as pd

    place = ["point", "replication"]
    tables = []
    for arm in dict.fromkeys(arms):
        first, *rest = (runs[runs["arm"] == name].set_index(place) for name in single(arm))
        values = first[list(metrics)] - rest[0][list(metrics)].reindex(first.index) if rest else first[list(metrics)]
        tables.append(first.assign(arm=arm, **{name: values[name] for name in metrics}).reset_index())
    return pd.concat(tables, ignore_index=True)


def base_of(one: Judged, runs: pd.DataFrame, metric: str) -> pd.Series:
    """What a difference is a share of: the size of the mean of the arm compared with, at every point.

    Of a difference between arms it is the first of the two.
    """
    first = single(str(one.against))[0]
    return runs[runs["arm"] == first].groupby("point")[metric].mean().abs()


def _judged(study: Study, runs: pd.DataFrame, prediction: Prediction, arms: tuple[str, str | None]) -> Judged:
    arm, against = arms
    level = study.comparison.confidence if study.comparison else 0.95
    several = "*" in prediction.metric
    metrics = matching(prediction.metric, map(str, runs.columns))
    chosen = with_gains(runs, metrics, [arm] if against is None else [arm, against])
    rows = (_counted if several else _rows)(prediction, chosen, against, level)
    # `judge` counts signs of intervals: "for" is how far the interval lies on the right side, "against" on the wrong.
    signs = rows.assign(low=rows.pop("for"), high=-rows.pop("against")).loc[:, ["low", "high"]]
    unknown = rows["low"].isna() | rows["high"].isna()
    verdict = judge(signs.mask(unknown), "higher", study.quick, level)
    came = np.where(signs["low"] > 0, "yes", np.where(signs["high"] < 0, "no", "open"))
    return Judged(prediction, arm, against, verdict, rows.assign(came=came))


def _rows(prediction: Prediction, runs: pd.DataFrame, against: str | None, level: float) -> pd.DataFrame:
    """One row a design point, with how far the interval lies on the right side (``for``) and on the wrong one."""
    return _differences(prediction, runs, against, level) if against else _values(prediction, runs, level)


def _counted(prediction: Prediction, runs: pd.DataFrame, against: str | None, level: float) -> pd.DataFrame:
    """The same for a prediction about several metrics: ``estimate`` is the share of them for which it came.

    ``low`` and ``high`` are that share and the one for which the contrary did not come; they are no intervals. At a
    point only those metrics count that are not 0 or missing in all its runs.
    """
    import pandas as pd

    tables = []
    for metric in matching(prediction.metric, map(str, runs.columns)):
        there = runs.loc[runs[metric].fillna(0.0).abs().groupby(runs["point"]).transform("max") > 0]
        if len(there):
            one = prediction.model_copy(update={"metric": metric})
            tables.append(_rows(one, there, against, level)[["point", "for", "against"]])
    signs = pd.concat(tables)
    right = (signs["for"] > 0).groupby(signs["point"]).mean()
    wrong = (signs["against"] > 0).groupby(signs["point"]).mean()
    quorum = prediction.quorum or 1.0
    rows = pd.DataFrame({"estimate": right, "low": right, "high": 1 - wrong, "against": wrong - (1 - quorum)})
    return rows.assign(**{"for": np.where(right >= quorum, 1.0, -1.0)}).reset_index()


def _values(prediction: Prediction, runs: pd.DataFrame, level: float) -> pd.DataFrame:
    rows = describe(runs, [prediction.metric], level).drop(columns=["arm", "metric", "deviation", "count", "missing"])
    points = runs.drop_duplicates("point").set_index("point").loc[rows["point"]]
    values = np.array([_value(prediction, dict(point)) for _, point in points.iterrows()])
    slack = prediction.share * np.abs(values)
    least = values - slack if prediction.expected != "at-most" else np.full(len(values), -np.inf)
    most = values + slack if prediction.expected != "at-least" else np.full(len(values), np.inf)
    return _between(rows.assign(predicted=values), least, most)


def _value(prediction: Prediction, point: dict[str, object]) -> float:
    value = prediction.value
    return value_of(value, point) if isinstance(value, str) else float(value or 0.0)


def _differences(prediction: Prediction, runs: pd.DataFrame, against: str, level: float) -> pd.DataFrame:
    if prediction.expected == "equivalent":
        rows = equivalence_table(runs, [prediction.metric], against, relative=prediction.share, alpha=1 - level)
        table = _between(rows[["point", "estimate", "low", "high"]], -rows["margin"], rows["margin"])
        # The test allows for the control's mean being an estimate, so it and not the interval decides.
        return table.assign(**{"for": np.where(rows["equivalent"], 1.0, -1.0)})
    table = paired_table(runs, [prediction.metric], against, level)
    rows = table[["point", "estimate", "low", "high"]]
    if prediction.expected in ("not-lower", "not-higher"):
        slack = prediction.share * table["control_mean"].abs()
        bound = -slack if prediction.expected == "not-lower" else slack
        endless = np.full(len(rows), np.inf)
        return _between(rows, *((bound, endless) if prediction.expected == "not-lower" else (-endless, bound)))
    falls, rises = -rows["high"], rows["low"]
    if prediction.expected == "different":
        # No interval shows that there is no difference at all, so nothing counts against it.
        return rows.assign(**{"for": np.maximum(falls, rises), "against": -1.0})
    good, bad = (falls, rises) if prediction.expected == "lower" else (rises, falls)
    return rows.assign(**{"for": good, "against": bad})


def _between(rows: pd.DataFrame, least: pd.Series | np.ndarray, most: pd.Series | np.ndarray) -> pd.DataFrame:
    """Rows with the bounds, how far the interval lies inside them and how far outside."""
    inside = np.minimum(rows["low"] - least, most - rows["high"])
    outside = np.maximum(least - rows["high"], rows["low"] - most)
    return rows.assign(least=least, most=most, **{"for": inside, "against": outside})


def _written(value: float | str | None) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
