"""Regime coordinates: where a network lies in the terms in which the thesis speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from ...model.levers import levers_of
from ...model.schema import Scenario, build_part
from ...model.schema.orchestration import Orchestration
from ...model.schema.times import distribution


class Coordinate(NamedTuple):
    """A coordinate: its name in tables and rules, its unit, and what it measures."""

    name: str
    unit: str
    meaning: str


COORDINATES = (
    Coordinate("owners", "owners", "owners who have at least one lever"),
    Coordinate("sites", "sites", "factories and warehouses"),
    Coordinate(
        "partners", "partners a site", "mean number of sites and carriers that a factory or warehouse deals with"
    ),
    Coordinate(
        "distance", "review periods", "mean travel time of the lanes between sites, over the mean review period"
    ),
    Coordinate("volatility", "", "coefficient of variation of outside demand in a period, weighted by mean demand"),
    Coordinate(
        "decision_path", "periods", "mean response, mean implementation and cadence of the orchestration, added"
    ),
)
NAMES = tuple(coordinate.name for coordinate in COORDINATES)


def coordinates(scenario: Scenario) -> dict[str, float]:
    """The coordinates of a scenario by name; missing (NaN) where the network has nothing to measure.

    ``distance`` is missing without a lane between sites, ``volatility`` where no demand process knows its mean and
    deviation, or the mean is 0. Without a table of the orchestration its defaults count.
    """
    full = scenario.resolved()
    spec = full.orchestration or Orchestration()
    sites = [site.name for site in (*full.factories, *full.warehouses)]
    return {
        "owners": float(len({lever.owner for lever in levers_of(full)})),
        "sites": float(len(sites)),
        "partners": _partners(full, sites),
        "distance": _distance(full),
        "volatility": _volatility(full),
        "decision_path": float(_mean(spec.response.mean) + _mean(spec.implementation.mean) + spec.cadence),
    }


def _partners(full: Scenario, sites: list[str]) -> float:
    """The mean over factories and warehouses of the sites on the other ends of their lanes, and of carriers."""
    known: dict[str, set[tuple[str, str]]] = {name: set() for name in sites}
    for lane in _between_sites(full):
        for name, other in ((lane.origin, lane.destination), (lane.destination, lane.origin)):
            if name in known:
                known[name].add(("site", other))
                known[name].update([("carrier", lane.carrier)] if lane.carrier else [])
    return float(np.mean([len(others) for others in known.values()])) if known else np.nan


def _distance(full: Scenario) -> float:
    times = [_mean_time(lane.travel_time) for lane in _between_sites(full)]
    reviews = [_mean(site.orders.review_period) for site in (*full.factories, *full.warehouses)]
    return float(np.mean(times) / np.mean(reviews)) if times and reviews else np.nan


def _volatility(full: Scenario) -> float:
    """The sum of the deviations over the sum of the means, of all processes of which both are known."""
    pairs = list(_demands(full))
    mean = sum(pair[0] for pair in pairs)
    return float(sum(pair[1] for pair in pairs) / mean) if mean > 0 else np.nan


def _demands(full: Scenario) -> Iterator[tuple[float, float]]:
    """Mean and standard deviation of the demand of every market for every product, in a period."""
    for market in full.markets:
        for product, part in market.demand.items():
            process, factor = build_part(part, (product,)), market.demand_factor
            mean, deviation = process.expected(), process.deviation()
            if mean is not None and deviation is not None:
                size = factor.get(product, 1.0) if isinstance(factor, Mapping) else factor
                yield _mean(size) * _mean(mean), _mean(size) * _mean(deviation)


def _between_sites(full: Scenario) -> Iterator[Any]:
    markets = {market.name for market in full.markets}
    return (lane for lane in full.lanes if lane.destination not in markets)


def _mean_time(time: Any) -> float:
    if isinstance(time, int | float):
        return float(time)
    values, shares = distribution(time)
    return float(np.average(np.array(values, dtype=float), weights=np.array(shares, dtype=float)))


def _mean(value: Any) -> float:
    return float(np.mean(value))
