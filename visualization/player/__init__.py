"""The player: JavaScript and CSS that play a recording in a page; README.md beside this file says how it is mounted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPTS = ("decode", "words", "dom", "scene", "draw", "difference", "charts", "drawer", "player")
"""The files of the player; they share one scope."""


@cache
def script() -> str:
    """The JavaScript of the player as one text, which sets ``window.RipienoPlayer``."""
    parts = [bare((FOLDER / f"{name}.js").read_text(encoding="utf-8")) for name in SCRIPTS]
    return "\n".join(['(() => {\n"use strict";', *parts, "window.RipienoPlayer = { mount };\n})();\n"])


@cache
def style() -> str:
    """The CSS of the player."""
    return bare((FOLDER / "player.css").read_text(encoding="utf-8"))


def bare(source: str) -> str:
    """A source as it is sent: without indentation, empty lines and comments; lines are not joined."""
    lines = (re.sub(r"(^|(?<=[;,{]) )// .*", "", line.strip()) for line in source.splitlines())
    return "\n".join(line for line in lines if line)
