"""From the parts of a scenario to the engine's objects: defaults, the view of one product, arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING
from typing import Any

import numpy as np

from ...agents.plugins import find
from .partspec import PartSpec
from .problems import Problem, Refused, ScenarioError, nearest
from .slots import Slot, slots_of, slots_of_spec


def completed(spec: PartSpec) -> PartSpec:
    """The part with the defaults of the parameters that the scenario leaves out."""
    slots = slots_of_spec(spec)
    given = spec.given()
    full: dict[str, Any] = {}
    for name, slot in slots.items():
        value = given[name] if name in given else slot.usual()
        if value is not None:
            full[name] = completed(value) if isinstance(value, PartSpec) else value
    return PartSpec.of(spec.family, spec.type, full)


def for_product(spec: PartSpec, product: str) -> PartSpec:
    """The part as one product sees it: every table ``{product: number}`` replaced by that product's number."""
    slots = slots_of_spec(spec)
    narrowed: dict[str, Any] = {}
    for name, value in spec.given().items():
        if isinstance(value, PartSpec):
            narrowed[name] = for_product(value, product)
        elif not isinstance(value, dict):
            narrowed[name] = value
        elif product in value:
            narrowed[name] = value[product]
        elif slots[name].needs_all:
            raise Refused(_no_value(name, value, product))
    return PartSpec.of(spec.family, spec.type, narrowed)


def missing_products(spec: PartSpec, products: Sequence[str]) -> Iterator[Problem]:
    """Problems of tables ``{product: number}`` that name unknown products or leave out one without a default."""
    slots = slots_of_spec(spec)
    for name, value in spec.given().items():
        if isinstance(value, PartSpec):
            yield from (problem.under(name) for problem in missing_products(value, products))
        elif isinstance(value, dict):
            for product in value:
                if product not in products:
                    yield Problem((name, product), "is not a product here", nearest(product, products), value[product])
            if slots[name].needs_all:
                yield from (_no_value(name, value, product) for product in products if product not in value)


def build_part(spec: PartSpec, products: Sequence[str]) -> Any:
    """The engine's object: an instance of the part's class.

    Tables ``{product: number}`` become arrays ``[products, 1]`` (``[products, runs]`` if their numbers are arrays)
    in the order of ``products``; single numbers stay numbers; nested parts become instances.
    """
    kind = find(spec.family, spec.type)
    slots = slots_of(kind)
    return kind(**{name: _built(value, slots[name], products) for name, value in spec.given().items()})


def expand(value: Any, products: Sequence[str], missing: Any = MISSING) -> Any:
    """A number as the engine uses it: a table becomes an array ``[products, 1 or runs]``, all else stays.

    ``missing`` stands for products that the table leaves out. Raises `ScenarioError` if that is needed but not given.
    """
    if not isinstance(value, Mapping):
        return value
    lacking = [product for product in products if product not in value]
    if lacking and missing is MISSING:
        raise ScenarioError(f"{dict(value)} has no value for {', '.join(lacking)}; add it to the table")
    rows = [np.atleast_1d(np.asarray(value.get(product, missing), dtype=np.float64)) for product in products]
    if not rows:
        return np.zeros((0, 1))
    return np.stack([np.asarray(row) for row in np.broadcast_arrays(*rows)])


def _built(value: Any, slot: Slot, products: Sequence[str]) -> Any:
    if isinstance(value, PartSpec):
        return build_part(value, products)
    if isinstance(value, dict):
        return expand(value, products, MISSING if slot.needs_all else slot.usual())
    return value


def _no_value(name: str, table: Mapping[str, Any], product: str) -> Problem:
    return Problem((name,), f"has no value for {product}", f"add {product} to the table", dict(table))
