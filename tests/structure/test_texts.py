"""Texts of the repository: they hold for every reader's machine, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# A path that exists on one machine only; the brackets keep this line from matching itself.
ONE_MACHINE = re.compile(r"(^|[^\w.])/(h[o]me|r[o]ot|w[o]rk|U[s]ers)/")
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:|#)([^)#\s]+)[^)]*\)")


def tracked(root: Path) -> list[Path]:
    """Files that belong to the repository: tracked ones and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in names if name and (path := root / name).is_file()]


def lines(paths: list[Path]) -> Iterator[tuple[Path, int, str]]:
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        yield from ((path, number, line) for number, line in enumerate(text.splitlines(), 1))


def test_no_path_of_one_machine(root: Path) -> None:
    found = [f"{path.relative_to(root)}:{number}" for path, number, line in lines(tracked(root)) if holds_a_path(line)]
    assert not found


def holds_a_path(line: str) -> bool:
    """Whether a line names a folder of one machine."""
    return ONE_MACHINE.search(line) is not None


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    pages = [path for path in tracked(root) if path.suffix == ".md"]
    dead = [
        f"{path.relative_to(root)}:{number} {target}"
        for path, number, line in lines(pages)
        for target in LINK.findall(line)
        if not (path.parent / target).exists()
    ]
    assert not dead


def test_the_index_lists_every_page(root: Path) -> None:
    docs = root / "docs"
    index = docs / "index.md"
    listed = {(docs / target).resolve() for _, _, line in lines([index]) for target in LINK.findall(line)}
    pages = {path for path in tracked(root) if path.suffix == ".md" and docs in path.parents and path != index}
    assert not {path.relative_to(docs).as_posix() for path in pages - listed}


@pytest.mark.parametrize("place", ["h" + "ome", "r" + "oot", "w" + "ork"])
def test_a_path_of_one_machine_is_seen(place: str) -> None:
    assert holds_a_path(f"cd /{place}/someone/project")


@pytest.mark.parametrize("line", ["docs/" + "work/plan.md", "https://example.org/page", "a/b"])
def test_other_paths_are_fine(line: str) -> None:
    assert not holds_a_path(line)
