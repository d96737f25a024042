"""Small worlds whose numbers are worked out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ripieno
from ripieno.model.schema import parse

Spec = dict[str, Any]


class Run:
    """One run of a world with its series."""

    def __init__(self, world: Spec) -> None:
        chain = ripieno.SupplyChain(parse({"name": "by hand", **world}), audit=True, series=True).run()
        assert chain.recorder is not None
        self.recorder = chain.recorder

    def __call__(self, agent: str, quantity: str, partner: str = "") -> list[float]:
        """One series, summed over products."""
        return [float(x) for x in self.recorder.array(agent, quantity, partner).sum(axis=1)[:, 0]]


def demands(*values: float, **market: Any) -> Spec:
    """A market T of shop R with given demand."""
    return {
        "name": "T",
        "sites": ["R"],
        "demand": {"type": "trace", "values": list(values), "after_end": "zero"},
    } | market


def shop(level: float, **more: Any) -> Spec:
    """A shop R that orders up to a level."""
    return {"name": "R", "policy": {"type": "base-stock", "level": level}} | more


def chain(*values: float, sequence: str = "order-then-serve", **parts: Any) -> Run:
    """Supplier S, shop R, market T: ``supplier``, ``site``, ``lane`` and ``market`` are further keys of each."""
    return Run(
        {
            "periods": len(values),
            "sequence": sequence,
            "suppliers": [{"name": "S"} | parts.get("supplier", {})],
            "warehouses": [shop(parts.get("level", 10.0)) | parts.get("site", {})],
            "markets": [demands(*values, **parts.get("market", {}))],
            "lanes": [{"from": "S", "to": "R", "travel_time": 1} | parts.get("lane", {})],
            "outages": parts.get("outages", []),
        }
    )


def factory(bill: Spec, in_transit: Spec, **more: Any) -> Run:
    """Parts from S to factory F, whose products market T wants; nothing is wanted in the first two periods."""
    parts = sorted({part for needs in bill.values() for part in needs})
    goods = [{"name": name} for name in [*bill, *parts]]
    site = {"name": "F", "bill": bill, "policy": {"type": "base-stock", "level": 3.0}} | more
    return Run(
        {
            "periods": 4,
            "sequence": "order-then-serve",
            "products": goods,
            "suppliers": [{"name": f"S{part}", "products": [part]} for part in parts],
            "factories": [site],
            "markets": [demands(0.0, 0.0, 2.0, 0.0, sites=["F"], products=list(bill))],
            "lanes": [
                {
                    "from": f"S{part}",
                    "to": "F",
                    "travel_time": 2,
                    "initial_in_transit": [0.0, in_transit.get(part, 0.0)],
                }
                for part in parts
            ],
        }
    )


class TestProductionUnderWayAtTheStart:
    def test_parts_on_their_way_are_for_orders_already_placed(self) -> None:
        """3 a and 6 b will make the 3 units of the level: nothing is ordered before the demand of period 2."""
        run = factory({"x": {"a": 1.0, "b": 2.0}}, {"a": 3.0, "b": 6.0})
        assert run("F", "ordered") == [0.0, 0.0, 2.0, 0.0]
        assert run("Sb", "ordered", "F") == [0.0, 0.0, 4.0, 0.0]
        assert run("F", "started") == [0.0, 3.0, 0.0, 0.0]
        assert run("F", "on_hand") == [0.0, 3.0, 1.0, 1.0]

    def test_the_scarcest_part_counts(self) -> None:
        """2 a on their way, 6 b: two units are under way, one is ordered, for which only a is bought."""
        run = factory({"x": {"a": 1.0, "b": 2.0}}, {"a": 2.0, "b": 6.0})
        assert run("F", "ordered") == [1.0, 0.0, 2.0, 0.0]
        assert run("Sa", "ordered", "F") == [1.0, 0.0, 2.0, 0.0]
        assert run("Sb", "ordered", "F") == [0.0, 0.0, 4.0, 0.0]

    def test_parts_in_store_alone_are_for_no_order(self) -> None:
        """Without goods on the way all parts in store are free: they are used for the first order."""
        run = factory({"x": {"a": 1.0}}, {}, initial_inputs=5.0)
        assert run("F", "ordered") == [3.0, 0.0, 2.0, 0.0]
        assert run("Sa", "ordered", "F") == [0.0, 0.0, 0.0, 0.0]
        assert run("F", "input_stock") == [2.0, 2.0, 0.0, 0.0]

    def test_a_part_of_two_products_is_for_neither(self) -> None:
        run = factory({"x": {"a": 1.0}, "y": {"a": 1.0}}, {"a": 6.0})
        assert run("F", "ordered") == [6.0, 0.0, 4.0, 0.0]
        assert run("Sa", "ordered", "F") == [0.0, 0.0, 4.0, 0.0]

    def test_parts_with_a_policy_of_their_own_are_for_no_order(self) -> None:
        run = factory({"x": {"a": 1.0}}, {"a": 3.0}, buy={"type": "base-stock", "level": 3.0})
        assert run("F", "ordered") == [3.0, 0.0, 2.0, 0.0]
        assert run("Sa", "ordered", "F") == [3.0, 0.0, 2.0, 0.0]

    def test_it_can_be_said_outright(self) -> None:
        run = factory({"x": {"a": 1.0}}, {"a": 3.0}, initial_orders=1.0)
        assert run("F", "ordered") == [2.0, 0.0, 2.0, 0.0]
        assert run("F", "started") == [0.0, 3.0, 0.0, 0.0]
        assert run("Sa", "ordered", "F") == [0.0, 0.0, 2.0, 0.0]


def test_a_factory_without_a_policy_makes_to_order() -> None:
    """What is owed is started; the parts for it come from an unlimited supplier two periods later."""
    run = Run(
        {
            "periods": 5,
            "sequence": "order-then-serve",
            "products": [{"name": "x"}, {"name": "a"}],
            "suppliers": [{"name": "Sa", "products": ["a"]}],
            "factories": [{"name": "F", "bill": {"x": {"a": 2.0}}, "initial_stock": 1.0}],
            "markets": [demands(3.0, 0.0, 4.0, 0.0, 0.0, sites=["F"])],
            "lanes": [{"from": "Sa", "to": "F", "travel_time": 2}],
        }
    )
    assert run("F", "ordered") == [2.0, 0.0, 4.0, 0.0, 0.0]
    assert run("Sa", "ordered", "F") == [4.0, 0.0, 8.0, 0.0, 0.0]
    assert run("F", "shipped", "T") == [1.0, 0.0, 2.0, 0.0, 4.0]


def test_a_scripted_shop_needs_no_policy() -> None:
    run = Run(
        {
            "periods": 4,
            "sequence": "order-first",
            "suppliers": [{"name": "S"}],
            "warehouses": [{"name": "R", "orders": {"script": [5.0, 7.0]}}],
            "markets": [demands(1.0, 1.0, 1.0, 1.0)],
            "lanes": [{"from": "S", "to": "R", "travel_time": 0}],
        }
    )
    assert run("S", "ordered", "R") == [5.0, 7.0, 0.0, 0.0]
    assert run("R", "on_hand") == [4.0, 10.0, 9.0, 8.0]


class TestOutagesOfSuppliers:
    def test_what_is_made_to_order_waits_for_production(self) -> None:
        """Down in periods 1 and 2: orders 4 and 6 are owed and made in period 3 with its own 2, 5 a period at most."""
        down = [{"site": "S", "kind": "production", "start": 1, "length": 2}]
        run = chain(
            3.0, 4.0, 6.0, 2.0, 0.0, 0.0, site={"initial_stock": 10.0}, supplier={"capacity": 5.0}, outages=down
        )
        assert run("S", "made") == [3.0, 0.0, 0.0, 5.0, 5.0, 2.0]
        assert run("S", "owed", "R") == [0.0, 4.0, 10.0, 7.0, 2.0, 0.0]
        assert run("S", "shipped", "R") == run("S", "made")

    def test_stock_is_shipped_while_production_is_down(self) -> None:
        down = [{"site": "S", "kind": "production", "states": [1, 1, 0]}]
        run = chain(3.0, 4.0, 6.0, site={"initial_stock": 10.0}, supplier={"initial_stock": 5.0}, outages=down)
        assert run("S", "shipped", "R") == [3.0, 2.0, 8.0]
        assert run("S", "on_hand") == [2.0, 0.0, 0.0]
        assert run("S", "made") == [0.0, 0.0, 8.0]

    def test_making_to_stock_stands_still_but_work_goes_on(self) -> None:
        """Started in period 0, finished in period 2 in spite of the outage; the order of period 1 starts in 3."""
        maker = {"policy": {"type": "base-stock", "level": 4.0}, "lead_time": 2, "initial_stock": 4.0}
        down = [{"site": "S", "kind": "production", "start": 1, "length": 2}]
        run = chain(3.0, 1.0, 0.0, 0.0, 0.0, 0.0, site={"initial_stock": 10.0}, supplier=maker, outages=down)
        assert run("S", "ordered") == [3.0, 1.0, 0.0, 0.0, 0.0, 0.0]
        assert run("S", "made") == [3.0, 0.0, 0.0, 1.0, 0.0, 0.0]
        assert run("S", "on_hand") == [1.0, 0.0, 3.0, 3.0, 3.0, 4.0]

    def test_goods_set_aside_are_held_and_charged_at_the_supplier(self) -> None:
        """Out in periods 1 and 2: 4 and 6 are set aside, neither stock nor backlog, and leave in period 3."""
        supplier = {"initial_stock": 12.0, "holding_cost": 0.5}
        down = [{"lane": "S->R", "kind": "shipping", "start": 1, "length": 2}]
        run = chain(3.0, 4.0, 6.0, 2.0, site={"initial_stock": 10.0}, supplier=supplier, outages=down)
        assert run("S", "set_aside", "R") == [0.0, 4.0, 10.0, 0.0]
        assert run("S", "shipped", "R") == [3.0, 0.0, 0.0, 12.0]
        assert run("S", "owed", "R") == [0.0, 0.0, 0.0, 0.0]
        assert run("S", "on_hand") == [9.0, 5.0, 0.0, 0.0]
        assert run("S", "cost holding") == [4.5, 4.5, 5.0, 0.0]
        assert run("S", "on_order", "R") == [3.0, 4.0, 10.0, 12.0]


class TestAllOrNothing:
    def test_an_order_waits_until_it_is_there_as_a_whole(self) -> None:
        """4 in stock and one more made a period: the 6 wait, then 8 with the next order, until there are 8."""
        supplier = {"initial_stock": 4.0, "capacity": 1.0}
        run = chain(6.0, 2.0, 0.0, 0.0, site={"initial_stock": 10.0}, supplier=supplier, lane={"partial": False})
        assert run("S", "shipped", "R") == [0.0, 0.0, 0.0, 8.0]
        assert run("S", "owed", "R") == [6.0, 8.0, 8.0, 0.0]
        assert run("S", "on_hand") == [5.0, 6.0, 7.0, 0.0]

    def test_more_than_the_lane_takes_a_period_never_leaves(self) -> None:
        """A debt of 6 fits into 7 a period and leaves; one of 8 does not, and grows."""
        run = chain(
            6.0, 8.0, 1.0, 0.0, site={"initial_stock": 20.0}, level=20.0, lane={"partial": False, "capacity": 7.0}
        )
        assert run("S", "shipped", "R") == [6.0, 0.0, 0.0, 0.0]
        assert run("S", "owed", "R") == [0.0, 8.0, 9.0, 9.0]

    def test_lost_when_it_does_not_fit(self) -> None:
        """The 8 are lost as a whole, ordered again in the next period, and lost again."""
        lane = {"partial": False, "capacity": 7.0, "unmet": "lost"}
        run = chain(6.0, 8.0, 0.0, 0.0, site={"initial_stock": 20.0}, level=20.0, lane=lane)
        assert run("S", "ordered", "R") == [6.0, 8.0, 8.0, 8.0]
        assert run("S", "shipped", "R") == [6.0, 0.0, 0.0, 0.0]
        assert run("S", "lost", "R") == [0.0, 8.0, 8.0, 8.0]
        assert run("S", "owed", "R") == [0.0, 0.0, 0.0, 0.0]

    def test_of_two_customers_the_second_may_fit(self) -> None:
        """5 on hand: the market that wants 6 or nothing gets nothing, the one that wants 4 gets 4."""
        markets = [
            {
                "name": name,
                "sites": ["R"],
                "partial": False,
                "unmet": "lost",
                "demand": {"type": "constant", "mean": amount},
            }
            for name, amount in (("A", 6.0), ("B", 4.0))
        ]
        run = Run(
            {
                "periods": 1,
                "suppliers": [{"name": "S"}],
                "warehouses": [shop(0.0, initial_stock=5.0, lost_cost=2.0)],
                "markets": markets,
                "lanes": [{"from": "S", "to": "R"}],
            }
        )
        assert (run("R", "shipped", "A"), run("R", "shipped", "B")) == ([0.0], [4.0])
        assert (run("R", "lost", "A"), run("R", "lost", "B")) == ([6.0], [0.0])
        assert run("R", "cost lost") == [12.0]


class TestMarkets:
    def test_lost_sales(self) -> None:
        """2 of 5 are served and 3 lost; what is unmet of the demand of a period is what is lost, nothing is owed."""
        run = chain(5.0, 4.0, 3.0, level=4.0, site={"initial_stock": 2.0, "lost_cost": 10.0}, market={"unmet": "lost"})
        # Period 0: position 2 - 5 = -3, ordered 7, arriving in period 1; in 1: position 0 + 7 - 4 = 3, ordered 1.
        assert run("S", "ordered", "R") == [7.0, 1.0, 3.0]
        assert run("R", "shipped", "T") == [2.0, 4.0, 3.0]
        assert run("R", "unmet", "T") == [3.0, 0.0, 0.0]
        assert run("R", "lost", "T") == [3.0, 0.0, 0.0]
        assert run("R", "owed", "T") == [0.0, 0.0, 0.0]
        assert run("R", "cost lost") == [30.0, 0.0, 0.0]

    def test_backlog_is_unmet_in_the_period_of_its_demand_only(self) -> None:
        run = chain(5.0, 1.0, 0.0, level=4.0, site={"initial_stock": 2.0, "backlog_cost": 3.0}, lane={"travel_time": 2})
        assert run("R", "owed", "T") == [3.0, 4.0, 0.0]
        assert run("R", "unmet", "T") == [3.0, 1.0, 0.0]
        assert run("R", "cost backlog") == [9.0, 12.0, 0.0]

    @pytest.mark.parametrize(
        ("sequence", "in_transit"), [("serve-then-order", [5.0, 9.0, 7.0, 4.0]), ("order-first", [5.0, 9.0, 7.0, 4.0])]
    )
    def test_a_way_to_the_market(self, sequence: str, in_transit: list[float]) -> None:
        """Two periods on the way: handed over, and paid for, when they are through; on the way they cost 0.5 each."""
        world = {
            "periods": 4,
            "sequence": sequence,
            "suppliers": [{"name": "S"}],
            "warehouses": [shop(0.0, initial_stock=20.0)],
            "markets": [demands(5.0, 4.0, 3.0, 1.0, sites=[], price=2.0)],
            "lanes": [{"from": "S", "to": "R"}, {"from": "R", "to": "T", "travel_time": 2, "transit_cost": 0.5}],
        }
        run = Run(world)
        assert run("R", "shipped", "T") == [5.0, 4.0, 3.0, 1.0]
        assert run("R", "in_transit", "T") == in_transit
        assert run("R", "received", "T") == [0.0, 0.0, 5.0, 4.0]
        assert run("T", "delivered") == [0.0, 0.0, 5.0, 4.0]
        assert run("R", "cost transit") == [amount / 2 for amount in in_transit]
        assert run("R", "cost revenue") == [0.0, 0.0, 10.0, 8.0]


def test_demand_is_served_in_its_period_also_where_a_lane_takes_no_time() -> None:
    """A lane without travel time lets levels run one after another; that must not delay what the market gets."""
    for time in (0, 1):
        run = chain(
            3.0, 4.0, 5.0, sequence="serve-then-order", site={"initial_stock": 10.0}, lane={"travel_time": time}
        )
        assert run("R", "shipped", "T") == [3.0, 4.0, 5.0]
        assert np.array_equal(run("S", "shipped", "R"), [0.0, 3.0, 4.0])


def test_goods_on_the_way_at_the_start_are_only_what_the_lane_carries() -> None:
    """A supplier of two products has a lane for one of them: nothing of the other is on it."""
    run = Run(
        {
            "periods": 2,
            "products": [{"name": "a"}, {"name": "b"}],
            "suppliers": [{"name": "S", "products": ["a", "b"]}],
            "warehouses": [
                shop(0.0, products=["a"]),
                {"name": "Q", "products": ["b"], "policy": {"type": "pass-through"}},
            ],
            "markets": [
                demands(0.0, 0.0, products=["a"]),
                {"name": "U", "sites": ["Q"], "products": ["b"], "demand": {"type": "constant", "mean": 1.0}},
            ],
            "lanes": [
                {"from": "S", "to": "R", "initial_in_transit": 4.0, "initial_backlog": 1.0},
                {"from": "S", "to": "Q"},
            ],
        }
    )
    assert run("S", "received", "R") == [4.0, 1.0]
    assert run("R", "on_hand") == [4.0, 5.0]


class TestOneMarketSeveralSites:
    """A demand of 10 and then 12 of a market that two shops serve, with 4 and 20 in stock."""

    @staticmethod
    def world(split: str, *links: Spec) -> Run:
        shops = [shop(0.0, name=name, initial_stock=stock) for name, stock in (("R", 4.0), ("Q", 20.0))]
        market = demands(10.0, 12.0, split=split, sites=list(links))
        lanes = [{"from": "S", "to": name} for name in ("R", "Q")]
        return Run(
            {"periods": 2, "suppliers": [{"name": "S"}], "warehouses": shops, "markets": [market], "lanes": lanes}
        )

    def test_shares(self) -> None:
        """A quarter and three quarters, whatever there is."""
        run = self.world("share", {"site": "R"}, {"site": "Q", "share": 3.0})
        assert run("R", "booked", "T") == [2.5, 3.0]
        assert run("Q", "booked", "T") == [7.5, 9.0]
        assert run("R", "owed", "T") == [0.0, 1.5]

    def test_the_first_that_has_stock(self) -> None:
        """R gives its 4 and Q the other 6; then Q has 14 for the 12 of the second period."""
        run = self.world("priority", {"site": "R"}, {"site": "Q"})
        assert run("R", "booked", "T") == [4.0, 0.0]
        assert run("Q", "booked", "T") == [6.0, 12.0]
        assert run("Q", "on_hand") == [14.0, 2.0]

    def test_what_nobody_has_is_owed_by_the_first(self) -> None:
        run = self.world("priority", {"site": "Q"}, {"site": "R"})
        assert run("Q", "booked", "T") == [10.0, 10.0]
        assert run("R", "booked", "T") == [0.0, 2.0]
        assert run("R", "on_hand") == [4.0, 2.0]


def test_orders_are_cut_to_the_free_storage() -> None:
    """Room for 12: with 10 on hand an order of 5 is cut to 2; when 8 of the 12 have left there is room for 8."""
    site = {"initial_stock": 10.0, "storage": 12.0, "orders": {"clip_to_storage": True}}
    run = chain(0.0, 8.0, 0.0, level=15.0, site=site)
    # order-then-serve: in period 1 the stock is still 10 when ordering, 2 are on their way and 8 are owed.
    assert run("S", "ordered", "R") == [2.0, 0.0, 8.0]
    assert run("R", "on_hand") == [10.0, 4.0, 4.0]


@pytest.mark.parametrize(
    ("stock", "on_hand", "made"),
    [(0.0, [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, -6.0, 3.0]), (1.0, [1.0, 1.0, 7.0, 4.0], [0.0, 0.0, 0.0, 0.0])],
)
def test_returns_go_back_where_they_came_from(stock: float, on_hand: list[float], made: list[float]) -> None:
    """The level falls from 10 to 4: 6 units go back, into the supplier's stock if it keeps one; 3 are sold again."""
    world = {
        "periods": 4,
        "suppliers": [{"name": "S", "initial_stock": stock}],
        "warehouses": [shop(10.0, initial_stock=10.0, orders={"returns": True})],
        "markets": [demands(0.0, 0.0, 3.0, 0.0)],
        "lanes": [{"from": "S", "to": "R", "travel_time": 1}],
        "interventions": [{"at": 1, "set": {"warehouses.R.policy.level": 4.0}}],
    }
    run = Run(world)
    assert run("S", "ordered", "R") == [0.0, -6.0, 3.0, 0.0]
    assert run("S", "shipped", "R") == [0.0, 0.0, -6.0, 3.0]
    assert run("R", "on_hand") == [10.0, 10.0, 7.0, 1.0]
    assert (run("S", "on_hand"), run("S", "made")) == (on_hand, made)
