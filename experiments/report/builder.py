"""The report builder: call after call adds to the page, `write` makes the file."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .numbers import column, merged, probability, written
from .page import page
from .pictures import data_address

FOLDED_ROWS = 30
"""A table with more rows shows only its caption until it is opened."""
INTERVAL = ("estimate", "low", "high")
P_VALUES = {"p", "p_holm"}
TONES = {
    "supported": ("good", "✔"),
    "only here": ("some", "◐"),
    "not supported": ("bad", "✘"),
    "no verdict": ("none", "…"),
    "better": ("good", "✔"),
    "worse": ("bad", "✘"),
    "cannot be told": ("none", "…"),
}


class Report:
    """One self-contained HTML page: light and dark, printable, readable aloud, without script or outside request.

    Every method that adds something returns the report, so that calls can be chained. All text is plain: whatever is
    in it is shown, never interpreted. The same calls give the same bytes; nothing of the day or the machine gets in
    unless it is passed in.

    >>> report = Report("Does it pay?").section("Question").text("Is 1 < 2?")
    >>> "<p>Is 1 &lt; 2?</p>" in report.html()
    True
    """

    def __init__(self, title: str, lead: str = "") -> None:
        self.title = title
        self.lead = lead
        self._sections: list[tuple[str, list[str]]] = [("", [])]

    def section(self, heading: str) -> Report:
        """Begin a section; a page with three or more gets a list of contents."""
        self._sections.append((heading, []))
        return self

    def text(self, *paragraphs: str) -> Report:
        """Add paragraphs of plain text."""
        return self._add("\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs))

    def verdict(self, word: str, sentence: str = "") -> Report:
        """Add a verdict: one of the words in `TONES`, each with its sign and colour, or a word of your own."""
        tone, sign = TONES.get(word, ("none", "•"))
        said = f" {escape(sentence)}" if sentence else ""
        return self._add(
            f'<p class="verdict" style="--tone: var(--{tone})"><strong><span aria-hidden="true">{sign}</span> '
            f"{escape(word)}.</strong>{said}</p>"
        )

    def table(
        self,
        table: pd.DataFrame,
        caption: str,
        units: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        most: int = 500,
    ) -> Report:
        """Add a table with its caption and the units of its columns.

        The columns ``estimate, low, high`` are written as one, ``estimate [low, high]``, and p-values (``p``,
        ``p_holm``) with two digits. ``labels`` renames columns for the reader. A long table is folded until the reader
        opens it; one of more than ``most`` rows is cut, and a note says so. Raises `ValueError` for a unit or label of
        a column that is not there.
        """
        unknown = {*(units or {}), *(labels or {})} - {str(name) for name in table.columns}
        if unknown:
            raise ValueError(f"units or labels for columns that the table does not have: {sorted(unknown)}")
        shown = table.head(most)
        numeric = {str(name) for name in shown.columns if pd.api.types.is_numeric_dtype(shown[name])}
        if set(INTERVAL) <= set(table.columns):
            shown = merged(shown)
        shown = shown.assign(**{name: shown[name].map(probability) for name in P_VALUES & set(shown.columns)})
        names = [str(name) for name in shown.columns]
        head = "".join(_heading(name, name in numeric, (units or {}), (labels or {})) for name in names)
        kinds = [name in numeric for name in names]
        body = "\n".join(_row(row, kinds) for row in zip(*(column(shown[name]) for name in names), strict=True))
        note = f'<p class="note">The first {most:,} of {len(table):,} rows.</p>' if len(table) > most else ""
        drawn = (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table>\n'
            f"<caption>{escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n"
            f"</table></div>{note}"
        )
        if len(shown) <= FOLDED_ROWS:
            return self._add(drawn)
        return self._add(f"<details><summary>{escape(caption)}: {len(table):,} rows</summary>\n{drawn}\n</details>")

    def figure(self, picture: Any, caption: str, alt: str) -> Report:
        """Add a matplotlib figure, or SVG text, or the bytes of a PNG or SVG file.

        ``alt`` says in words what the picture shows. Raises `ValueError` when it is empty: a reader who cannot see
        the picture would get nothing.
        """
        if not alt.strip():
            raise ValueError(f"the figure {caption!r} needs a text that says what it shows (alt)")
        return self._add(
            f'<figure><img src="{data_address(picture)}" alt="{escape(alt)}">'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
        )

    def code(self, text: str) -> Report:
        """Add lines to be typed, such as the command that makes this report again."""
        return self._add(f"<pre><code>{escape(text)}</code></pre>")

    def facts(self, facts: Mapping[str, Any]) -> Report:
        """Add a list of names and values, such as the provenance; nested mappings get dotted names."""
        entries = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(written(value, 6))}</dd>" for name, value in _flat(facts)
        )
        return self._add(f"<dl>{entries}</dl>")

    def html(self) -> str:
        """The page as text."""
        sections = [(heading, "\n".join(parts)) for heading, parts in self._sections if heading or parts]
        return page(self.title, self.lead, sections)

    def write(self, path: str | Path) -> Path:
        """Write the page as UTF-8 and return its path; a reader never sees a half-written file."""
        target = Path(path)
        draft = target.with_name(f".{target.name}.part")
        draft.write_bytes(self.html().encode())
        draft.replace(target)
        return target

    def _add(self, content: str) -> Report:
        self._sections[-1][1].append(content)
        return self


def _heading(name: str, numeric: bool, units: Mapping[str, str], labels: Mapping[str, str]) -> str:
    unit = f' <span class="unit">{escape(units[name])}</span>' if units.get(name) else ""
    label = labels.get(name, "estimate [interval]" if name == INTERVAL[0] else name.replace("_", " "))
    kind = ' class="number"' if numeric else ""
    return f'<th scope="col"{kind}>{escape(label)}{unit}</th>'


def _row(cells: tuple[str, ...], numeric: list[bool]) -> str:
    first, *rest = [escape(cell) for cell in cells]
    kinds = [' class="number"' if number else "" for number in numeric]
    others = "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(rest, kinds[1:], strict=True))
    return f'<tr><th scope="row"{kinds[0]}>{first}</th>{others}</tr>'


def _flat(facts: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{before}{name}.")
        elif isinstance(value, list | tuple | np.ndarray):
            pairs.append((f"{before}{name}", ", ".join(written(entry, 6) for entry in value)))
        else:
            pairs.append((f"{before}{name}", value))
    return pairs
