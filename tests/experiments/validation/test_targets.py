"""When a target agrees, when it does not, and when its sample says nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ripieno.experiments.validation.estimates import Estimate
from ripieno.experiments.validation.targets import Effort, closed_form, exact, information, statistical

FIELDS = ["name", "source", "expected", "measured", "tolerance", "verdict", "kind", "standard_error"]


@pytest.mark.parametrize(
    ("measured", "verdict"),
    [(204.0, "pass"), (204.0 + 1e-7, "pass"), (204.0 + 1e-6, "miss"), (float("nan"), "miss"), (float("inf"), "miss")],
)
def test_exact(measured: float, verdict: str) -> None:
    assert exact("a", "b", 204.0, measured).verdict == verdict


def test_exact_with_the_tolerance_of_a_printed_number() -> None:
    assert exact("a", "b", 1.2345, 1.23454, tolerance=5e-5).verdict == "pass"
    assert exact("a", "b", 24, 25, tolerance=0.0).verdict == "miss"


@pytest.mark.parametrize(("measured", "verdict"), [(100.39, "pass"), (100.41, "miss"), (99.61, "pass"), (99.5, "miss")])
def test_statistical(measured: float, verdict: str) -> None:
    assert statistical("a", "b", 100.0, Estimate(measured, 0.1)).verdict == verdict


def test_a_sample_that_is_too_small_is_a_miss() -> None:
    target = statistical("a", "b", 100.0, Estimate(100.0, 0.6))
    assert target.verdict == "miss"
    assert target.too_wide
    assert replace(target, widest=Effort(quick=True).widest).verdict == "pass"


def test_the_error_of_the_expected_number_counts() -> None:
    found = Estimate(100.45, 0.1)
    assert statistical("a", "b", 100.0, found).verdict == "miss"
    target = statistical("a", "b", 100.0, found, expected_error=0.1)
    assert target.verdict == "pass"
    assert target.standard_error == 0.1
    assert target.tolerance == pytest.approx(4 * 0.1 * 2**0.5)


def test_without_any_spread_a_statistical_target_is_exact() -> None:
    assert statistical("a", "b", 1.0, Estimate(1.0 + 1e-12, 0.0)).verdict == "pass"
    assert statistical("a", "b", 1.0, Estimate(1.0 + 1e-6, 0.0)).verdict == "miss"


def test_kinds() -> None:
    assert closed_form("a", "b", 1.0, 1.0).kind == "closed-form"
    assert closed_form("a", "b", 1.0, 1.1).verdict == "miss"
    shown = information("a", "b", 1.0, 2.0)
    assert (shown.kind, shown.verdict, shown.tolerance) == ("information", "pass", None)


@pytest.mark.parametrize(
    "target",
    [
        exact("a", "b", 1.0, 1.0),
        statistical("a", "b", 1.0, Estimate(1.0, 0.001)),
        closed_form("a", "b", 1, 1),
        information("a", "b", 1.0, 2.0),
    ],
)
def test_a_row_has_all_fields_and_is_valid_json(target: object) -> None:
    row = target.as_row()  # type: ignore[attr-defined]
    assert list(row) == FIELDS
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_quick_takes_less() -> None:
    assert Effort(quick=True).pick(100, 10) == 10
    assert Effort().pick(100, 10) == 100
    assert Effort().widest == 0.02
