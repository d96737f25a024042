"""The command: exit codes, the JSON list, the tables, and progress that does not mix with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ripieno.__main__ import main
from ripieno.experiments.validation.families import strategic
from ripieno.experiments.validation.targets import exact, information

FIELDS = {"name", "source", "expected", "measured", "tolerance", "verdict", "kind", "standard_error"}


def called(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["validate", *arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    def targets(_effort: object) -> Any:
        yield exact("strategic/right", "Right (2001)", 1.0, 1.0)
        yield exact("strategic/wrong", "Wrong (2002)", 1.0, 1.5)
        yield information("strategic/shown", "Shown (2003)", 1.0, 9.0)

    monkeypatch.setattr(strategic, "targets", targets)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--json", "--quick", "--only", "sterman/benchmark/*") == 0
    shown = capsys.readouterr()
    rows = json.loads(shown.out)
    assert len(rows) == 21
    assert all(set(row) == FIELDS for row in rows)
    assert {row["verdict"] for row in rows} == {"pass"}
    assert {row["kind"] for row in rows} == {"engine"}
    team = next(row for row in rows if row["name"] == "sterman/benchmark/cost of the team")
    assert team["expected"] == team["measured"] == 204.0
    assert "measured sterman: 21 targets, 0 missed" in shown.err


@pytest.mark.usefixtures("a_miss")
def test_a_miss_ends_with_exit_code_1_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--json", "--only", "strategic") == 1
    rows = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in rows] == ["pass", "miss", "pass"]
    assert rows[2]["tolerance"] is None
    assert called("--only", "strategic") == 1
    shown = capsys.readouterr().out
    assert "MISS" in shown
    assert "missed: strategic/wrong: expected 1, measured 1.5" in shown


@pytest.mark.usefixtures("a_miss")
def test_a_miss_that_is_not_asked_for_does_not_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--only", "strategic/right") == 0
    assert "wrong" not in capsys.readouterr().out


def test_tables_are_grouped_by_source_with_standard_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--quick", "--only", "newsvendor") == 0
    shown = capsys.readouterr().out
    heads = [line for line in shown.splitlines() if "(1963)" in line or "(2019)" in line]
    assert len(heads) == 2
    assert "std. error" in shown
    assert "targets measured on the engine: 0 missed" in shown


@pytest.mark.parametrize("name", ["stermann", "strategic/nothing"])
def test_an_unknown_name_is_bad_input(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert called("--only", name) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert name in shown.err
