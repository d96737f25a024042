"""From the `orchestration` table of a scenario to the orchestrator of a world, and how packages are tried out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..agents.inversion import with_noise
from ..agents.negotiation.claims import Claims
from ..agents.negotiation.desks import Desk, Enforcement, Layout, Minds, Stage, Timing
from ..agents.negotiation.escalation import Escalation
from ..agents.negotiation.gain import Bar
from ..agents.negotiation.governance.consensus import Consensus
from ..agents.negotiation.packages import Package
from ..agents.negotiation.protocols.base import Protocol, Rules
from ..agents.negotiation.protocols.joint import Joint
from ..agents.negotiation.protocols.own import Own
from ..agents.negotiation.search import OwnSearch, Search, Trial
from ..agents.negotiation.timing import Delay
from ..agents.negotiation.transfers.equal import Equal
from ..agents.numeric import add_all, total
from ..agents.orchestrator import Orchestrator
from ..agents.parameters import Number
from ..agents.plugins import find
from ..agents.quantity import Array, Mask, Money
from .accounts import CostLine
from .capacity_market import CapacityMarket
from .foresight.beliefs import Beliefs
from .foresight.local_search import choose
from .foresight.network_model import Foresight
from .foresight.side_by_side import SideBySide
from .levers import Levers, chosen, levers_of
from .planning_checks import check_voters, settings_by_place
from .schema import build_part
from .schema.slots import slots_of_spec
from .shadow import Shadow

USUAL_FIRST = 60  # periods of history that make a start
BY_VOLUME = ("production",)  # costs that follow demand, whatever levers do: not watched in trials
BATCH = 5  # periods whose mean cost is watched together


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
        self.first = first_plan(model)
        self.settings = self.checked_settings()
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
            self.quick = Trials(self, spec.search.changed(history=spec.responsive.history, rounds=1), self.trials)
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
            enforcement=Enforcement(spec.corridor, spec.enforcement, spec.rollback, spec.locks == "all"),
            rules=self.rules(),
        )
        self.orchestrator.start_values = self.start_values()

    def minds(self, hunt: Any, trials: Trials) -> Minds:
        """How packages are found and judged at a desk."""
        menus = [find("negotiation.menus", name)() for name in hunt.menus]
        first_look = {"trial": trials.of_packages, "random": trials.by_lot, "model": trials.by_model}
        return Minds(
            search=Search(menus, hunt.singles, hunt.rounds),
            own_search=OwnSearch(menus, hunt.singles, hunt.rounds),
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
            pays_off_in=float(spec.term or 365),
        )

    def checked_settings(self) -> dict[int, Number]:
        """The settings of the scenario by the place of the lever."""
        return settings_by_place(self.levers.items, self.spec.settings)

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
        self.memory.append({name: market.demanded for name, market in model.markets.items()})
        if self.orchestrator.stages:
            self.trials.note()
        if self.market is not None:
            self.market.note()
        if model.period % BATCH == BATCH - 1:
            now = add_all([np.zeros(model.runs), *(line.money() for line in self.watched)])
            self.orchestrator.observe((now - self.last_cost) / BATCH)
            self.last_cost = now

    def dispose(self) -> None:
        """Let the shadows go."""
        for trials in (self.trials, self.quick):
            for shadow in trials.shadows.values():
                shadow.chain.dispose()
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


class Trials:
    """Tries packages out in shadows of the world, and asks the closed-form models of the agents."""

    def __init__(self, planning: Planning, hunt: Any, like: Trials | None = None) -> None:
        self.planning = planning
        self.model = planning.model
        self.hunt = hunt
        self.shadows: dict[int, Shadow] = {}
        weight = planning.spec.own.weight
        self.beliefs: Beliefs = Beliefs(self.model, weight) if like is None else like.beliefs
        self.foresight = Foresight(self.model, planning.levers, self.beliefs) if like is None else like.foresight
        self.side_by_side = SideBySide(self.foresight) if like is None else like.side_by_side

    def note(self) -> None:
        """Let agents see what happened this period."""
        self.beliefs.note()

    def __call__(self, targets: Array) -> Trial:
        """Trials of levers ``[packages, levers, runs]``: the cost of each owner beside that of going on as now."""
        shadow = self.shadow(len(targets) + 1)
        shadow.take_up(np.concatenate([self.planning.levers.values[None], targets]))
        if self.hunt.extra_lead_time:
            for lane in shadow.chain.lanes.values():
                lane.travel_time = lane.travel_time + self.hunt.extra_lead_time
                if lane.random_travel is not None:
                    lane.random_travel = lane.random_travel.longer(self.hunt.extra_lead_time)
        if self.hunt.trials != "exact":
            shadow.replay(self.reports(), self.model.period + int(not self.plans_first), self.hunt.demand_factor)
        shadow.live(self.hunt.history)
        return self.outcome(shadow)

    @property
    def plans_first(self) -> bool:
        """Whether plans are made before the demand of the period arises."""
        return self.model.sequence.index("plan") < self.model.sequence.index("demand")  # type: ignore[no-any-return]

    def shadow(self, copies: int) -> Shadow:
        """The shadow with so many copies; made once."""
        if copies not in self.shadows:
            self.shadows[copies] = Shadow(self.model, copies, foresees=self.hunt.trials == "exact")
        return self.shadows[copies]

    def outcome(self, shadow: Shadow) -> Trial:
        """What a trial shows, against its first copy, which went on as now."""
        periods, accounts = self.hunt.history, shadow.chain.accounts
        costs = shadow.by_copy(np.stack([accounts.balance(owner) for owner in self.planning.owners])) / periods
        unserved = [total(lane.total("unmet")) for market in shadow.chain.markets.values() for lane in market.suppliers]
        short = shadow.by_copy(add_all([np.zeros(shadow.chain.runs), *unserved])[None]) / periods
        changes = costs[:, 1:] - costs[:, :1]
        return Trial(changes, short[:, 1:] - short[:, :1], costs[:, 0], changes, self.overloads(shadow))

    def overloads(self, shadow: Shadow) -> Array:
        """The docks ``[packages, runs]`` where more trucks wait than have doors, and more than without the package."""
        worse = [np.zeros((shadow.copies - 1, self.model.runs))]
        for dock in shadow.chain.docks.values():
            waiting = shadow.by_copy(dock.mean("waiting"))[0]
            worse.append(((waiting[1:] > dock.doors) & (waiting[1:] > 1.1 * waiting[:1])) * 1.0)
        return add_all(worse)

    def reports(self) -> Mapping[str, Sequence[Array]]:
        """The outside demand of the past, as the markets report it."""
        seen, visibility = list(self.planning.memory), self.planning.spec.visibility
        past = (seen[: max(len(seen) - visibility.delay, 0)] or seen[:1])[-self.hunt.history :]
        return {name: self.report(name, [day[name] for day in past]) for name in self.model.markets}

    def report(self, market: str, past: list[Array]) -> list[Array]:
        """The reports of one market, blurred, or their mean where it does not report."""
        visibility = self.planning.spec.visibility
        if np.any(visibility.noise > 0):
            stream = self.model.streams.stream(f"orchestration/reports/{market}")
            past = [
                demand * with_noise(1.0, visibility.noise, stream.uniforms(day)[0]) for day, demand in enumerate(past)
            ]
        if np.all(visibility.share >= 1.0):
            return past
        u = self.model.streams.stream(f"orchestration/shares/{market}").uniforms(0)[0]
        mean = add_all(past) / len(past)
        return [np.where(u < visibility.share, demand, mean) for demand in past]

    def of_packages(self, packages: Sequence[Any]) -> Money:
        """The changes of cost of packages ``[owners, packages, runs]``, by trials of all of them, some at a time."""
        now, changes = self.planning.levers.values, []
        for first in range(0, len(packages), MOST_COPIES):
            part = [package.target(now) for package in packages[first : first + MOST_COPIES]]
            part += [now] * (MOST_COPIES - len(part) if first else 0)
            changes.append(self(np.stack(part)).changes)
        return np.concatenate(changes, axis=1)[:, : len(packages)]

    def attend(self) -> None:
        """Look at the network as it stands: agents follow their moves by that, at the same times in all runs."""
        _ = self.foresight.base

    def by_lot(self, packages: Sequence[Any]) -> Money:
        """Random numbers in the place of changes: the first look of somebody who knows nothing."""
        stream = self.model.streams.stream(f"orchestration/lots/{self.model.period}")
        drawn = np.stack([stream.uniforms(self.place(package))[0] - 1.0 for package in packages])
        return np.broadcast_to(drawn, (len(self.planning.owners), *drawn.shape))

    def place(self, package: Package) -> int:
        """The place of a single move among all moves, which does not depend on where levers stand."""
        lever = int(package.moved[:, 0].argmax())
        grids = [item.grid for item in self.planning.levers.items]
        before = sum(len(grid) for grid in grids[:lever])
        return int(before + grids[lever].index(float(package.values[lever, 0])))

    def by_model(self, packages: Sequence[Any]) -> Money:
        """The changes of cost of packages, by the closed-form models of the owners."""
        known, changes = self.foresight.owners, self.side_by_side.changes(packages)
        none = np.zeros(changes.shape[1:])
        return np.stack([changes[known.index(name)] if name in known else none for name in self.planning.owners])

    def of_model(self, targets: Array) -> Trial:
        """A trial that is none: the closed-form models have the last word."""
        now = self.planning.levers.values
        changes = self.by_model([Package("", target != now, target) for target in targets])
        present = np.stack([self.beliefs.cost(owner) for owner in self.planning.owners])
        none = np.zeros((len(targets), self.model.runs))
        return Trial(changes, none[None], present, changes, none)

    def alone(self, agent: str, free: Mask) -> Array:
        """Where an agent wants its levers by its own model."""
        own = self.planning.spec.own
        wish = choose(self.foresight, agent, free, own.threshold)
        return self.planning.levers.towards(wish, own.steps)


MOST_COPIES = 63  # packages that are tried out side by side


def first_plan(model: Any) -> int:
    """The period of the first plan."""
    spec, periods = model.scenario.orchestration, model.scenario.periods
    return min(USUAL_FIRST, periods // 4) if spec.first is None else spec.first


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
    return by_arm.get(spec.arm, [])


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
