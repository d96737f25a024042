"""Predictions: what a study expects, written down before its runs."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .conditions import named_in
from .errors import fault
from .formulas import names_in


class Table(BaseModel):
    """A table of a study file: unknown keys are refused, and it never changes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


LEVELS = ("near", "at-least", "at-most")
"""Predictions of a value, not of a difference between arms."""
WITH_MARGIN = ("not-lower", "not-higher", "equivalent")
"""Predictions of a difference that allow for a tolerance."""
TOLERANCE = 0.02
Expected = Literal[
    "lower", "higher", "not-lower", "not-higher", "equivalent", "different", "near", "at-least", "at-most"
]  # fmt: skip


class Prediction(BaseModel):
    """What is expected of a metric, written down before the run; further keys may say more, such as ``why``.

    A difference: in ``arm`` the metric is ``lower``, ``higher``, ``not-lower``, ``not-higher`` (but for ``tolerance``),
    ``equivalent`` (within ``tolerance`` of it) or ``different`` compared with the arm ``against``. A value: it is
    ``near`` (within ``tolerance``), ``at-least`` or ``at-most`` (but for ``tolerance``) the ``value``, a number or a
    formula over the parameters.

    A ``*`` in ``metric`` stands for any text, such as the name of an owner. The prediction then comes at a point when
    it comes for a share of at least ``quorum`` of the metrics, and its contrary when fewer could still do so.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    metric: str = Field(description="the metric")
    arm: str | None = Field(None, description="which arm; default every arm (but the control)")
    against: str | None = Field(None, description="the arm that it is compared with; default the control")
    expected: Expected = Field(description="what is expected of it")
    value: float | str | None = Field(None, description="a number, or a formula such as `2 * lead / window`")
    tolerance: float | None = Field(
        None, ge=0, allow_inf_nan=False, description=f"a share of the value or the control; default {TOLERANCE:g}"
    )
    quorum: float | None = Field(
        None, gt=0, le=1, description="share of the metrics for which it has to come; default all"
    )
    where: str | None = Field(
        None, description="at which design points, such as `lead <= 2 and network == 'tree'`; default all"
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Prediction:
        if (self.expected in LEVELS) != (self.value is not None):
            cure = f"give a value with {', '.join(LEVELS)}, and with nothing else"
            raise fault(f"is {self.expected} and has {'no' if self.value is None else 'a'} value", cure, "value")
        if self.expected in LEVELS and self.against is not None:
            raise fault("means nothing beside a value", "remove it", "against", value=self.against)
        if self.expected in ("equivalent", "near") and self.tolerance == 0:
            raise fault("leaves no room", "give a share above 0", "tolerance", value=0)
        if self.quorum is not None and "*" not in self.metric:
            cure = "remove it, or write a * in metric"
            raise fault("means nothing for a single metric", cure, "quorum", value=self.quorum)
        self._check_words()
        self._check_formula()
        return self

    def _check_words(self) -> None:
        """Further keys are free, but one that is nearly a key of ours is a slip of the pen."""
        for key in self.model_extra or {}:
            near = get_close_matches(key, type(self).model_fields, n=1, cutoff=0.75)
            if near:
                raise fault("is not a key here", f'did you mean "{near[0]}"?', key, value=(self.model_extra or {})[key])

    def _check_formula(self) -> None:
        if isinstance(self.value, str):
            try:
                names_in(self.value)
            except ValueError as error:
                cure = "write numbers, parameters, + - * / ** and sqrt, exp, log, min, max"
                raise fault(str(error), cure, "value", value=self.value) from None
        if self.where is not None:
            try:
                named_in(self.where)
            except ValueError as error:
                cure = "compare parameters with numbers or 'texts' by < <= == != >= >, joined by and, or, not"
                raise fault(str(error), cure, "where", value=self.where) from None

    @property
    def share(self) -> float:
        """The tolerance, as a share."""
        return TOLERANCE if self.tolerance is None else self.tolerance
