"""The code of the README runs as it stands: its files are written, its commands called, its Python executed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of code."""

    language: str
    code: str


BLOCKS = [Block(*found) for found in FENCE.findall(README)]


def of(language: str) -> list[str]:
    return [block.code for block in BLOCKS if block.language == language]


COMMANDS = [line.removeprefix("$ ") for code in of("console") for line in code.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the files of the README, named in their first line."""
    place = tmp_path_factory.mktemp("readme")
    for code in of("toml"):
        (place / code.splitlines()[0].removeprefix("# ")).write_text(code, encoding="utf-8")
    return place


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command: str, folder: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "ripieno"
    done = subprocess.run(
        [sys.executable, "-m", "ripieno", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_python(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    for code in of("python"):
        exec(compile(code, "README.md", "exec"), names)
    assert len(names["result"].summary) == 400  # type: ignore[attr-defined]
    assert names["shop"].on_hand.shape == (1, 3)  # type: ignore[attr-defined]


def test_every_block_is_checked() -> None:
    assert {block.language for block in BLOCKS} == {"sh", "console", "toml", "python"}


def test_both_set_up_commands_are_there() -> None:
    run, tests = (code.strip() for code in of("sh"))
    assert run == "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/ripieno run regional"
    assert tests == "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"
