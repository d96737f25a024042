"""What the contract tests share: parts built from nothing but their declarations, and sites made of frozen numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import MISSING, fields
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.agents.parameters import Parameter
from ripieno.agents.plugins import family

RUNS = 5
PERIODS = 14
SEEN = ("on_hand", "backlog", "net_stock", "on_order", "incoming", "point_of_sale")


class Site:
    """A site of which every number is given: what the policy orders has no effect."""

    def __init__(self, seen: dict[str, Any]) -> None:
        self.seen = {name: _frozen(values) for name, values in seen.items()}
        periods, products, runs = seen["incoming"].shape
        self.periods = periods
        self.products = tuple(f"product {i}" for i in range(products))
        self.runs = runs
        self.zeros = _frozen(np.zeros((products, runs)))

    @classmethod
    def random(cls, products: int, runs: int = RUNS, seed: int = 1) -> Site:
        """Fractional numbers of all sizes."""
        draw = np.random.Generator(np.random.PCG64(seed))
        return cls({name: draw.uniform(0.0, 30.0, (PERIODS, products, runs)) for name in SEEN})

    @classmethod
    def idle(cls, products: int) -> Site:
        """Nothing ever happens."""
        return cls({name: np.zeros((PERIODS, products, RUNS)) for name in SEEN})

    def only(self, *, run: int | None = None, product: int | None = None) -> Site:
        """The same site with one run, or with one product, alone."""
        rows = slice(None) if product is None else slice(product, product + 1)
        runs = slice(None) if run is None else slice(run, run + 1)
        return Site({name: values[:, rows, runs].copy() for name, values in self.seen.items()})

    def at(self, period: int) -> SimpleNamespace:
        """What a part sees in one period."""
        seen = {name: values[period] for name, values in self.seen.items()}
        position = _frozen(seen["net_stock"] + seen["on_order"])
        facts = {"products": self.products, "runs": self.runs, "zeros": self.zeros, "period": period, "due": True}
        return SimpleNamespace(**seen, **facts, inventory_position=position, echelon_position=position, suppliers=[])


def _frozen(values: Any) -> Any:
    values = np.array(values, dtype=float)
    values.setflags(write=False)
    return values


class Variant:
    """One way to set a part: some or all parameters given, one choice, one nested part."""

    def __init__(self, name: str, kind: type, *, filled: bool, chosen: dict[str, Any] | None = None) -> None:
        self.name = name
        self.kind = kind
        self.filled = filled
        self.chosen = chosen or {}

    def __repr__(self) -> str:
        return "-".join([self.name, *map(str, self.chosen.values()), "all" if self.filled else "required"])

    def build(self, number: Callable[[Parameter, int, str], Any]) -> Any:
        """The part with ``number`` as each of its numeric parameters that is given."""
        given = {}
        for place, f in enumerate(fields(self.kind)):
            declared = f.metadata.get("parameter")
            if declared is None:
                continue
            required = f.default is MISSING and f.default_factory is MISSING
            if f.name in self.chosen:
                value = self.chosen[f.name]
                given[f.name] = value.build(number) if isinstance(value, Variant) else value
            elif not declared.choices and (self.filled or required):
                given[f.name] = number(declared, place, f"{self.kind.__name__}.{f.name}")
        part = self.kind(**given)
        assert part.check() is None, f"{self}: {part.check()}"
        return part

    def alike(self, shift: int = 0) -> Any:
        """With the same number for all runs."""
        return self.build(lambda declared, place, path: _value(declared, place, shift))

    def of_run(self, run: int, shift: int = 0) -> Any:
        """With the numbers of one run of `varied`."""
        return self.build(lambda declared, place, path: _value(declared, place, shift + run))

    def varied(self, runs: int = RUNS, shift: int = 0) -> Any:
        """With another number for every run, ``[runs]``."""
        return self.build(lambda declared, place, path: _varied(declared, place, range(shift, shift + runs)))

    def by_product(self, products: int) -> Any:
        """With another number for every product, ``[products, 1]``."""

        def number(declared: Parameter, place: int, path: str) -> Any:
            values = _varied(declared, place, range(products))
            return values[:, None] if isinstance(values, np.ndarray) else values

        return self.build(number)


def _value(declared: Parameter, place: int, run: int) -> Any:
    """A value within the bounds, another one for each run; whole where it counts periods."""
    if declared.whole:
        return int(max(declared.minimum or 0, 3))
    low = next((bound for bound in (declared.minimum, declared.above) if bound is not None), None)
    if declared.maximum is not None:
        low = low or 0.0
        return low + (declared.maximum - low) * (0.4 + 0.05 * run)
    value = 5.0 + 10.0 * place + 0.7 * run if low is None else low + 1.0 + place + 0.6 * run
    return math.floor(value) + 0.0 if declared.unit == "periods" else value


def _varied(declared: Parameter, place: int, runs: range) -> Any:
    values = [_value(declared, place, run) for run in runs]
    return values[0] if declared.whole else _frozen(values)


def variants(package: str) -> list[Variant]:
    """Every member of a family, with required and with all parameters; then each other choice and nested part."""
    found = []
    for name, kind in family(package).items():
        declared = {f.name: f.metadata["parameter"] for f in fields(kind) if "parameter" in f.metadata}
        options: dict[str, Any] = {
            field: parameter.choices for field, parameter in declared.items() if parameter.choices
        }
        options |= {field: variants(parameter.part) for field, parameter in declared.items() if parameter.part}
        first = {field: values[0] for field, values in options.items()}
        found += [Variant(name, kind, filled=False, chosen=first), Variant(name, kind, filled=True, chosen=first)]
        others = [first | {field: value} for field, values in options.items() for value in values[1:]]
        found += [Variant(name, kind, filled=True, chosen=chosen) for chosen in others]
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a ``policy_variant``, ``forecast_variant`` ... runs for all of them."""
    for argument, package in {
        "policy_variant": "policies",
        "forecast_variant": "forecasts",
        "sourcing_variant": "sourcing",
        "allocation_variant": "allocation",
    }.items():
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, variants(package), ids=repr)


@pytest.fixture
def site_of() -> Callable[..., Site]:
    """Makes a site of frozen random numbers: ``site_of(products)``."""
    return Site.random


@pytest.fixture
def idle_site_of() -> Callable[..., Site]:
    """Makes a site where nothing ever happens: ``idle_site_of(products)``."""
    return Site.idle
