"""Every example in a docstring runs, found by import name so that relative imports work."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest
import ripieno

MODULES = ["ripieno", *(found.name for found in pkgutil.walk_packages(ripieno.__path__, "ripieno."))]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_examples_in_docstrings(name: str) -> None:
    module = import_module(name)
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS).failed == 0
