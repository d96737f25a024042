"""Events of a recording: outages as they struck, interventions, and what was negotiated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .layout import Network
from .world import Event

if TYPE_CHECKING:
    import pandas as pd

TEXT = 200
"""Characters of an event's text."""
NEEDED = ("run", "cycle", "period", "package", "status")


class Outages:
    """Notes, period by period, which outages are on."""

    def __init__(self, chain: Any) -> None:
        self.chain = chain
        self.names = [outage.name for outage in chain.scenario.outages]
        self._states: list[list[bool]] = []

    def note(self) -> None:
        """Note the period that has just ended."""
        self._states.append([bool(outage.down[0]) for outage in self.chain.outages.outages])

    def events(self, network: Network) -> Iterator[Event]:
        """One event for each time that an outage was on."""
        place = {site.name: number for number, site in enumerate(network.sites)}
        for number, spec in enumerate(self.chain.scenario.outages):
            on = np.array([False, *(states[number] for states in self._states), False])
            edges = np.flatnonzero(on[1:] != on[:-1])
            where = spec.site or spec.lane
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                text = f"Outage at {where}: no {spec.kind}"
                yield Event("outage", int(start), int(end), text[:TEXT], place.get(spec.site or "", -1))


def interventions(chain: Any, network: Network) -> Iterator[Event]:
    """One event for each intervention within the horizon."""
    place = {site.name: number for number, site in enumerate(network.sites)}
    for item in chain.scenario.interventions:
        if item.at < chain.period:
            text = "; ".join(f"{key} = {value}" for key, value in item.set.items())
            sites = [place[part] for key in item.set for part in key.split(".")[1:2] if part in place]
            end = chain.period if item.until is None else min(item.until, chain.period)
            yield Event("intervention", item.at, end, f"Intervention: {text}"[:TEXT], sites[0] if sites else -1)


def negotiated(ledger: pd.DataFrame | None, run: int, periods: int) -> list[Event]:
    """One event for each package in the ledger of a run.

    Raises `ValueError` when the table lacks a column that is needed.
    """
    if ledger is None or ledger.empty:
        return []
    missing = [name for name in NEEDED if name not in ledger.columns]
    if missing:
        raise ValueError(f"the ledger has no column {missing[0]!r}; it needs {', '.join(NEEDED)}")
    mine = ledger[ledger["run"] == run]
    packages = mine.groupby(["cycle", "period", "package", "status"], sort=False, observed=True)
    found = [_package(rows, periods) for _, rows in packages]
    return sorted((event for event in found if 0 <= event.start < periods), key=lambda event: event.start)


def _package(rows: pd.DataFrame, periods: int) -> Event:
    """What one package was, what became of it, and who was paid; ``rows`` has one row for each owner."""
    first = rows.iloc[0]
    gain = f", predicted gain {first['predicted_gain']:.4g}" if "predicted_gain" in rows else ""
    text = f"Package {first['package']}: {first['status']}{gain}{_parties(rows)}"
    start = int(first["period"])
    end = periods if first["status"] in ("adopted", "kept") else start + 1
    return Event("negotiation", start, end, text[:TEXT])


def _parties(rows: pd.DataFrame) -> str:
    if not {"owner", "transfer"} <= set(rows.columns):
        return ""
    paid: Sequence[tuple[Any, Any]] = list(zip(rows["owner"], rows["transfer"], strict=True))
    moved = [f"{owner} {transfer:+.4g}" for owner, transfer in paid if abs(transfer) > 0]
    return f"; transfers {', '.join(moved)}" if moved else ""
