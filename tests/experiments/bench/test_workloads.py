"""What the benchmark measures is what it says: sizes, names and chunks, on workloads of a few periods."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from ripieno.__main__ import main
from ripieno.experiments.bench import screening, workloads
from ripieno.experiments.bench.measure import Effort
from ripieno.experiments.sweeps.sizing import MOST_RUNS
from ripieno.model.api import run_batch
from ripieno.model.foresight.network_model import Foresight
from ripieno.model.schema import Scenario, load, with_values

QUICK = Effort(repetitions=1, periods=5)


@pytest.fixture
def w1() -> Scenario:
    return with_values(load("w1"), {"periods": 5})


@pytest.mark.parametrize(("runs", "sizes"), [(4, [4]), (7, [4, 3]), (9, [4, 4, 1])])
def test_chunks_cover_every_run(w1: Scenario, monkeypatch: pytest.MonkeyPatch, runs: int, sizes: list[int]) -> None:
    seen: list[list[int]] = []

    def watched(scenarios: Any, pairs: Any, seed: int) -> Any:
        seen.append([number for _, number in pairs])
        return run_batch(scenarios, pairs, seed)

    monkeypatch.setattr(workloads, "run_batch", watched)
    assert workloads.batch_of(w1, runs, chunk=4)() == runs
    assert [len(numbers) for numbers in seen] == sizes
    assert [number for numbers in seen for number in numbers] == list(range(runs))


def test_times_are_per_site_period_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "medians", lambda works, _: dict.fromkeys(works, 20e-6))
    found = {row.name: row for row in workloads.w1(QUICK)}
    assert found["W1, 1 run"].value == pytest.approx(1_000.0)  # 20 us over 4 sites and 5 periods
    assert found["W1, 1,024 runs"].value == pytest.approx(1_000.0 / 1_024)
    assert found["W1, scalar Mesa agents"].value == pytest.approx(5.0)  # the same 20 us over 1,000 periods
    assert found["W1, 1,024 runs"].ratio == pytest.approx(5.0 * 1_024 / 1_000.0)
    assert found["W1, 1,024 runs"].reference == "W1, scalar Mesa agents"


def test_a_year_of_the_network_is_its_own_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "medians", lambda works, _: dict.fromkeys(works, 20e-6))
    found = {row.name: row for row in workloads.w2(QUICK)}
    assert list(found) == ["W2, scalar Mesa agents", "W2, 1 run", "W2, 1,024 runs"]
    assert found["W2, 1 run"].value == pytest.approx(200.0)  # 20 us over 20 sites and 5 periods
    assert found["W2, scalar Mesa agents"].value == pytest.approx(200.0 * 5 / 365)  # the same over a year
    assert found["W2, 1,024 runs"].ratio == pytest.approx(1_024 * 5 / 365)


def test_the_network_is_simulated_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    done: dict[str, int] = {}

    def once(works: Any, _: int) -> dict[str, float]:
        done.update({name: work() for name, work in works.items() if name != "scalar"})
        return dict.fromkeys(works, 1.0)

    monkeypatch.setattr(workloads, "medians", once)
    sizes: list[int] = []

    def counted(scenarios: Any, pairs: Any, seed: int) -> Rows:
        sizes.append(len(pairs))
        return Rows(len(pairs))

    monkeypatch.setattr(workloads, "run_batch", counted)
    workloads.w2(Effort(1, periods=1, large=True))
    assert done == {"1": 1, "1024": 1_024, "16384": 16_384}
    assert sizes == [1, 1_024, MOST_RUNS, 16_384 - MOST_RUNS]


class Rows:
    """A result of so many rows."""

    def __init__(self, count: int) -> None:
        self.summary = range(count)


def test_large_adds_many_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "medians", lambda works, _: dict.fromkeys(works, 1.0))
    names = [row.name for row in workloads.w1(Effort(1, periods=5, large=True))]
    assert names == ["W1, scalar Mesa agents", "W1, 1 run", "W1, 1,024 runs", "W1, 16,384 runs"]


def test_memory_sees_what_is_held() -> None:
    assert workloads.peak_bytes(lambda: np.zeros(10**6)) == pytest.approx(8 * 10**6, rel=0.01)


def test_simulating_stays_within_the_memory_asked_for() -> None:
    simulation, tables = workloads.memory(QUICK)
    assert simulation.ratio is not None
    assert 1.0 < simulation.ratio < 100.0
    assert tables.value > 0


def test_json_is_a_list_of_rows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("ripieno.experiments.bench.cli.WORKLOADS", (workloads.draws,))
    with pytest.raises(SystemExit) as stopped:
        main(["bench", "--json", "--quick", "--repetitions", "1"])
    assert not stopped.value.code
    rows = json.loads(capsys.readouterr().out)
    assert [set(row) for row in rows] == [{"name", "value", "unit", "ratio", "reference"}] * 2
    assert all(row["value"] > 0 for row in rows)


def test_a_first_look_is_measured_beside_the_periods_between_two_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moves are all different, none of them leads to where a lever is, and as many as are named are judged."""
    judged: list[Any] = []
    monkeypatch.setattr(screening, "RUNS", 2)
    monkeypatch.setattr(screening, "PACKAGES", 30)
    monkeypatch.setattr(Foresight, "changes", lambda self, packages: judged.append((self, packages)))
    [row] = screening.screening(QUICK)
    assert len(judged) == 2  # once to warm up
    model, packages = judged[0]
    assert model.model.period == screening.LEARN + 2 * screening.CADENCE
    targets = {package.target(model.levers.values).tobytes() for package in packages}
    assert len(targets) == 30
    assert model.levers.values.tobytes() not in targets
    assert row.value > 0
    assert row.ratio == pytest.approx(12.0 / row.value)
