"""The series: every declared quantity of every agent and lane, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.lane import Lane
from ..agents.quantity import Array, quantities_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("run", "period", "agent", "partner", "product", "quantity", "value")


@dataclass
class Track:
    """One quantity of one holder over the periods, ``[periods][products, runs]``."""

    agent: str
    partner: str
    quantity: str
    products: tuple[str, ...]
    rows: list[Array]


class Recorder:
    """Keeps references to the arrays of each period; arrays are rebound, never changed, so nothing is copied."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.tracks: list[Track] = []
        self._sources: list[tuple[Any, str]] = []
        for holder in model.holders:
            for name, declared in quantities_of(type(holder)).items():
                self._follow(holder, name, getattr(holder, declared.over))
        self._money = [Track(line.agent, "", f"cost {line.name}", ("",), []) for line in model.accounts.lines]

    def keep(self) -> None:
        """Keep the quantities of the period that has just ended."""
        for track, (holder, name) in zip(self.tracks, self._sources, strict=True):
            track.rows.append(getattr(holder, name))
        for track, line in zip(self._money, self.model.accounts.lines, strict=True):
            track.rows.append(line.money_now()[None])

    def array(self, agent: str, quantity: str, partner: str = "") -> Array:
        """One quantity as ``[periods, products, runs]``; lanes are asked for by origin and partner.

        Raises `LookupError` when there is no such series.
        """
        for track in [*self.tracks, *self._money]:
            if (track.agent, track.quantity, track.partner) == (agent, quantity, partner):
                return np.stack(track.rows)
        raise LookupError(f"no series of {quantity!r} for {agent!r} and partner {partner!r}")

    def frame(self) -> pd.DataFrame:
        """All series in long form, one row for each number."""
        import pandas as pd

        parts = list(self._parts())
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))

    def _parts(self) -> Iterator[pd.DataFrame]:
        import pandas as pd

        for track in [*self.tracks, *self._money]:
            if not track.rows or not track.products:
                continue
            values = np.stack(track.rows)
            period, product, run = (index.ravel() for index in np.indices(values.shape))
            constant = {"agent": track.agent, "partner": track.partner, "quantity": track.quantity}
            frame = pd.DataFrame({"run": run, "period": period, "value": values.ravel()})
            frame["product"] = pd.Categorical.from_codes(product, list(dict.fromkeys(track.products)))
            yield frame.assign(**constant)[list(COLUMNS)]

    def _follow(self, holder: Any, name: str, products: tuple[str, ...]) -> None:
        ends = (holder.origin.name, holder.destination.name) if isinstance(holder, Lane) else (holder.name, "")
        self.tracks.append(Track(*ends, name, products, []))
        self._sources.append((holder, name))
