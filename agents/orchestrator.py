"""The orchestrator: it lets owners plan alone, negotiates packages with them, and watches what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from .negotiation.agreements import Agreements, Terms
from .negotiation.desks import Adopted, Desk, Enforcement, Layout, Minds, Stage
from .negotiation.ledger import Ledger
from .negotiation.menus.base import Scene
from .negotiation.protocols.base import Decision, Protocol, Rules, Table
from .negotiation.rollback import Monitor
from .negotiation.timing import is_due
from .negotiation.trial import Trial
from .numeric import add_all
from .quantity import Array, Mask, Money, quantity
from .site import Actor

NAME = "orchestrator"
LEAST = 3  # batches of costs on either side of an adoption that are compared


class Orchestrator(Actor):
    """Holds a cycle of planning every so many periods, in all runs at once.

    In the moment ``plan`` decisions are made on the levers as they stand; in ``settle`` they take effect. What it
    decides on are claims and shared metrics alone.
    """

    payments: Money = quantity(
        "paid by owners as agreed, less what they are paid", unit="money", tally="total", over="owners"
    )
    fees: Money = quantity("cost of running the agreements", unit="money", tally="total", over="rows")
    support: Money = quantity("what a sponsor adds to agreements", unit="money", tally="total", over="rows")
    switching: Money = quantity("cost of moving levers", unit="money", tally="total", over="owners")

    rows = ("agreements",)

    def __init__(self, model: Any, owners: Sequence[str], levers: Any, layout: Layout) -> None:
        super().__init__(model, NAME)
        self.owners = tuple(owners)
        self.layout = layout
        self.levers = levers
        self.whose = np.array([self.owners.index(lever.owner) for lever in levers.items], dtype=np.intp)
        self.none: Money = np.zeros((len(owners), self.runs))
        self.payments = self.switching = self.none
        self.fees = self.support = np.zeros((1, self.runs))
        self.wanted: Array = levers.values
        self.settled: Array = levers.values  # what was wanted when levers were last set
        self.start_values: Array = levers.values  # from the first plan on
        self.whole = np.array([lever.whole for lever in levers.items], dtype=bool)
        self.ledger = Ledger(self.owners, [], self.runs, levers.names)
        self.adopted: list[Adopted] = []  # in force or to come
        self.clean: Mask = np.ones(self.runs, dtype=bool)

    def configure(
        self, *, stages: Sequence[Stage], desks: Sequence[Desk], enforcement: Enforcement, rules: Rules
    ) -> None:
        """Set who plans when and how, and the rules of the table; the first desk is that of the structural levers."""
        self.stages = list(stages)
        self.desks = list(desks)
        self.first = desks[0].timing.first
        self.enforcement = enforcement
        self.rules = rules
        self.agreements = Agreements(len(self.levers.items), self.runs, enforcement.discipline)
        self.monitor = Monitor(self.runs, batch=1, least=LEAST, settling=enforcement.settling)

    # -- the moments --------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Decide, on the levers as they stand."""
        period = self.model.period
        if period == self.first:
            self.wanted = self.start_values
        stage = self.stage(period) or Stage(0)
        if stage.alone:
            self.plan_alone(period)
        for desk in self.desks:
            if period < desk.timing.first or not is_due(period, desk.timing.cadence, desk.timing.first):
                continue
            if desk.market is not None:
                self.write_down(desk, *desk.market(self.levers.values), period)
            elif stage.protocol is not None:
                self.negotiate(desk, stage.protocol, period)

    def settle(self) -> None:
        """Let what was decided take effect, and take back what has failed."""
        period = self.model.period
        self.switching = self.none
        before, wanted = self.levers.values, self.settled
        self.review(period)
        for entry in self.adopted:
            self.lapse(entry, period)
            self.begin(entry, period)
        self.adopted = [entry for entry in self.adopted if entry.alive(period)]
        values = self.agreements.levers(self.wanted, period)
        values = np.where(self.whole[:, None], np.rint(values), values)  # a calendar does not drift by parts of a day
        if not np.array_equal(values, before):
            self.charge_moves((values != before) & (self.wanted != wanted))  # drifting costs nothing
            self.levers.set(values)
        self.settled = self.wanted
        self.agreements.end_period(period)
        self.pay(period)

    # -- planning -----------------------------------------------------------------------------------------------

    def stage(self, period: int) -> Stage | None:
        """The stage of a period."""
        begun = [stage for stage in self.stages if stage.starts <= period]
        return begun[-1] if begun else None

    def plan_alone(self, period: int) -> None:
        """Let every agent whose turn it is choose its own levers; what is locked stays within its corridor."""
        agents = list(dict.fromkeys(lever.agent for lever in self.levers.items))
        free = np.ones(self.wanted.shape, dtype=bool)
        desk, every = self.desks[0], self.desks[0].timing.alone_every
        for number, agent in enumerate(agents):
            turn = desk.timing.first + number * every // len(agents)
            if period >= turn and is_due(period, every, turn):
                mine = np.array([lever.agent == agent for lever in self.levers.items])[:, None]
                self.wanted = np.where(mine, desk.minds.alone(agent, free), self.wanted)

    def negotiate(self, desk: Desk, protocol: Protocol, period: int) -> None:
        """Hold one cycle: look, try out, decide, write it down."""
        desk.minds.attend()
        scene = self.scene(desk, period)
        if not scene.open.any():
            self.ledger.pass_over()
            return
        rules = self.rules

        def worth(claims: Money, metrics: Array, movers: Mask) -> Money:
            return protocol.worth(claims, metrics, movers, rules)

        minds = desk.minds
        search = minds.own_search if protocol.searches_alone else minds.search
        found = search(scene, minds.look, partial(self.try_out, minds), worth)
        decision = protocol.decide(scene, found, rules, self.table(desk, period))
        self.write_down(desk, decision, found.shortlist.names, period)

    def try_out(self, minds: Minds, targets: Array) -> Trial:
        """Claims by trials, the cost of moving levers included."""
        trial = minds.try_out(targets)
        moved = targets != self.levers.values
        counts = np.stack(
            [np.count_nonzero(moved[:, self.whose == owner], axis=1) for owner in range(len(self.owners))]
        )
        changes = trial.changes + self.rules.move_cost * counts
        claims = minds.claims(changes, np.ones(changes.shape, dtype=bool))
        return Trial(claims, trial.metrics, trial.present, changes, trial.overloads, trial.parts)

    def scene(self, desk: Desk, period: int) -> Scene:
        """What may be looked at by whoever puts packages together."""
        free = desk.busy_until <= period
        for entry in self.adopted:
            if entry.desk is desk:
                free = free & ~(entry.runs & (entry.starts > period))
        items = self.levers.items
        return Scene(
            names=self.levers.names,
            grids=[lever.grid for lever in items],
            agents=[lever.agent for lever in items],
            owners=[int(owner) for owner in self.whose],
            current=self.levers.values,
            open=free & desk.mine[:, None],
            links=self.layout.links,
            groups=self.layout.groups,
            draw=self.draws(f"search/{self.desks.index(desk)}/{period}"),
            reach=desk.minds.search.reach,
        )

    def table(self, desk: Desk, period: int) -> Table:
        """Who votes, and when they answer."""
        number = self.desks.index(desk)

        def answered(voters: Mask) -> Array:
            u = self.draws(f"answers/{number}/{period}")(len(self.owners))
            return np.asarray(desk.timing.response(u))

        return Table(self.owners, answered, self.draws(f"lots/{number}/{period}"))

    def draws(self, name: str) -> Callable[[int], Array]:
        """Uniform numbers ``[count, runs]`` of this period for a purpose."""
        stream = self.model.streams.stream(f"orchestration/{name}")
        asked = 0

        def numbers(count: int) -> Array:
            nonlocal asked
            first, asked = asked, asked + count
            return np.stack([stream.uniforms(first + place)[0] for place in range(count)])

        return numbers

    def write_down(self, desk: Desk, decision: Decision, names: Sequence[str], period: int) -> None:
        """Keep a decision until it takes effect."""
        first = len(self.ledger.packages)
        self.ledger.packages.extend([*names, "own moves"])
        proposal = decision.proposal
        proposal = replace(proposal, package=proposal.package + first)
        u = self.draws(f"implementation/{self.desks.index(desk)}/{period}")(1)[0]
        effective = np.ceil(period + decision.wait + desk.timing.implementation(u))
        cycle = self.ledger.record(period, proposal, decision.status, effective)
        if decision.adopted.any():
            ends = effective + (np.maximum(desk.timing.term, 1.0) if decision.binding else 1.0)
            self.adopted = [*self.adopted, Adopted(cycle, desk, decision, effective, ends, decision.adopted)]

    # -- agreements ---------------------------------------------------------------------------------------------

    def begin(self, entry: Adopted, period: int) -> None:
        """Let a decision take effect in the runs in which its time has come."""
        now = entry.runs & (entry.starts == period)
        if not now.any():
            return
        target = entry.decision.target
        moved = (target != self.levers.values) & now
        stands = self.agreements.levers(self.wanted, period)  # where something was taken back today, not as decided on
        self.wanted = np.where(moved, target, self.wanted)
        if entry.decision.binding:
            terms = Terms(np.where(moved, target, stands), period, entry.ends, self.enforcement.corridor)
            laid_down = (entry.desk.mine[:, None] & now) if self.enforcement.all_levers else moved
            self.agreements.adopt(laid_down, terms, stands)
        if entry.desk.watched:
            self.monitor.begin(now)
            entry.desk.busy_until = np.where(now, period + entry.desk.timing.trial, entry.desk.busy_until)
            entry.desk.trial_of = np.where(now, entry.cycle, entry.desk.trial_of)
            self.clean = self.clean & ~now

    def lapse(self, entry: Adopted, period: int) -> None:
        """At the end of the term of a quick decision: levers that it still holds go back to where they stood."""
        over = entry.runs & (entry.ends == period)
        if entry.desk.watched or not over.any():
            return
        held = (entry.decision.target != self.agreements.before) & (self.agreements.ends == period) & over
        self.wanted = np.where(held & entry.desk.mine[:, None], self.agreements.before, self.wanted)

    def review(self, period: int) -> None:
        """At the end of a trial: keep the package, or take it back where it has made things worse."""
        desk = self.desks[0]
        over = (desk.trial_of >= 0) & (desk.busy_until <= period)
        if not over.any():
            return
        worse = self.monitor.worse() & over
        for place, entry in enumerate(self.adopted):
            mine = entry.runs & (desk.trial_of == entry.cycle) & over
            if not (entry.decision.binding and self.enforcement.rollback):
                worse = worse & ~mine
            elif (worse & mine).any():
                self.adopted[place] = self.taken_back(entry, worse & mine, period)
        self.ledger.realise(desk.trial_of, -self.monitor.rise(), ~worse, over & self.monitor.ready())
        self.monitor.keep(over & ~worse)
        self.monitor.give_up(worse)
        self.clean = self.clean & ~over
        desk.trial_of = np.where(over, -1.0, desk.trial_of)

    def taken_back(self, entry: Adopted, runs: Mask, period: int) -> Adopted:
        """Return the levers of a package to where they stood before; what was agreed on earlier holds again."""
        laid_down = (self.agreements.starts == entry.starts) & entry.desk.mine[:, None]
        moved = laid_down & self.agreements.locked(period) & runs
        self.wanted = np.where(moved, self.agreements.before, self.wanted)
        self.agreements.take_back(moved)
        return replace(entry, ends=np.where(runs, period, entry.ends))

    def pay(self, period: int) -> None:
        """The payments of this period: transfers of all agreements in force, and the fees for running them."""
        received, fees = self.none, np.zeros((1, self.runs))
        for entry in self.adopted:
            held = entry.held(period)
            received = received + np.where(held, entry.decision.transfers, 0.0)
            fees = fees + np.where(held & entry.decision.binding, self.rules.overhead, 0.0)
        self.payments, self.fees = -received, fees
        self.support = fees - add_all(list(self.payments))

    def charge_moves(self, moved: Mask) -> None:
        """What the owners pay for moving their levers."""
        counts = [np.count_nonzero(moved[self.whose == owner], axis=0) for owner in range(len(self.owners))]
        self.switching = np.stack(counts) * self.rules.switching_cost

    def observe(self, cost: Money, demand: Array) -> None:
        """Note the network's mean cost of some periods, and the outside demand of late; a batch in which something
        changed does not count.
        """
        self.monitor.observe(cost, self.clean, demand)
        self.clean = np.ones(self.runs, dtype=bool)
