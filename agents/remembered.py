"""Values derived from parameters, worked out once and again only when a parameter has been replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """A function of parameters that is worked out again only when one of them has been replaced.

    Parameters are never changed in place, so the same object means the same value. This keeps powers, tables and
    other slow functions out of the work of every period.
    """

    def __init__(self, function: Callable[..., Value], size: int = 4) -> None:
        self.function = function
        self.size = size
        self.known: list[tuple[tuple[Any, ...], Value]] = []

    def __call__(self, *parameters: Any) -> Value:
        """The value of the function at ``parameters``."""
        for key, value in self.known:
            if all(old is new for old, new in zip(key, parameters, strict=True)):
                return value
        value = self.function(*parameters)
        self.known = [(parameters, value), *self.known[: self.size - 1]]
        return value
