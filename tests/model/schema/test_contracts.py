"""Contracts and shelf lives that make no sense: the message names the place, the value and the cure."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import ScenarioError, parse, with_values

from ..test_contracts import contract, trade

Table = dict[str, Any]
PAPER = {"products": ["paper"]}

BAD: dict[str, tuple[list[Table], str, str]] = {
    "unknown seller": (
        [contract("wholesale", wholesale_price=1.0, seller="Pres")],
        'contracts.Pres/Chain.seller = "Pres": owns nothing here', 'did you mean "Press"?',
    ),
    "a site that is not an owner": (
        [contract("wholesale", wholesale_price=1.0, buyer="Kiosk")], 'buyer = "Kiosk": owns nothing here', "Chain",
    ),
    "with itself": ([contract("wholesale", wholesale_price=1.0, seller="Chain")], "is the seller too", "two owners"),
    "the wrong way round": (
        [contract("wholesale", wholesale_price=1.0, seller="Chain", buyer="Press")],
        "contracts.Chain/Press: no lane leads from a site of Chain to one of Press", "the one that ships as seller",
    ),
    "with a market": (
        [contract("wholesale", wholesale_price=1.0, seller="Chain", buyer="Town")],
        "no lane leads", "the one that ships",
    ),
    "unknown kind": ([contract("franchise")], 'type = "franchise"', "wholesale"),
    "missing price": ([contract("wholesale")], "wholesale_price: is missing", "add it"),
    "missing buyback price": ([contract("buyback", **PAPER)], "buyback_price: is missing", "add it"),
    "missing share": ([contract("revenue-sharing", **PAPER)], "revenue_share: is missing", "add it"),
    "a term of another kind": (
        [contract("wholesale", wholesale_price=1.0, revenue_share=0.5)],
        "revenue_share = 0.5: does not go with type wholesale", 'a second contract of type "revenue-sharing"',
    ),
    "share above 1": ([contract("revenue-sharing", revenue_share=1.5, **PAPER)], "revenue_share = 1.5", "at most 1"),
    "negative share": ([contract("revenue-sharing", revenue_share=-1.0, **PAPER)], "revenue_share = -1", "at least 0"),
    "negative price": ([contract("wholesale", wholesale_price=-1.0)], "wholesale_price = -1", "at least 0"),
    "shares that add up to more than 1": (
        [
            contract("revenue-sharing", revenue_share=0.7, **PAPER),
            contract("revenue-sharing", revenue_share=0.5, **PAPER),
        ],
        "Press/Chain#2.revenue_share = 0.5", "lower the shares that Chain gives away",
    ),
    "unknown product": ([contract("wholesale", wholesale_price=1.0, products=["papre"])], "is not a product", "paper"),
    "no product": ([contract("wholesale", wholesale_price=1.0, products=[])], "products = []: is empty", "leave it"),
    "price of an unknown product": (
        [contract("wholesale", wholesale_price={"paper": 1.0, "magazine": 1.0, "book": 2.0})],
        "wholesale_price.book", "known here",
    ),
    "price of some products only": (
        [contract("wholesale", wholesale_price={"paper": 1.0})], "has no value for magazine", "add magazine",
    ),
    "two prices": (
        [contract("wholesale", wholesale_price=1.0), contract("wholesale", wholesale_price=2.0, **PAPER)],
        "Press/Chain#2.wholesale_price = 2: is a second price of paper", "Press/Chain has one already",
    ),
    "a buyback of what is never thrown away": (
        [contract("buyback", buyback_price=1.0)],
        "products.magazine: is never thrown away", "give the product magazine a shelf_life",
    ),
    "a buyback above the price": (
        [contract("buyback", buyback_price=3.0, wholesale_price=2.0, **PAPER)],
        "buyback_price = 3: is more than the wholesale_price", "lower it",
    ),
    "a share of no revenue": (
        [contract("revenue-sharing", revenue_share=0.5, products=["magazine"])],
        "products.magazine: Chain sells none of it to a market", "leave it out",
    ),
    "the same name": (
        [
            contract("wholesale", wholesale_price=1.0, name="A", **PAPER),
            contract("wholesale", wholesale_price=1.0, name="A", products=["magazine"]),
        ],
        "the name is taken already", "choose another name",
    ),
    "not a price": ([contract("wholesale", wholesale_price="cheap")], 'wholesale_price = "cheap"', "number"),
    "NaN": ([contract("wholesale", wholesale_price=float("nan"))], "is not finite", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_contract_is_refused(what: str) -> None:
    contracts, place, cure = BAD[what]
    with pytest.raises(ScenarioError) as caught:
        parse(trade(*contracts), source="trade.toml").resolved()
    message = str(caught.value)
    assert place in message
    assert cure in message


def spoilt(table: Table) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(table).resolved()
    return str(caught.value)


def test_a_lane_with_a_price_of_its_own() -> None:
    table = trade(contract("wholesale", wholesale_price=1.0, **PAPER))
    table["lanes"][1]["price"] = 0.5
    assert "Press->Kiosk has a price too; remove the price of the lane" in spoilt(table)
    table["lanes"][1]["price"] = 0.0
    table["lanes"][0]["price"] = 0.5  # of magazines, which the contract does not cover
    parse(table).resolved()


def test_a_supplier_with_price_breaks() -> None:
    table = trade(contract("wholesale", wholesale_price=1.0, **PAPER))
    table["suppliers"][0]["price_breaks"] = [{"quantity": 5.0, "price": 0.5}]
    assert "price_breaks too" in spoilt(table)


def test_a_buyback_of_goods_with_two_sellers() -> None:
    table = trade(contract("buyback", buyback_price=1.0, **PAPER))
    table["suppliers"].append({"name": "Rival", "products": ["paper"]})
    table["lanes"].append({"from": "Rival", "to": "Kiosk"})
    assert "Rival sells paper to Kiosk too" in spoilt(table)


def test_a_changed_term_is_checked_again() -> None:
    scenario = parse(trade(contract("buyback", buyback_price=1.0, wholesale_price=2.0, **PAPER)))
    scenario.resolved()
    with pytest.raises(ScenarioError, match="is more than the wholesale_price"):
        with_values(scenario, {"contracts.Press/Chain.buyback_price": 2.5}).resolved()


def test_returns_and_a_shelf_life() -> None:
    table = trade()
    table["warehouses"][1]["orders"] = {"returns": True}
    assert "warehouses.Kiosk.orders.returns = true: does not go with a shelf_life" in spoilt(table)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measures": ["lead-time"]}, "measures"),
        ({"measures": ["recovery"]}, "names recovery, but there is no dated shock"),
        (
            {"measures": ["recovery"], "interventions": [{"at": 1, "set": {"markets.Town.price": 2.0}}]},
            "the first shock (period 1) nothing is measured",
        ),
    ],
)
def test_measures_that_cannot_be(change: Table, message: str) -> None:
    assert message in spoilt(trade(**change))


def test_promises_that_cannot_be_kept() -> None:
    table = trade()
    table["lanes"][2]["promise"] = 1
    assert "lanes.Depot->Kiosk.promise = 1: can never be kept; give at least 2" in spoilt(table)
    table["lanes"][2]["promise"] = 2
    parse(table).resolved()
    table["markets"][0] |= {"promise": 1, "sites": [{"site": "Kiosk", "travel_time": 2}]}
    assert "markets.Town.promise = 1: can never be kept; give at least 2" in spoilt(table)
