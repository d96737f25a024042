"""The model: a supply chain that advances many runs at once, moment by moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mesa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..agents.carrier import Carrier
from ..agents.dock import Dock
from ..agents.factory import Factory
from ..agents.lane import Lane
from ..agents.market import Market
from ..agents.picking import Picking
from ..agents.shelf_life import ShelfLife
from ..agents.site import Site
from ..agents.supplier import Supplier
from .accounts import Accounts
from .audit import Audit
from .build import Builder
from .costs import charged, cost_lines
from .echelons import Echelon, echelons_of
from .levers import Levers
from .moments import SEQUENCES, agenda, orders_right_after_serving
from .network import Network
from .planning import Planning, sharing_demand
from .recorder import Recorder
from .schema import Scenario, timeline
from .streams import Streams
from .watch.watch import Watch


class SupplyChain(mesa.Model):  # type: ignore[misc]
    """A world of agents, ``runs`` times over: every quantity is an array whose last axis is the runs.

    ``replications`` ``[runs]`` says which repetition each run is: runs of the same replication share their random
    numbers. ``scenario`` may hold arrays ``[runs]`` in the place of numbers (see `ripieno.model.schema.stack`).
    With ``audit`` the balance of goods is checked after every period; with ``series`` all quantities are kept.

    >>> import ripieno
    >>> chain = ripieno.SupplyChain(ripieno.load("beer-game"))
    >>> chain.step()
    >>> chain.period, sorted(chain.sites)[0]
    (1, 'Brewery')
    """

    # A plain attribute: Mesa 3.5 has a property of this name that writes into the scenario, which never changes here.
    scenario: Scenario = None  # type: ignore[assignment]

    def __init__(
        self,
        scenario: Scenario,
        replications: ArrayLike = (0,),
        *,
        seed: int | None = None,
        audit: bool = False,
        series: bool = False,
    ) -> None:
        resolved = sharing_demand(scenario.resolved())
        study_seed = resolved.seed if seed is None else int(seed)
        super().__init__(rng=study_seed)
        self.scenario = resolved
        self.replications: NDArray[np.int64] = np.asarray(replications, dtype=np.int64)
        self.runs = len(self.replications)
        self.period = 0
        self.sequence = SEQUENCES.get(str(resolved.sequence)) or tuple(resolved.sequence)
        self.serves_from_shelf = "serve" in self.sequence
        self.books_when_ordering = self.sequence.index("order") < self.sequence.index("demand")
        self.orders_before_shipping = self.sequence.index("order") < self.sequence.index("dispatch")
        self.orders_right_after_serving = orders_right_after_serving(self.sequence)
        self.returns = any(spec.orders.returns for spec in resolved.sites())
        self._timeline = timeline(resolved)
        self.base = resolved  # what the scenario, with its interventions so far, says now; levers come on top
        self.levers: Levers | None = None
        self._build(Streams(study_seed, self.replications))
        self.audit = Audit(self.holders, self.network.products) if audit else None
        self.recorder = Recorder(self) if series else None

    def _build(self, streams: Streams) -> None:
        self.streams = streams
        self.builder = Builder(self, self.scenario, streams)
        self.sites: dict[str, Site] = self.builder.sites
        self.markets: dict[str, Market] = self.builder.markets
        self.lanes: dict[str, Lane] = self.builder.lanes
        self.network = Network(self.scenario, self.sites, self.markets, self.lanes)
        self.carriers: dict[str, Carrier] = self.builder.hauling.carriers
        self.docks: dict[str, Dock] = self.builder.handling.docks
        self.trucks = [trucks for carrier in self.carriers.values() for trucks in carrier.lanes]
        stocks = [*self.sites.values(), *self.markets.values(), *self.lanes.values()]
        self.pickings: dict[str, Picking] = self.builder.handling.pickings
        making = self.builder.making
        self.shelf_lives: dict[str, ShelfLife] = self.builder.handling.shelf_lives
        handling = [*self.docks.values(), *self.pickings.values(), *self.shelf_lives.values()]
        self.equipment: list[Any] = [*handling, *making.equipment]
        self.haulers: list[Any] = [*self.equipment, *self.carriers.values(), *self.trucks]
        self.holders: list[Any] = [*stocks, *self.haulers]
        workshops = [site for site in self.sites.values() if isinstance(site, Factory | Supplier)]
        movers = [*self.lanes.values(), *workshops, *self.equipment, *self.carriers.values()]
        self.moving: list[Any] = [mover for mover in movers if getattr(mover, "moves", True)]
        self.outages = self.builder.outages()
        self.accounts = Accounts(self._lines(), self.runs)
        self.planning = self._planning()
        self.echelons = echelons_of(self.scenario, self.sites, self.network.products)
        self.all_markets = Echelon("markets", list(self.markets.values()), self.network.products)
        self.watch = Watch(self)
        levels = [level for level in (*self.echelons, self.all_markets) if level.adds_up]
        self.groups: list[Any] = [*levels, *self.watch.everybody()]
        planners = [] if self.planning is None else [self.planning.orchestrator]
        self.holders.extend(planners)
        others = [*self.haulers, *planners]
        self.network.open_books(self.accounts, [scenario for _, scenario in self._timeline], others)
        by_level = self.network.same_period_lanes and not self.serves_from_shelf
        acting = [*self.network.acting(self.equipment, self.carriers.values(), by_level), planners]
        self.agenda = agenda(self.sequence, acting, by_level)

    def _planning(self) -> Planning | None:
        """What lets agents plan, where the scenario says that anybody does."""
        spec = self.scenario.orchestration
        if spec is None or (spec.arm == "none" and not spec.settings and spec.slots is None):
            return None
        planning = Planning(self)
        self.accounts.lines.extend(planning.lines())
        return planning

    # -- time ---------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Let one period happen: its moments one after another, and in each of them every agent that takes part."""
        self.begin_period()
        for _moment, acts in self.agenda:
            for act in acts:
                act()
        self.end_period()

    def begin_period(self) -> None:
        """Bring goods and orders one period nearer; let outages and interventions happen."""
        if self.period > 0:
            for mover in self.moving:
                mover.advance()
        for date, scenario in self._timeline[1:]:
            if date == self.period:
                self.intervene(scenario)
        self.outages.advance(self.period)

    def end_period(self) -> None:
        """Check the balance of goods, keep what was asked for, and close the warm-up when it is over."""
        for group in self.groups:
            group.account()
        if self.audit is not None:
            self.audit.check(self.period)
        if self.recorder is not None:
            self.recorder.keep()
        if self.planning is not None:
            self.planning.note()
        self.period = self.period + 1
        if self.period == self.scenario.warm_up:
            for holder in [*self.holders, *self.groups]:
                holder.close_warm_up()
            self.accounts.reset()
            if self.planning is not None:
                self.planning.forget()

    def intervene(self, scenario: Scenario) -> None:
        """Go on with the numbers of another scenario of the same structure; what happened so far is settled."""
        self.base = scenario
        self.settle_levers()

    def settle_levers(self) -> None:
        """Let the numbers of the scenario act, with the levers where they stand."""
        scenario = self.base if self.levers is None else self.levers.applied(self.base)
        self.builder.configure(scenario)
        for line, fresh in zip(self.accounts.lines, self._chosen(scenario), strict=False):
            if not np.array_equal(line.rate, fresh.rate):
                line.change_rate(fresh.rate)

    def run(self, periods: int | None = None) -> SupplyChain:
        """Step to the scenario's horizon, or ``periods`` further."""
        for _ in range(self.scenario.periods - self.period if periods is None else periods):
            self.step()
        return self

    @property
    def measured_periods(self) -> int:
        """The number of periods since the warm-up."""
        return self.period - self.scenario.warm_up if self.period > self.scenario.warm_up else self.period

    def dispose(self) -> None:
        """Let the model go: Mesa 3.3 keeps every model that ever was in a table of its agents' numbers."""
        if self.planning is not None:
            self.planning.dispose()
        self.remove_all_agents()
        ids = getattr(mesa.Agent, "_ids", None)
        if isinstance(ids, dict):
            ids.pop(self, None)

    def owner_of(self, agent: str) -> str:
        """The owner of a site or a market."""
        return str(self.scenario.site(agent).owner)

    # -- money --------------------------------------------------------------------------------------------------

    def _lines(self) -> list[Any]:
        """The cost lines that are charged at any time; the same ones whatever the scenario of the moment."""
        dated = [list(cost_lines(scenario, self.sites, self.lanes)) for _, scenario in self._timeline]
        self._charged = [place for place, lines in enumerate(zip(*dated, strict=True)) if any(map(charged, lines))]
        return [dated[0][place] for place in self._charged]

    def _chosen(self, scenario: Scenario) -> Sequence[Any]:
        lines = list(cost_lines(scenario, self.sites, self.lanes))
        return [lines[place] for place in self._charged]
