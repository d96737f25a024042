"""The recordings that come with the package: fresh, the same bytes each time, and recorded anew where they are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ripieno.__main__ import main
from ripieno.model.schema import with_values
from ripieno.visualization import recordings
from ripieno.visualization.recording import Recording
from ripieno.visualization.recordings import (
    CURE,
    FOLDER,
    SUFFIX,
    build,
    kept,
    recorded_worlds,
    stale,
    stamp_in,
    stamp_of,
    story_worlds,
)
from ripieno.visualization.worlds import Worlds

MOST_BYTES = 2_000_000


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> dict[str, Worlds]:
    """Two short pairs in the place of those of the stories."""
    pair = story_worlds("e5-departures")
    a, b = (with_values(world, {"periods": 30, "warm_up": 5}) for world in (pair.a, pair.b))
    short = replace(pair, a=a, b=b)
    worlds = {"one": short, "two": replace(short, b=short.a, names=("same", "same again"))}
    monkeypatch.setattr(recordings, "recorded_worlds", lambda: worlds)
    return worlds


def test_no_recording_is_out_of_date() -> None:
    old = stale()
    assert not old, f"out of date: {', '.join(old)}; {CURE}"


def test_all_of_them_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob(f"*{SUFFIX}")) < MOST_BYTES


def test_every_story_and_claim_has_one() -> None:
    names = set(recorded_worlds())
    assert {"e1-picking-waves", "e5-departures", "c1", "c4a", "c11"} <= names
    assert len(names) == 17
    assert len({stamp_of(worlds) for worlds in recorded_worlds().values()}) == 17


def test_building_gives_the_same_bytes_and_only_what_is_due(tiny: dict[str, Worlds], tmp_path: Path) -> None:
    told: list[str] = []
    assert build(tmp_path, told=lambda name, size: told.append(name)) == told == ["one", "two"]
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(first) == {f"one{SUFFIX}", f"two{SUFFIX}"}
    assert build(tmp_path) == []
    assert build(tmp_path, every=True) == ["one", "two"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first
    assert stamp_in(first[f"one{SUFFIX}"]) == stamp_of(tiny["one"])


def test_what_is_missing_damaged_old_or_left_over_is_named(tiny: dict[str, Worlds], tmp_path: Path) -> None:
    build(tmp_path)
    assert stale(tmp_path) == []
    one = tmp_path / f"one{SUFFIX}"
    content = one.read_bytes()
    one.write_bytes(content[:-20])
    (tmp_path / f"three{SUFFIX}").write_bytes(content)
    assert stale(tmp_path) == ["one", "three"]
    one.unlink()
    assert stale(tmp_path) == ["one", "three"]
    assert build(tmp_path) == ["one"]
    assert stale(tmp_path) == []
    tiny["two"] = replace(tiny["two"], seed=99)
    assert stale(tmp_path) == ["two"]


def test_other_code_makes_them_stale(tiny: dict[str, Worlds], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path)
    monkeypatch.setattr(recordings, "code_hash", lambda: "another")
    assert stale(tmp_path) == ["one", "two"]


def test_a_kept_one_plays_under_the_names_that_are_asked_for(
    tiny: dict[str, Worlds], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    build(tmp_path)
    worlds = tiny["one"]
    assert kept(worlds) == (tmp_path / f"one{SUFFIX}").read_bytes()
    named = Recording.from_bytes(kept(replace(worlds, names=("left", "right"))) or b"")
    assert [world.label for world in named.worlds] == ["left", "right"]
    assert kept(replace(worlds, seed=5)) is None
    assert kept(replace(worlds, a=worlds.b, b=worlds.a)) is None
    recordings._shelf.cache_clear()


def test_the_command_builds_and_checks(
    tiny: dict[str, Worlds], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["recordings", "check"])
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.out.split() == ["one", "two"]
    assert CURE in told.err
    with pytest.raises(SystemExit) as ended:
        main(["recordings", "build", "--workers", "1"])
    assert not ended.value.code
    assert "2 made, 0 were up to date" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["recordings", "check"])
    assert not ended.value.code
