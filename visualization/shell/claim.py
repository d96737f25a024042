"""A claim as a story: what it says, your guess, two worlds, and what the study has found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import solara

from ..choice import OWN
from ..claims import GUESSES, Claim, told_by
from ..findings import Finding, findings
from ..recordings import claim_base, claim_worlds
from ..session import use_session
from .markup import figure, table, text
from .paired import PairedTable
from .parts import Press, box, html
from .watched import Watched

HIDDEN = ("claim", "verdict", "p", "code")
HEADS = {"p_holm": "p, corrected over the claims", "outcome": "what decides it"}
KIND = {"supported": "yes", "only here": "some", "not supported": "no"}


@solara.component
def ClaimTold(claim: Claim) -> Any:
    """The story, step by step; what follows the guess is not shown before it."""
    session = use_session()
    router = solara.use_router()
    guess, set_guess = solara.use_state(-1)
    told = told_by(session.choice.peek())
    place, choose = solara.use_state(told[1] if told and told[0] is claim else 0)
    worlds = solara.use_memo(lambda: claim_worlds(claim, place), [claim.code, place])

    def to_compare() -> None:
        session.own.value = claim_base(claim, place)
        if session.change(replace(claim.choice(place), scenario=OWN)):
            router.push("/compare")

    with box("ri-steps", []):
        with box("ri-card", []):
            html(f'<h2>{text(claim.title)}</h2><p class="ri-lead">{text(claim.claim)}</p><p>{text(claim.question)}</p>')
            with box("ri-row", []):
                for number, words in enumerate(GUESSES):
                    Press(words, lambda number=number: set_guess(number), pressed=guess == number)
        if guess < 0:
            html('<p class="ri-quiet">Choose what you expect; the two worlds and what is known follow.</p>')
            return
        Knob(claim, place, choose)
        shocked = to_compare if claim.shocked(place) else None
        Watched(worlds, f"/compare?{claim.choice(place).query()}", claim.look, shocked, place == 0)
        PairedTable(worlds=worlds)
        with box("ri-card", []):
            html("<h2>What the study has found</h2>" + found_markup(claim, findings().get(claim.code, []), guess))


@solara.component
def Knob(claim: Claim, place: int, choose: Callable[[int], None]) -> Any:
    """One thing that matters for the claim; another position of it is simulated here."""
    with box("ri-card", []):
        html(f"<h2>One knob: {text(claim.knob[0].lower() + claim.knob[1:])}</h2>")
        with box("ri-pick", []):
            for number, setting in enumerate(claim.settings):
                Press(setting.label, lambda number=number: choose(number), pressed=number == place)
        html('<p class="ri-quiet">It turns both runs below, and the pairs that are compared; all else stays.</p>')


def found_markup(claim: Claim, rows: list[Finding], guess: int) -> str:
    """The verdicts with their numbers, or that there are none yet; and what would prove the claim wrong."""
    wrong = f"<p><strong>What would prove it wrong.</strong> {text(claim.refuted)}</p>"
    study = f"<code>ripieno study run {text(claim.study)} -o {text(claim.study)}</code>"
    if not rows:
        return (
            '<p class="ri-verdict">Not yet run in full.</p><p>The two worlds above are one run of one network: they '
            f"show what the claim is about and prove nothing. {study} puts it to the test.</p>{wrong}"
        )
    guessed = f"<p>You guessed: {text(GUESSES[guess].lower())}. {study} repeats it.</p>"
    return f"{verdicts_markup(rows, claim.code)}{guessed}{wrong}"


def verdicts_markup(rows: list[Finding], code: str) -> str:
    """The verdicts of a claim, each in a line, and a table of their numbers."""
    lines = "".join(
        f'<p class="ri-verdict {KIND.get(row["verdict"], "some")}">{text(_headline(row, code))}</p>' for row in rows
    )
    names = [name for name in rows[0] if name not in HIDDEN and not name.endswith(("_low", "_high"))]
    cells = [[text(_said(row, code)), *(text(_cell(row, name)) for name in names)] for row in rows]
    head = ["", *(text(HEADS.get(name, name.replace("_", " "))) for name in names)]
    caption = (
        "From full runs of the study. Share: of the points of its design at which the prediction came true, with its "
        "95 % interval. Contrary: the number of points at which the contrary came. Effect: mean difference as a share "
        "of what is compared with."
    )
    return f"{lines}{table(head, cells, caption)}"


def _headline(row: Finding, code: str) -> str:
    """The verdict, and at how many points the contrary came: "only here" alone says nothing of the others."""
    said, contrary = _said(row, code), row.get("contrary", "")
    return said if contrary in ("", "0") else f"{said} (the contrary at {contrary} of {row['points']} points)"


def _said(row: Finding, code: str) -> str:
    about = row["claim"].removeprefix(code).strip()
    return f"{about}: {row['verdict']}" if about else row["verdict"].capitalize()


def _cell(row: Finding, name: str) -> str:
    """A number as people read it; shares with their interval in per cent."""
    ends = [row.get(f"{name}{end}", "") for end in ("", "_low", "_high")]
    try:
        if all(ends):
            each, low, high = (figure(100 * float(end)) for end in ends)
            return f"{each} % [{low}, {high}]"
        return figure(float(row.get(name, "")))
    except ValueError:
        return row.get(name, "")
