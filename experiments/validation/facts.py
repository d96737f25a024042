"""Published facts: parameters and expected numbers of the literature, as JSON files beside this module."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Facts:
    """One case: where it was published, its parameters and the numbers that are expected."""

    name: str
    source: str
    origin: str
    parameters: dict[str, Any]
    expected: dict[str, Any]


def facts(name: str) -> Facts:
    """The facts of a case, by the name of its file.

    Raises `FileNotFoundError` if there is no such case.
    """
    text = files(__package__).joinpath("cases", f"{name}.json").read_text(encoding="utf-8")
    case = json.loads(text)
    return Facts(case["name"], case["source"], case["origin"], case["parameters"], case["expected"])
