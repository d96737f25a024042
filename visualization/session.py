"""What one visitor's session holds: nothing here is shared, and it ends with the session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import solara

from ..model.schema import Scenario, ScenarioError
from .caps import Caps, TooMuch
from .choice import Choice, from_query, whole
from .jobs import Service, service
from .worlds import Worlds, base_of, preset, worlds_of


class Session:
    """The choice of this visitor, the scenario file they brought, and a message about the last thing refused.

    ``exporting`` says whether the files to take away are shown on the page Compare.
    """

    def __init__(self, jobs: Service | None = None) -> None:
        self.jobs = service() if jobs is None else jobs
        self.choice: Any = solara.reactive(preset(Choice.scenario))
        self.own: Any = solara.reactive(None)
        self.notice: Any = solara.reactive("")
        self.exporting: Any = solara.reactive(False)
        self._made: tuple[Any, Worlds] | None = None

    @property
    def caps(self) -> Caps:
        """What this server allows."""
        return self.jobs.caps

    def open(self, query: str) -> None:
        """Take over the choice of a link; a bad link leaves everything as it is and says what is wrong.

        In a link that says nothing of B, neither differences nor arms, B differs as in the preset of the scenario.
        """
        try:
            choice = from_query(query, self.caps)
            if not {"b", "arms"} & {key for key, _ in parse_qsl(query.removeprefix("?"), keep_blank_values=True)}:
                choice = replace(choice, other=preset(choice.scenario).other)
            self.change(choice)
        except TooMuch as refused:
            self.notice.value = str(refused)

    def change(self, choice: Choice) -> bool:
        """Take another choice if its worlds can be made; else say why not."""
        try:
            worlds_of(choice, self.own.value, self.caps)
        except (TooMuch, ScenarioError) as refused:
            self.notice.value = plainly(refused)
            return False
        self.notice.value = ""
        self.choice.value = choice
        return True

    def look(self, **seen: Any) -> None:
        """Note what is looked at, the day or the site; values that cannot be are ignored."""
        choice: Choice = self.choice.value
        try:
            if "day" in seen:
                choice = replace(choice, day=whole(seen["day"], "day", 1, self.worlds().a.periods))
            if "site" in seen:
                names = {site.name for site in self.worlds().a.sites()}
                choice = replace(choice, site=seen["site"] if seen["site"] in names else "")
        except (TooMuch, TypeError):
            return
        if choice != self.choice.peek():
            self.choice.value = choice

    def worlds(self) -> Worlds:
        """The two worlds of the choice, which `change` has found to be fine."""
        choice, own = replace(self.choice.peek(), day=1, site=""), self.own.peek()
        if self._made is None or self._made[0] != (choice, id(own)):
            self._made = ((choice, id(own)), worlds_of(choice, own, self.caps))
        return self._made[1]

    def base(self) -> Scenario:
        """The scenario of the choice before anything is changed in it."""
        return base_of(self.choice.peek(), self.own.peek(), self.caps)


def plainly(error: Exception) -> str:
    """An error's message without the name of the scenario before each line."""
    lines = str(error).splitlines() or [""]
    return " ".join(line.split(": ", 1)[1] if line.startswith("scenario ") and ": " in line else line for line in lines)


SESSION: Any = solara.create_context(None)


def use_session() -> Session:
    """The session of the page that is being drawn."""
    session: Session = solara.use_context(SESSION)
    return session
