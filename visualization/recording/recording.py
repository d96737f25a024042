"""The recording of one world or of a pair of worlds, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .fields import Field
from .layout import Network


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


@dataclass(frozen=True)
class Recording:
    """One world, or two of the same network on the same random numbers, over the same periods."""

    name: str
    description: str
    period: str
    periods: int
    warm_up: int
    money: str
    network: Network
    worlds: tuple[World, ...]
    differences: tuple[Difference, ...] = ()

    def to_bytes(self) -> bytes:
        """The recording in the binary format that the player reads; see `ripieno.visualization.recording.packing`."""
        from .packing import pack

        return pack(self)

    @staticmethod
    def from_bytes(content: bytes) -> Recording:
        """The recording in bytes from anywhere.

        Raises `RecordingError` with one message when they are damaged, cut off, of another version or none at all.
        """
        from .packing import unpack

        return unpack(content)
