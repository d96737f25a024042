"""Writing files so that a reader sees a whole file or none, whatever is killed and whenever."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from itertools import count
from pathlib import Path

_NUMBERS = count()
TEMPORARY = ".tmp"
OLD = 600.0
"""Seconds after which a temporary file of a dead process is a leftover."""


def write_new(path: Path, content: bytes) -> bool:
    """Write a file that must not exist yet; returns whether it was written.

    The content goes to a temporary file in the same folder, which is synced to the disk and then given its name in
    one step that fails if the name is taken; the folder is synced after it.
    """
    temporary = _temporary(path, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without hard links: the rename replaces, so look first. Two writers of one name at the same
        # moment can then replace one another's file, which for shards holds the same runs.
        if path.exists():
            return False
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return True


def replace(path: Path, content: bytes) -> None:
    """Write a file in place of the one of that name, if any, in one step."""
    _temporary(path, content).replace(path)
    _sync_folder(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files that processes of this machine left behind when they were killed, some time ago."""
    for path in folder.glob(f".*{TEMPORARY}"):
        machine, _, pid = path.name.removesuffix(TEMPORARY).rpartition(".")[0].rpartition(".")
        ours = machine.endswith(f".{platform.node()}") and pid.isdecimal() and not _alive(int(pid))
        # The age guards containers that share a name but not their process numbers.
        if ours and time.time() - path.stat().st_mtime > OLD:
            path.unlink(missing_ok=True)


def _temporary(path: Path, content: bytes) -> Path:
    name = f".{path.name}.{platform.node()}.{os.getpid()}.{next(_NUMBERS)}{TEMPORARY}"
    temporary = path.with_name(name)
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    # Where a folder cannot be opened (Windows), its entries are durable without this.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
