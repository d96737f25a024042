"""Choosing the values of arms: the candidates of several settings are simulated side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...model.grouping import engines
from ...model.schema import Scenario
from ..central import OTHER_SEED
from .metrics import Kept, values_of
from .searched import AMONG, CHOSEN, VALUES, shortened, with_found

MOST_RUNS = 2048
"""Candidates side by side, each with its replications, but for a candidate that has more of them."""

Overrides = Mapping[str, Any]


@dataclass(frozen=True)
class _Candidate:
    """A candidate of a setting, and how it is looked at."""

    key: str
    scenario: Scenario
    metric: str
    replications: int


def choose(
    wanted: Mapping[str, Overrides], build: Callable[[Overrides], Scenario], seed: int
) -> dict[str, dict[str, Any]]:
    """What is chosen in each of several settings whose values are open, by the keys of the settings.

    ``build`` makes the scenario of overrides that are closed; ``seed`` is that of the study, and the candidates draw
    from another one. Found are the ``values`` that the arm runs with, the ``place`` of the candidate in its list,
    ``means`` of the metric (none where it is missing), ``trials``, and the ``effort``. It does not depend on which
    settings are looked at together. Raises `ValueError` where a metric is missing for every candidate.
    """
    candidates = [one for key, overrides in wanted.items() for one in _candidates(key, overrides, build)]
    means = _means(candidates, seed + OTHER_SEED)
    of_key: dict[str, list[float]] = {key: [] for key in wanted}
    for one, mean in zip(candidates, means, strict=True):
        of_key[one.key].append(mean)
    return {key: _chosen(wanted[key][CHOSEN], of_key[key]) for key in wanted}


def _candidates(key: str, overrides: Overrides, build: Callable[[Overrides], Scenario]) -> Iterator[_Candidate]:
    asked = overrides[CHOSEN]
    for values in asked[AMONG]:
        scenario = build(with_found(overrides, {VALUES: values}))
        yield _Candidate(key, shortened(scenario, asked["periods"]).resolved(), asked["metric"], asked["replications"])


def _means(candidates: Sequence[_Candidate], seed: int) -> list[float]:
    """The mean of each candidate's metric. Those that can be stacked are run together."""
    means = [np.nan] * len(candidates)
    for members in engines([one.scenario for one in candidates]):
        for batch in _batches(candidates, members):
            for place, mean in zip(batch, _simulated([candidates[i] for i in batch], seed), strict=True):
                means[place] = mean
    return means


def _batches(candidates: Sequence[_Candidate], members: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    runs = 0
    for place in members:
        if batch and runs + candidates[place].replications > MOST_RUNS:
            yield batch
            batch, runs = [], 0
        batch.append(place)
        runs += candidates[place].replications
    yield batch


def _simulated(batch: Sequence[_Candidate], seed: int) -> list[float]:
    counts = [one.replications for one in batch]
    setting = np.repeat(np.arange(len(batch)), counts)
    replication = np.concatenate([np.arange(count) for count in counts])
    kept = Kept(tuple(dict.fromkeys(one.metric for one in batch)), False)
    values = values_of([one.scenario for one in batch], setting, replication, seed, kept)
    return [float(values[one.metric][setting == place].mean()) for place, one in enumerate(batch)]


def _chosen(asked: Mapping[str, Any], means: Sequence[float]) -> dict[str, Any]:
    known = np.array(means)
    if np.isnan(known).all():
        raise ValueError(f"{asked['metric']} is missing for every candidate; choose by another metric")
    place = int(np.nanargmin(known) if asked["best"] == "lowest" else np.nanargmax(known))
    return {
        VALUES: asked[AMONG][place],
        "place": place,
        "means": [None if np.isnan(mean) else mean for mean in means],
        "trials": len(means) * asked["replications"],
        "effort": {key: value for key, value in asked.items() if key != AMONG},
    }
