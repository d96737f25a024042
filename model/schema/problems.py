"""What can be wrong with a scenario, said in one line: where, which value, and what to do about it."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeAlias

from . import limits

Step: TypeAlias = str | int
NO_VALUE = object()
"""Marks a problem that has no value to show, such as a key that is not there."""


@dataclass(frozen=True)
class Problem:
    """One fault: the place as steps into the scenario, what is wrong there, the value found, and the cure."""

    place: tuple[Step, ...]
    what: str
    cure: str
    value: Any = NO_VALUE

    def under(self, *steps: Step) -> Problem:
        """The same problem seen from further out: ``steps`` are put in front of its place."""
        return replace(self, place=(*steps, *self.place))

    def __str__(self) -> str:
        place = dotted(self.place) or "the scenario"
        shown = "" if self.value is NO_VALUE else f" = {brief(self.value)}"
        return f"{place}{shown}: {self.what}; {self.cure}"


class ScenarioError(ValueError):
    """A scenario that cannot be used. Its text is the whole message, a line a problem: file, place, value and cure."""


class Refused(ValueError):
    """Raised inside the schema with all problems of one value; pydantic collects it, and it never leaves the schema."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def refuse(what: str, cure: str, value: Any = NO_VALUE) -> Refused:
    """A `Refused` about the very value that is being looked at."""
    return Refused(Problem((), what, cure, value))


def dotted(place: Iterable[Step]) -> str:
    """A place as people write it; entries of a list without names are counted from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else printable(step) for step in place)


def brief(value: Any, width: int = 60) -> str:
    """A value as it might stand in the file, shortened to at most ``width`` characters."""
    return _short(_written(value), width)


def printable(text: str) -> str:
    """A text in which every character can be seen: what cannot be printed is escaped as in Python and TOML."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _written(value: Any, most: int = 20) -> str:
    """A value in the notation of TOML; of long lists and tables only the beginning, as more would not be shown."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}" if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return (
            str(value) if value.bit_length() < 200 else f"a number of about {int(value.bit_length() * 0.30103)} digits"
        )
    if isinstance(value, str):
        return f'"{printable(value[:200])}"'
    if isinstance(value, Mapping):
        cells = (f"{printable(str(key))} = {_written(item)}" for key, item in islice(value.items(), most))
        return f"{{{', '.join(cells)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value[:most]))}]"
    return str(value)


def nearest(word: str, known: Iterable[str]) -> str:
    """``did you mean "level"?`` or, when nothing is near, the names that are known."""
    names = [str(name) for name in known]
    by_lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{by_lower[near[0]]}"?'
    return f"known here: {listing(names)}" if names else "nothing can be named here"


def listing(names: Sequence[str], most: int = 12) -> str:
    """Names separated by commas, at most ``most`` of them."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def raise_all(source: str, problems: Iterable[Problem]) -> None:
    """Raise one `ScenarioError` with all problems, if there are any, each on its own line after the file's name."""
    found = list(dict.fromkeys(map(str, problems)))
    if not found:
        return
    shown = [f"{source}: {line}" for line in found[: limits.PROBLEMS_SHOWN]]
    rest = len(found) - len(shown)
    if rest > 0:
        shown.append(f"{source}: and {rest} more problems; correct these first")
    raise ScenarioError("\n".join(shown))


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
