"""Contracts by hand: who pays whom for what, that payments cancel, and that terms may differ between runs and dates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ripieno.agents.send_back import SendBack
from ripieno.agents.shelf_life import ShelfLife
from ripieno.model.api import run_batch
from ripieno.model.schema import ScenarioError, get_value, parse, with_values
from ripieno.model.supply_chain import SupplyChain

Table = dict[str, Any]


def trade(*contracts: Table, **more: Any) -> Table:
    """A press sells 10 papers and 10 magazines a day to the owner of two sites, who sells 6 papers a day at 5 each."""
    fixed = {"type": "fixed-order", "quantity": 10.0}
    return {
        "name": "trade",
        "periods": 11,
        "warm_up": 1,
        "products": [{"name": "paper", "shelf_life": 1}, {"name": "magazine"}],
        "suppliers": [{"name": "Press", "unit_cost": 1.0}],
        "warehouses": [
            {"name": "Depot", "owner": "Chain", "policy": dict(fixed), "initial_stock": 100.0},
            {"name": "Kiosk", "owner": "Chain", "policy": dict(fixed)},
        ],
        "markets": [
            {
                "name": "Town",
                "sites": ["Kiosk"],
                "demand": {"paper": {"type": "constant", "mean": 6.0}},
                "price": 5.0,
                "unmet": "lost",
            }
        ],
        "lanes": [
            {"from": "Press", "to": "Depot", "travel_time": 0, "products": ["magazine"], "initial_backlog": 10.0},
            {"from": "Press", "to": "Kiosk", "travel_time": 0, "products": ["paper"], "initial_backlog": 10.0},
            {"from": "Depot", "to": "Kiosk", "products": ["magazine"], "initial_in_transit": 10.0},
        ],
        "contracts": list(contracts),
    } | more


def contract(kind: str, **terms: Any) -> Table:
    return {"seller": "Press", "buyer": "Chain", "type": kind, **terms}


def run(table: Table) -> SupplyChain:
    return SupplyChain(parse(table), [0, 1], series=True, audit=True).run()


def paid(world: SupplyChain, name: str) -> float:
    """The payments of one kind a period."""
    return float(world.accounts.payments(name)[0] / world.measured_periods)


def test_a_wholesale_price_is_paid_for_what_is_received_and_covered() -> None:
    world = run(trade(contract("wholesale", wholesale_price={"paper": 2.0, "magazine": 3.0})))
    assert paid(world, "wholesale") == pytest.approx(10 * 2.0 + 10 * 3.0)
    world = run(trade(contract("wholesale", wholesale_price=2.0, products=["paper"])))
    assert paid(world, "wholesale") == pytest.approx(10 * 2.0)


def test_a_buyback_pays_for_what_is_thrown_away() -> None:
    world = run(trade(contract("buyback", wholesale_price=2.0, buyback_price=0.5, products=["paper"])))
    assert paid(world, "buyback") == pytest.approx(4 * 0.5)
    line = next(line for line in world.accounts.lines if line.name == "buyback")
    assert (line.agent, line.payer, line.payee) == ("Kiosk", "Press", "Chain")


def test_unsold_goods_go_back_at_their_dates_and_leave_the_world() -> None:
    """10 magazines come each day but the second; at the end of every third all of them go back."""
    back = contract("buyback", wholesale_price=2.0, buyback_price=1.5, products=["magazine"], returns_every=3)
    table = trade(back)
    table["products"][1]["salvage_value"] = 0.25
    world = SupplyChain(parse(table), [0], audit=True)
    kiosk, (returns,) = world.sites["Kiosk"], world.sites["Kiosk"].send_back
    shelf, gone = [], []
    for _ in range(7):
        world.step()
        shelf.append(float(kiosk.on_hand[1, 0]))
        gone.append(returns.returned[:, 0].tolist())
    assert shelf == [10, 10, 0, 10, 20, 0, 10]
    assert gone == [[0, 0], [0, 0], [0, 20], [0, 0], [0, 0], [0, 30], [0, 0]]
    lines = [line for line in world.accounts.lines if line.source is returns]
    assert [(line.name, line.payer, line.payee, float(line.money()[0])) for line in lines] == [
        ("buyback", "Press", "Chain", 50 * 1.5),
        ("salvage", "Press", None, 50 * -0.25),
    ]


def test_what_is_owed_does_not_go_back_and_what_goes_back_does_not_age() -> None:
    """With a life of 2 the 4 papers that nobody wants are thrown away a day later, unless they go back before."""
    terms = {"buyback_price": 0.5, "products": ["paper"]}
    table = trade(contract("buyback", **terms))
    table["products"][0]["shelf_life"] = 2
    thrown = _series(table, "Kiosk", "shelf_life", "expired")
    assert thrown == [0, 0, 2, 4, 4, 4]  # the older 4 are sold first
    sent = _series(
        table | {"contracts": [contract("buyback", **terms, returns_every=2)]}, "Kiosk", "shelf_life", "expired"
    )
    assert sent == [0, 0, 0, 0, 0, 0]


def test_goods_that_stay_because_they_are_owed_keep_their_age() -> None:
    """8 and then 5 come, of which 4 are owed: 9 go back, and the 4 that stay are of the newer ones."""
    site = SimpleNamespace(name="Kiosk", runs=1, products=("paper",), zeros=np.zeros((1, 1)), period=0, shelf_life=None)
    site.owed, site.on_hand = lambda: np.array([[4.0]]), np.array([[8.0]])
    ages = site.shelf_life = ShelfLife(site, {"paper": 2})
    returns = SendBack(site, "back", np.ones((1, 1)))
    returns.configure(2)
    for period, arriving in enumerate((0.0, 5.0)):
        site.period, site.on_hand = period, site.on_hand + arriving
        ages.advance()
        returns.advance()
        returns.act()
        ages.throw_away()
    assert (returns.returned.item(), ages.expired.item(), site.on_hand.item()) == (9, 0, 4)


def _series(table: Table, site: str, part: str, quantity: str) -> list[float]:
    world = SupplyChain(parse(table), [0], audit=True)
    found = []
    for _ in range(6):
        world.step()
        found.append(float(getattr(getattr(world.sites[site], part), quantity)[0, 0]))
    world.dispose()
    return found


def test_dates_of_returns_may_differ_between_runs() -> None:
    terms = {"wholesale_price": 2.0, "buyback_price": 1.5, "products": ["magazine"]}
    alone = [run(trade(contract("buyback", **terms, returns_every=every))) for every in (2, 5)]
    scenario = alone[0].scenario
    mixed = scenario.contracts[0].changed(returns_every=np.array([2.0, 5.0]))
    changed = scenario.changed(contracts=[mixed])
    changed._memo.settled = True
    together = SupplyChain(changed, [0, 1], audit=True).run()
    for place, world in enumerate(alone):
        assert together.accounts.payments("buyback")[place] == world.accounts.payments("buyback")[place] > 0


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"type": "wholesale", "wholesale_price": 1.0}, "does not go with type wholesale"),
        ({"products": ["magazine"], "buyer": "Town"}, "no lane leads from a site of Press"),
    ],
)
def test_returns_that_cannot_be_are_refused(terms: Table, message: str) -> None:
    spoilt = contract("buyback", buyback_price=0.5, returns_every=2) | terms
    if spoilt["type"] == "wholesale":
        del spoilt["buyback_price"]
    with pytest.raises(ScenarioError, match=message):
        parse(trade(spoilt))


def test_a_product_goes_back_by_one_contract() -> None:
    one = contract("buyback", name="one", buyback_price=0.5, returns_every=2, products=["magazine"])
    with pytest.raises(ScenarioError, match="goes back by one too"):
        parse(trade(one, one | {"name": "two"}))


def test_revenue_is_shared_of_what_the_market_pays() -> None:
    world = run(trade(contract("revenue-sharing", revenue_share=0.4, products=["paper"])))
    assert paid(world, "revenue") == pytest.approx(6 * 5.0)
    assert paid(world, "revenue_share") == pytest.approx(0.4 * 6 * 5.0)


def test_payments_cancel_and_scores_add_up() -> None:
    world = run(
        trade(
            contract("buyback", wholesale_price=2.0, buyback_price=0.5, products=["paper"]),
            contract("wholesale", wholesale_price=3.0, products=["magazine"]),
            contract("revenue-sharing", revenue_share=0.1, products=["paper"]),
        )
    )
    balances = {owner: world.accounts.balance(owner) for owner in world.accounts.owners()}
    assert np.allclose(sum(balances.values()), world.accounts.cost(), rtol=1e-9)
    gained = 10 * 2.0 + 10 * 3.0 + 0.1 * 30 - 4 * 0.5
    assert balances["Press"] / 10 == pytest.approx(20 * 1.0 - gained)
    assert balances["Chain"] / 10 == pytest.approx(gained - 30.0)


def test_several_contracts_between_two_owners_have_names_of_their_own() -> None:
    scenario = parse(
        trade(
            contract("wholesale", wholesale_price=2.0, products=["paper"]),
            contract("wholesale", wholesale_price=3.0, products=["magazine"]),
            contract("revenue-sharing", revenue_share=0.1, products=["paper"], name="share"),
        )
    )
    assert [item.name for item in scenario.contracts] == ["Press/Chain", "Press/Chain#2", "share"]
    assert (
        get_value(with_values(scenario, {"contracts.share.revenue_share": 0.2}), "contracts.share.revenue_share") == 0.2
    )
    assert get_value(scenario.resolved(), "contracts.Press/Chain#2.wholesale_price") == 3.0


def test_a_contract_covers_all_that_moves_unless_it_says_less() -> None:
    full = parse(trade(contract("wholesale", wholesale_price=2.0))).resolved()
    assert full.contracts[0].products == ["paper", "magazine"]


def test_terms_are_levers_of_a_design() -> None:
    """Points that differ in a price share one batch, and give what each gives alone."""
    base = parse(trade(contract("wholesale", wholesale_price=2.0, products=["paper"])))
    points = [with_values(base, {"contracts.Press/Chain.wholesale_price": price}) for price in (2.0, 2.5, 4.0)]
    summary = run_batch(points, [(point, 0) for point in range(3)], seed=1)
    scores = [summary.agent("owner Press", "profit")[point] for point in range(3)]
    assert scores == pytest.approx([10 * price - 20.0 for price in (2.0, 2.5, 4.0)])


def test_terms_may_change_on_a_date() -> None:
    change = {"at": 6, "set": {"contracts.Press/Chain.wholesale_price": 5.0}}
    terms = contract("wholesale", wholesale_price=2.0, products=["paper"])
    world = run(trade(terms, interventions=[change]))
    assert paid(world, "wholesale") == pytest.approx(10 * (5 * 2.0 + 5 * 5.0) / 10)


def test_sourcing_sees_the_price_of_a_contract() -> None:
    table = trade(contract("wholesale", wholesale_price=9.0, products=["magazine"]))
    table["suppliers"].append({"name": "Copyshop", "products": ["magazine"], "unit_cost": 1.0})
    table["lanes"].append({"from": "Copyshop", "to": "Depot", "price": 7.0})
    table["warehouses"][0]["sourcing"] = "cheapest"
    world = run(table)
    assert np.asarray(world.lanes["Press->Depot"].price)[:, 0].tolist() == [0.0, 9.0]
    assert float(world.lanes["Copyshop->Depot"].ordered[0, 0]) == 10.0
