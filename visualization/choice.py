"""What is compared, as a value: it is what a link holds, and every value that comes from outside is checked here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from .caps import Caps, TooMuch

Value: TypeAlias = bool | int | float | str
Differences: TypeAlias = tuple[tuple[str, Value], ...]
OWN = "own"
"""The scenario of a choice that is not a bundled one but a file that this session holds."""
MOST_TEXT = 200
MOST_SEED = 10**9


@dataclass(frozen=True)
class Choice:
    """Two worlds: a scenario, what is changed in both, what is other in B, the arms, the seed; and what is looked at.

    ``day`` counts from 1; ``site`` is the name of the site in focus, or nothing.
    """

    scenario: str = "e1-picking-waves"
    changes: Differences = ()
    other: Differences = ()
    arms: tuple[str, str] = ("", "")
    seed: int | None = None
    day: int = 1
    site: str = ""

    def query(self) -> str:
        """The choice as the query of a link, without the question mark.

        An empty ``b`` says that nothing differs in B; without ``b`` and ``arms`` B differs as in the preset.
        """
        pairs: list[tuple[str, str]] = [("scenario", self.scenario)]
        pairs += [("set", f"{key}={json.dumps(value)}") for key, value in self.changes]
        pairs += [("b", f"{key}={json.dumps(value)}") for key, value in self.other] or [("b", "")]
        if any(self.arms):
            pairs.append(("arms", ",".join(self.arms)))
        if self.seed is not None:
            pairs.append(("seed", str(self.seed)))
        if self.day > 1:
            pairs.append(("day", str(self.day)))
        if self.site:
            pairs.append(("site", self.site))
        return urlencode(pairs)


def from_query(text: str, caps: Caps) -> Choice:
    """The choice in the query of a link; raises `TooMuch` with a short message for anything that is not one.

    Only the form is checked here: whether keys and values fit the scenario is found when the worlds are made.
    """
    query = text.removeprefix("?")
    caps.check("link_characters", len(query))
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=2 * caps.differences + 10)
    except ValueError:
        raise TooMuch("the link has too many parts") from None
    single = {key: value for key, value in pairs if key not in ("set", "b")}
    unknown = sorted(set(single) - {"scenario", "arms", "seed", "day", "site"})
    if unknown:
        raise TooMuch(f"the link has a part {unknown[0][:40]!r} that is not known here")
    found = [[difference(value) for key, value in pairs if key == which and value] for which in ("set", "b")]
    for differences in found:
        caps.check("differences", len(differences))
    return Choice(
        scenario=checked_text(single.get("scenario", Choice.scenario)),
        changes=tuple(found[0]),
        other=tuple(found[1]),
        arms=_arms(single.get("arms", "")),
        seed=whole(single["seed"], "seed", 0, MOST_SEED) if single.get("seed") else None,
        day=whole(single.get("day", "1"), "day", 1, caps.periods),
        site=checked_text(single.get("site", "")),
    )


def difference(text: str) -> tuple[str, Value]:
    """``KEY=VALUE`` as a pair; raises `TooMuch` when it is none."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise TooMuch(f"{text[:60]!r} is not KEY=VALUE")
    return checked_text(key.strip()), typed(value.strip())


def typed(text: str) -> Value:
    """A value that a person wrote: a number, true or false, or a text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    return checked_value(value)


def checked_value(value: Any) -> Value:
    """A single value of a plain type; raises `TooMuch` for anything else.

    A text with a colon could name code outside this package, which a scenario file may do and a visitor may not.
    """
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value
    if not isinstance(value, str):
        raise TooMuch(f"{str(value)[:60]!r} is not a single value; give a number, true, false or a text")
    if ":" in value:
        raise TooMuch(f"{value[:60]!r} names code outside this program, which is not allowed here")
    return checked_text(value)


def checked_text(value: Any) -> str:
    """A short printable text; raises `TooMuch` for anything else."""
    if not isinstance(value, str) or len(value) > MOST_TEXT or not value.isprintable():
        raise TooMuch(f"{str(value)[:40]!r} is not a text of at most {MOST_TEXT} printable characters")
    return value


def whole(value: Any, what: str, least: int, most: int) -> int:
    """A whole number within bounds, from a number or a text; raises `TooMuch` with both for anything else."""
    try:
        number = int(str(value)) if not isinstance(value, float) else int(value)
    except (ValueError, OverflowError):
        raise TooMuch(f"{what} is {str(value)[:40]!r}; give a whole number from {least} to {most:,}") from None
    if not least <= number <= most:
        raise TooMuch(f"{what} is {str(value)[:40]}; from {least} to {most:,} is allowed")
    return number


def _arms(text: str) -> tuple[str, str]:
    parts = [checked_text(part) for part in text.split(",")] if text else []
    if len(parts) not in (0, 2):
        raise TooMuch(f"arms is {text[:60]!r}; name two, for example arms=selfish,orch")
    return (parts[0], parts[1]) if parts else ("", "")
