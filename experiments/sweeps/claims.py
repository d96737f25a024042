"""The table of verdicts: one line for every claim that some study decides, corrected over all of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.quantity import Array
from ..statistics import Interval, holm, mean_interval
from .errors import StudyError
from .files import replace
from .findings import Findings
from .judging import Judged, base_of, single, spoken_of, with_gains
from .keyed import matching
from .merging import merge
from .opening import plan_of
from .predictions import LEVELS, WITH_MARGIN, Prediction
from .reading import STUDY_FILE
from .splitting import splits
from .store import Store

if TYPE_CHECKING:
    import pandas as pd

LEAST_REPLICATIONS = 128
COLUMNS = (
    "claim", "study", "outcome", "points", "share", "share_low", "share_high", "contrary", "effect", "effect_low",
    "effect_high", "p", "p_holm", "verdict", "where", "runs", "version", "code",
)  # fmt: skip
TEXTS = ("claim", "study", "outcome", "verdict", "where", "version", "code")
COUNTS = ("points", "contrary", "runs")
SHOWN = ("claim", "study", "points", "share", "contrary", "effect", "p_holm", "verdict", "where", "runs", "version")
AS_THEY_ARE = ("claim", "study", "points", "contrary", "verdict", "where", "version")
NO_VERDICT = "no verdict"


def folders_of(paths: Sequence[Path]) -> list[Path]:
    """The folders of studies among paths; a folder that holds such folders stands for them.

    Raises `StudyError` for a path in which there is none.
    """
    found: list[Path] = []
    for path in paths:
        inside = [path] if (path / STUDY_FILE).is_file() else sorted(p.parent for p in path.glob(f"*/{STUDY_FILE}"))
        if not inside:
            raise StudyError(f"{path}: holds no study, nor do its folders; name where studies were run")
        found += [folder for folder in inside if folder not in found]
    return found


def verdicts(paths: Sequence[Path]) -> pd.DataFrame:
    """One row a claim: ``claim, study, outcome`` (the prediction that decides it), and what came of it.

    - ``points, share, share_low, share_high``: the share of design points at which it came, with its interval.
    - ``contrary``: the number of points at which the contrary came; where neither did, the interval allows both.
    - ``effect, effect_low, effect_high``: the mean over the points of the difference, as a share of the mean of the
      arm compared with; for a prediction about many metrics, the share of them that moved as predicted.
    - ``p, p_holm``: that the effect is not as predicted, one-sided, with the run as the unit; corrected over the
      claims of the table that have a verdict.
    - ``verdict``: supported, only here (``where`` says where), not supported; "no verdict" for a quick or unfinished
      study and for fewer than 128 replications.
    - ``runs, version, code``: what it was made from.

    A path that ends in ``.csv`` is a table that was written before: its rows stay, but for those of studies that are
    here again.

    Raises `StudyError` where two studies decide the same claim, and where none decides any.
    """
    import pandas as pd

    earlier = [path for path in paths if path.suffix == ".csv"]
    rows: list[dict[str, Any]] = []
    for folder in folders_of([path for path in paths if path not in earlier]):
        _enter(rows, folder, _rows(folder))
    anew = {row["study"] for row in rows}
    for path in earlier:
        _enter(rows, path, (row for row in _read(path) if row["study"] not in anew))
    if not rows:
        cure = 'give the prediction that decides one a claim = "..."'
        raise StudyError(f"{', '.join(map(str, paths))}: no study here decides a claim; {cure}")
    table = pd.DataFrame(rows).sort_values("claim", key=lambda names: names.map(_natural), kind="stable")
    decided = (table["verdict"] != NO_VERDICT).to_numpy()
    table["p_holm"] = np.nan
    table.loc[decided, "p_holm"] = holm(table.loc[decided, "p"].to_numpy(dtype=float))
    return table[list(COLUMNS)].reset_index(drop=True)


def _enter(rows: list[dict[str, Any]], source: Path, further: Iterable[dict[str, Any]]) -> None:
    """Add the rows of a source; raises `StudyError` for a claim that has one."""
    for row in further:
        twice = next((old for old in rows if old["claim"] == row["claim"]), None)
        if twice is not None:
            cure = "name one of the two"
            raise StudyError(f"{source}: claim {row['claim']} is decided by {twice['study']} as well; {cure}")
        rows.append(row)


def _read(path: Path) -> list[dict[str, Any]]:
    """The rows of a table that was written before; raises `StudyError` where it is none."""
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise StudyError(f"{path}: is no table of verdicts ({error}); name one that this command wrote") from None
    if list(table.columns) != list(COLUMNS):
        raise StudyError(f"{path}: has other columns than a table of verdicts; name one that this command wrote")
    kinds = dict.fromkeys(TEXTS, str) | dict.fromkeys(COUNTS, int)
    return [{name: _cell(row[name], kinds.get(name, float)) for name in COLUMNS} for row in table.to_dict("records")]


def _cell(text: str, kind: Callable[[str], Any]) -> Any:
    return kind(text) if text or kind is str else np.nan


def write_verdicts(table: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the table as ``verdicts.csv`` and ``verdicts.md`` into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stream = io.StringIO()
    table.to_csv(stream, index=False, lineterminator="\n")
    written = {"verdicts.csv": stream.getvalue(), "verdicts.md": markdown(table)}
    for name, content in written.items():
        replace(folder / name, content.encode())
    return [folder / name for name in written]


def markdown(table: pd.DataFrame) -> str:
    """The table for people, in Markdown: intervals beside their numbers."""
    lines = ["| " + " | ".join(SHOWN) + " |", "|" + " --- |" * len(SHOWN)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells(table)]
    return "\n".join(lines) + "\n"


def cells(table: pd.DataFrame) -> Iterator[list[str]]:
    """The rows of the table as people read them, in the columns ``SHOWN``."""
    for row in table.to_dict("records"):
        shown = {name: str(row[name]) for name in AS_THEY_ARE}
        shown |= {name: _with_bounds(row, name) for name in ("share", "effect")}
        shown["p_holm"] = (
            "" if np.isnan(row["p_holm"]) else "< 0.001" if row["p_holm"] < 0.001 else f"{row['p_holm']:.3f}"
        )
        yield [(shown | {"runs": f"{row['runs']:,}"})[name] for name in SHOWN]


def _with_bounds(row: dict[Any, Any], name: str) -> str:
    numbers = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    if np.isnan(numbers[0]):
        return ""
    estimate, low, high = (f"{100 * number:.3g}" for number in numbers)
    return f"{estimate} % [{low}, {high}]"


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    store = Store.open(folder)
    plan = plan_of(store)
    findings = Findings(store, plan, merge(store, plan))
    if findings.merged.frame.empty:
        return
    versions = {session["versions"].get("ripieno", "unknown") for session in store.sessions()}
    made = {
        "study": findings.study.name,
        "version": ", ".join(sorted(versions)),
        "code": ", ".join(sorted({session["code_hash"][:8] for session in store.sessions()})),
    }
    for one in findings.judged:
        if one.prediction.claim is not None:
            yield {"claim": one.prediction.claim} | made | _row(findings, one)


def _row(findings: Findings, one: Judged) -> dict[str, Any]:
    counts, (effect, p) = one.verdict, effect_of(one, findings.merged.frame)
    verdict, where = _word(findings, one)
    return {
        "outcome": one.sentence, "points": counts.points,
        "share": counts.share, "share_low": counts.low, "share_high": counts.high, "contrary": counts.against,
        "effect": effect.estimate, "effect_low": effect.low, "effect_high": effect.high,
        "p": p, "verdict": verdict, "where": where, "runs": len(_behind(one, findings.merged.frame)),
    }  # fmt: skip


def _word(findings: Findings, one: Judged) -> tuple[str, str]:
    """The verdict, and where it holds or why there is none."""
    few = findings.merged.frame["replication"].nunique()
    if findings.study.quick or findings.merged.missing or few < LEAST_REPLICATIONS:
        reasons = ["quick version"] * findings.study.quick + ["unfinished"] * bool(findings.merged.missing)
        return NO_VERDICT, ", ".join(reasons) or f"{few} replications, fewer than {LEAST_REPLICATIONS}"
    if one.verdict.points == 1 and one.verdict.share == 1:
        return "only here", "at its one setting"
    if one.verdict.verdict != "only here":
        return one.verdict.verdict, ""
    points = findings.placed(one.rows)
    cuts = splits(points, findings.parameters, (points["came"] == "yes").to_numpy())
    if not cuts:
        return "only here", "no cut through one parameter tells where"
    best = cuts[0]
    return "only here", f"{best.condition}: {best.inside:.0%} of {best.points_inside}, else {best.outside:.0%}"


def effect_of(one: Judged, runs: pd.DataFrame) -> tuple[Interval, float]:
    """The effect of a prediction with its interval over replications, and the one-sided p-value against it.

    Each replication gives one number, its mean over the design points, since replications share their random numbers
    across points and arms; a point at which it has no value is left out of its mean.
    """
    prediction = one.prediction
    if prediction.expected in LEVELS or one.against is None:
        return mean_interval([]), np.nan
    runs = spoken_of(prediction, runs)
    metrics = matching(prediction.metric, map(str, runs.columns))
    several = "*" in prediction.metric
    tables = [_relative(one, runs, metric) for metric in metrics]
    if several:
        signed = [(-table if prediction.expected == "lower" else table) for table in tables]
        moved = np.stack([np.where((table == 0) | np.isnan(table), np.nan, table > 0) for table in signed])
        values = _mean(_mean(moved))
        return mean_interval(values), _p(values, prediction.quorum or 1.0, 1.0)
    values = _mean(tables[0])
    return mean_interval(values), _against(prediction, values)


def _relative(one: Judged, runs: pd.DataFrame, metric: str) -> Array:
    """The difference at every point and replication as a share of the mean there, ``[points, replications]``."""
    both = with_gains(runs, [metric], [one.arm, str(one.against)])
    wide = both.pivot(index="point", columns=["arm", "replication"], values=metric)
    size = base_of(one, runs, metric).reindex(wide.index).to_numpy(dtype=float)[:, None]
    difference = (wide[one.arm] - wide[str(one.against)]).to_numpy(dtype=float)
    return np.asarray(difference / np.where(size > 0, size, np.nan))


def _mean(values: Array) -> Array:
    """The mean over the first axis of what is not missing."""
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    return np.where(count > 0, np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _against(prediction: Prediction, values: Array) -> float:
    """The p-value of the contrary of what is expected of a difference."""
    slack = prediction.share if prediction.expected in WITH_MARGIN else 0.0
    falls, rises = _p(values, slack, -1.0), _p(values, -slack, 1.0)
    return {
        "lower": falls, "not-higher": falls, "higher": rises, "not-lower": rises,
        "equivalent": max(falls, rises), "different": min(2 * min(falls, rises), 1.0),
    }[prediction.expected]  # fmt: skip


def _p(values: Array, bound: float, sign: float) -> float:
    """One-sided t-test that the mean lies on the other side of ``bound`` than ``sign`` says (above for 1)."""
    from scipy.stats import t

    kept = values[~np.isnan(values)]
    if len(kept) < 2:
        return np.nan
    above = sign * (float(kept.mean()) - bound)
    error = float(kept.std(ddof=1)) / np.sqrt(len(kept))
    if error == 0:
        return 0.0 if above > 0 else 1.0
    return float(t.sf(above / error, len(kept) - 1))


def _behind(one: Judged, runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that a prediction is judged by."""
    names = single(one.arm, *([] if one.against is None else [one.against]))
    chosen = spoken_of(one.prediction, runs)
    return chosen[chosen["arm"].isin(names)]


def _natural(name: str) -> tuple[str, int, str]:
    """Claims in the order people count them: C2 before C10."""
    letters, digits, rest = re.match(r"(\D*)(\d*)(.*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    return letters, int(digits or 0), rest
