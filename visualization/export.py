"""A recording as a page of its own: one HTML file that plays from a disk, without a server and without a request."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .player import script, style
from .recording import Recording

Rows = Sequence[Mapping[str, Any]]
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""The browser itself refuses every request of the page."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{style}
{own}
</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
{lead}
</header>
<div id="player"></div>
<noscript><p>The pictures need JavaScript; the numbers below do not.</p></noscript>
{table}
<details>
<summary>Where this comes from</summary>
{provenance}
</details>
</main>
<script type="application/octet-stream" id="recording">{content}</script>
<script>
{script}
const packed = atob(document.getElementById("recording").textContent);
window.player = window.RipienoPlayer.mount(
  document.getElementById("player"), Uint8Array.from(packed, (c) => c.charCodeAt(0)).buffer, {options});
</script>
</body>
</html>
"""
OWN = """body { margin: 0; background: #ffffff; color: #1b2733; }
main { max-width: 1440px; margin: 0 auto; padding: 18px 20px 40px;
  font: 14px/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
h1 { font-size: 22px; margin: 0; }
header p { margin: 4px 0 0; max-width: 120ch; }
main > table { border-collapse: collapse; margin: 22px 0 10px; }
main > table caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
main > table th, main > table td { padding: 3px 14px 3px 0; text-align: left; border-bottom: 1px solid #8884; }
details { margin-top: 18px; overflow-wrap: anywhere; }
dt { font-weight: 600; } dd { margin: 0 0 6px; }
@media (prefers-color-scheme: dark) { body { background: #0b1117; color: #eef3f8; } }"""


def page(
    recording: Recording,
    title: str = "",
    lead: str = "",
    results: Rows = (),
    options: Mapping[str, Any] | None = None,
) -> str:
    """The page as text.

    ``title`` is the scenario's name if left out, ``lead`` a paragraph that says what is compared. ``results`` are rows
    of paired numbers, each a mapping with the same keys, shown as a table below the player. ``options`` are those of
    the player, such as ``{"day": 83, "site": "Hanover"}``.
    """
    content = base64.b64encode(recording.to_bytes()).decode("ascii")
    return PAGE.format(
        policy=POLICY,
        title=html.escape(title or recording.name),
        style=style(),
        own=OWN,
        lead="".join(
            f"<p>{html.escape(text)}</p>" for text in (lead or recording.description, _compared(recording)) if text
        ),
        table=_table(results, "Paired results") + _differences(recording),
        provenance=_provenance(recording),
        content=content,
        script=script(),
        options=_in_script(dict(options or {})),
    )


def export(recording: Recording, path: str | Path, **about: Any) -> Path:
    """Write the page of a recording, see `page`, to a file; an earlier one is replaced when the new one is complete."""
    target = Path(path)
    text = page(recording, **about)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _compared(recording: Recording) -> str:
    if len(recording.worlds) < 2:
        return ""
    first, second = recording.worlds
    horizon = f"one run of {recording.periods} {recording.period}s"
    return f"A: {first.label}. B: {second.label}. Both on the same random numbers, {horizon}."


def _differences(recording: Recording) -> str:
    rows: Rows = [{"key of the scenario": each.key, "A": each.a, "B": each.b} for each in recording.differences]
    return _table(rows, "What differs")


def _table(results: Rows, caption: str) -> str:
    if not results:
        return ""
    names = list(results[0])
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in names)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_cell(row.get(name, '')))}</td>" for name in names) + "</tr>"
        for row in results
    )
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _provenance(recording: Recording) -> str:
    parts = []
    for world in recording.worlds:
        items = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in world.provenance.items())
        parts.append(f"<h2>{html.escape(world.label)}</h2><dl>{items}</dl>")
    return "".join(parts)


def _in_script(options: Mapping[str, Any]) -> str:
    """Plain data as JavaScript that cannot end its script element."""
    return json.dumps(options, allow_nan=False).replace("<", "\\u003c")
