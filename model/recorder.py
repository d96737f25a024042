"""The series: every declared quantity of every agent and lane, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.lane import Lane
from ..agents.numeric import add_all
from ..agents.price_list import PriceList
from ..agents.quantity import Array, quantities_of
from ..agents.trucks import Trucks

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

        Several lanes between the same two ends, and several lines of one kind of cost, are added up.
        Raises `LookupError` when there is no such series.
        """
        key = (agent, quantity, partner)
        found = [t for t in [*self.tracks, *self._money] if (t.agent, t.quantity, t.partner) == key]
        if found:
            return add_all([np.stack(track.rows) for track in found])
        raise LookupError(f"no series of {quantity!r} for {agent!r} and partner {partner!r}")

    def frame(self) -> pd.DataFrame:
        """All series in long form, one row for each number."""
        import pandas as pd

        kept = [track for track in [*self.tracks, *self._money] if track.rows and track.products]
        if not kept:
            return pd.DataFrame(columns=list(COLUMNS))
        values = [np.stack(track.rows) for track in kept]
        period, product, run = np.concatenate([np.indices(x.shape).reshape(3, -1) for x in values], axis=1)
        names = list(dict.fromkeys(name for track in kept for name in track.products))
        sizes = [x.size for x in values]
        codes = np.concatenate([[names.index(name) for name in track.products] for track in kept])
        first_row = np.cumsum([0, *(len(track.products) for track in kept)])[:-1]
        labels = {key: [getattr(track, key) for track in kept] for key in ("agent", "partner", "quantity")}
        columns = {key: np.repeat(np.array(texts, dtype=object), sizes) for key, texts in labels.items()}
        columns["product"] = np.array(names, dtype=object)[codes[np.repeat(first_row, sizes) + product]]
        columns |= {"run": run, "period": period, "value": np.concatenate([x.ravel() for x in values])}
        return pd.DataFrame({key: columns[key] for key in COLUMNS})

    def _follow(self, holder: Any, name: str, products: tuple[str, ...]) -> None:
        lane = holder.lane if isinstance(holder, Trucks | PriceList) else holder
        ends = (lane.origin.name, lane.destination.name) if isinstance(lane, Lane) else (holder.name, "")
        agent, partner = ends
        self.tracks.append(Track(agent, partner, name, products, []))
        self._sources.append((holder, name))
