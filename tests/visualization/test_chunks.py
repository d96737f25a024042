"""Chunks of a recording: when they are sent, what is sent, and that nobody is kept waiting for them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ripieno.visualization import chunks, work
from ripieno.visualization.caps import Caps
from ripieno.visualization.chunks import FIRST, Abandoned, Chunks, Mail
from ripieno.visualization.claims import claims
from ripieno.visualization.jobs import Service, Ticket
from ripieno.visualization.plans import recording
from ripieno.visualization.recording import Recording
from ripieno.visualization.recordings import claim_worlds, story_worlds


class Made:
    """Stands in for a recording in the making: ``seconds`` for each of its 100 periods."""

    periods = 100

    def __init__(self, seconds: float) -> None:
        self.seconds, self.done, self.time = seconds, 0, 0.0

    def clock(self) -> float:
        return self.time

    def recording(self) -> Made:
        return self

    def to_bytes(self) -> bytes:
        self.time += 0.01
        return str(self.done).encode()


@pytest.fixture
def mail(tmp_path: Path) -> Mail:
    return Mail(str(tmp_path))


def sent(seconds: float, mail: Mail) -> list[tuple[int, float]]:
    """What is sent in a run of so many seconds: the periods in each chunk, and when it comes."""
    made, found = Made(seconds / 100), []
    watch = Chunks(mail, made.clock)
    for _ in range(made.periods):
        made.time += made.seconds
        made.done += 1
        watch.note(made)  # type: ignore[arg-type]
        if content := mail.take():
            found.append((int(content), made.time))
    return found


@pytest.mark.parametrize("seconds", [0.0, 1.0, FIRST, 2.4])
def test_short_runs_send_nothing(seconds: float, mail: Mail) -> None:
    assert sent(seconds, mail) == []


def test_longer_ones_send_what_there_is(mail: Mail) -> None:
    found = sent(10.0, mail)
    assert FIRST <= found[0][1] < FIRST + 0.3
    assert found[0][0] == pytest.approx(20, abs=2)
    assert 5 <= len(found) <= 9
    assert [done for done, _ in found] == sorted({done for done, _ in found})
    assert found[-1][0] < 100


def test_long_ones_send_few(mail: Mail) -> None:
    found = sent(170.0, mail)
    pauses = [after - before for (_, before), (_, after) in pairwise(found)]
    assert len(found) < 30
    assert pauses[-1] > 15


def test_making_chunks_takes_a_tenth_of_the_time_at_most(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(made: Made) -> bytes:
        made.time += 2.0
        return b"x"

    monkeypatch.setattr(Made, "to_bytes", slow)
    made = Made(1.0)
    watch = Chunks(mail, made.clock)
    count = 0
    for _ in range(made.periods):
        made.time += made.seconds
        made.done += 1
        watch.note(made)  # type: ignore[arg-type]
        count += bool(mail.take())
    assert 3 <= count <= 5


def test_a_run_that_nobody_waits_for_ends() -> None:
    mail = Mail.opened()
    assert mail is not None
    assert mail.wanted()
    mail.send(b"one")
    mail.send(b"two")
    assert (mail.take(), mail.take()) == (b"two", b"")
    mail.close()
    assert not mail.wanted()
    with pytest.raises(Abandoned):
        sent(5.0, mail)
    mail.send(b"late")  # no place on disk: it is lost
    assert mail.take() == b""


def test_without_a_place_on_disk_there_are_no_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(chunks, "mkdtemp", full)
    assert Mail.opened() is None


def test_the_finished_bytes_do_not_depend_on_chunks(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = story_worlds("e5-departures")
    whole = work.record_pair(pair.a, pair.b, pair.names)
    for name in ("FIRST", "PAUSE", "SHARE", "LEAST", "LOOK"):
        monkeypatch.setattr(chunks, name, 0.0)
    monkeypatch.setattr(chunks, "EFFORT", 1.0)
    found: list[Recording] = []

    def hear(mail: Mail, content: bytes) -> None:
        found.append(Recording.from_bytes(content))

    monkeypatch.setattr(Mail, "send", hear)
    assert work.record_pair(pair.a, pair.b, pair.names, mail) == whole
    assert len(found) > 3
    assert {each.horizon for each in found} == {pair.a.periods}


@pytest.mark.slow
def test_chunks_come_from_other_processes_and_end_with_the_same_bytes() -> None:
    pair = claim_worlds(claims()["C8"])
    heard: list[bytes] = []
    service = Service(replace(Caps(), at_once=1))
    try:
        ticket = Ticket(report=lambda ticket: heard.append(ticket.chunk))
        (content,) = service.work([recording(pair)], ticket)
    finally:
        service.close()
    assert content == work.record_pair(pair.a, pair.b, pair.names)
    begun = [Recording.from_bytes(chunk) for chunk in heard if chunk]
    assert begun
    assert all(each.periods < each.horizon == pair.a.periods for each in begun)
    assert heard[-1] == b""
