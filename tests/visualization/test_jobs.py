"""The line before the workers: order, cancelling, caps, and that the same inputs run once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.chunks import Abandoned, Mail
from ripieno.visualization.jobs import Cancelled, Service, Ticket, Unit

CAPS = replace(Caps(), at_once=1, waiting=2)
ran: list[str] = []


def note(name: str, seconds: float = 0.0) -> str:
    time.sleep(seconds)
    ran.append(name)
    return name


def fail() -> None:
    raise RuntimeError("inside")


def slowly(name: str, mail: Mail) -> str:
    """Sends its name twice, letter by letter, for about a second; the mail may end it before."""
    for count in range(1, 11):
        if not mail.wanted():
            ran.append(f"{name} ended")
            raise Abandoned
        mail.send((name[0] * count).encode())
        time.sleep(0.1)
    ran.append(name)
    return name


def long(name: str) -> list[Unit]:
    return [Unit(slowly, (name,), name, chunked=True)]


def units(*names: str, seconds: float = 0.0) -> list[Unit]:
    return [Unit(note, (name, seconds), name) for name in names]


@pytest.fixture
def service() -> Iterator[Service]:
    ran.clear()
    made = Service(CAPS, inline=True)
    yield made
    made.close()


def test_the_same_inputs_run_once(service: Service) -> None:
    assert list(service.work(units("a", "b"), Ticket())) == ["a", "b"]
    assert list(service.work(units("b", "c"), Ticket())) == ["b", "c"]
    assert ran == ["a", "b", "c"]


def test_a_cancelled_job_keeps_what_is_finished(service: Service) -> None:
    ticket = Ticket()
    work = service.work(units("a", "b", "c"), ticket)
    assert [next(work), next(work)] == ["a", "b"]
    ticket.cancel()
    with pytest.raises(Cancelled):
        next(work)
    assert (ticket.done, ticket.total) == (2, 3)
    assert list(service.work(units("d"), Ticket())) == ["d"]  # its place is free again


def test_an_error_of_a_unit_comes_out_and_frees_the_place(service: Service) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        list(service.work([Unit(fail, (), "fail")], Ticket()))
    assert list(service.work(units("a"), Ticket())) == ["a"]


def test_one_at_a_time_first_come_first_served(service: Service) -> None:
    done: list[str] = []

    def job(name: str) -> None:
        done.extend(service.work(units(f"{name}1", f"{name}2", seconds=0.1), Ticket()))

    threads = []
    for name in "xyz":
        threads.append(threading.Thread(target=job, args=(name,)))
        threads[-1].start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(10)
    assert ran == ["x1", "x2", "y1", "y2", "z1", "z2"]


def test_too_many_in_line_are_refused_and_a_place_is_told(service: Service) -> None:
    places: list[int] = []
    tickets = [Ticket(report=lambda ticket: places.append(ticket.ahead)) for _ in range(3)]
    threads = [
        threading.Thread(target=lambda t=t: list(service.work(units(str(id(t)), seconds=0.6), t))) for t in tickets
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    with pytest.raises(TooMuch, match="2 simulations wait already; 2 may"):
        list(service.work(units("late"), Ticket()))
    for thread in threads:
        thread.join(10)
    assert 2 in places
    assert "late" not in ran


def test_waiting_can_be_cancelled(service: Service) -> None:
    first = threading.Thread(target=lambda: list(service.work(units("slow", seconds=0.6), Ticket())))
    first.start()
    time.sleep(0.1)
    ticket = Ticket()
    threading.Timer(0.1, ticket.cancel).start()
    with pytest.raises(Cancelled):
        list(service.work(units("never"), ticket))
    first.join(10)
    assert ran == ["slow"]


def test_a_job_that_takes_too_long_is_ended() -> None:
    service = Service(replace(CAPS, seconds=1), inline=True)
    with pytest.raises(TooMuch, match="seconds"):
        list(service.work(units(*"abcdef", seconds=0.5), Ticket()))


def test_time_left_is_told_from_what_is_done(service: Service) -> None:
    ticket = Ticket()
    left = [ticket.seconds_left() for _ in service.work(units("a", "b", seconds=0.1), ticket)]
    assert left[0] is not None
    assert 0.05 < left[0] < 1
    assert left[1] == 0
    assert Ticket().seconds_left() is None


def test_so_many_visitors_and_no_more() -> None:
    service = Service(replace(CAPS, sessions=2), inline=True)
    assert [service.admit(n) for n in (1, 2, 3, 2)] == [True, True, False, True]
    service.leave(1)
    assert service.admit(3)


def soon(true: Callable[[], bool]) -> None:
    """It is true within some seconds."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


