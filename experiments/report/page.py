"""The frame of a report: head, style and contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1b2a3a; --soft: #51606f; --line: #d5dce3; --back: #ffffff; --card: #f5f7f9;
  --good: #00694d; --some: #7a5200; --bad: #a84300; --none: #51606f; --link: #005a8c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #b3bfca; --line: #3a4652; --back: #14191f;
  --card: #1d242c; --good: #4fd1a8; --some: #f2c14e; --bad: #ff9a5c; --none: #b3bfca; --link: #7cc4f0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line); }
p { max-width: 44rem; margin: .6rem 0; }
.lead { font-size: 1.1rem; color: var(--soft); }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; margin: 1rem 0 0; }
.scroll { overflow-x: auto; margin: 1rem 0; }
.scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; font-weight: 600; padding-bottom: .4rem; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--soft); vertical-align: bottom; }
tbody th { font-weight: 500; max-width: 26rem; }
summary { cursor: pointer; font-weight: 600; font-size: .9rem; margin: 1rem 0; color: var(--link); }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
td.number, th.number { text-align: right; white-space: nowrap; }
.unit { display: block; font-weight: 400; color: var(--soft); }
.note { font-size: .85rem; color: var(--soft); }
figure { margin: 1.2rem 0; }
figure img { max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 6px;
  padding: 6px; }
figcaption { max-width: 44rem; font-size: .9rem; color: var(--soft); margin-top: .4rem; }
.verdict { border: 1px solid var(--line); border-left: 6px solid var(--tone); background: var(--card);
  border-radius: 6px; padding: .7rem 1rem; margin: 1rem 0; max-width: 46rem; }
.verdict strong { color: var(--tone); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem;
  overflow-x: auto; font-size: .85rem; line-height: 1.45; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; font-size: .9rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --back: #fff; --card: #fff;
  --good: #00694d; --some: #7a5200; --bad: #a84300; --none: #333; }
  body { font-size: 10pt; } main { max-width: none; padding: 0; } nav { display: none; }
  h2 { break-after: avoid; } figure, .verdict { break-inside: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; } .scroll { overflow: visible; }
  table { font-size: 8pt; } th, td { padding-right: .5rem; }
  pre { white-space: pre-wrap; } }
"""

# The page may show what is inside it and nothing else: no script, no request.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def page(title: str, lead: str, sections: Sequence[tuple[str, str]]) -> str:
    """The whole document, from headings and the HTML of their sections; a heading may be empty."""
    anchors = _anchors([heading for heading, _ in sections])
    body = "\n".join(
        _section(heading, anchor, content) for (heading, content), anchor in zip(sections, anchors, strict=True)
    )
    contents = _contents([heading for heading, _ in sections], anchors)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
{f'<p class="lead">{escape(lead)}</p>' if lead else ""}
{contents}
{body}
</main>
</body>
</html>
"""


def _section(heading: str, anchor: str, content: str) -> str:
    if not heading:
        return content
    return f'<section aria-labelledby="{anchor}">\n<h2 id="{anchor}">{escape(heading)}</h2>\n{content}\n</section>'


def _contents(headings: Sequence[str], anchors: Sequence[str]) -> str:
    entries = [(heading, anchor) for heading, anchor in zip(headings, anchors, strict=True) if heading]
    if len(entries) < 3:
        return ""
    links = "".join(f'<li><a href="#{anchor}">{escape(heading)}</a></li>' for heading, anchor in entries)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _anchors(headings: Sequence[str]) -> list[str]:
    """Names for links inside the page: letters and digits of the heading, made unique by its place."""
    return [
        f"s{place}-" + re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") for place, heading in enumerate(headings)
    ]
