"""Stories: a claim, your guess, two runs, one knob, the paired result and a verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from .. import plans
from ..caps import Caps
from ..choice import Choice
from ..claims import claims, told_by
from ..findings import findings
from ..jobs import Unit
from ..pairing import Paired, column, joined, of_agent, paired
from ..recordings import story_worlds
from ..session import use_session
from ..shell.claim import KIND, ClaimTold, verdicts_markup
from ..shell.markup import interval, span, table, text
from ..shell.parts import Press, Waiting, box, html, title
from ..shell.watched import Watched
from ..stories import Story, answer, holds, stories, verdict
from ..work_hook import Progress, use_job
from ..worlds import base_of, preset
from . import Page

RUNS = 20


@solara.component
def Stories() -> Any:
    """The page: the list, and the story that is open."""
    session = use_session()
    opened, open_ = solara.use_state(_asked(session.choice.value))
    title("Stories", "One claim each, put to a test that it could fail. Guess before you look.")
    if opened:
        with box("ri-row", []):
            Press("All stories", lambda: open_(""))
        if opened in stories():
            Told(stories()[opened]).key(opened)
        else:
            ClaimTold(claims()[opened]).key(opened)
        return
    html("<h2>Examples: one lever each, simulated here</h2>")
    with box("ri-columns", []):
        for story in stories().values():
            Door(story.code, story.title, story.claim, preset(story.scenario), lambda s=story: open_(s.scenario))
    html('<h2 class="ri-next">Claims: what the studies put to the test</h2>')
    with box("ri-columns", []):
        for claim in claims().values():
            Door(claim.code, claim.title, claim.claim, claim.choice(), lambda c=claim: open_(c.code))


@solara.component
def Door(code: str, heading: str, about: str, choice: Choice, on_open: Callable[[], Any]) -> Any:
    """One story of the list."""
    session = use_session()
    with box("ri-card", []), box("ri-door", []):
        html(f'<p class="ri-quiet">{text(code)}</p><h3>{text(heading)}</h3><p>{text(about)}</p>')
        Press("Open", lambda: (session.change(choice), on_open()))


def _asked(choice: Choice) -> str:
    """The story that the address names, by its scenario or, for a claim, by its code; else nothing."""
    if "scenario=" not in (solara.use_router().search or ""):
        return ""
    told = told_by(choice)
    return told[0].code if told else choice.scenario if choice.scenario in stories() else ""


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
        Watched(story_worlds(story.scenario), f"/compare?scenario={story.scenario}")
        Judged(story, guess)


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
    rows = findings().get(story.code, [])
    if rows:
        with box("ri-card", []):
            html("<h2>What the study has found, on many settings</h2>" + verdicts_markup(rows, story.code))


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
