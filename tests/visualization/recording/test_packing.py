from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import ripieno
from hypothesis import given
from hypothesis import strategies as st
from ripieno.model.schema import with_values
from ripieno.visualization.recording import Recording, RecordingError, record
from ripieno.visualization.recording.packing import check

BUDGET = 250_000
"""Bytes of a pair of 30 sites over 365 periods."""
SITES = 20


@pytest.fixture(scope="module")
def content(pair: Recording) -> bytes:
    return pair.to_bytes()


def opened(content: bytes) -> tuple[dict[str, Any], bytes]:
    header = struct.unpack_from("<I", content, 8)[0]
    plain = zlib.decompress(content[16:])
    return json.loads(plain[:header]), plain[header:]


def closed(header: Any, body: bytes, **changes: int) -> bytes:
    """A container with a valid checksum around whatever is given."""
    text = json.dumps(header).encode()
    said = {"version": 1, "header": len(text), "body": len(body)} | changes
    prelude = struct.pack("<4sHHII", b"RIPR", said["version"], check(text + body), said["header"], said["body"])
    return prelude + zlib.compress(text + body)


def test_a_round_trip_loses_nothing(pair: Recording, content: bytes) -> None:
    again = Recording.from_bytes(content)
    assert again == pair
    assert again.worlds[1]["sites/stock"] == pair.worlds[1]["sites/stock"]
    assert again.to_bytes() == content


def test_the_same_recording_has_the_same_bytes(pair: Recording, content: bytes) -> None:
    assert pair.to_bytes() == content


def test_two_months_stay_within_the_budget(content: bytes) -> None:
    print(f"{len(content):,} bytes for a pair of {SITES} sites over 60 periods")
    assert len(content) < BUDGET * SITES / 30 * 60 / 365 + 8_000  # names and the map do not shrink


@pytest.mark.slow
def test_a_year_stays_within_the_budget() -> None:
    scenario = ripieno.load("regional")
    other = with_values(scenario, {"carriers.Long haul.dispatch.threshold": 0.95})
    size = len(record(scenario, other).to_bytes())
    print(f"{size:,} bytes for a pair of {SITES} sites over 365 periods")
    assert size < BUDGET * SITES / 30


def refused(content: bytes) -> str:
    with pytest.raises(RecordingError) as caught:
        Recording.from_bytes(content)
    return str(caught.value)


@pytest.mark.parametrize("bad", [b"", b"RIPR", b"PNG" + bytes(40), bytes(16)])
def test_other_bytes(bad: bytes) -> None:
    assert "no recording" in refused(bad)


def test_another_version(content: bytes) -> None:
    header, body = opened(content)
    assert "version 7, this reads version 1" in refused(closed(header, body, version=7))


def test_every_cut_is_noticed(content: bytes) -> None:
    for size in [*range(16, 64), *range(64, len(content), 997), len(content) - 1]:
        assert "recording" in refused(content[:size])
    assert "cut off or too long" in refused(content + b"x")


def test_no_turned_bit_changes_a_number(pair: Recording, content: bytes) -> None:
    unnoticed = 0
    for place in [*range(16), *range(16, len(content), 211)]:
        turned = bytearray(content)
        turned[place] ^= 0x10
        try:
            # A few bits mean nothing, as those that fill a byte up. Missing numbers equal nothing: bytes are compared.
            assert Recording.from_bytes(bytes(turned)).to_bytes() == content
            unnoticed += 1
        except RecordingError:
            pass
    assert unnoticed <= 5


def test_damage_that_the_sum_of_zlib_does_not_see_is_noticed(content: bytes) -> None:
    header, body = opened(content)
    text = json.dumps(header).encode()
    place = next(at for at in range(len(body) - 4) if all(0 < code < 255 for code in body[at : at + 4]))
    codes = [code + by for code, by in zip(body[place : place + 4], (-1, 1, 1, -1), strict=True)]
    damaged = body[:place] + bytes(codes) + body[place + 4 :]
    assert zlib.adler32(text + damaged) == zlib.adler32(text + body)
    assert Recording.from_bytes(closed(header, body)).to_bytes() == content
    assert "damaged" in refused(closed(header, body)[:16] + zlib.compress(text + damaged))


@given(st.binary(max_size=200))
def test_noise_behind_a_good_prelude(noise: bytes) -> None:
    refused(struct.pack("<4sHHII", b"RIPR", 1, 0, 10, 10) + noise)


def test_a_bomb_is_not_unpacked() -> None:
    zeros = zlib.compress(bytes(50_000_000))
    assert "cut off or too long" in refused(struct.pack("<4sHHII", b"RIPR", 1, 0, 100, 100) + zeros)
    assert "at most" in refused(struct.pack("<4sHHII", b"RIPR", 1, 0, 100, 4_000_000_000) + zeros)


def edit(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(header: Any) -> None:
        for step in path[:-1]:
            header = header[step]
        header[path[-1]] = to

    return change


def drop(*path: Any) -> Callable[[Any], None]:
    def change(header: Any) -> None:
        for step in path[:-1]:
            header = header[step]
        del header[path[-1]]

    return change


STOCK = ("worlds", 0, "fields", "sites/stock")


@pytest.mark.parametrize(
    "change",
    [
        drop("worlds"),
        drop(*STOCK, "low"),
        drop("network", "sites", 0, "kind"),
        edit("floats", to=10**12),
        edit("floats", to=-1),
        edit("floats", to="all"),
        edit("periods", to=0),
        edit("periods", to=10**9),
        edit("periods", to=1.5),
        edit("worlds", to=[]),
        edit("worlds", to=None),
        edit("name", to=7),
        edit(*STOCK, "rows", to=21),
        edit(*STOCK, "bytes", to=10**10),
        edit(*STOCK, "bytes", to=-5),
        edit(*STOCK, "low", to=True),
        edit("worlds", 0, "fields", "sites/unheard of", to={"rows": 1, "floats": 0}),
        edit("worlds", 0, "provenance", to={"seed": 1}),
        edit("worlds", 0, "events", to=[{"kind": "outage"}]),
        edit("network", "lanes", 0, "origin", to=20),
        edit("network", "lanes", 0, "travel_time", to=float("nan")),
        edit("network", "sites", 3, "echelon", to=-1),
        edit("network", "sites", 3, "map", to=[0.5]),
        edit("network", "aspect", to="wide"),
        edit("network", to=[]),
    ],
)
def test_a_forged_header_is_refused(content: bytes, change: Callable[[Any], None]) -> None:
    header, body = opened(content)
    change(header)
    assert "header of the recording is damaged" in refused(closed(header, body))


def test_a_header_that_is_no_table(content: bytes) -> None:
    _, body = opened(content)
    for text in ([1], "x", None):
        assert "damaged" in refused(closed(text, body))
    deep = b"[" * 100_000
    assert "damaged" in refused(struct.pack("<4sHHII", b"RIPR", 1, check(deep), len(deep), 0) + zlib.compress(deep))


def test_a_scale_that_is_not_finite(content: bytes) -> None:
    header, body = opened(content)
    floats = np.frombuffer(body, "<f4", header["floats"]).copy()
    floats[header["worlds"][0]["fields"]["sites/stock"]["step"]] = np.nan
    forged = floats.tobytes() + body[4 * header["floats"] :]
    assert "not finite" in refused(closed(header, forged))
