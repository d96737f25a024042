"""Predictions: what a study expects, written down before its runs."""

from __future__ import annotations

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
MINUS = " - "
"""Between two arms it means what the first one has more than the second, run by run."""
REASONS = ("why", "source", "refuted")
"""Keys that only say something to the reader."""
TOLERANCE = 0.02
Expected = Literal[
    "lower", "higher", "not-lower", "not-higher", "equivalent", "different", "near", "at-least", "at-most"
]  # fmt: skip


class Prediction(BaseModel):
    """What is expected of a metric, written down before the run.

    A difference: in ``arm`` the metric is ``lower``, ``higher``, ``not-lower``, ``not-higher`` (but for ``tolerance``),
    ``equivalent`` (within ``tolerance`` of it) or ``different`` compared with the arm ``against``. A value: it is
    ``near`` (within ``tolerance``), ``at-least`` or ``at-most`` (but for ``tolerance``) the ``value``, a number or a
    formula over the parameters.

    ``arm`` and ``against`` may each be a difference of two arms, written ``orch - selfish``: then a gain is compared
    with a gain. Such a prediction is ``lower``, ``higher`` or ``different``; a share of a difference means little.

    A ``*`` in ``metric`` stands for any text, such as the name of an owner. The prediction then comes at a point when
    it comes for a share of at least ``quorum`` of the metrics, and its contrary when fewer could still do so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

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
    claim: str | None = Field(
        None,
        min_length=1,
        description="the claim whose primary outcome this is; it gets a line in the table of verdicts",
    )
    why: str | None = Field(None, description="why it is expected")
    source: str | None = Field(None, description="where the expectation comes from")
    refuted: str | None = Field(None, description="what would refute the claim")

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
        self._check_arms()
        self._check_formula()
        return self

    def _check_arms(self) -> None:
        """Refuse half a comparison of gains, and one that needs a share of a gain."""
        if not self.of_gains:
            return
        for key in ("arm", "against"):
            name = getattr(self, key)
            if name is None or name.count(MINUS) != 1:
                cure = f'name two arms in both, as in arm = "a{MINUS}b" and against = "c{MINUS}d"'
                raise fault("is no difference of two arms", cure, key, **({} if name is None else {"value": name}))
        if self.expected not in ("lower", "higher", "different"):
            cure = "expect lower, higher or different where two arms are taken off each other"
            raise fault("means nothing for a difference of arms", cure, "expected", value=self.expected)

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
    def named_arms(self) -> list[tuple[str, str]]:
        """The arms that it names, each with the key that does."""
        given = [(key, getattr(self, key) or "") for key in ("arm", "against")]
        return [(key, arm) for key, text in given for arm in text.split(MINUS) if arm]

    @property
    def of_gains(self) -> bool:
        """Whether the difference of two arms is looked at."""
        return any(MINUS in (name or "") for name in (self.arm, self.against))

    @property
    def reasons(self) -> dict[str, str]:
        """What it says to the reader alone, by key."""
        return {key: text for key in REASONS if (text := getattr(self, key)) is not None}

    @property
    def share(self) -> float:
        """The tolerance, as a share."""
        return TOLERANCE if self.tolerance is None else self.tolerance
