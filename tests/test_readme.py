"""The code of README, tutorial and how-to runs as it stands: files written, commands called, Python executed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import ripieno
from ripieno.__main__ import main
from ripieno.model.moments import MOMENTS, SEQUENCES
from ripieno.model.schema import with_values
from ripieno.model.streams import Streams

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
EXTEND = ROOT / "docs" / "howto" / "extend.md"
ENGINE = ROOT / "docs" / "explanation" / "engine.md"
FILE = re.compile(r"# (\w[\w.-]*\.(?:toml|py))\n")  # the first line of a block that is to be saved
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of code."""

    language: str
    code: str


def blocks_of(page: Path) -> list[Block]:
    return [Block(*found) for found in FENCE.findall(page.read_text(encoding="utf-8"))]


def called(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints; it has to end well."""
    program, *arguments = shlex.split(command)
    assert program == "ripieno"
    code: Any = 0
    try:
        main(arguments)
    except SystemExit as stopped:
        code = stopped.code
    printed = capsys.readouterr()
    assert not code, f"{command}: {printed.err}"
    return printed.out


def followed(page: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Do what a page says in the current folder: the names that its Python leaves, and what each command prints."""
    names: dict[str, Any] = {}
    printed: dict[str, str] = {}
    for language, code in blocks_of(page):
        if name := FILE.match(code):
            Path(name[1]).write_text(code, encoding="utf-8")
        elif language == "console":
            for command in (line.removeprefix("$ ") for line in code.splitlines()):
                printed[command] = called(command, capsys)
                assert printed[command].strip(), f"{command} prints nothing"
        elif language == "python":
            exec(compile(code, page.name, "exec"), names)
    return names, printed


def test_the_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    names, _ = followed(README, capsys)
    assert len(names["result"].summary) == 400
    assert names["shop"].on_hand.shape == (1, 3)
    assert {"summary.parquet", "agents.parquet", "scenario.toml", "provenance.json"} <= {
        path.name for path in (tmp_path / "results").iterdir()
    }


def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures of the text are those that come out."""
    monkeypatch.chdir(tmp_path)
    names, printed = followed(TUTORIAL, capsys)
    plain, forecast, smoothed = (
        printed[next(command for command in printed if command.startswith(f"ripieno run {start}"))]
        for start in ("lamps.toml --runs 100", "forecast.toml --runs 100", "forecast.toml --runs 100 --set")
    )
    assert site(plain, "Shop")[0] == pytest.approx(0.97, abs=0.005)
    assert site(plain, "Depot")[4:6] == pytest.approx([1.0, 1.0])
    assert [site(forecast, name)[5] for name in ("Shop", "Depot")] == pytest.approx([2.03, 5.7], rel=0.02)
    assert [site(smoothed, name)[5] for name in ("Shop", "Depot")] == pytest.approx([0.55, 1.6], rel=0.03)
    assert names["bullwhip"] == pytest.approx([3.6, 2.0, 1.45], rel=0.03)
    assert names["saving"] > 4 * names["error"] > 0
    assert (tmp_path / "bullwhip.png").stat().st_size > 1_000
    assert names["orders"].shape == (400, 2)
    lamps = [with_values(ripieno.load("lamps.toml"), {"sequence": name}) for name in SEQUENCES]
    fill = [ripieno.simulate(scenario, runs=50).summary["fill_rate"].mean() for scenario in lamps]
    assert fill == pytest.approx([0.97, 0.9999, 0.61], abs=0.015)  # these stand in the page on the engine


def test_how_to_extend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names, printed = followed(EXTEND, capsys)
    assert "parts:PartOfGap" in printed["ripieno check mine.toml"]
    parts = __import__("parts")
    process = parts.Triangular(low=10.0, high=30.0)
    process.start(Streams(1, range(20_000)).stream("demand"), 20_000)
    sample = process(0)
    assert abs(sample.mean() - 20.0) < 4 * sample.std() / 20_000**0.5
    assert sample.std() == pytest.approx(20.0 / 24**0.5, rel=0.03)
    chain = ripieno.SupplyChain(ripieno.load("mine.toml"), replications=[0, 1]).run()
    assert names["mean_incoming"](chain.sites["Shop"], chain) == pytest.approx([20.0, 20.0], rel=0.05)
    assert site(printed["ripieno run mine.toml --runs 20 --audit"], "Shop")[0] > 0.5
    tabled = names["ledger"].query("claim != 0 and transfer != 0").groupby(["run", "cycle"])["payoff"]
    assert (tabled.max() / tabled.min()).round(6).isin([1.0, 2.0]).all(), "a mover gets twice the share of others"


def site(printed: str, name: str) -> list[float]:
    """The numbers in a site's row of the printed table."""
    row = next(line for line in printed.splitlines() if re.match(rf"│ {name} ", line))
    return [float(cell.replace(",", "")) for cell in row.split("│")[2:-1] if cell.strip() != "–"]


def test_the_page_on_the_engine_lists_the_moments_and_sequences() -> None:
    text = ENGINE.read_text(encoding="utf-8")
    moments = [f"| `{name}` | {meaning} |" for name, meaning in MOMENTS.items()]
    sequences = [f"| `{name}` | {', '.join(moments)} |" for name, moments in SEQUENCES.items()]
    assert "\n".join(moments) in text
    assert "\n".join(sequences) in text


def test_every_block_is_checked() -> None:
    assert {block.language for block in blocks_of(README)} == {"sh", "console", "toml", "python"}
    assert {block.language for block in blocks_of(TUTORIAL)} == {"console", "toml", "python"}


def test_both_set_up_commands_are_there() -> None:
    run, tests = (block.code.strip() for block in blocks_of(README) if block.language == "sh")
    assert run == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/ripieno compare regional"
    assert tests == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"
