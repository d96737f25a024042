"""The pages of the application: one file a page, found by themselves.

A module here has a `Page` named ``PAGE``; its component takes no arguments.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Page:
    """A page: its path, its name, its place, its component, and the page under which it stands in the top bar."""

    path: str
    label: str
    place: int
    component: Callable[[], Any]
    under: str = ""


def all_pages() -> list[Page]:
    """All pages by their place."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    found = [import_module(f"{__name__}.{name}") for name in names]
    return sorted((module.PAGE for module in found if hasattr(module, "PAGE")), key=lambda page: page.place)
