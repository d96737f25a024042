"""What a user reads when an optional library is not installed."""

from __future__ import annotations


def not_installed(library: str, extra: str) -> ImportError:
    """The error to raise, with the command that helps."""
    return ImportError(f'{library} is needed here and is not installed; the cure is: pip install "ripieno[{extra}]"')
