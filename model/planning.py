"""From the `orchestration` table of a scenario to the orchestrator of a world, and how packages are tried out."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from ..agents.negotiation.claims import Claims
from ..agents.negotiation.desks import Desk, Enforcement, Layout, Minds, Stage, Timing
from ..agents.negotiation.escalation import Escalation
from ..agents.negotiation.gain import Bar
from ..agents.negotiation.governance.consensus import Consensus
from ..agents.negotiation.protocols.base import Protocol, Rules
from ..agents.negotiation.protocols.joint import Joint
from ..agents.negotiation.protocols.own import Own
from ..agents.negotiation.search import OwnSearch, Search
from ..agents.negotiation.timing import Delay
from ..agents.negotiation.transfers.equal import Equal
from ..agents.numeric import add_all, total
from ..agents.orchestrator import LEAST, Orchestrator
from ..agents.plugins import find
from ..agents.quantity import Array
from .accounts import CostLine
from .capacity_market import CapacityMarket
from .levers import Levers, chosen, levers_of
from .planning_checks import check_voters, settings_by_place
from .schema import build_part
from .schema.slots import slots_of_spec
from .trials import Trials

USUAL_FIRST = 60  # periods of history that make a start
BY_VOLUME = ("production",)  # costs that follow demand, whatever levers do: not watched in trials
BATCH = 5  # periods whose mean cost is watched together
LATE = 20  # periods of outside demand on which a batch of costs depends


class Planning:
    """What a world needs so that its agents plan: levers, memory of outside demand, trials, and the orchestrator."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.spec = model.scenario.orchestration
        items = chosen(levers_of(model.scenario), self.spec.levers, model.scenario.name)
        model.levers = self.levers = Levers(model, items)
        self.owners = list(dict.fromkeys([*model.accounts.owners(), *(lever.owner for lever in items)]))
        self.watched = [line for line in model.accounts.lines if line.payee is None and line.name not in BY_VOLUME]
        self.memory: deque[dict[str, Array]] = deque(maxlen=self.spec.search.history + self.spec.visibility.delay)
        self.first = first_plan(model.scenario)
        self.settings = settings_by_place(items, self.spec.settings)  # by the place of the lever
        self.orchestrator = Orchestrator(model, self.owners, self.levers, layout(model))
        self.trials = self.quick = Trials(self, self.spec.search)
        self.market: CapacityMarket | None = None
        self.last_cost = np.zeros(model.runs)
        self.configure()

    def configure(self) -> None:
        """Give the orchestrator its stages, its timing and its rules."""
        spec = self.spec
        items, runs = self.levers.items, self.model.runs
        quick = np.array([lever.responsive and not lever.traded for lever in items], dtype=bool)
        traded = np.array([lever.traded for lever in items], dtype=bool)
        minds = self.minds(spec.search, self.trials)
        desks = [Desk(~quick & ~traded, timing(spec, self.first), minds, runs, watched=True)]
        if quick.any():
            hunt = spec.search.changed(history=spec.responsive.history, horizon=1, rounds=1)
            self.quick = Trials(self, hunt, self.trials)
            desks.append(
                Desk(quick, timing(spec.responsive, self.first), self.minds(self.quick.hunt, self.quick), runs)
            )
        if traded.any() and spec.slots is not None:
            self.market = CapacityMarket(self.model, self.levers, self.owners)
            every = Timing(self.first, spec.slots.cadence, term=spec.slots.cadence)
            desks.append(Desk(traded, every, minds, runs, market=self.market))
        self.orchestrator.configure(
            stages=stages(spec, self.first, self.model.scenario.periods),
            desks=desks,
            enforcement=Enforcement(
                spec.corridor, spec.enforcement, spec.rollback, spec.locks == "all", settling(spec.trial)
            ),
            rules=self.rules(),
        )
        self.orchestrator.start_values = self.start_values()

    def minds(self, hunt: Any, trials: Trials) -> Minds:
        """How packages are found and judged at a desk."""
        menus = [find("negotiation.menus", name)() for name in hunt.menus]
        several = len({lever.owner for lever in self.levers.items}) > 1
        how = (menus, hunt.singles, hunt.rounds, hunt.reach or np.inf, hunt.caution)
        first_look = {"trial": trials.of_packages, "random": trials.by_lot, "model": trials.by_model}
        return Minds(
            search=Search(*how),
            own_search=OwnSearch(*how) if several else Search(*how),
            claims=Claims(self.spec.claims.padding, self.spec.claims.transparency),
            first_look=first_look[hunt.first_look],
            try_out=trials.of_model if hunt.trials == "model" else trials,
            alone=trials.alone,
            attend=trials.attend,
        )

    def rules(self) -> Rules:
        """The rules of the table."""
        spec = self.spec
        governance = Consensus() if spec.governance is None else build_part(spec.governance, ())
        ladder = [governance, *(build_part(rule, ()) for rule in spec.escalation)]
        check_voters(ladder, self.owners)
        return Rules(
            threshold=Bar(spec.threshold.amount, spec.threshold.share),
            inertia=Bar(spec.inertia.amount, spec.inertia.share),
            transfer=Equal() if spec.transfer is None else build_part(spec.transfer, ()),
            decide=Escalation(ladder, spec.escalate_after, self.model.runs),
            overhead=spec.overhead,
            sponsor_budget=spec.sponsor,
            values=np.zeros((1, 1, self.model.runs)) + spec.service_value,
            switching_cost=spec.switching_cost,
            pays_off_in=float(spec.term or spec.search.horizon),
            caution=spec.search.caution,
        )

    def lines(self) -> list[CostLine]:
        """The cost lines of negotiation: transfers from and to the orchestrator, fees, and what moves cost."""
        chief = self.orchestrator
        found = []
        for place, owner in enumerate(self.owners):
            mine = (np.arange(len(self.owners)) == place).astype(np.float64)[:, None]
            found.append(CostLine("transfer", owner, owner, mine, chief, "payments", payee=chief.name))
            found.append(CostLine("switching", owner, owner, mine, chief, "switching"))
        found.append(CostLine("orchestration", chief.name, chief.name, 1.0, chief, "fees"))
        if np.any(np.asarray(self.spec.sponsor) > 0):
            found.append(CostLine("sponsor", "sponsor", "sponsor", 1.0, chief, "support", payee=chief.name))
        return found

    def note(self) -> None:
        """Remember the outside demand of a period, and now and then tell the orchestrator what the network costs."""
        model = self.model
        if self.market is not None:
            self.market.note()
        if not self.orchestrator.stages:
            return  # levers stand where they are, and nobody tries anything out
        self.memory.append({name: market.demanded for name, market in model.markets.items()})
        self.trials.note()
        if model.period % BATCH == BATCH - 1:
            now = add_all([np.zeros(model.runs), *(line.money() for line in self.watched)])
            self.orchestrator.observe((now - self.last_cost) / BATCH, self.demand_of_late())
            self.last_cost = now

    def demand_of_late(self) -> Array:
        """The mean outside demand of the last periods, all products and markets, ``[runs]``."""
        days = list(self.memory)[-LATE:]
        return add_all([total(demand) for day in days for demand in day.values()]) / len(days)

    def dispose(self) -> None:
        """Let the world of the first look go."""
        self.trials.side_by_side.dispose()

    def forget(self) -> None:
        """The books begin anew after the warm-up; a batch in the middle of which that is does not count."""
        self.last_cost = np.zeros(self.model.runs)
        if self.model.period % BATCH:
            self.orchestrator.clean = np.zeros(self.model.runs, dtype=bool)

    def start_values(self) -> Array:
        """Where the levers stand from the first plan on, by the settings of the scenario."""
        values = self.levers.values
        for place, value in self.settings.items():
            values = np.where((np.arange(len(values)) == place)[:, None], value, values)
        return values


