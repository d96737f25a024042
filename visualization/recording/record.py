"""Recording a scenario: run it, keep what the player shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...model.schema import Scenario, differences
from ...model.schema.world import plain
from ...model.supply_chain import SupplyChain
from .happening import Outages, interventions, negotiated
from .layout import Network, network_of
from .measuring import Ledgers, fields_of
from .recording import Recording
from .sizes import check_size
from .world import Difference, World

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).parents[2]
DECIDING = ("agents", "model", "visualization/recording")
"""The folders whose code decides what is in a recording."""
UNTOLD = ("name", "description", "seed", "runs")
"""Keys of a scenario that no recording depends on; B is run with the seed of A."""
TEXT = 60
"""Characters of a value that differs."""


def record(
    scenario: Scenario,
    other: Scenario | None = None,
    *,
    labels: tuple[str, str] | None = None,
    replication: int = 0,
    ledgers: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
    money: str = "money",
) -> Recording:
    """One run of a scenario, or of two on the same random numbers, as the player shows it.

    The two worlds, A and B, have the same sites and lanes and the same horizon; the seed is that of ``scenario``.
    ``labels`` are what they are called; left out, they are named after what differs.
    ``ledgers`` are tables of negotiations as `ripieno.agents.negotiation.ledger` makes them, of which the rows with
    ``run`` equal to ``replication`` are read; left out, they are those of the runs themselves. ``money`` is the unit of
    money, such as "€".
    Raises `ValueError` when the two worlds cannot be shown side by side, or are too large to be played.
    """
    worlds = [scenario.resolved()] if other is None else [scenario.resolved(), other.resolved()]
    for world in worlds:
        check_size(world)
    if len(worlds) == 2:
        _check_pair(*worlds)
    seed = worlds[0].seed
    differing = tuple(_differing(worlds))
    recorded = [
        _world(world, label, seed, replication, ledger)
        for world, label, ledger in zip(worlds, labels or _labels(worlds, differing), ledgers, strict=False)
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
        differences=differing,
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
    if ledger is None and chain.planning is not None:
        ledger = chain.planning.orchestrator.ledger.table().assign(run=replication)
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


def _differing(worlds: Sequence[Scenario]) -> Iterator[Difference]:
    """The keys in which two worlds differ, with both values as text."""
    for key, values in differences(worlds).items():
        if key not in UNTOLD:
            yield Difference(key, *(_shown(value) for value in values))


def _shown(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= TEXT else f"{text[:TEXT]} …"


def _labels(worlds: Sequence[Scenario], differing: Sequence[Difference]) -> tuple[str, str]:
    """What the worlds are called: by their names, or by the one value in which they differ."""
    names = worlds[0].name, worlds[-1].name
    if names[0] != names[1] or not differing:
        return names
    first = differing[0]
    more = f" and {len(differing) - 1} more" if len(differing) > 1 else ""
    what = ".".join(first.key.split(".")[-2:])
    return f"{what} = {first.a}", f"{what} = {first.b}{more}"


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
