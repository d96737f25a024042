"""Stories: a claim, your guess, two runs, one knob, the paired result and a verdict."""

from __future__ import annotations

from typing import Any

import solara

from .. import plans
from ..caps import Caps
from ..jobs import Unit
from ..marks import Moment, moments_of
from ..pairing import Paired, column, joined, of_agent, paired
from ..recording import Recording
from ..session import use_session
from ..shell.markup import interval, span, swatch, table, text
from ..shell.parts import Goto, Press, Waiting, box, html, title
from ..shell.widgets import Player
from ..stories import Story, answer, holds, stories, verdict
from ..work_hook import Progress, use_job
from ..worlds import Worlds, base_of, names_of, preset
from . import Page

RUNS = 20
KIND = {"supported": "yes", "only here": "some", "not supported": "no"}


@solara.component
def Stories() -> Any:
    """The page: the list, and the story that is open."""
    session = use_session()
    known = stories()
    name = session.choice.value.scenario
    opened, open_ = solara.use_state(name if _asked() and name in known else "")
    title("Stories", "One claim each, put to a test that it could fail. Guess before you look.")
    if opened in known:
        with box("ri-row", []):
            Press("All stories", lambda: open_(""))
        Told(known[opened]).key(opened)
        return
    with box("ri-columns", []):
        for story in known.values():
            with box("ri-card", []), box("ri-door", []):
                html(
                    f'<p class="ri-quiet">{text(story.code)}</p><h2>{text(story.title)}</h2><p>{text(story.claim)}</p>'
                )
                Press("Open", lambda story=story: (session.change(preset(story.scenario)), open_(story.scenario)))


def _asked() -> bool:
    """Whether the address names a story."""
    return "scenario=" in (solara.use_router().search or "")


@solara.component
def Told(story: Story) -> Any:
    """One story, step by step; what follows the guess is not shown before it."""
    guess, set_guess = solara.use_state(-1)
    with box("ri-steps", []):
        with box("ri-card", []):
            html(f'<h2>{text(story.title)}</h2><p class="ri-lead">{text(story.claim)}</p><p>{text(story.question)}</p>')
            with box("ri-row", []):
                for place, words in enumerate(story.guesses):
                    Press(words, lambda place=place: set_guess(place), pressed=guess == place)
        if guess < 0:
            html('<p class="ri-quiet">Choose what you expect; the two worlds and the numbers follow.</p>')
            return
        Watched(story)
        Judged(story, guess)


@solara.component
def Watched(story: Story) -> Any:
    """The two runs with three days to look at."""
    session = use_session()
    worlds = solara.use_memo(lambda: _worlds(story, session.caps), [story.scenario])
    progress, _, job = use_job(session.jobs, worlds.key, lambda: [plans.recording(worlds)])
    go, send = solara.use_state({})
    moments = solara.use_memo(lambda: _moments(progress), [progress.key])
    with box("ri-card", []):
        html(
            f"<h2>Two runs, the same customers</h2><p>{swatch('a', worlds.names[0])} &nbsp; "
            f"{swatch('b', worlds.names[1])}</p>"
        )
        Waiting(progress, job, "Simulating one run of both worlds")
        if progress.values:
            with box("ri-pick", []):
                for moment in moments:
                    Press(f"Day {moment.day}: {moment.words}", lambda m=moment: send({"day": m.day, "site": m.site}))
            with box("ri-small", []):
                Player(
                    progress.values[0], options={"day": worlds.a.warm_up + 1, "drawer": False, "charts": False}, go=go
                )
            Goto("Open in Compare", f"/compare?scenario={story.scenario}")


def _moments(progress: Progress) -> list[Moment]:
    return moments_of(Recording.from_bytes(progress.values[0])) if progress.values else []


def _worlds(story: Story, caps: Caps) -> Worlds:
    choice = preset(story.scenario)
    base = base_of(choice, None, caps)
    a, b = story.worlds(base)[0]
    return Worlds(a, b, names_of(choice), base.seed)


