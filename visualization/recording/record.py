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
from .layout import network_of
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
    worlds = [scenario] if other is None else [scenario, other]
    with Making(worlds, labels, replication, ledgers, money) as making:
        while making.done < making.periods:
            making.step()
        return making.recording()


class Making:
    """A recording in the making: its worlds are simulated side by side, period by period.

    ``done`` of ``periods`` are simulated. The arguments and the errors are those of `record`; what is asked for in
    between does not change what comes of it.
    """

    def __init__(
        self,
        worlds: Sequence[Scenario],
        labels: tuple[str, str] | None = None,
        replication: int = 0,
        ledgers: tuple[pd.DataFrame | None, pd.DataFrame | None] = (None, None),
        money: str = "money",
    ) -> None:
        worlds = [world.resolved() for world in worlds]
        for world in worlds:
            check_size(world)
        if len(worlds) == 2:
            _check_pair(*worlds)
        self.differing = tuple(_differing(worlds))
        self.first, self.money = worlds[0], money
        self.done, self.periods = 0, worlds[0].periods
        named = zip(worlds, labels or _labels(worlds, self.differing), ledgers, strict=False)
        self.runs = [_Run(world, label, (self.first.seed, replication), ledger) for world, label, ledger in named]

    def __enter__(self) -> Making:
        return self

    def __exit__(self, *error: object) -> None:
        for run in self.runs:
            run.chain.dispose()

    def step(self) -> None:
        """Simulate one more period of every world."""
        for run in self.runs:
            run.step()
        self.done = self.done + 1

    def recording(self) -> Recording:
        """What there is so far; before the last period it is the beginning of a recording, with scales of its own."""
        return Recording(
            name=self.first.name,
            description=self.first.description,
            period=self.first.period,
            periods=self.done,
            warm_up=self.first.warm_up,
            money=self.money,
            network=self.runs[0].network,
            worlds=tuple(run.world() for run in self.runs),
            differences=self.differing,
            horizon=self.periods if self.done < self.periods else 0,
        )


class _Run:
    """One run, step by step: the recorder keeps quantities, and money, load and outages are noted here.

    ``drawn`` is the seed and the replication.
    """

    def __init__(self, scenario: Scenario, label: str, drawn: tuple[int, int], ledger: pd.DataFrame | None) -> None:
        self.label, self.ledger = label, ledger
        seed, self.replication = drawn
        self.provenance = _provenance(scenario, seed, self.replication)
        self.chain = SupplyChain(scenario, [self.replication], seed=seed, series=True)
        self.network = network_of(self.chain)
        self.noted, self.outages = Ledgers(self.chain, self.network), Outages(self.chain)

    def step(self) -> None:
        """Simulate one more period."""
        self.chain.step()
        self.noted.note()
        self.outages.note()

    def world(self) -> World:
        """The fields and events of all periods so far."""
        chain, ledger = self.chain, self.ledger
        events = [*self.outages.events(self.network), *interventions(chain, self.network)]
        if ledger is None and chain.planning is not None:
            ledger = chain.planning.orchestrator.ledger.table().assign(run=self.replication)
        events += negotiated(ledger, self.replication, chain.period)
        events.sort(key=lambda event: (event.start, event.kind, event.text))
        return World(self.label, fields_of(chain, self.network, self.noted), tuple(events), self.provenance)


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
