"""Dated changes of parameters: "act on day 90"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import field_validator, model_validator

from .common import Table, other, whole
from .problems import Problem, Refused, refuse


class Intervention(Table):
    """From period ``at`` (until the one before ``until``) some numbers have other values."""

    at: int = whole("first period with the new values", unit="periods")
    until: int | None = whole(
        "first period with the old values again; left out, they stay", unit="periods", default=None
    )
    set: dict[str, Any] = other('{"dotted key": new value}')

    @field_validator("set", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        if not value:
            raise refuse("is empty", 'name a key, as in {"warehouses.W.policy.level" = 30}', {})
        return flat(value)

    @model_validator(mode="after")
    def _ordered(self) -> Intervention:
        if self.until is not None and self.until <= self.at:
            raise Refused(Problem(("until",), f"is not after at = {self.at}", "give a later period", self.until))
        return self


def flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys: unquoted dotted keys of TOML arrive as nested tables."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping) and "." not in key:
            found |= flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
