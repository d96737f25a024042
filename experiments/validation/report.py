"""The measured targets as tables for people, one for each source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.table import Table

from .targets import Kind, Target

MARKS = {"pass": "pass", "miss": "[bold red]MISS[/]"}


def tables(targets: Sequence[Target]) -> Iterator[Table]:
    """One table for each source, all with the same columns; standard errors where something is random."""
    width = max((len(_label(target)) for target in targets), default=0)
    for source, members in groupby(by_source(targets), key=lambda target: target.source):
        made = Table(title=source, title_justify="left", title_style="bold", box=None, header_style="dim")
        made.add_column("target", min_width=width, no_wrap=True)
        for column in ("expected", "measured", "std. error", "tolerance"):
            made.add_column(column, justify="right", min_width=10, no_wrap=True)
        made.add_column("")
        for target in members:
            made.add_row(*_cells(target))
        yield made


def by_source(targets: Iterable[Target]) -> list[Target]:
    """The targets with those of one source together, sources in the order of their first target."""
    grouped: dict[str, list[Target]] = {}
    for target in targets:
        grouped.setdefault(target.source, []).append(target)
    return [target for members in grouped.values() for target in members]


def summary(targets: Sequence[Target]) -> Iterator[str]:
    """One line for each kind, and one for each miss that says what is wrong."""
    meanings: dict[Kind, str] = {
        "engine": "measured on the engine",
        "closed-form": "formulas, which say nothing about the engine",
        "information": "for information, never judged",
    }
    for kind, meaning in meanings.items():
        of_kind = [target for target in targets if target.kind == kind]
        missed = sum(target.verdict == "miss" for target in of_kind)
        if of_kind:
            yield (
                f"{len(of_kind)} targets {meaning}: {missed} missed"
                if kind != "information"
                else (f"{len(of_kind)} numbers {meaning}")
            )
    for target in targets:
        if target.verdict == "miss":
            why = "the sample is too small" if target.too_wide else f"tolerance {target.tolerance:.3g}"
            yield f"missed: {target.name}: expected {target.expected:.9g}, measured {target.measured:.9g}, {why}"


def _label(target: Target) -> str:
    return target.name if target.kind == "engine" else f"{target.name} ({target.kind})"


def _cells(target: Target) -> list[str]:
    error = "" if target.standard_error is None else f"{target.standard_error:.2g}"
    tolerance = "" if target.tolerance is None else f"{target.tolerance:.2g}"
    mark = MARKS[target.verdict] if target.tolerance is not None else ""
    return [_label(target), _digits(target.expected), _digits(target.measured), error, tolerance, mark]


def _digits(value: float) -> str:
    return f"{value:.8g}"
