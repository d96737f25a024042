"""The line before the workers: order, cancelling, caps, and that the same inputs run once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.jobs import Cancelled, Service, Ticket, Unit

CAPS = replace(Caps(), at_once=1, waiting=2)
ran: list[str] = []


def note(name: str, seconds: float = 0.0) -> str:
    time.sleep(seconds)
    ran.append(name)
    return name


def fail() -> None:
    raise RuntimeError("inside")


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
