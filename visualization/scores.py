"""Each owner's own score against its effect on everybody else, in two worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pairing import Paired, column, of_agent, paired

if TYPE_CHECKING:
    import pandas as pd

OWNER = "owner "


@dataclass(frozen=True)
class Score:
    """One owner: its own cost in both worlds, and the cost of all others; less is better for whoever pays it."""

    owner: str
    own: Paired
    others: Paired

    @property
    def quadrant(self) -> str:
        """In words, as A against B; an interval that covers zero decides nothing."""
        mine, theirs = _side(self.own), _side(self.others)
        return _WORDS.get((mine, theirs), "undecided")


_WORDS = {
    (-1, 1): "good for me, bad for all",
    (-1, -1): "good for me, good for all",
    (1, 1): "bad for me, bad for all",
    (1, -1): "bad for me, good for all",
}


def scores_of(network: pd.DataFrame, agents: pd.DataFrame) -> list[Score]:
    """The scores of all owners of points 0 (A) and 1 (B), those that gain most in A first.

    The scores of all owners add up to the cost of the network less what markets pay, as payments between owners cancel.
    """
    rows = agents[(agents["metric"] == "score") & agents["agent"].str.startswith(OWNER)]
    total = [column(network, point, "cost") - column(network, point, "revenue") for point in (0, 1)]
    found = []
    for name in dict.fromkeys(rows["agent"]):
        own = [of_agent(rows, point, name, "score") for point in (0, 1)]
        others = [total[point] - own[point] for point in (0, 1)]
        found.append(Score(name.removeprefix(OWNER), paired(*own), paired(*others)))
    return sorted(found, key=lambda score: score.own.difference)


def _side(pair: Paired) -> int:
    return -1 if pair.high < 0 else 1 if pair.low > 0 else 0
