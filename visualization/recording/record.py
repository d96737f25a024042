"""Recording a scenario: run it, keep what the player shows."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...model.schema import Scenario
from ...model.schema.world import plain
from ...model.supply_chain import SupplyChain
from .happening import Outages, interventions, negotiated
from .layout import Network, network_of
from .measuring import Ledgers, fields_of
from .recording import Recording, World
from .sizes import check_size

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).parents[2]
DECIDING = ("agents", "model", "visualization/recording")
"""The folders whose code decides what is in a recording."""


def record(
    scenario: Scenario,
    other: Scenario | None = None,
    *,
    labels: tuple[str, str] = ("A", "B"),
    replication: int = 0,
    ledgers: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
    money: str = "money",
) -> Recording:
    """One run of a scenario, or of two on the same random numbers, as the player shows it.

    The two worlds, A and B, have the same sites and lanes and the same horizon; the seed is that of ``scenario``.
    ``ledgers`` are tables of negotiations as `ripieno.agents.negotiation.ledger` makes them, of which the rows with
    ``run`` equal to ``replication`` are read. ``money`` is the unit of money, such as "€".
    Raises `ValueError` when the two worlds cannot be shown side by side, or are too large to be played.
    """
    worlds = [scenario.resolved()] if other is None else [scenario.resolved(), other.resolved()]
    for world in worlds:
        check_size(world)
    if len(worlds) == 2:
        _check_pair(*worlds)
    seed = worlds[0].seed
    recorded = [
        _world(world, label, seed, replication, ledger)
        for world, label, ledger in zip(worlds, labels, ledgers, strict=False)
    ]
    first, network = worlds[0], recorded[0][1]
    return Recording(
        name=first.name,
        description=first.description,
        period=first.period,
        periods=first.periods,
        warm_up=first.warm_up,
        money=money,
        network=network,
        worlds=tuple(world for world, _ in recorded),
    )


def _world(
    scenario: Scenario, label: str, seed: int, replication: int, ledger: pd.DataFrame | None
) -> tuple[World, Network]:
    """One run, step by step: the recorder keeps quantities, and money, load and outages are noted here."""
    chain = SupplyChain(scenario, [replication], seed=seed, series=True)
    network = network_of(chain)
    noted, outages = Ledgers(chain, network), Outages(chain)
    for _ in range(scenario.periods):
        chain.step()
        noted.note()
        outages.note()
    fields = fields_of(chain, network, noted)
    events = [*outages.events(network), *interventions(chain, network)]
    events += negotiated(ledger, replication, chain.period)
    events.sort(key=lambda event: (event.start, event.kind, event.text))
    chain.dispose()
    return World(label, fields, tuple(events), _provenance(scenario, seed, replication)), network


def _check_pair(first: Scenario, second: Scenario) -> None:
    """Refuse two worlds that cannot be laid one upon the other."""
    for what in ("periods", "period"):
        mine, theirs = getattr(first, what), getattr(second, what)
        if mine != theirs:
            raise ValueError(f"A has {what} {mine}, B {theirs}; a pair is played on one clock, give both the same")
    for what, names in (("site", _sites), ("lane", _lanes)):
        mine, theirs = names(first), names(second)
        if mine != theirs:
            odd = sorted(set(mine) ^ set(theirs)) or ["another order"]
            raise ValueError(f"A and B differ in their {what}s: {odd[0]}; a pair is two settings of one network")


def _sites(scenario: Scenario) -> list[str]:
    return [site.name for site in scenario.sites()]


def _lanes(scenario: Scenario) -> list[str]:
    return [str(lane.name) for lane in scenario.lanes]


def _provenance(scenario: Scenario, seed: int, replication: int) -> dict[str, str]:
    """What the run depends on, as text."""
    return {
        "scenario": scenario.name,
        "scenario hash": scenario_hash(scenario),
        "code hash": code_hash(),
        "seed": str(seed),
        "replication": str(replication),
    }


def scenario_hash(scenario: Scenario) -> str:
    """A hash of everything in a scenario, defaults included, in hexadecimal."""
    text: Any = json.dumps(plain(scenario.resolved()), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_hash() -> str:
    """A hash of the code that decides what is in a recording, in hexadecimal."""
    total = hashlib.sha256()
    for folder in DECIDING:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:32]
