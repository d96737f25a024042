"""Shelf lives, promises, measures and contracts for a random world that is otherwise complete."""

from __future__ import annotations

from random import Random
from typing import Any

from ripieno.model.moments import SEQUENCES, serving_lag

Table = dict[str, Any]
KINDS = ("suppliers", "factories", "warehouses")


def agree(draw: Random, table: Table) -> None:
    """Add some of each to the table of a scenario; goods that go back have neither an age nor a lead time."""
    returns = any(site.get("orders", {}).get("returns") for kind in KINDS for site in table[kind])
    if not returns:
        for product in table["products"]:
            if draw.random() < 0.3:
                product |= {"shelf_life": draw.choice((1, 2, 4)), "salvage_value": draw.choice((0.0, 0.5, -0.25))}
        promise(draw, table)
        table["measures"] = draw.choice(([], ["lead-times"], ["nervousness"], ["nervousness", "lead-times"]))
    if draw.random() < 0.6:
        table["contracts"] = contract(draw, table)


def promise(draw: Random, table: Table) -> None:
    """Times within which orders are to come, some of them just possible."""
    sequence = SEQUENCES[table["sequence"]]
    for lane in table["lanes"]:
        if draw.random() < 0.3:
            least = shortest(lane["travel_time"]) + serving_lag(sequence, lane["order_delay"], to_market=False)
            lane["promise"] = least + draw.choice((0, 1, 4))
    for market in table["markets"]:
        if draw.random() < 0.5:
            least = max(link["travel_time"] for link in market["sites"]) + serving_lag(sequence, 0, to_market=True)
            market["promise"] = least + draw.choice((0, 0, 1, 3))


def shortest(time: Any) -> int:
    """The shortest of the travel times of a lane."""
    return time if isinstance(time, int) else int(time.get("low", min(time.get("values", [0]))))


def contract(draw: Random, table: Table) -> list[Table]:
    """One contract between the two owners of a lane's ends, if there are two; what it prices has no other price."""
    owner = {site["name"]: site["owner"] for kind in KINDS for site in table[kind]}
    ends = sorted({(owner[lane["from"]], owner[lane["to"]]) for lane in table["lanes"]})
    pairs = [(seller, buyer) for seller, buyer in ends if seller != buyer]
    if not pairs:
        return []
    seller, buyer = draw.choice(pairs)
    lanes = [lane for lane in table["lanes"] if (owner[lane["from"]], owner[lane["to"]]) == (seller, buyer)]
    covered = sorted({product for lane in lanes for product in lane["products"]})
    found: Table = {"seller": seller, "buyer": buyer, "type": "wholesale"}
    sold = sold_to_markets(table, {name for name, holder in owner.items() if holder == buyer})
    kind = draw.choice(("wholesale", "buyback", "buyback", "revenue-sharing"))
    if kind == "revenue-sharing" and set(covered) & sold:
        found |= {"type": kind, "products": sorted(set(covered) & sold), "revenue_share": draw.choice((0.3, 1.0))}
    if kind == "buyback":
        named = [product for product in covered if returnable(table, product, owner, (seller, buyer))]
        if named:
            found |= {"type": kind, "products": named, "buyback_price": dict.fromkeys(named, 0.5)}
            send_back(found, table, owner)
    priced_by_quantity = any(site.get("price_breaks") for site in table["suppliers"] if site["owner"] == seller)
    if found["type"] == "wholesale" and priced_by_quantity:
        return []
    if not priced_by_quantity and (found["type"] == "wholesale" or draw.random() < 0.5):
        found["wholesale_price"] = draw.choice((0.5, 2.0))
        for lane in lanes:
            lane["price"] = 0.0
    return [found]


def send_back(found: Table, table: Table, owner: dict[str, str]) -> None:
    """In some worlds what the buyer's warehouses did not sell goes back; drawn apart from everything else."""
    mine = [site for site in table["warehouses"] if owner[site["name"]] == found["buyer"]]
    held = {product for site in mine for product in goods(table, "warehouses", site)}
    draw = Random(repr(sorted(held)) + found["seller"] + found["buyer"])
    if set(found["products"]) <= held and draw.random() < 0.6:
        found["returns_every"] = draw.choice((1, 3, 7))


def sold_to_markets(table: Table, sites: set[str]) -> set[str]:
    """What these sites sell to markets."""
    offers = {site["name"]: goods(table, kind, site) for kind in KINDS for site in table[kind]}
    links = [(link["site"], market) for market in table["markets"] for link in market["sites"]]
    return {product for site, market in links if site in sites for product in offers[site] & set(market["demand"])}


def goods(table: Table, kind: str, site: Table) -> set[str]:
    """What a site has to offer."""
    if kind == "warehouses":
        return {product for lane in table["lanes"] if lane["to"] == site["name"] for product in lane["products"]}
    return set(site["bill"] if kind == "factories" else site["products"])


def returnable(table: Table, product: str, owner: dict[str, str], pair: tuple[str, str]) -> bool:
    """Whether a product gets too old, and the buyer has it from the seller alone."""
    ages = any(entry["name"] == product and "shelf_life" in entry for entry in table["products"])
    lanes = [lane for lane in table["lanes"] if product in lane["products"] and owner[lane["to"]] == pair[1]]
    return ages and all(owner[lane["from"]] in pair for lane in lanes)
