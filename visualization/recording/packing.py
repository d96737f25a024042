"""The binary format of a recording.

======  ====================================================================
bytes   content
======  ====================================================================
0-3     ``RIPR``
4-5     version of the format, an unsigned 16-bit number
6-7     lower half of the CRC-32 of header and body before compression
8-11    length of the header before compression, unsigned 32 bits
12-15   length of the body before compression, unsigned 32 bits
16-     header and body as one zlib stream (``deflate`` for a browser)
======  ====================================================================

All numbers are little-endian. The header is JSON in UTF-8; ``horizon`` is in it where more is to come. Every field in
it says where its arrays start in the body: first all single floats, then all bytes, so that a browser can look at them
in place.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

import numpy as np

from . import sizes
from .fields import Field
from .layout import Network, RecordedLane, RecordedSite
from .measuring import FIELDS
from .world import Difference, Event, World

MAGIC = b"RIPR"
VERSION = 1
PRELUDE = struct.Struct("<4sHHII")
HEADER_BYTES = 16_000_000
BODY_BYTES = 256_000_000
PLAIN = ("name", "description", "period", "periods", "warm_up", "money")


class RecordingError(ValueError):
    """Bytes that are not a recording, or not one that this version reads."""


def pack(content: Mapping[str, Any]) -> bytes:
    """The bytes of a recording, given by its attributes; the same ones give the same bytes."""
    body = _Body()
    worlds = [
        {
            "label": world.label,
            "provenance": dict(world.provenance),
            "events": [asdict(event) for event in world.events],
            "fields": {name: body.add(each) for name, each in world.fields.items()},
        }
        for world in content["worlds"]
    ]
    header: dict[str, Any] = {name: content[name] for name in PLAIN}
    header |= {"network": asdict(content["network"]), "worlds": worlds, "units": _units(content["money"])}
    header["differences"] = [asdict(each) for each in content["differences"]]
    header["floats"] = body.floats_end
    if content["horizon"]:
        header["horizon"] = content["horizon"]
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    arrays = body.content()
    return PRELUDE.pack(MAGIC, VERSION, check(text + arrays), len(text), len(arrays)) + zlib.compress(text + arrays, 9)


def check(plain: bytes) -> int:
    """What tells damage that zlib's own sum does not see: four codes that differ by -1, 1, 1 and -1, for example."""
    return zlib.crc32(plain) & 0xFFFF


def unpack(content: bytes) -> dict[str, Any]:
    """The attributes of the recording in ``content``; raises `RecordingError` when there is none."""
    header, body = _unwrapped(bytes(content))
    try:
        table = json.loads(header)
        return _attributes(table, _Reader(body, int(table["floats"]), _count(table["periods"])))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError) as error:
        raise RecordingError(f"the header of the recording is damaged ({error}); record it again") from None


def _units(money: str) -> dict[str, dict[str, str]]:
    """What the fields mean, for whoever shows them."""
    return {
        name: {"meaning": kept.meaning, "unit": money if kept.unit == "money" else kept.unit}
        for name, kept in FIELDS.items()
    }


def _unwrapped(content: bytes) -> tuple[bytes, bytes]:
    """Header and body, of the lengths that the prelude says."""
    if len(content) < PRELUDE.size or content[:4] != MAGIC:
        raise RecordingError(f"these {len(content)} bytes are no recording; they should start with {MAGIC.decode()}")
    _, version, checked, header, body = PRELUDE.unpack_from(content)
    if version != VERSION:
        raise RecordingError(f"the recording has version {version}, this reads version {VERSION}; record it again")
    if header > HEADER_BYTES or body > BODY_BYTES:
        raise RecordingError(f"the recording says that it holds {header + body:,} bytes; at most {BODY_BYTES:,}")
    unzip = zlib.decompressobj()
    try:
        plain = unzip.decompress(content[PRELUDE.size :], header + body + 1)
    except zlib.error as error:
        raise RecordingError(f"the recording is damaged ({error}); record it again") from None
    if len(plain) != header + body or not unzip.eof or unzip.unused_data:
        raise RecordingError(f"the recording is cut off or too long at {len(content):,} bytes; fetch it again")
    if check(plain) != checked:
        raise RecordingError("the recording is damaged (its numbers are not those that were written); record it again")
    return plain[:header], plain[header:]


class _Body:
    """Collects arrays: single floats first, bytes behind them."""

    def __init__(self) -> None:
        self._floats: list[bytes] = []
        self._bytes: list[bytes] = []
        self.floats_end = 0
        self._bytes_end = 0

    def add(self, field: Field) -> dict[str, Any]:
        """Add the arrays of a field, and say where they are: places of floats in floats, of bytes in bytes."""
        rows = field.shape[0]
        if field.low is None or field.step is None:
            return {"rows": rows, "floats": self._float(field.codes)}
        at = self._bytes_end
        self._bytes.append(field.codes.tobytes())
        self._bytes_end += field.codes.size
        return {"rows": rows, "low": self._float(field.low), "step": self._float(field.step), "bytes": at}

    def _float(self, values: Any) -> int:
        at = self.floats_end
        self._floats.append(np.ascontiguousarray(values, dtype="<f4").tobytes())
        self.floats_end += values.size
        return at

    def content(self) -> bytes:
        """All arrays one after another."""
        return b"".join([*self._floats, *self._bytes])


