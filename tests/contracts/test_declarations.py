"""How every replaceable part is declared, and that the reference page says the same as the code."""

from __future__ import annotations

import inspect
import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from ripieno.agents.parameters import levers_of
from ripieno.agents.plugins import family, find
from ripieno.agents.reference import page

FAMILIES = ("policies", "forecasts", "demand", "sourcing", "allocation")
MEMBERS = [(package, name) for package in FAMILIES for name in family(package)]
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "policies.md"


def declared(kind: type) -> list[Any]:
    return [(f, f.metadata["parameter"]) for f in fields(kind) if "parameter" in f.metadata]


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_a_docstring_is_a_sentence_steps_and_a_reference(package: str, name: str) -> None:
    text = inspect.cleandoc(find(package, name).__doc__ or "")
    sentence = text.split("\n\n")[0]
    assert sentence.endswith(".")
    assert ". " not in sentence.replace("(s,S)", "")
    steps = re.findall(r"^(\d)\. ", text, re.M)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert steps
    assert re.search(r"Reference: [^\n]*\(\d{4}\)", text)


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_what_is_not_a_parameter_is_memory(package: str, name: str) -> None:
    for f in fields(find(package, name)):
        assert ("parameter" in f.metadata) == f.init
        assert f.init != f.name.startswith("_")


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_parameters_are_declared_with_meaning_bounds_and_default(package: str, name: str) -> None:
    for f, parameter in declared(find(package, name)):
        assert parameter.meaning
        low = max(bound for bound in (parameter.minimum, parameter.above, float("-inf")) if bound is not None)
        high = float("inf") if parameter.maximum is None else parameter.maximum
        assert low < high
        given = [*parameter.grid, f.default] if isinstance(f.default, int | float) else [*parameter.grid]
        assert all(low <= value <= high for value in given)
        assert parameter.above is None or all(value > parameter.above for value in given)
        assert list(parameter.grid) == sorted(set(parameter.grid))
        if parameter.choices:
            assert f.default in parameter.choices
        if parameter.part:
            assert family(parameter.part)
        if parameter.whole:
            assert isinstance(parameter.minimum, int)
            assert f.default is MISSING or isinstance(f.default, int)


@pytest.mark.parametrize(("package", "name"), MEMBERS)
def test_a_name_leads_to_its_part(package: str, name: str) -> None:
    kind = find(package, name)
    assert find(package, f"{kind.__module__}:{kind.__name__}") is kind


def test_the_families_have_what_the_literature_needs() -> None:
    assert {
        "base-stock",
        "echelon-base-stock",
        "order-up-to",
        "proportional-order-up-to",
        "s-S",
        "r-Q",
        "r-nQ",
        "fixed-periodic",
        "fixed-order",
        "sterman",
        "pass-through",
    } <= set(family("policies"))
    assert {"constant", "moving-average", "exponential-smoothing", "autoregressive"} <= set(family("forecasts"))
    assert {
        "constant",
        "step",
        "normal",
        "poisson",
        "negative-binomial",
        "uniform",
        "autoregressive",
        "seasonal",
        "pattern",
        "promotion",
        "regime-switching",
        "intermittent",
        "trace",
    } <= set(family("demand"))
    assert {"split", "cheapest", "priority", "capacity-aware"} <= set(family("sourcing"))
    assert {"priority", "proportional", "first-come"} <= set(family("allocation"))


def test_policies_offer_levers_to_negotiate() -> None:
    levers = {lever for kind in family("policies").values() for lever in levers_of(kind)}
    assert {"inventory_gain", "safety_factor", "period", "phase"} <= levers


def test_the_reference_page_is_in_step_with_the_code() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == page(), "python -m ripieno.agents.reference writes it anew"
