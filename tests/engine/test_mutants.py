"""Each check can fail: a line of physics is spoilt, and a property that holds in every world no longer does.

A mutant is a method of which one piece of text is replaced; the source is compiled anew, so a line that has been
rewritten since makes the test fail and asks for a new mutant.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from ripieno.agents.factory import Factory
from ripieno.agents.lane import Lane, MarketLane
from ripieno.agents.market import Market
from ripieno.agents.pipeline import Pipeline
from ripieno.agents.production import Workshop, YieldRate
from ripieno.agents.site import Site
from ripieno.agents.supplier import Supplier
from ripieno.agents.warehouse import Warehouse
from ripieno.model.accounts import Accounts, CostLine
from ripieno.model.schema import Scenario
from ripieno.model.streams import Stream, Streams

from . import properties as law
from .worlds import world_number

WORLDS = 60  # a mutant has to be found in this many worlds; most are found in the first ones


@dataclass(frozen=True)
class Mutant:
    """``old`` becomes ``new`` in a method, and ``caught_by`` is the property that must notice."""

    what: str
    kind: type
    method: str
    old: str
    new: str
    caught_by: Callable[[Scenario], None]

    def compiled(self) -> Any:
        """The method with the spoilt line."""
        function = getattr(inspect.getattr_static(self.kind, self.method), "fget", None) or getattr(
            self.kind, self.method
        )
        source = textwrap.dedent(inspect.getsource(function))
        assert source.count(self.old) == 1, f"{self.kind.__name__}.{self.method} has changed: write a new mutant"
        place = dict(vars(sys.modules[self.kind.__module__]))
        source = source.replace("super()", f"super({self.kind.__name__}, self)")  # there is no class around it here
        exec(compile(source.replace(self.old, self.new), "<mutant>", "exec", dont_inherit=True), place)
        return place[self.method]


CONSERVED, DEBTS, OWED = law.goods_are_conserved, law.debts_add_up, law.nothing_is_owed_twice
MONEY, ALONE, COMMUTE = law.money_adds_up, law.a_run_does_not_depend_on_its_batch, law.agents_of_a_moment_commute
STRANGERS, POINTS, LOOKING = law.strangers_change_nothing, law.design_points_do_not_mix, law.looking_changes_nothing
SAME, IDLE = law.setting_what_is_set_changes_nothing, law.what_never_binds_changes_nothing

MUTANTS = [
    Mutant("stock stays when picked", Site, "set_aside_for", "self.on_hand - add_all(picked)", "self.on_hand",
           CONSERVED),
    Mutant("stock stays when the only customer is served", Site, "set_aside_for", "self.on_hand - picked[0]",
           "self.on_hand", CONSERVED),
    Mutant("picks a thousandth too much", Site, "set_aside_for", "- add_all(picked)",
           "- add_all(picked) * 1.001", CONSERVED),
    Mutant("a receipt counts twice", Warehouse, "receive", "lane.receive()", "2 * lane.receive()", CONSERVED),
    Mutant("a receipt stays on the way", Lane, "receive", "self.in_transit - arrived", "self.in_transit", CONSERVED),
    Mutant("the gate loses what waits", Lane, "take_in", "self.waiting + arrived", "arrived", CONSERVED),
    Mutant("an outage loses goods", Lane, "dispatch", "self.set_aside - self.shipped", "self.zeros",
           CONSERVED),
    Mutant("what leaves vanishes", Lane, "depart", "self.in_transit + self.shipped", "self.in_transit", CONSERVED),
    Mutant("a slot is overwritten", Pipeline, "send", "else slots[delay] + amount", "else amount", DEBTS),
    Mutant("the next slot is lost", Pipeline, "advance", "del slots[0]", "del slots[1]", DEBTS),
    Mutant("production from nothing", Factory, "produce", "self.input_stock - self.consumed", "self.input_stock",
           CONSERVED),
    Mutant("finished twice", Factory, "produce", "+ self.finished", "+ 2 * self.finished", CONSERVED),
    Mutant("work never ends", Factory, "produce", "self.started - self.finished", "self.started", CONSERVED),
    Mutant("makes unnoticed", Supplier, "note_made", "self.made + made", "self.made", CONSERVED),
    Mutant("hands over unnoticed", MarketLane, "depart", "self.received = self.shipped", "pass", CONSERVED),
    Mutant("bad units vanish", Workshop, "good", "self.scrapped + (finished - good)", "self.scrapped", CONSERVED),
    # debts
    Mutant("a debt stays when paid", Lane, "pick", "self.owed - picked", "self.owed", DEBTS),
    Mutant("a lost order stays on order", Lane, "drop", "self.on_order - self.lost", "self.on_order", DEBTS),
    Mutant("a lost order is not noted", Lane, "drop", "self.lost = self.owed", "pass", OWED),
    Mutant("an order is booked twice", Lane, "place", "self.book(placed)", "self.book(2 * placed)", DEBTS),
    Mutant("an order is forgotten", Lane, "place", "self.on_order + placed", "self.on_order", DEBTS),
    # money
    Mutant("the old rate is forgotten", CostLine, "change_rate", "self.settled = self.money()", "pass", MONEY),
    Mutant("charged again", CostLine, "change_rate", "self.marked = self.units()", "pass", MONEY),
    Mutant("the warm-up is charged", Accounts, "reset", "line.reset()", "pass", MONEY),
    Mutant("asking costs money", CostLine, "money", "self.settled + ",
           "(setattr(self, 'settled', self.settled + 1.0) or self.settled) + ", LOOKING),
    Mutant("payments count as costs", Accounts, "cost", "line.payee is None and ", "", MONEY),
    Mutant("nobody is paid", Accounts, "balances", " - self._sum(got[owner])", "", MONEY),
    # runs
    Mutant("draws by place in the batch", Streams, "stream", "self._place)", "None)", ALONE),
    Mutant("one draw for all runs", Stream, "uniforms", "numbers[:, self._place]", "numbers[:, 0 * self._place]",
           ALONE),
    Mutant("yield by place in the batch", YieldRate, "__call__", "stream.uniforms(period)[0]",
           "np.sort(stream.uniforms(period)[0])", ALONE),
    Mutant("set up like the first run", Workshop, "start", "self.current != row", "self.current[:1] != row", ALONE),
    Mutant("a shared key", Streams, "key", "/{name}", "/{len(self._streams)}", STRANGERS),
    Mutant("orders depend on the number of runs", Site, "place", "self.buy(quantity)",
           "self.buy(quantity * (1 + 1e-15 * quantity.shape[-1]))", ALONE),
    Mutant("a peek at the neighbour", Site, "close_shelf", "self.unserved = self.owed()",
           "self.unserved = self.owed() + 1e-9 * sum(s.unserved.max() for s in self.model.sites.values())", COMMUTE),
    Mutant("an intervention drops the order rules", Site, "configure", "self.orders = orders or OrderRules()",
           'self.orders = OrderRules() if hasattr(self, "orders") else orders', SAME),
    Mutant("an idle outage delays", Lane, "dispatch", "np.where(self.no_shipping, 0.0, self.set_aside)",
           "0.5 * self.set_aside", IDLE),
    Mutant("the mean of the points", Market, "configure", "self.factor = factor",
           "self.factor = factor if isinstance(factor, float) else factor.mean()", POINTS),
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_spoilt_line_is_noticed(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutant.kind, mutant.method, mutant.compiled())
    with np.errstate(all="ignore"):
        noticed = any(fails(mutant.caught_by, number) for number in range(WORLDS))
    assert noticed, f"{mutant.caught_by.__name__} holds although {mutant.what}"


def fails(check: Callable[[Scenario], None], number: int) -> bool:
    """Whether a property does not hold in a world."""
    try:
        check(world_number(number))
    except AssertionError:
        return True
    return False
