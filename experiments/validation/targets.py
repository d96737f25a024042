"""What a target is: an expected number, what was measured in its place, and whether the two agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .estimates import Estimate

Kind = Literal["engine", "closed-form", "information"]
Verdict = Literal["pass", "miss"]

EXACT = 1e-9  # relative, for what has no randomness in it
ERRORS = 4.0  # standard errors that a statistical target may be off


@dataclass(frozen=True)
class Effort:
    """How much work to put into a measurement: ``quick`` takes smaller samples, and bands that are as honest.

    A statistical target is measured well enough when four standard errors are within the share ``widest`` of what is
    expected.
    """

    quick: bool = False

    @property
    def widest(self) -> float:
        """Four standard errors at most, relative to the expected value."""
        return 0.05 if self.quick else 0.02

    def pick(self, full: int, quick: int) -> int:
        """One number for a full measurement, another for a quick one."""
        return quick if self.quick else full


@dataclass(frozen=True)
class Target:
    """One target with its measurement.

    ``kind`` says how it was measured: on the engine, by a formula of our own (not counted as validation of the
    engine), or for information (never judged: no tolerance, and it always passes). ``tolerance`` is absolute;
    ``standard_error`` is missing where nothing is random. A statistical target is also a miss when four standard
    errors exceed the share ``widest`` of what is expected: its sample was too small to say anything.
    """

    name: str
    source: str
    expected: float
    measured: float
    tolerance: float | None
    kind: Kind = "engine"
    standard_error: float | None = None
    widest: float = 0.02

    @property
    def verdict(self) -> Verdict:
        """Whether it agrees; a measurement that is not a number does not."""
        if self.tolerance is None:
            return "pass"
        agrees = abs(self.measured - self.expected) <= self.tolerance
        return "pass" if agrees and not self.too_wide else "miss"

    @property
    def too_wide(self) -> bool:
        """Whether the sample was too small."""
        return self.standard_error is not None and ERRORS * self.standard_error > self.widest * abs(self.expected)

    def as_row(self) -> dict[str, Any]:
        """The fields of the command's JSON output."""
        return {
            "name": self.name,
            "source": self.source,
            "expected": self.expected,
            "measured": self.measured,
            "tolerance": self.tolerance,
            "verdict": self.verdict,
            "kind": self.kind,
            "standard_error": self.standard_error,
        }


def exact(name: str, source: str, expected: float, measured: float, tolerance: float | None = None) -> Target:
    """A target without randomness: to 1e-9, or within what the source's rounding leaves open (``tolerance``)."""
    allowed = EXACT * max(abs(expected), 1.0) if tolerance is None else tolerance
    return Target(name, source, float(expected), float(measured), allowed)


def statistical(name: str, source: str, expected: float, measured: Estimate, expected_error: float = 0.0) -> Target:
    """A target from random runs: within four standard errors.

    ``expected_error`` is the standard error of the expected number where that comes from a simulation itself.
    """
    error = float((measured.error**2 + expected_error**2) ** 0.5)
    tolerance = max(ERRORS * error, EXACT * abs(expected))
    return Target(name, source, float(expected), measured.value, tolerance, standard_error=measured.error)


def closed_form(name: str, source: str, expected: float, measured: float, tolerance: float | None = None) -> Target:
    """A number that a formula of ours gives: a check of the formula, not of the engine."""
    target = exact(name, source, expected, measured, tolerance)
    return Target(name, source, target.expected, target.measured, target.tolerance, "closed-form")


def information(name: str, source: str, expected: float, measured: float) -> Target:
    """Two numbers side by side that nobody says are equal."""
    return Target(name, source, float(expected), float(measured), None, "information")
