"""One recorded world, and what happened in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .fields import Field


@dataclass(frozen=True)
class Event:
    """Something that happened: from period ``start`` (0 is the first) to the one before ``end``.

    ``kind`` is ``"outage"``, ``"intervention"`` or ``"negotiation"``; ``site`` its place in the network, -1 for none.
    """

    kind: str
    start: int
    end: int
    text: str
    site: int = -1


@dataclass(frozen=True)
class World:
    """One run: its fields by name, see `ripieno.visualization.recording.measuring.FIELDS`, and its events."""

    label: str
    fields: Mapping[str, Field]
    events: tuple[Event, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Field:
        """The field of that name; raises `KeyError` when this world has none, as docks where there are no trucks."""
        return self.fields[name]


@dataclass(frozen=True)
class Difference:
    """A key of the scenario in which two worlds differ, and its values in A and B as text."""

    key: str
    a: str
    b: str
