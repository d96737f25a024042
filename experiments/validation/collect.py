"""Finding the families of targets and measuring them one after another."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from importlib import import_module

from .targets import Effort, Target


def families() -> dict[str, Callable[[Effort], Iterator[Target]]]:
    """The families by name: every file in the folder ``families`` and its function ``targets``.

    Imports them all: for the modules' names alone see `family_names`.
    """
    return {name: import_module(f"{__package__}.families.{name}").targets for name in family_names()}


def family_names() -> list[str]:
    """The names of the families in alphabetical order."""
    package = import_module(f"{__package__}.families")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def chosen_families(only: str | None) -> list[str]:
    """The families that may hold targets whose name matches the pattern ``only``.

    Names read family/case/number; a pattern without a slash that matches a family means all of it.
    """
    names = family_names()
    if only is None:
        return names
    head = only.split("/", 1)[0]
    matching = [name for name in names if fnmatchcase(name, head)]
    return matching or names


def wanted(name: str, only: str | None) -> bool:
    """Whether a target's name matches the pattern, wholly or as the head of it."""
    return only is None or fnmatchcase(name, only) or fnmatchcase(name, f"{only}/*")


def measured(family: str, effort: Effort, only: str | None = None) -> Iterator[Target]:
    """The targets of a family, measured one after another; those that ``only`` does not name are left out."""
    for target in import_module(f"{__package__}.families.{family}").targets(effort):
        if wanted(target.name, only):
            yield replace(target, widest=effort.widest)
