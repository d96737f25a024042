"""Coalitions of agents: an arm for each of them, and what each player adds to the harm or gain of all.

A coalition is who may move levers. The Shapley value of a player is what a metric rises by when it joins, on average
over all orders in which the players could join; the values add up to the metric of all less that of nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, model_validator

from ...agents.negotiation.coalitions import shapley_exact
from ...agents.quantity import Array, Mask
from ..statistics import mean_interval
from .errors import fault, inner
from .predictions import Table

if TYPE_CHECKING:
    import pandas as pd

MOST_PLAYERS = 8
NOBODY = "nobody"
TOGETHER = "+"
ARM, LEVERS = "orchestration.arm", "orchestration.levers"
ALL = "all"
"""In the table of values: the sum over the players."""


class Coalitions(Table):
    """An arm for every coalition of the players, and the Shapley value of each player in the report.

    In the arm of a coalition its members decide as in ``arm``, and the levers of all others stay where the scenario has
    them; ``nobody`` is the arm in which no lever moves. The names of an arm's members are joined by ``+``. A player is
    a list of names of agents (``*`` for any text); one that a scenario does not have is left out there.
    """

    arm: str = Field("opt", description="how those who may move levers decide: an arm of the orchestration")
    players: dict[str, list[str]] = Field(min_length=2, description="names of agents by player; at most 8 players")
    metric: str = Field("cost", description="what is attributed")

    @model_validator(mode="after")
    def _few(self) -> Coalitions:
        if len(self.players) > MOST_PLAYERS:
            cure = f"put agents together until there are at most {MOST_PLAYERS}"
            raise fault("are too many: each one doubles the arms", cure, "players", value=len(self.players))
        for name, agents in self.players.items():
            if TOGETHER in name or name in (NOBODY, ALL):
                raise fault(f"cannot be the name of a player: {NOBODY}, {ALL} and + are taken", "rename it", "players",
                            name)  # fmt: skip
            if not agents:
                raise fault("has no agents", "name some", "players", name)
        return self

    def name(self, code: int) -> str:
        """The arm of the coalition whose members are the bits of a number."""
        members = [player for place, player in enumerate(self.players) if code >> place & 1]
        return TOGETHER.join(members) or NOBODY

    def arms(self) -> dict[str, dict[str, Any]]:
        """What each coalition's arm sets."""
        found: dict[str, dict[str, Any]] = {}
        for code in range(2 ** len(self.players)):
            chosen = [agents for place, agents in enumerate(self.players.values()) if code >> place & 1]
            levers = [f"*.{agent}.*" for agents in chosen for agent in agents]
            found[self.name(code)] = {ARM: self.arm, LEVERS: levers} if levers else {ARM: "none"}
        return found


def with_arms_of_coalitions(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table of a study with an arm for every coalition, and nobody as the control unless it names another."""
    given = table.get("coalitions")
    if not isinstance(given, Mapping | Coalitions):
        return table
    made = given if isinstance(given, Coalitions) else inner(Coalitions, given, "coalitions")
    arms = made.arms() | dict(table.get("arms", {}))
    return {"comparison": {"control": NOBODY, "metrics": [made.metric]}} | dict(table) | {"arms": arms}


def with_known_levers(values: Mapping[str, Any], levers: Sequence[str]) -> dict[str, Any]:
    """The values of an arm without the levers that a scenario lacks; where none is left, nobody decides."""
    if LEVERS not in values:
        return dict(values)
    patterns = [pattern for pattern in values[LEVERS] if any(fnmatchcase(name, pattern) for name in levers)]
    if patterns:
        return {**values, LEVERS: patterns}
    return {key: value for key, value in values.items() if key != LEVERS} | {ARM: "none"}


def attributed(coalitions: Coalitions, runs: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """The value of every player at every point: ``point, player, estimate, low, high, relative, count``.

    The unit is the run: each replication has its own game, in which a coalition is worth the metric in its arm less
    that with nobody, and intervals are those of the mean over replications. ``relative`` is a share of the mean with
    nobody. The player ``all`` is the sum. A replication that lacks a coalition is left out.
    """
    import pandas as pd

    size = len(coalitions.players)
    names = [coalitions.name(code) for code in range(2**size)]
    rows = []
    for point, at in runs.groupby("point", sort=False):
        wide = at.pivot(index="replication", columns="arm", values=coalitions.metric)
        wide = wide.reindex(columns=names).dropna()
        worth = (wide.sub(wide[NOBODY], axis=0)).to_numpy(dtype=float).T
        values = _values(worth, size)
        base = abs(float(wide[NOBODY].mean())) if len(wide) else np.nan
        for player, value in zip((*coalitions.players, ALL), (*values, worth[-1]), strict=True):
            found = mean_interval(value, level)
            share = found.estimate / base if base else np.nan
            rows.append((point, player, found.estimate, found.low, found.high, share, found.count))
    return pd.DataFrame(rows, columns=["point", "player", "estimate", "low", "high", "relative", "count"])


def _values(worth: Array, players: int) -> Array:
    """The Shapley values ``[players, runs]`` of games whose coalitions are worth ``[coalitions, runs]``."""

    def game(members: Mask) -> Array:
        code = sum(1 << place for place in range(players) if members[place].all())
        return np.asarray(worth[code])

    if not worth.shape[1]:
        return np.zeros((players, 0))
    return shapley_exact(game, players, worth.shape[1])
