"""The recordings that come with the package, so that Home and Stories play at once.

``ripieno recordings build`` makes them. Each says in its provenance from which code and scenarios it was made; one that
was made from others is out of date, and the page records its worlds anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from ..model.schema import Scenario, with_values
from . import work
from .caps import Caps
from .choice import OWN
from .claims import Claim, claims
from .recording import Recording, RecordingError
from .recording.record import code_hash, scenario_hash
from .stories import stories
from .worlds import Worlds, base_of, names_of, preset, worlds_of

FOLDER = Path(__file__).parent / "stories" / "recordings"
SUFFIX = ".recording"
CURE = "run: ripieno recordings build"
Told = Callable[[str, int], None]


class Stamp(NamedTuple):
    """What a recording of two worlds depends on."""

    code: str
    a: str
    b: str
    seed: str


def recorded_worlds() -> dict[str, Worlds]:
    """The two worlds of every recording that comes with the package, by its name."""
    found = {name: story_worlds(name) for name in stories()}
    return found | {claim.code.lower(): claim_worlds(claim) for claim in claims().values()}


def story_worlds(name: str) -> Worlds:
    """The two worlds of a story, with its knob in the first position."""
    choice = preset(name)
    base = base_of(choice, None, Caps())
    a, b = stories()[name].worlds(base)[0]
    return Worlds(a, b, names_of(choice), base.seed)


def claim_worlds(claim: Claim, place: int = 0) -> Worlds:
    """The two worlds of a claim, with its knob in a position."""
    choice = claim.choice(place)
    shocked = claim_base(claim, place)
    if shocked is not None:
        choice = replace(choice, scenario=OWN)
    worlds = worlds_of(choice, shocked, Caps())
    return Worlds(worlds.a, worlds.b, claim.called(place), worlds.seed)


def claim_base(claim: Claim, place: int = 0) -> Scenario | None:
    """The scenario of a claim with its shock, or nothing where it is a bundled one as it stands."""
    shock = claim.shocked(place)
    return with_values(base_of(claim.choice(), None, Caps()), shock) if shock else None


def stamp_of(worlds: Worlds) -> Stamp:
    """The stamp that a recording of two worlds has if it is made now."""
    return Stamp(code_hash(), scenario_hash(worlds.a), scenario_hash(worlds.b), str(worlds.seed))


def stamp_in(content: bytes) -> Stamp:
    """The stamp in the bytes of a recording; raises `RecordingError` where they are none of two worlds."""
    made = Recording.from_bytes(content)
    if len(made.worlds) != 2:
        raise RecordingError("the recording is of one world; record two")
    a, b = (world.provenance for world in made.worlds)
    return Stamp(a["code hash"], a["scenario hash"], b["scenario hash"], a["seed"])


@cache
def _shelf() -> dict[Stamp, Path]:
    """The recordings of this package by their stamps; damaged ones are left out."""
    return {stamp: path for path, stamp in _stamps(FOLDER).items() if stamp is not None}


def _stamps(folder: Path) -> dict[Path, Stamp | None]:
    found: dict[Path, Stamp | None] = {}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            found[path] = stamp_in(path.read_bytes())
        except (RecordingError, KeyError):
            found[path] = None
    return found


def kept(worlds: Worlds) -> bytes | None:
    """The recording of two worlds that came with the package, under the names that they have here, if it is fresh."""
    path = _shelf().get(stamp_of(worlds))
    if path is None:
        return None
    made = Recording.from_bytes(path.read_bytes())
    named = tuple(replace(world, label=name) for world, name in zip(made.worlds, worlds.names, strict=True))
    return path.read_bytes() if named == made.worlds else replace(made, worlds=named).to_bytes()


def stale(folder: Path | None = None) -> list[str]:
    """Names of the recordings that are missing, damaged or out of date, and of those that nobody plays.

    They lie in ``folder``; left out, in that of the package.
    """
    there = {path.stem: stamp for path, stamp in _stamps(folder or FOLDER).items()}
    due = {name: stamp_of(worlds) for name, worlds in recorded_worlds().items()}
    return sorted(name for name in due.keys() | there.keys() if due.get(name) != there.get(name))


def build(folder: Path | None = None, every: bool = False, workers: int = 1, told: Told | None = None) -> list[str]:
    """Make the recordings that are out of date, or every one, and take away those that nobody plays.

    A recording is the same bytes whenever it is made from the same code and scenarios. Gives the names of those made;
    ``told(name, bytes)`` hears of each.
    """
    folder, worlds = folder or FOLDER, recorded_worlds()
    due = list(worlds) if every else [name for name in stale(folder) if name in worlds]
    for path in folder.glob(f"*{SUFFIX}"):
        if path.stem not in worlds:
            path.unlink()
    for name, content in _made({name: worlds[name] for name in due}, workers):
        partial = folder / f".{name}.partial"
        try:
            partial.write_bytes(content)
            partial.replace(folder / f"{name}{SUFFIX}")
        finally:
            partial.unlink(missing_ok=True)
        if told is not None:
            told(name, len(content))
    _shelf.cache_clear()
    return due


def _made(worlds: dict[str, Worlds], workers: int) -> Iterator[tuple[str, bytes]]:
    """Recordings as they are done; one alone is made here."""
    if workers < 2 or len(worlds) < 2:
        for name, pair in worlds.items():
            yield name, work.record_pair(pair.a, pair.b, pair.names)
        return
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        waiting = {pool.submit(work.record_pair, pair.a, pair.b, pair.names): name for name, pair in worlds.items()}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