class Waiting(threading.Thread):
    """Waits for the result of some units, and keeps what it hears."""

    def __init__(self, service: Service, work: list[Unit]) -> None:
        super().__init__()
        self.heard: list[bytes] = []
        self.result: list[str] = []
        self.ticket = Ticket(report=lambda ticket: self.heard.append(ticket.chunk))
        self.service, self.work = service, work
        self.start()

    def run(self) -> None:
        with contextlib.suppress(Cancelled):
            self.result = list(self.service.work(self.work, self.ticket))


def test_chunks_reach_all_who_wait_and_end_with_the_result(service: Service) -> None:
    service.caps = replace(CAPS, at_once=2)
    first = Waiting(service, long("abc"))
    time.sleep(0.35)
    second = Waiting(service, long("abc"))  # waits for the same one
    for each in (first, second):
        each.join(10)
        assert each.result == ["abc"]
        chunks = [chunk for chunk in each.heard if chunk]
        assert len(chunks) > 1
        assert chunks == sorted(set(chunks), key=len)
        assert each.heard[-1] == b""
    assert ran == ["abc"]
    soon(lambda: not service._flights)


def test_two_who_ask_for_different_things_hear_their_own(service: Service) -> None:
    service.caps = replace(CAPS, at_once=2)
    first, second = Waiting(service, long("abc")), Waiting(service, long("xyz"))
    for each, letter in ((first, b"a"), (second, b"x")):
        each.join(10)
        assert {chunk[:1] for chunk in each.heard if chunk} == {letter}


def test_a_unit_in_chunks_ends_with_the_last_who_waits(service: Service) -> None:
    service.caps = replace(CAPS, at_once=2)
    first, second = Waiting(service, long("abc")), Waiting(service, long("abc"))
    time.sleep(0.25)
    first.ticket.cancel()
    first.join(10)
    second.join(10)
    assert (first.result, second.result, ran) == ([], ["abc"], ["abc"])
    third = Waiting(service, long("xyz"))
    time.sleep(0.25)
    third.ticket.cancel()
    third.join(10)
    assert list(service.work(units("d"), Ticket())) == ["d"]
    soon(lambda: sorted(ran) == ["abc", "d", "xyz ended"])
    assert list(service.work(long("xyz"), Ticket())) == ["xyz"]  # begins anew


def test_a_plain_unit_goes_on_and_is_waited_for_again(service: Service) -> None:
    first = Waiting(service, units("slow", seconds=0.6))
    time.sleep(0.2)
    first.ticket.cancel()
    first.join(10)
    assert list(service.work(units("slow", seconds=0.6), Ticket())) == ["slow"]
    assert ran == ["slow"]


@pytest.mark.slow
def test_workers_are_processes_and_a_broken_one_is_replaced() -> None:
    service = Service(CAPS)
    try:
        with pytest.raises(TooMuch, match="ended before it was done"):
            list(service.work([Unit(_exit, (), "exit")], Ticket()))
        assert list(service.work([Unit(len, ("abc",), "len")], Ticket())) == [3]
    finally:
        service.close()


def _exit() -> None:
    import os

    os._exit(3)
