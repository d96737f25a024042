from __future__ import annotations

from collections.abc import Iterator

import pytest

from .chromium import Chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """One browser for the tests of a file; every page in it is a user of its own."""
    with Chromium.start() as browser:
        yield browser
