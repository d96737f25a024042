from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps import chunks, fingerprint, metrics
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.merging import merge, table_hash
from ripieno.experiments.sweeps.opening import extended, open_study, plan_of
from ripieno.experiments.sweeps.runner import Options, Tally, run_opened, run_study
from ripieno.experiments.sweeps.shards import read_shard
from ripieno.experiments.sweeps.store import Store
from ripieno.experiments.sweeps.study import Study
from ripieno.experiments.sweeps.views import status_of

LEVEL = "warehouses.W.policy.level"
Make = Callable[..., Study]
RUNS = 4 * 2 * 6


def quiet(**options: Any) -> Options:
    return Options(quiet=True, **options)


def extend(folder: Path, allow_changed: bool = False, **more: Any) -> Tally:
    return run_opened(open_study(extended(folder, **more), folder, allow_changed, extending=True), quiet())


def hash_of(folder: Path) -> str:
    merged = merge(Store.open(folder))
    assert merged.missing == 0
    return table_hash(merged.frame)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Every run that the engine is asked to make, in order."""
    runs: list[tuple[int, int]] = []
    original = metrics.values_of

    def counting(scenarios: Any, setting: Any, replication: Any, *rest: Any) -> Any:
        runs.extend((id(scenarios[s]), int(r)) for s, r in zip(setting, replication, strict=True))
        return original(scenarios, setting, replication, *rest)

    monkeypatch.setattr(chunks, "values_of", counting)
    return runs


@pytest.fixture
def undisturbed(tmp_path: Path, make_study: Make) -> str:
    run_study(make_study(), tmp_path / "undisturbed", quiet())
    return hash_of(tmp_path / "undisturbed")


class TestOneSession:
    def test_every_run_is_made_once_and_kept(self, tmp_path: Path, make_study: Make, made: list[Any]) -> None:
        tally = run_study(make_study(), tmp_path / "s", quiet())
        assert (tally.finished, tally.wanted, tally.added, tally.failed) == (RUNS, RUNS, RUNS, 0)
        assert len(made) == RUNS
        frame = merge(Store.open(tmp_path / "s")).frame
        assert len(frame) == RUNS
        assert not frame.duplicated(["point", "arm", "replication"]).any()

    def test_the_table_is_in_the_order_of_the_study(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path / "s", quiet(chunk_runs=5))
        frame = merge(Store.open(tmp_path / "s")).frame
        assert frame["point"].tolist() == [p for p in range(4) for _ in range(12)]
        assert frame["arm"].tolist() == (["none"] * 6 + ["dear"] * 6) * 4
        assert frame["replication"].tolist() == list(range(6)) * 8
        assert frame[LEVEL].tolist() == [level for level in (5.0, 15.0, 25.0, 35.0) for _ in range(12)]

    @pytest.mark.parametrize("size", [1, 5, 7, 100])
    def test_the_size_of_chunks_changes_no_bit(
        self, tmp_path: Path, make_study: Make, undisturbed: str, size: int
    ) -> None:
        run_study(make_study(), tmp_path / "s", quiet(chunk_runs=size))
        assert hash_of(tmp_path / "s") == undisturbed
        assert len(Store.open(tmp_path / "s").shard_paths()) == -(-RUNS // size)

    def test_the_seed_and_the_start_change_the_runs(self, tmp_path: Path, make_study: Make, undisturbed: str) -> None:
        run_study(make_study(seed=99), tmp_path / "s", quiet())
        run_study(make_study(replications={"number": 6, "start": 6}), tmp_path / "t", quiet())
        assert len({hash_of(tmp_path / "s"), hash_of(tmp_path / "t"), undisturbed}) == 3

    def test_structures_are_run_apart(self, tmp_path: Path, make_study: Make) -> None:
        study = make_study(parameters={"periods": {"values": [5, 9]}, LEVEL: {"values": [5, 15]}})
        run_study(study, tmp_path / "s", quiet())
        frame = merge(Store.open(tmp_path / "s")).frame
        assert len(frame) == RUNS
        assert frame["periods"].dtype == np.int64

    def test_provenance_is_complete(self, tmp_path: Path, make_study: Make) -> None:
        predictions = [{"metric": "cost", "expected": "lower"}]
        run_study(make_study(predictions=predictions), tmp_path / "s", quiet())
        (session,) = Store.open(tmp_path / "s").sessions()
        assert session["outcome"] == "complete"
        assert session["finished_runs"] == RUNS
        assert session["seed"] == 3
        assert session["versions"]["numpy"] == np.__version__
        assert session["machine"]["cpu_level"]
        assert session["code_hash"] == fingerprint.code_fingerprint()
        assert session["predictions_hash"] == fingerprint.digest(predictions)
        assert session["started"] <= session["ended"]

    def test_sharing_settings_makes_rows_but_not_runs(self, tmp_path: Path, make_study: Make, made: list[Any]) -> None:
        design = {"type": "list", "points": [{LEVEL: 5.0}, {LEVEL: 6.0}, {LEVEL: 5.0}]}
        run_study(make_study(parameters=None, design=design, comparison=None, arms={"a": {}}), tmp_path / "s", quiet())
        frame = merge(Store.open(tmp_path / "s")).frame
        assert len(made) == 12
        assert len(frame) == 18
        first, last = frame[frame["point"] == 0], frame[frame["point"] == 2]
        assert first.drop(columns="point").equals(last.drop(columns="point").set_index(first.index))


class TestResuming:
    def test_a_finished_study_is_left_alone(self, tmp_path: Path, make_study: Make, made: list[Any]) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        made.clear()
        assert run_study(make_study(), tmp_path / "s", quiet()).added == 0
        assert made == []

    def test_lost_shards_are_made_again_and_nothing_else(
        self, tmp_path: Path, make_study: Make, made: list[Any], undisturbed: str
    ) -> None:
        run_study(make_study(), tmp_path / "s", quiet(chunk_runs=5))
        for path in Store.open(tmp_path / "s").shard_paths()[::3]:
            path.unlink()
        lost = RUNS - sum(len(shard.setting) for shard in Store.open(tmp_path / "s").shards([]))
        made.clear()
        run_study(make_study(), tmp_path / "s", quiet(chunk_runs=11))
        assert len(made) == lost > 0
        assert hash_of(tmp_path / "s") == undisturbed

    def test_an_interrupt_keeps_what_is_finished(
        self, tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch, undisturbed: str
    ) -> None:
        original = metrics.values_of

        def interrupted(scenarios: Any, setting: Any, replication: Any, *rest: Any) -> Any:
            if len(list((tmp_path / "s" / "shards").iterdir())) == 3:
                raise KeyboardInterrupt
            return original(scenarios, setting, replication, *rest)

        monkeypatch.setattr(chunks, "values_of", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_study(make_study(), tmp_path / "s", quiet(chunk_runs=5))
        monkeypatch.setattr(chunks, "values_of", original)
        assert Store.open(tmp_path / "s").sessions()[0]["outcome"] == "interrupted"
        assert merge(Store.open(tmp_path / "s")).missing == RUNS - 15
        assert run_study(make_study(), tmp_path / "s", quiet()).added == RUNS - 15
        assert hash_of(tmp_path / "s") == undisturbed

    def test_temporary_files_are_no_shards(self, tmp_path: Path, make_study: Make, undisturbed: str) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        (tmp_path / "s" / "shards" / ".half.parquet.host.1.0.tmp").write_bytes(b"PAR1")
        assert hash_of(tmp_path / "s") == undisturbed

    def test_a_study_resumes_from_its_folder_alone(self, tmp_path: Path, study_file: Callable[..., Path]) -> None:
        from ripieno.experiments.sweeps.reading import load_study

        (tmp_path / "points.csv").write_text(f"{LEVEL}\n5.0\n7.5\n", encoding="utf-8")
        path = study_file(parameters=None, design={"type": "csv", "file": "points.csv"})
        run_study(load_study(path), tmp_path / "s", quiet(shard=(1, 2)))
        shutil.move(tmp_path / "s", tmp_path / "moved")
        path.unlink()
        (tmp_path / "points.csv").unlink()
        tally = run_study(load_study(tmp_path / "moved"), tmp_path / "moved", quiet())
        assert (tally.added, tally.finished) == (12, 24)

    def test_points_are_not_drawn_again(
        self, tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch, made: list[Any]
    ) -> None:
        from ripieno.experiments.sweeps.designs.sobol import Sobol

        study = make_study(parameters={LEVEL: {"low": 1.0, "high": 9.0}}, design={"type": "sobol", "points": 4})
        run_study(study, tmp_path / "s", quiet())
        made.clear()
        monkeypatch.setattr(Sobol, "unit", lambda *_: np.full((4, 1), 0.5))
        assert run_study(study, tmp_path / "s", quiet()).added == 0


class TestExtending:
    def test_more_replications_keep_the_old_runs(self, tmp_path: Path, make_study: Make, made: list[Any]) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        made.clear()
        tally = extend(tmp_path / "s", replications=4)
        assert len(made) == tally.added == 8 * 4
        run_study(make_study(replications=10), tmp_path / "t", quiet())
        assert hash_of(tmp_path / "s") == hash_of(tmp_path / "t")

    @pytest.mark.parametrize(
        ("design", "more", "points"),
        [
            ({"type": "sobol", "points": 4}, 3, 7),
            ({"type": "lhs", "points": 4}, 3, 7),
            ({"type": "morris", "trajectories": 2}, 1, 6),
            ({"type": "saltelli", "samples": 2}, 2, 16),
        ],
    )
    def test_more_points_keep_the_old_runs(
        self, tmp_path: Path, make_study: Make, made: list[Any], design: dict[str, Any], more: int, points: int
    ) -> None:
        study = make_study(parameters={LEVEL: {"low": 1.0, "high": 99.0}}, design=design, replications=2)
        run_study(study, tmp_path / "s", quiet())
        before = merge(Store.open(tmp_path / "s")).frame
        made.clear()
        extend(tmp_path / "s", points=more)
        after = merge(Store.open(tmp_path / "s")).frame
        assert after["point"].nunique() == points
        assert after.iloc[: len(before)].equals(before)
        assert len(made) <= len(after) - len(before)
        assert run_study(Store.open(tmp_path / "s").prepared().study, tmp_path / "s", quiet()).added == 0

    def test_another_study_file_may_add_points_and_arms(
        self, tmp_path: Path, make_study: Make, made: list[Any]
    ) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        made.clear()
        arms = make_study().arms | {"scarce": {"warehouses.W.initial_stock": 0.0}}
        grown = make_study(arms=arms, parameters={LEVEL: {"values": [5.0, 15.0, 25.0, 35.0, 45.0]}})
        extend(tmp_path / "s", study=grown)
        assert len(made) == (5 * 3 - 4 * 2) * 6

    def test_two_extensions_at_once_by_number_only_repeat_each_other(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        extend(tmp_path / "s", replications=2)
        extend(tmp_path / "s", replications=2)
        assert Store.open(tmp_path / "s").prepared().study.replications.number == 10

    def test_there_must_be_something_to_extend(self, tmp_path: Path, make_study: Make) -> None:
        with pytest.raises(StudyError, match="no study was run in this folder"):
            extended(tmp_path / "none", replications=1)
        with pytest.raises(StudyError, match="holds no study to extend"):
            open_study(make_study(), tmp_path / "none", extending=True)


class TestShards:
    @pytest.mark.parametrize("parts", [2, 5, 60])
    def test_all_shards_together_are_the_whole(
        self, tmp_path: Path, make_study: Make, made: list[Any], undisturbed: str, parts: int
    ) -> None:
        made.clear()
        for part in range(1, parts + 1):
            run_study(make_study(), tmp_path / "s", quiet(shard=(part, parts)))
        assert len(made) == RUNS
        assert hash_of(tmp_path / "s") == undisturbed

    def test_shards_of_a_sequential_rule_decide_alone(self, tmp_path: Path, make_study: Make) -> None:
        metric = merge_metric(tmp_path, make_study)
        rule = {"half_width": 1e-9, "metric": metric, "first": 3, "step": 2, "maximum": 6}
        for part in (1, 2, 3):
            run_study(make_study(replications=rule), tmp_path / "s", quiet(shard=(part, 3)))
        run_study(make_study(replications=rule), tmp_path / "t", quiet())
        assert hash_of(tmp_path / "s") == hash_of(tmp_path / "t")

    def test_shards_may_be_collected_from_several_folders(
        self, tmp_path: Path, make_study: Make, undisturbed: str
    ) -> None:
        for part in (1, 2):
            run_study(make_study(), tmp_path / str(part), quiet(shard=(part, 2)))
        for path in Store.open(tmp_path / "2").shard_paths():
            shutil.copy(path, tmp_path / "1" / "shards")
        assert hash_of(tmp_path / "1") == undisturbed


def merge_metric(tmp_path: Path, make_study: Make) -> str:
    """The name of a metric that differs between runs."""
    run_study(make_study(), tmp_path / "names", quiet())
    merged = merge(Store.open(tmp_path / "names"))
    return next(name for name in merged.metrics if merged.frame[name].nunique() > 10)


class TestSequential:
    def test_the_result_does_not_depend_on_how_it_ran(self, tmp_path: Path, make_study: Make) -> None:
        metric = merge_metric(tmp_path, make_study)
        rule = {"half_width": 0.25, "relative": True, "metric": metric, "first": 5, "step": 3, "maximum": 40}
        hashes = set()
        for number, size in enumerate((2, 9, None)):
            run_study(make_study(replications=rule, comparison=None), tmp_path / str(number), quiet(chunk_runs=size))
            hashes.add(hash_of(tmp_path / str(number)))
        assert len(hashes) == 1
        counts = merge(Store.open(tmp_path / "0")).frame.groupby("point")["replication"].nunique()
        assert counts.nunique() > 1
        assert counts.between(5, 40).all()


class TestFailures:
    @pytest.fixture
    def breaking(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        """Replication 4 of level 25 cannot be run, until the returned function mends it."""
        from ripieno.model.schema import get_value

        original = metrics.values_of

        def values_of(scenarios: Any, setting: Any, replication: Any, *rest: Any) -> Any:
            levels = np.array([get_value(scenario, LEVEL) for scenario in scenarios])
            if ((levels[setting] == 25.0) & (replication == 4)).any():
                raise ArithmeticError("the stock exploded")
            return original(scenarios, setting, replication, *rest)

        monkeypatch.setattr(chunks, "values_of", values_of)
        return lambda: monkeypatch.setattr(chunks, "values_of", original)

    @pytest.mark.parametrize("size", [1, 6, 100])
    def test_only_the_run_that_raises_is_missing(
        self, tmp_path: Path, make_study: Make, breaking: Callable[[], None], size: int
    ) -> None:
        tally = run_study(make_study(), tmp_path / "s", quiet(chunk_runs=size))
        assert (tally.finished, tally.failed) == (RUNS - 2, 2)
        store = Store.open(tmp_path / "s")
        failures = status_of(store, plan_of(store))["failures"]
        assert [(f["point"], f["arm"], f["replication"]) for f in failures] == [(2, "none", 4), (2, "dear", 4)]
        assert failures[0]["error"] == "ArithmeticError: the stock exploded"
        assert failures[0]["overrides"] == {LEVEL: 25.0}
        assert "values_of" in failures[0]["trace"]
        assert store.sessions()[0]["outcome"] == "failures"

    def test_the_next_session_tries_again(self, tmp_path: Path, make_study: Make, breaking: Callable[[], None]) -> None:
        run_study(make_study(), tmp_path / "s", quiet())
        breaking()
        tally = run_study(make_study(), tmp_path / "s", quiet())
        assert (tally.added, tally.failed) == (2, 0)
        store = Store.open(tmp_path / "s")
        assert status_of(store, plan_of(store))["failures"] == []
        run_study(make_study(), tmp_path / "t", quiet())
        assert hash_of(tmp_path / "s") == hash_of(tmp_path / "t")

    def test_a_point_that_fits_no_scenario_fails_alone(self, tmp_path: Path, make_study: Make) -> None:
        points = [{LEVEL: 5.0}, {LEVEL: "many"}, {LEVEL: 6.0}]
        study = make_study(parameters=None, design={"type": "list", "points": points})
        tally = run_study(study, tmp_path / "s", quiet())
        assert (tally.finished, tally.failed) == (2 * 2 * 6, 2 * 6)


class TestRefusals:
    def refused(self, study: Study, folder: Path, **options: Any) -> str:
        def content() -> list[tuple[str, bytes]]:
            return [(str(p), p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()]

        before = content()
        with pytest.raises(StudyError) as error:
            run_study(study, folder, quiet(**options))
        assert content() == before
        return str(error.value)

    def test_bad_input_leaves_nothing_behind(self, tmp_path: Path, make_study: Make) -> None:
        self.refused(make_study(arms={"none": {"nothing": 1}}), tmp_path / "s")
        self.refused(make_study(), tmp_path / "s", workers=0)
        self.refused(make_study(), tmp_path / "s", chunk_runs=0)
        assert not (tmp_path / "s").exists()

    def test_a_folder_with_something_else(self, tmp_path: Path, make_study: Make) -> None:
        (tmp_path / "letter.txt").write_text("dear reader", encoding="utf-8")
        assert "holds letter.txt and no study" in self.refused(make_study(), tmp_path)
        assert "is a file" in self.refused(make_study(), tmp_path / "letter.txt")

    def test_another_study(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path, quiet())
        message = self.refused(make_study(replications=7), tmp_path)
        assert "another value of replications" in message
        assert "study extend" in message
        assert "another value of seed" in self.refused(make_study(seed=4), tmp_path, allow_changed=True)
        assert "another value of metrics" in self.refused(make_study(metrics=["x"]), tmp_path)

    def test_a_changed_scenario_unless_asked_for(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path, quiet())
        changed = make_study(scenario=dict(make_study().scenario) | {"periods": 13})  # type: ignore[arg-type]
        assert "scenario changed" in self.refused(changed, tmp_path)
        run_study(changed, tmp_path, quiet(allow_changed=True))
        assert list(Store.open(tmp_path).sessions()[-1]["changed"]) == ["scenario"]
        assert run_study(changed, tmp_path, quiet()).added == 0

    def test_changed_code_unless_asked_for(
        self, tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_study(make_study(), tmp_path, quiet(shard=(1, 2)))
        was = fingerprint.code_fingerprint()
        for module in ("chunks", "provenance"):
            monkeypatch.setattr(f"ripieno.experiments.sweeps.{module}.code_fingerprint", lambda: "other code")
        message = self.refused(make_study(), tmp_path)
        assert "the code changed" in message
        assert was[:8] in message
        run_study(make_study(), tmp_path, quiet(allow_changed=True))
        session = Store.open(tmp_path).sessions()[-1]
        assert session["changed"] == {"code": [was]}
        assert {shard.stamp.code for shard in Store.open(tmp_path).shards([])} == {was, "other code"}
        assert run_study(make_study(), tmp_path, quiet()).added == 0

    def test_changed_predictions_unless_asked_for(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path, quiet())
        hindsight = make_study(predictions=[{"metric": "cost", "expected": "lower"}])
        assert "predictions changed" in self.refused(hindsight, tmp_path)
        run_study(hindsight, tmp_path, quiet(allow_changed=True))
        assert list(Store.open(tmp_path).sessions()[-1]["changed"]) == ["predictions"]

    def test_words_may_change(self, tmp_path: Path, make_study: Make) -> None:
        run_study(make_study(), tmp_path, quiet())
        assert run_study(make_study(name="renamed", description="better said"), tmp_path, quiet()).added == 0

    def test_a_worker_with_other_code(self, tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        from ripieno.experiments.sweeps.reading import prepare

        job = chunks.Job.of(prepare(make_study()))
        other = chunks.Job(job.scenarios, job.seed, job.kept, "other code")
        chunk = chunks.Chunk(other, ("k",), ({},), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
        assert "has other code than the coordinator" in chunks.run_chunk(chunk).refused


class TestSeveralCoordinators:
    def test_what_another_finishes_meanwhile_is_not_repeated(
        self, tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch, undisturbed: str
    ) -> None:
        """While the first chunk of one coordinator runs, another one makes half of the study."""
        monkeypatch.setattr("ripieno.experiments.sweeps.runner.REFRESH_SECONDS", 0.0)
        original = metrics.values_of
        inner: list[bool] = []

        def values_of(*args: Any) -> Any:
            if not inner:
                inner.append(True)
                run_study(make_study(), tmp_path / "s", quiet(shard=(2, 2)))
            return original(*args)

        monkeypatch.setattr(chunks, "values_of", values_of)
        tally = run_study(make_study(), tmp_path / "s", quiet(chunk_runs=4))
        assert tally.finished == RUNS
        assert tally.added == RUNS // 2
        assert hash_of(tmp_path / "s") == undisturbed

    def test_two_that_make_the_same_chunk_leave_one_shard(self, tmp_path: Path, make_study: Make) -> None:
        for folder in ("a", "b"):
            run_study(make_study(), tmp_path / folder, quiet(chunk_runs=RUNS))
        (one,), (two,) = (Store.open(tmp_path / folder).shard_paths() for folder in ("a", "b"))
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes()


def test_dask_is_not_imported_for_one_process(tmp_path: Path, study_file: Callable[..., Path]) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from ripieno.experiments.sweeps import load_study, run_study, Options;"
        f"run_study(load_study({str(study_file(replications=1))!r}), {str(tmp_path / 's')!r}, Options(quiet=True));"
        "assert not {'dask', 'distributed', 'SALib', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_study_file_in_the_folder_is_complete(tmp_path: Path, make_study: Make) -> None:
    run_study(make_study(), tmp_path / "s", quiet())
    text = (tmp_path / "s" / "study.toml").read_text(encoding="utf-8")
    assert "[scenario]" in text
    assert "seed = 3" in text
    assert json.loads(next((tmp_path / "s" / "points").iterdir()).read_text())[0] == {LEVEL: 5.0}
    assert read_shard(Store.open(tmp_path / "s").shard_paths()[0]).stamp.seed == 3
    assert list((tmp_path / "s" / "failures").iterdir()) == []


def test_an_interrupt_keeps_what_has_arrived(tmp_path: Path, make_study: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that other processes have finished when the interrupt comes are kept, though nobody had asked for them."""
    from ripieno.experiments.sweeps.executors import InProcess

    class Arriving(InProcess):
        def collect(self, timeout: float) -> list[chunks.Outcome]:
            raise KeyboardInterrupt

        def ready(self) -> list[chunks.Outcome]:
            return [chunks.run_chunk(self._waiting.popleft())]

    monkeypatch.setattr("ripieno.experiments.sweeps.runner.make_executor", lambda options: Arriving())
    with pytest.raises(KeyboardInterrupt):
        run_study(make_study(), tmp_path / "s", quiet(chunk_runs=5))
    assert merge(Store.open(tmp_path / "s")).missing == RUNS - 5
    assert Store.open(tmp_path / "s").sessions()[0]["finished_runs"] == 5