@solara.component
def Judged(story: Story, guess: int) -> Any:
    """The knob, the paired result of every setting, and the verdict."""
    session = use_session()
    chosen, choose = solara.use_state(0)
    plan, counts = solara.use_memo(lambda: _plan(story, session.caps), [story.scenario])
    progress, start, job = use_job(session.jobs, plan[-1].key, lambda: plan)
    with box("ri-card", []):
        html(f"<h2>One knob: {text(story.knob.lower())}</h2>")
        with box("ri-pick", []):
            for place, setting in enumerate(story.settings):
                Press(setting.label, lambda place=place: choose(place), pressed=place == chosen)
        Waiting(progress, job, f"Simulating {RUNS} pairs in every setting")
        if progress.state == "cancelled":
            Press("Run again", start)
        if progress.state != "done":
            return
        found = _found(story, progress, counts)
        html(_setting_markup(story, found[chosen], session.base().period))
    with box("ri-card", []):
        html("<h2>Verdict</h2>" + _verdict_markup(story, found, guess))


def _plan(story: Story, caps: Caps) -> tuple[list[Unit], list[int]]:
    """Units of every setting, one setting after the other, and how many each has."""
    base = base_of(preset(story.scenario), None, caps)
    parts = [plans.paired_runs(list(pair), base.seed, RUNS) for pair in story.worlds(base)]
    return [unit for part in parts for unit in part], [len(part) for part in parts]


Triple = tuple[Paired, Paired, Paired]


def _found(story: Story, progress: Progress, counts: list[int]) -> list[Triple]:
    """Own cost, cost of the network and the harm, A less B, in every setting."""
    made, place = [], 0
    for count in counts:
        network, agents = joined(progress.values[place : place + count])
        place += count
        own = [of_agent(agents, point, story.own_agent, story.own_metric) for point in (0, 1)]
        cost = [column(network, point, "cost") for point in (0, 1)]
        harm = [column(network, point, story.harm_metric) for point in (0, 1)]
        made.append((paired(*own), paired(*cost), paired(*harm)))
    return made


def _setting_markup(story: Story, found: Triple, period: str) -> str:
    names = (f"{story.own_label}, money per {period}", f"cost of the network, money per {period}", story.harm_label)
    rows = []
    for name, each in zip(names, found, strict=True):
        reach = 1.15 * max(abs(each.low), abs(each.high), 1e-12)
        mark = f'<div class="ri-wide">{interval(each.difference, each.low, each.high, reach)}</div>'
        rows.append([text(name), span(each.difference, each.low, each.high), mark])
    caption = f"A less B, mean of {found[0].count} pairs with 95 % interval. Diamond: lower in A; circle: higher in A."
    return table(["", "A − B", ""], rows, caption, numbers=(1,))


def _verdict_markup(story: Story, found: list[Triple], guess: int) -> str:
    held = [holds(own, cost, harm, story.harm_worse) for own, cost, harm in found]
    said = verdict(held)
    where = [f"“{setting.label}”" for setting, holds_here in zip(story.settings, held, strict=True) if holds_here]
    other = [f"“{setting.label}”" for setting, holds_here in zip(story.settings, held, strict=True) if not holds_here]
    words = {
        "supported": f"Supported in all {len(held)} settings.",
        "only here": f"Only here: it holds with {' and '.join(where)}, and not with {' or '.join(other)}.",
        "not supported": "Not supported in any of the settings.",
    }[said]
    shown = answer(found[0][1])
    right = "You guessed what the first setting shows." if guess == shown else (
        f"You guessed “{story.guesses[guess]}”; the first setting shows “{story.guesses[shown]}”."
    )  # fmt: skip
    return (
        f'<p class="ri-verdict {KIND[said]}">{text(words)}</p><p>{text(right)} {text(story.scope)}</p>'
        f"<p><strong>What would prove it wrong.</strong> {text(story.refuted)}</p>"
        '<p class="ri-quiet">It holds in a setting where the own cost falls and the network’s cost and the named '
        "harm get worse, "
        "each beyond its 95 % interval.</p>"
    )


PAGE = Page("stories", "Stories", 1, Stories)
