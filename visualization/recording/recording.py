"""The recording of one world or of a pair of worlds, as data."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .layout import Network
from .packing import pack, unpack
from .world import Difference, World


@dataclass(frozen=True)
class Recording:
    """One world, or two of the same network on the same random numbers, over the same periods.

    ``horizon`` is 0, or for the beginning of a recording in the making the periods that it will have.
    """

    name: str
    description: str
    period: str
    periods: int
    warm_up: int
    money: str
    network: Network
    worlds: tuple[World, ...]
    differences: tuple[Difference, ...] = ()
    horizon: int = 0

    def to_bytes(self) -> bytes:
        """The recording in the binary format that the player reads; see `ripieno.visualization.recording.packing`."""
        return pack({each.name: getattr(self, each.name) for each in fields(self)})

    @staticmethod
    def from_bytes(content: bytes) -> Recording:
        """The recording in bytes from anywhere.

        Raises `RecordingError` with one message when they are damaged, cut off, of another version or none at all.
        """
        return Recording(**unpack(content))