class _Reader:
    """Reads fields from the body; raises `ValueError` when they would lie outside it."""

    def __init__(self, body: bytes, floats: int, periods: int) -> None:
        if not 0 <= 4 * floats <= len(body):
            raise ValueError(f"{floats} floats in {len(body)} bytes")
        self._floats = np.frombuffer(body, "<f4", floats)
        self._bytes = np.frombuffer(body, np.uint8, offset=4 * floats) if len(body) > 4 * floats else np.empty(0, "u1")
        self.periods = periods

    def field(self, about: Mapping[str, Any], rows: int) -> Field:
        """One field of ``rows`` rows."""
        if _count(about["rows"]) != rows:
            raise ValueError(f"{about['rows']} rows where {rows} are due")
        if "floats" in about:
            return Field(self._cut(self._floats, about["floats"], rows * self.periods).reshape(rows, self.periods))
        low, step = (self._cut(self._floats, about[name], rows) for name in ("low", "step"))
        if not (np.isfinite(low).all() and np.isfinite(step).all()):
            raise ValueError("a scale that is not finite")
        return Field(self._cut(self._bytes, about["bytes"], rows * self.periods).reshape(rows, self.periods), low, step)

    @staticmethod
    def _cut(values: Any, at: Any, size: int) -> Any:
        start = _count(at)
        if start + size > len(values):
            raise ValueError(f"an array at {start} with {size} numbers in {len(values)}")
        return values[start : start + size].copy()


def _attributes(table: Mapping[str, Any], reader: _Reader) -> dict[str, Any]:
    network = _network(table["network"])
    rows = {
        "sites": len(network.sites),
        "lanes": len(network.lanes),
        "owners": len(network.owners),
        "echelons": len(network.echelons),
        "network": 1,
    }
    if not 1 <= reader.periods <= sizes.PERIODS or not 1 <= len(table["worlds"]) <= 2:
        raise ValueError(f"{reader.periods} periods, {len(table['worlds'])} worlds")
    worlds = tuple(
        World(
            label=_text(world["label"]),
            fields={name: reader.field(about, rows[FIELDS[name].rows]) for name, about in world["fields"].items()},
            events=tuple(_event(event) for event in world["events"]),
            provenance={_text(key): _text(value) for key, value in world["provenance"].items()},
        )
        for world in table["worlds"]
    )
    found: dict[str, Any] = {name: _text(table[name]) for name in ("name", "description", "period", "money")}
    found |= {"periods": reader.periods, "warm_up": _count(table["warm_up"])}
    horizon = _count(table.get("horizon", 0), sizes.PERIODS + 1)
    if 0 < horizon <= reader.periods:
        raise ValueError(f"{reader.periods} periods of a horizon of {horizon}")
    differing = (Difference(*(_text(each[name]) for name in ("key", "a", "b"))) for each in table["differences"])
    return found | {"network": network, "worlds": worlds, "differences": tuple(differing), "horizon": horizon}


def _network(table: Mapping[str, Any]) -> Network:
    echelons, owners = (tuple(_text(name) for name in table[key]) for key in ("echelons", "owners"))
    sites = tuple(_site(site, len(echelons), len(owners)) for site in table["sites"])
    lanes = tuple(
        RecordedLane(
            name=_text(lane["name"]),
            origin=_count(lane["origin"], len(sites)),
            destination=_count(lane["destination"], len(sites)),
            travel_time=_number(lane["travel_time"]),
            carrier=_text(lane["carrier"]),
        )
        for lane in table["lanes"]
    )
    return Network(sites, lanes, echelons, owners, _number(table["aspect"]))


def _site(table: Mapping[str, Any], echelons: int, owners: int) -> RecordedSite:
    return RecordedSite(
        **{name: _text(table[name]) for name in ("name", "kind", "region", "policy")},
        echelon=_count(table["echelon"], echelons),
        owner=_count(table["owner"], owners),
        layers=_point(table["layers"]),
        map=None if table["map"] is None else _point(table["map"]),
        markets=tuple(_text(name) for name in table["markets"]),
    )


def _event(table: Mapping[str, Any]) -> Event:
    start, end, site = (int(table[name]) for name in ("start", "end", "site"))
    return Event(_text(table["kind"]), start, end, _text(table["text"]), site)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} where a text is due")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} where a number is due")
    return float(value)


def _count(value: Any, below: int | None = None) -> int:
    """A whole number from 0 on, and below a limit."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0 or (below is not None and value >= below):
        raise ValueError(f"{value!r} where a whole number below {below} is due")
    return value


def _point(value: Any) -> tuple[float, float]:
    x, y = value
    return _number(x), _number(y)
