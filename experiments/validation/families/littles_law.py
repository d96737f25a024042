"""Little's law: what is on the way, and what waits, is rate times time on every sample path, to rounding.

Default sequence: goods can be sold L = travel time + 1 periods after their order; they are on the way for the travel
time when the stock is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..facts import facts
from ..targets import Effort, Target, exact
from ..trajectories import Tracks, trajectories
from ..worlds import MARKET, SOURCE, Chain, Stage, stage

SITE = stage(1)


def targets(effort: Effort) -> Iterator[Target]:
    """The pipeline and the shelf, in a run that starts and ends empty; then the pipeline with constant demand."""
    case = facts("littles_law")
    L = case.parameters["L"]
    tracks = _emptied(L, periods=effort.pick(2_000, 400))
    ordered = tracks(SITE, "ordered")
    right_after = tracks(SITE, "on_order") + ordered
    yield exact("littles_law/on order", case.source, L * float(ordered.mean()), float(right_after.mean()))
    shipped, on_the_way = tracks(SOURCE, "shipped", SITE), tracks(SOURCE, "in_transit", SITE)
    yield exact("littles_law/in transit", case.source, (L - 1) * float(shipped.mean()), float(on_the_way.mean()))
    dwell, units = _dwell(tracks)
    yield exact("littles_law/on hand", case.source, units * dwell, float(tracks(SITE, "on_hand").sum()))
    yield exact("littles_law/constant demand", case.source, case.expected["pipeline_mean"], _constant(case.parameters))


def _chain(demand: dict[str, float | str], level: float, L: int, periods: int) -> Chain:
    return Chain("littles law", demand, [Stage(L - 1, {"type": "base-stock", "level": level})], periods, 0)


def _emptied(L: int, periods: int) -> Tracks:
    """A site under a base-stock level that falls to zero with demand, in time for everything to be gone at the end."""
    stop = {"at": periods - 60, "set": {f"warehouses.{SITE}.policy.level": 0.0}}
    end = {"at": periods - 20, "set": {f"markets.{MARKET}.demand_factor": 0.0}}
    scenario = _chain({"type": "poisson", "mean": 20.0}, 100.0, L, periods).scenario(interventions=[stop, end])
    return trajectories(scenario)


def _dwell(tracks: Tracks) -> tuple[float, int]:
    """Mean time on the shelf and the number of units, unit by unit: first in, first out."""
    periods = np.arange(len(tracks(SITE, "on_hand")))
    came = np.repeat(periods, tracks(SOURCE, "received", SITE)[:, 0].astype(int))
    left = np.repeat(periods, tracks(SITE, "shipped", MARKET)[:, 0].astype(int))
    return float((left - came).mean()), len(came)


def _constant(given: dict[str, float]) -> float:
    """Units on order right after ordering, with the same demand in every period."""
    L, mean = int(given["L"]), given["mean"]
    tracks = trajectories(_chain({"type": "constant", "mean": mean}, 5 * mean, L, 50).scenario())
    return float((tracks(SITE, "on_order") + tracks(SITE, "ordered"))[10:].mean())
