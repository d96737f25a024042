"""The recording: what a run or a pair of runs looked like, in a few hundred kilobytes for the player in a browser."""

from .fields import Field, exact, quantised
from .layout import Network, RecordedLane, RecordedSite
from .packing import VERSION, RecordingError
from .record import Making, record
from .recording import Recording
from .world import Difference, Event, World

__all__ = [
    "VERSION",
    "Difference",
    "Event",
    "Field",
    "Making",
    "Network",
    "RecordedLane",
    "RecordedSite",
    "Recording",
    "RecordingError",
    "World",
    "exact",
    "quantised",
    "record",
]
