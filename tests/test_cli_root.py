"""The joined command line: what it lists, what it loads, and how it says no."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import ripieno
import typer
from ripieno.__main__ import COMMANDS, main


def call(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a shell does."""
    command = [sys.executable, "-m", "ripieno", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    code = stopped.value.code
    return code if isinstance(code, int) else int(code is not None)


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("--help") == 0
    text = capsys.readouterr().out
    assert all(command.name in text and command.help.split(";")[0] in text for command in COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("--version") == 0
    assert capsys.readouterr().out.strip() == f"ripieno {ripieno.__version__}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_listed_command_exists(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    name, module, function = command.name, command.module, command.function  # type: ignore[attr-defined]
    target = getattr(import_module(module), function)
    assert isinstance(target, typer.Typer) or callable(target)
    assert exit_code(name, "--help") == 0
    assert name in capsys.readouterr().out


def test_a_command_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code("rnu") == 2
    assert "run" in capsys.readouterr().err


def test_an_unknown_scenario_is_refused(tmp_path: Path) -> None:
    done = call("run", "no-such-scenario", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "no-such-scenario" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_broken_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('name = "broken"\nperiods = -1\n', encoding="utf-8")
    done = call("run", "broken.toml", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.toml" in done.stderr
    assert "periods" in done.stderr
    assert "-1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_error_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("a mistake in the program")

    monkeypatch.setattr("ripieno.experiments.bench.cli.bench", broken)
    with pytest.raises(ValueError, match="a mistake in the program"):
        main(["bench"])


def test_public_names_are_there() -> None:
    assert all(hasattr(ripieno, name) for name in ripieno.__all__)
    assert set(ripieno.__all__) <= set(dir(ripieno))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(ripieno, "nothing")  # noqa: B009
