"""The network decides: packages by the sum of all claims, with transfers and a vote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...parameters import parameter
from ...quantity import Array, Mask, Money
from ..gain import Choice, best, network_gain, over_owners, sponsored
from ..governance.base import Ballot, votes
from ..ledger import Proposal, Status
from ..menus.base import Scene
from ..transfers.base import Deal, Settlement
from ..trial import Found, taken
from .base import Decision, Protocol, Rules, Table

AT_STAKE = 1e-9  # of the present costs: a claim that is smaller is none


@dataclass
class Joint(Protocol):
    """Adopts the package with the largest network gain that can pay for itself and passes the vote.

    1. S = -(sum of claims) - overhead - value x changes of shared metrics; a package is material where S exceeds the
       threshold, an amount or a share of the present cost of those who move their levers, and no dock gets overloaded
       by it; affordable where the money, with a sponsor's if need be, leaves nobody with less than nothing.
    2. Of those the one with the largest S is tabled; first those that would pass if all vote by their claims.
    3. Each party gets its transfer, votes by what it really expects, and the rule counts the votes.

    Two ingredients can be left out, to see what they are worth. Where owners are not ``synchronised`` a package moves
    the levers of one of them alone. Where nothing is ``shared`` nobody is heard but those who move: S is what they
    claim to save, and what docks and metrics show is not looked at.
    """

    synchronised: bool = parameter("whether a package moves levers of several owners", default=True)
    shared: bool = parameter("whether all claims and the shared metrics are heard", default=True)

    @property
    def searches_alone(self) -> bool:
        """Whether every owner looks for moves of its own only."""
        return not self.synchronised

    def worth(self, claims: Money, metrics: Array, movers: Mask, rules: Rules) -> Money:
        """The network gain, or what the movers gain of it."""
        if not self.shared:
            return network_gain(np.where(movers, claims, 0.0), rules.overhead)
        return network_gain(claims, rules.overhead, metrics if len(metrics) else None, rules.values)

    def decide(self, scene: Scene, found: Found, rules: Rules, table: Table) -> Decision:
        """What is adopted."""
        trial = found.trial
        gain = trial.gain(partial(self.worth, rules=rules), found.movers, rules.caution)
        at_stake = over_owners(np.where(found.movers, trial.present[:, None], 0.0))
        material = rules.threshold.exceeded(gain, at_stake) & found.movers.any(axis=0)
        material = material & ((trial.overloads <= 0.0) if self.shared else True)
        deals = [self.deal(found, np.full(scene.runs, place), rules, table) for place in range(len(gain))]
        added = [sponsored(material[place], deal.money, rules.sponsor_budget) for place, deal in enumerate(deals)]
        payable = np.stack([rules.transfer.affordable(deal, more) for deal, more in zip(deals, added, strict=True)])
        passing = np.stack([self.would_pass(deal, more, rules, trial.present, table.owners)
                            for deal, more in zip(deals, added, strict=True)])  # fmt: skip
        chosen = self.chosen(gain, material & payable, passing)
        return self.tabled(
            scene, found, rules, table, (chosen, np.asarray(material.any(axis=0)), gain, np.stack(added))
        )

    def chosen(self, gain: Money, allowed: Mask, passing: Mask) -> Choice:
        """The best package that would pass, or where there is none the best of all that are allowed."""
        first, second = best(gain, allowed & passing), best(gain, allowed)
        return Choice(np.where(first.found, first.place, second.place), first.found | second.found)

    def deal(self, found: Found, place: NDArray[np.intp], rules: Rules, table: Table) -> Deal:
        """A package in each run as transfers see it."""
        claims = taken(found.trial.claims.swapaxes(0, 1), place)
        movers = taken(found.movers.swapaxes(0, 1), place)
        heard = np.abs(claims) > AT_STAKE * np.abs(found.trial.present)
        parties = movers | heard if self.shared else movers
        draws = rules.transfer.draws(len(claims))
        return Deal(claims, parties, movers, rules.overhead, table.draws(draws) if draws else None)

    def would_pass(self, deal: Deal, added: Money, rules: Rules, present: Money, owners: Sequence[str]) -> Mask:
        """Where the package would pass if everybody voted by its claim."""
        settled = rules.transfer(deal, added)
        yes = votes(settled.payoffs, rules.inertia, present)
        return rules.decide.passes(Ballot(owners, deal.parties, yes, np.zeros(yes.shape)))

    def tabled(
        self, scene: Scene, found: Found, rules: Rules, table: Table, choice: tuple[Choice, Mask, Money, Money]
    ) -> Decision:
        """Put the chosen packages to the vote, and say what comes of it."""
        (place, there), material, gain, added = choice
        deal = self.deal(found, place, rules, table)
        more = np.take_along_axis(added, place[None], axis=0)[0]
        settled = rules.transfer(deal, more)
        real = taken(found.trial.changes.swapaxes(0, 1), place)
        payoffs = settled.transfers - real
        yes = votes(payoffs, rules.inertia, found.trial.present) & deal.parties
        ballot = Ballot(table.owners, deal.parties, yes, table.answered(deal.parties))
        passed, wait = rules.decide.decide(ballot, there)
        status = np.where(passed, int(Status.ADOPTED), int(Status.VOTED_DOWN))
        status = np.where(there, status, np.where(material, int(Status.NOT_AFFORDABLE), int(Status.NOT_MATERIAL)))
        target = taken(found.shortlist.targets, place)
        proposal = self.proposal(found, place, np.take_along_axis(gain, place[None], axis=0)[0], deal, settled)
        proposal = replace(proposal, tabled=there, votes=yes, before=scene.current, after=target)
        return Decision(target, passed, wait, np.where(deal.parties, settled.transfers, 0.0), True, proposal, status)

    def proposal(self, found: Found, place: NDArray[np.intp], gain: Money, deal: Deal, settled: Settlement) -> Proposal:
        """The package as the ledger keeps it."""
        named = np.take_along_axis(found.shortlist.named, place[None], axis=0)[0]
        nobody = np.zeros(deal.parties.shape, dtype=bool)
        return Proposal(named, nobody[0], gain, deal.stakes, deal.parties, nobody, settled.transfers, settled.payoffs,
                        settled.sponsor)  # fmt: skip