def settling(trial: int) -> int:
    """The batches of costs of a package on trial that do not count: a quarter, as long as enough are left."""
    batches = trial // BATCH - 1  # a trial begins in the middle of one
    return max(min(batches // 4, batches - LEAST), 0)


def first_plan(scenario: Any) -> int:
    """The period of the first plan in a scenario that says how agents plan."""
    first = scenario.orchestration.first
    return min(USUAL_FIRST, scenario.periods // 4) if first is None else int(first)


def sharing_demand(scenario: Any) -> Any:
    """The scenario in which all forecasts learn from the demand of the markets, where it asks for that."""
    spec = scenario.orchestration
    if spec is None or not spec.visibility.point_of_sale:
        return scenario
    which = ("suppliers", "factories", "warehouses")
    return scenario.replaced(**{name: [_site_seeing(site) for site in getattr(scenario, name)] for name in which})


def _site_seeing(site: Any) -> Any:
    """A site whose policies have forecasts that learn from outside demand."""
    return site.changed(**{name: _seeing(getattr(site, name)) for name in ("policy", "buy") if hasattr(site, name)})


def _seeing(part: Any) -> Any:
    """A policy with a forecast that learns from outside demand."""
    forecast = None if part is None else part.given().get("forecast")
    if forecast is None or "signal" not in slots_of_spec(forecast):
        return part
    return part.replacing(forecast=forecast.replacing(signal="point-of-sale"))


def timing(spec: Any, first: int) -> Timing:
    """When things happen at a desk."""
    return Timing(
        first=first,
        cadence=spec.cadence,
        response=Delay(spec.response.mean, spec.response.random),
        implementation=Delay(spec.implementation.mean, spec.implementation.random),
        term=np.inf if spec.term is None else spec.term,
        trial=getattr(spec, "trial", 0),
        alone_every=spec.own.cadence or 3 * spec.cadence if hasattr(spec, "own") else 1,
    )


def stages(spec: Any, first: int, periods: int) -> list[Stage]:
    """The stages of an arm."""
    joint: Protocol = Joint() if spec.protocol is None else build_part(spec.protocol, ())
    switch = (first + periods) // 2 if spec.switch is None else spec.switch
    by_arm: dict[str, list[Stage]] = {
        "opt": [Stage(first, alone=True)],
        "selfish": [Stage(first, protocol=Own())],
        "orch": [Stage(first, protocol=joint)],
        "opt-then-orch": [Stage(first, alone=True), Stage(switch, protocol=joint)],
        "orch-then-opt": [Stage(first, protocol=joint), Stage(switch, alone=True)],
        "interleaved": [Stage(first, alone=True, protocol=joint)],
    }
    found = by_arm.get(spec.arm, [])
    return [*found, Stage(spec.end)] if found and spec.end is not None else found


def layout(model: Any) -> Layout:
    """Who deals with whom, carriers included, and who shares a supplier or a carrier."""
    links: dict[tuple[str, str], None] = {}
    for lane in model.lanes.values():
        links[lane.origin.name, lane.destination.name] = None
        if lane.trucks is not None:
            links[lane.trucks.carrier.name, lane.destination.name] = None
            links[lane.origin.name, lane.trucks.carrier.name] = None
    groups = [[lane.destination.name for lane in site.customers] for site in model.sites.values()]
    return Layout(list(links), groups)
