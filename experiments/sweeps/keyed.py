"""Values to set in a scenario, by dotted key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def keyed(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys: unquoted dotted keys of TOML arrive as nested tables.

    A table with a ``type`` is a part, such as a policy or a protocol, and stays whole: it takes the place of the one
    in the scenario.

    >>> keyed({"warehouses": {"W": {"policy": {"type": "base-stock", "level": 3}, "holding_cost": 1}}})
    {'warehouses.W.policy': {'type': 'base-stock', 'level': 3}, 'warehouses.W.holding_cost': 1}
    """
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and "." not in key and "type" not in value:
            found |= keyed(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
