"""Hashes by which a study recognises what it depends on: content, the code that decides a run, the scenario."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ...model.schema import Scenario
from ...model.schema.world import plain

PACKAGE = Path(__file__).parents[2]
SWEEPS = "experiments/sweeps"
DECIDING = ("agents", "model", SWEEPS)
"""The folders whose code decides the numbers of a run."""
SEARCH = "experiments/central.py"
"""What searches for the settings of an arm of a study, and so decides its numbers too."""
UNDECIDING = (
    "cli",
    "views",
    "progress",
    "reporting",
    "findings",
    "sections",
    "gains",
    "claims",
    "published",
    "designed",
    "judging",
    "choices",
    "conditions",
    "splitting",
    "exporting",
    "verification",
    "reference",
)
"""Modules of the sweeps that only show what was run: changing one changes no run."""
IRRELEVANT = ("name", "description", "seed", "runs", "period")
"""Keys of a scenario that no run of a study depends on."""


def canonical(content: Any) -> str:
    """Plain data as the one text that stands for it: keys sorted, floats in their shortest exact form."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(content: Any, length: int = 32) -> str:
    """A hash of plain data in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()[:length]


@cache
def code_fingerprint() -> str:
    """The hash of the code that decides a run: every ``.py`` file of the agents, the model and the sweeps,
    but for those that only show results, and the search for the best settings.

    It is taken once in a process, when the code is loaded, not when a file changes later.
    """
    total = hashlib.sha256()
    paths = [path for folder in DECIDING for path in sorted((PACKAGE / folder).rglob("*.py"))]
    for path in [*paths, PACKAGE / SEARCH]:
        if path.parent == PACKAGE / SWEEPS and path.stem in UNDECIDING:
            continue
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]


def scenario_fingerprint(scenario: Scenario) -> str:
    """The hash of all that a run takes from a scenario, the source of third-party parts included."""
    table = plain(scenario.resolved())
    kept = {key: value for key, value in table.items() if key not in IRRELEVANT}
    return digest([kept, [_module_digest(name) for name in sorted(set(_foreign(table)))]])


def _foreign(table: Any) -> Iterator[str]:
    """The modules of the parts that are named ``module:Class``."""
    if isinstance(table, dict):
        kind = table.get("type")
        if isinstance(kind, str) and ":" in kind:
            yield kind.split(":")[0]
    for item in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
        yield from _foreign(item)


def _module_digest(name: str) -> str:
    spec = importlib.util.find_spec(name)
    content = Path(spec.origin).read_bytes() if spec and spec.origin and Path(spec.origin).is_file() else b""
    return hashlib.sha256(content).hexdigest()
