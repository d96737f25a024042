"""Dated changes of parameters: "act on day 90"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import field_validator, model_validator

from .common import Table, other, whole
from .problems import Problem, Refused, refuse


class Intervention(Table):
    """From period ``at`` (until the one before ``until``) some numbers have other values, or so many times their value.

    A factor acts on what the number is without it in that period: the value in the scenario, whatever a study makes of
    it, or what interventions before it in the file have made of it. Whole numbers are rounded.
    """

    at: int = whole("first period with the new values", unit="periods")
    until: int | None = whole(
        "first period with the old values again; left out, they stay", unit="periods", default=None
    )
    set: dict[str, Any] = other('{"dotted key": new value}', default=dict)
    scale: dict[str, Any] = other('{"dotted key": factor on its value}', default=dict)

    @field_validator("set", "scale", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        return flat(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _changes_something(self) -> Intervention:
        if not self.set and not self.scale:
            raise refuse("changes nothing", 'name a key, as in set = {"warehouses.W.policy.level" = 30}')
        both = next((key for key in self.scale if key in self.set), None)
        if both is not None:
            raise Refused(
                Problem(("scale", both), "is set by the same intervention", "give one of them", self.scale[both])
            )
        return self

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
