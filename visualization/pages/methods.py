"""Methods: what is simulated, by which rules, in which units, within which limits; keys, access, how to cite."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import solara

from ..session import use_session
from ..shell.markup import table, text
from ..shell.parts import box, html, title
from . import Page

AGENTS = (
    ("supplier", "makes goods to order as far as its capacity goes", "lots, campaigns, price breaks"),
    ("factory", "buys parts, makes goods, holds stock of both", "lots, campaign cycle, safety stock, allocation"),
    (
        "warehouse, retailer",
        "holds stock, picks in waves, orders upstream",
        "order policy, review period, safety stock, waves",
    ),
    ("carrier", "sends trucks that are full enough or have waited long enough", "threshold, longest wait, timetable"),
    ("market", "where outside demand arises; it decides nothing", "–"),
    ("orchestrator", "looks for packages of changes, asks for claims, has them voted on", "–"),
)
ARMS = (
    ("as it stands, none", "levers stay as the scenario has them"),
    ("opt", "each agent sets its levers by a closed-form model of its own cost"),
    ("selfish", "each owner tries its own levers out, for its own cost"),
    ("orch", "packages are tried out and negotiated, for the cost of the network"),
    ("opt-then-orch, orch-then-opt, interleaved", "one after the other, or in turn"),
    ("central", "the best settings that a search on the simulator finds, from the first plan on"),
)
KEYS = (
    ("Space", "play or pause"), ("← →", "a period back or on; with Shift a week"), ("Home, End", "to the ends"),
    ("[ ]", "slower, faster"), ("Enter", "open the site that has the focus"), ("Esc", "close it"),
    ("D", "the difference of the two worlds"), ("?", "keys and signs"),
)  # fmt: skip
RULES = (
    "A run is one simulated world. Two worlds that are compared share their random numbers: the same customers come on "
    "the same day, the same truck is late. What differs between them is what you changed, and nothing else.\n"
    "Differences are means over pairs of runs with 95 % intervals (Student's t on the paired differences). An interval "
    "that covers zero decides nothing. Many looks at many numbers will find something by chance; a study with "
    "predictions written down beforehand is the remedy: see the command line's ripieno study.\n"
    "The warm-up is left out of all means. Variances are population variances; fill rate is demand served from stock "
    "in the period in which it arises.\n"
    "Costs of an owner are what it pays less what it is paid; payments cancel in the cost of the network."
)
ACCESS = (
    "Everything works with the keyboard. Each site on the map is a button that says its state; charts have a table. "
    "Nothing hangs on colour alone: A is dashed and B solid, shapes tell the kind of a site, dashes overload. Light "
    "and dark "
    "follow the system or the button on top; motion stops where the system asks for less of it."
)


@solara.component
def Methods() -> Any:
    """The page."""
    session = use_session()
    title("Methods", "What is simulated here, and how far its numbers carry.")
    with box("ri-columns", []):
        with box("ri-card", []):
            html("<h2>Agents</h2>" + table(["who", "does", "levers"], [list(map(text, row)) for row in AGENTS]))
        with box("ri-card", []):
            html("<h2>Who plans: the arms</h2>" + table(["arm", "means"], [list(map(text, row)) for row in ARMS]))
    with box("ri-card", []):
        html("<h2>Rules</h2>" + "".join(f"<p>{text(rule)}</p>" for rule in RULES.splitlines()))
    with box("ri-columns", []):
        with box("ri-card", []):
            html("<h2>Keys in the player</h2>" + keys_markup() + f"<h2>Access</h2><p>{text(ACCESS)}</p>")
        with box("ri-card", []):
            html("<h2>Limits of this server</h2>" + limits_markup(asdict(session.caps)))
    with box("ri-card", []):
        html("<h2>Units, seeds and how to cite</h2>" + citing_markup(session))


def keys_markup() -> str:
    """The keys as a list of terms."""
    rows = "".join(f"<dt><kbd>{text(key)}</kbd></dt><dd>{text(what)}</dd>" for key, what in KEYS)
    return f'<dl class="ri-keys">{rows}</dl>'


def limits_markup(caps: dict[str, int]) -> str:
    """The caps as a table."""
    words = {
        "sites": "sites",
        "lanes": "lanes",
        "products": "products",
        "periods": "periods",
        "runs": "runs of a cell of an experiment",
        "cells": "cells of one experiment",
        "factors": "factors of one experiment",
        "seconds": "seconds of one simulation",
        "upload_bytes": "bytes of all files given together",
        "differences": "changed values",
        "at_once": "simulations at once",
        "waiting": "simulations in line",
        "sessions": "visitors",
    }
    rows = [[text(words[name]), f"{caps[name]:,}"] for name in words]
    return table(["at most", ""], rows, "Beyond these, use the command line on your own machine.", numbers=(1,))


def citing_markup(session: Any) -> str:
    """What a number from here needs to be repeated."""
    import ripieno

    worlds = session.worlds()
    full = worlds.a.resolved()
    return (
        f"<p>Money has no currency: it is the one of the scenario. A period is one {text(full.period)} in <em>"
        f"{text(full.name)}</em>. "
        "Goods are counted in units; weight and volume only where trucks are loaded by them.</p>"
        f"<p>The seed {worlds.seed} and the number of a run decide all random numbers: the same seed and scenario "
        f"give the same "
        "numbers, bit for bit, here and on the command line. Exports hold the scenario, the seed and a hash of the "
        "code.</p>"
        f"<p>Cite Ripieno {text(ripieno.__version__)} as CITATION.cff in its repository says, with the scenario file "
        f"and the seed. "
        "A first look here is not a result: run a study with enough replications, and predictions written down "
        "before.</p>"
    )


PAGE = Page("methods", "Methods", 5, Methods)
