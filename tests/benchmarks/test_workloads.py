"""The standard workloads under pytest-benchmark, ``pytest -m benchmark``: they report times and do not judge them."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.experiments.bench import scalar_w1, scalar_w2
from ripieno.experiments.bench.workloads import batch_of
from ripieno.model.schema import load

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("runs", [1, 1_024])
def test_w1(benchmark: Any, runs: int) -> None:
    benchmark.extra_info["runs"] = runs
    assert benchmark.pedantic(batch_of(load("w1"), runs), rounds=5, warmup_rounds=1) == runs


@pytest.mark.parametrize("runs", [1, 1_024])
def test_w2(benchmark: Any, runs: int) -> None:
    benchmark.extra_info["runs"] = runs
    assert benchmark.pedantic(batch_of(load("w2"), runs), rounds=5, warmup_rounds=1) == runs


def test_regional(benchmark: Any) -> None:
    assert benchmark.pedantic(batch_of(load("regional"), 64), rounds=5, warmup_rounds=1) == 64


def test_w1_scalar(benchmark: Any) -> None:
    chain = benchmark.pedantic(scalar_w1.run, args=(1_000,), rounds=5, warmup_rounds=1)
    assert chain.stages[0].periods == 1_000


def test_w2_scalar(benchmark: Any) -> None:
    network = benchmark.pedantic(scalar_w2.run, args=(365,), rounds=5, warmup_rounds=1)
    assert network.period == 365
