"""Finding the families of targets and measuring them one after another."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from importlib import import_module

from .targets import Effort, Target


def family_names() -> list[str]:
    """The names of the families in alphabetical order: every file in the folder ``families``."""
    package = import_module(f"{__package__}.families")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def chosen_families(only: str | None) -> list[str]:
    """The families that a pattern means: those that match it up to its first slash. All if there is no pattern."""
    head = "*" if only is None else only.split("/", 1)[0]
    return [name for name in family_names() if fnmatchcase(name, head)]


def wanted(name: str, only: str | None) -> bool:
    """Whether a target's name matches the pattern, or what is before one of its slashes does."""
    return only is None or fnmatchcase(name, only) or fnmatchcase(name, f"{only}/*")


def measured(family: str, effort: Effort, only: str | None = None) -> Iterator[Target]:
    """The targets of a family, measured one after another; those that ``only`` does not name are left out."""
    for target in import_module(f"{__package__}.families.{family}").targets(effort):
        if wanted(target.name, only):
            yield replace(target, widest=effort.widest)
