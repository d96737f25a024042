"""A replaceable part as a scenario gives it: plain validated data, ``{type = "base-stock", level = 20}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, PrivateAttr

NOUNS = {
    "policies": "policy",
    "forecasts": "forecast",
    "demand": "demand process",
    "sourcing": "sourcing rule",
    "allocation": "allocation rule",
    "negotiation.protocols": "protocol",
    "negotiation.transfers": "transfer rule",
    "negotiation.governance": "rule of decision",
}
"""What a member of each family is called."""


class PartSpec(BaseModel):
    """A policy, forecast, demand process, sourcing or allocation rule as the scenario gives it.

    ``type`` is its name; its parameters are further attributes: numbers, tables ``{product: number}``, after
    `stack` arrays ``[runs]``, words, lists, or further parts.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    type: str
    _family: str = PrivateAttr(default="")

    @classmethod
    def of(cls, family: str, type_: str, values: Mapping[str, Any]) -> PartSpec:
        """Make a spec from values that are already checked."""
        spec = cls.model_construct(type=type_, **values)
        spec._family = family
        return spec

    @property
    def family(self) -> str:
        """The sub-package of ``agents`` that the part belongs to, such as ``"policies"``."""
        return self._family

    def given(self) -> dict[str, Any]:
        """The parameters by name."""
        return dict(self.__pydantic_extra__ or {})

    def replacing(self, **values: Any) -> PartSpec:
        """The same part with other (already checked) values of some parameters."""
        return PartSpec.of(self.family, self.type, self.given() | values)
