"""Names with dots: the keys of a scenario, and patterns of keys and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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


def matching(pattern: str, known: Iterable[str]) -> list[str]:
    """The names for which a pattern stands, with ``*`` for any text.

    >>> matching("owner *.score", ["cost", "owner Depot.score", "owner Shop.score"])
    ['owner Depot.score', 'owner Shop.score']
    """
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))))
    return [name for name in known if expression.fullmatch(name)]
