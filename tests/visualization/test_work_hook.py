"""A job of a page: what it shows while it runs, when it is cancelled, and when the inputs change and change back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import solara
from ripieno.visualization.caps import Caps
from ripieno.visualization.chunks import Abandoned, Mail
from ripieno.visualization.jobs import Service, Unit
from ripieno.visualization.work_hook import Job, Played, Progress, use_job


def slowly(name: str, mail: Mail) -> bytes:
    """Sends its name, letter by letter, for some seconds."""
    for count in range(1, 9):
        if not mail.wanted():
            raise Abandoned
        mail.send((name[0] * count).encode())
        time.sleep(0.15)
    return name.encode()


def plan(name: str) -> Callable[[], list[Unit]]:
    return lambda: [Unit(slowly, (name,), name, chunked=True)]


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service(replace(Caps(), at_once=2), inline=True)
    yield made
    made.close()


class Watched:
    """A job with all that it has shown."""

    def __init__(self, service: Service) -> None:
        self.job = Job(service)
        self.seen: list[Progress] = []
        self.job.show = self.seen.append

    def until(self, true: Callable[[Progress], Any]) -> None:
        end = time.monotonic() + 20
        while not true(self.job.progress):
            assert time.monotonic() < end, self.job.progress
            time.sleep(0.02)

    def played(self, key: str) -> Played:
        return Played(key, self.job.progress, self.job, lambda: None, anew=False)


def test_something_is_shown_from_the_first_chunk_on(service: Service) -> None:
    watched = Watched(service)
    watched.job.start("abc", plan("abc"))
    watched.until(lambda progress: progress.state == "done")
    shown = [Played("abc", each, watched.job, lambda: None, anew=False) for each in watched.seen]
    contents = [each.shown for each in shown]
    first = next(place for place, content in enumerate(contents) if content)
    assert all(contents[first:])
    assert contents[-1] == b"abc"
    assert [each.growing for each in shown] == [bool(content) and content != b"abc" for content in contents]
    assert not any(each.content for each in shown[:-1])


def test_a_cancelled_one_keeps_what_there_was_also_when_it_goes_again(service: Service) -> None:
    watched = Watched(service)
    watched.job.start("abc", plan("abc"))
    watched.until(lambda progress: len(progress.chunk) > 2)
    watched.job.cancel()
    watched.until(lambda progress: progress.state == "cancelled")
    assert watched.played("abc").shown.startswith(b"aaa")
    assert not watched.played("abc").growing
    watched.job.start("abc", plan("abc"))
    assert watched.played("abc").shown.startswith(b"aaa")
    assert watched.played("abc").growing
    watched.until(lambda progress: progress.state == "done")
    assert watched.played("abc").content == b"abc"


def test_chunks_of_other_inputs_are_gone_at_once(service: Service) -> None:
    watched = Watched(service)
    watched.job.start("abc", plan("abc"))
    watched.until(lambda progress: progress.chunk)
    watched.job.start("xyz", plan("xyz"))
    assert watched.played("xyz").shown == b""
    watched.until(lambda progress: progress.state == "done")
    heard = {each.chunk[:1] for each in watched.seen[watched.seen.index(watched.job.progress) - 3 :] if each.chunk}
    assert heard == {b"x"}
    assert watched.played("abc").stale


def test_inputs_that_change_back_do_not_leave_it_busy(service: Service) -> None:
    inputs = solara.reactive("abc")
    shown: list[Progress] = []

    @solara.component  # type: ignore[untyped-decorator]
    def page() -> Any:
        progress, _, _ = use_job(service, inputs.value, plan(inputs.value))
        shown.append(progress)
        return solara.Text(progress.state)

    @solara.component  # type: ignore[untyped-decorator]
    def quiet() -> Any:
        progress, start, _ = use_job(service, inputs.value, plan(inputs.value), auto=False)
        shown.append(progress)
        solara.use_effect(start, [])
        return solara.Text(progress.state)

    def until(state: str) -> None:
        end = time.monotonic() + 20
        while shown[-1].state != state:
            assert time.monotonic() < end, shown[-1]
            time.sleep(0.02)

    _, context = solara.render(page(), handle_error=False)
    until("done")
    inputs.value = "xyz"
    until("running")
    inputs.value = "abc"
    until("done")
    assert shown[-1].values == (b"abc",)
    context.close()
    inputs.value = "klm"
    _, context = solara.render(quiet(), handle_error=False)
    until("running")
    inputs.value = "abc"
    until("idle")
    context.close()
