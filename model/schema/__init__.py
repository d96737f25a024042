"""The scenario: what it may say, reading and checking it, filling in its defaults, and stacking design points."""

from __future__ import annotations

from .building import build_part, expand
from .changes import get_value
from .differences import differences
from .exported import json_schema
from .keys import leaf_keys
from .partspec import PartSpec
from .problems import ScenarioError
from .scenario import Scenario, with_values
from .stack import StructureDiffers, groups, stack
from .timeline import timeline
from .toml import bundled, dumps_toml, load, parse

__all__ = [
    "PartSpec",
    "Scenario",
    "ScenarioError",
    "StructureDiffers",
    "build_part",
    "bundled",
    "differences",
    "dumps_toml",
    "expand",
    "get_value",
    "groups",
    "json_schema",
    "leaf_keys",
    "load",
    "parse",
    "stack",
    "timeline",
    "with_values",
]
