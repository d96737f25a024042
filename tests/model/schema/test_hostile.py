"""Bad scenarios: every message names the place, the value and the cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ripieno.model.schema import ScenarioError, limits, parse

World = dict[str, Any]
Spoil = Callable[[World], Any]


def put(*path: Any) -> Spoil:
    """Set the last element of the path at the place that the others lead to."""
    *steps, last, value = path

    def spoil(world: World) -> None:
        held: Any = world
        for step in steps:
            held = held[step]
        held[last] = value

    return spoil


def add(which: str, entry: World) -> Spoil:
    return lambda world: world.setdefault(which, []).append(entry)


def drop(*path: Any) -> Spoil:
    *steps, last = path

    def spoil(world: World) -> None:
        held: Any = world
        for step in steps:
            held = held[step]
        del held[last]

    return spoil


def both(*spoils: Spoil) -> Spoil:
    return lambda world: [spoil(world) for spoil in spoils]


CONTRACT = {"seller": "Mine", "buyer": "Mill", "type": "wholesale"}

HOSTILE: dict[str, tuple[Spoil, str, str]] = {
    # what: (how the world is spoilt, place and value, cure)
    "unknown key": (put("perods", 5), "perods = 5: is not a key here", 'did you mean "periods"?'),
    "unknown key of a site": (
        put("warehouses", 0, "holding_costs", 3), "warehouses.Depot.holding_costs = 3", 'did you mean "holding_cost"?'
    ),
    "unknown key of a lane": (put("lanes", 0, "travel", 3), "lanes.Mine->Mill.travel = 3", "travel_time"),
    "unknown parameter": (
        put("warehouses", 0, "policy", "levle", 3), "warehouses.Depot.policy.levle = 3", 'did you mean "level"?'
    ),
    "unknown policy": (
        put("warehouses", 0, "policy", "type", "basestock"), 'warehouses.Depot.policy.type = "basestock"',
        'did you mean "base-stock"?',
    ),
    "unknown policy class": (
        put("warehouses", 0, "policy", {"type": "no.such:Thing"}), 'policy.type = "no.such:Thing"', "cannot be imported"
    ),
    "not a policy class": (
        put("warehouses", 0, "policy", {"type": "math:pi"}), 'policy.type = "math:pi"', "not a subclass"
    ),
    "policy without type": (put("warehouses", 0, "policy", {"level": 3}), "warehouses.Depot.policy = ", "add type"),
    "policy as a number": (put("warehouses", 0, "policy", 3), "warehouses.Depot.policy = 3", "give a table such as"),
    "policy without its level": (
        put("warehouses", 0, "policy", "base-stock"), "warehouses.Depot.policy.level: is missing", "add level"
    ),
    "unknown sequence": (
        put("sequence", "serve-than-order"), 'sequence = "serve-than-order"', 'did you mean "serve-then-order"?'
    ),
    "unknown moment": (put("sequence", ["recieve", "order"]), 'sequence = "recieve"', 'did you mean "receive"?'),
    "sequence without moments": (put("sequence", ["receive", "demand"]), "lacks the moments pick", "add them"),
    "text for a number": (
        put("warehouses", 0, "holding_cost", "1.5"), 'warehouses.Depot.holding_cost = "1.5"', "without quotes"
    ),
    "number for a text": (put("description", 7), "description = 7", "put it in quotes"),
    "number for a name": (put("name", 7), "name = 7", "give a text in quotes"),
    "truth for a number": (put("lanes", 0, "transit_cost", True), "lanes.Mine->Mill.transit_cost = true", "a number"),
    "text for a truth": (put("lanes", 0, "partial", "yes"), 'lanes.Mine->Mill.partial = "yes"', "without quotes"),
    "fraction for a whole number": (put("periods", 10.5), "periods = 10.5: is not a whole number", "a whole number"),
    "list for a table": (put("warehouses", 0, "orders", [1]), "warehouses.Depot.orders", "write a table"),
    "table for a list": (put("lanes", {"from": "Mine"}), "lanes", "[[name]]"),
    "negative time": (put("lanes", 0, "travel_time", -1), "lanes.Mine->Mill.travel_time = -1", "at least 0"),
    "negative delay": (put("lanes", 0, "order_delay", -2), "lanes.Mine->Mill.order_delay = -2", "at least 0"),
    "negative cost": (put("warehouses", 0, "holding_cost", -1), "Depot.holding_cost = -1", "at least 0 money per unit"),
    "negative demand": (put("markets", 0, "demand", "mean", -5), "markets.Town.demand.mean = -5", "at least 0"),
    "nan": (
        put("warehouses", 0, "policy", "level", float("nan")), "policy.level = nan: is not finite", "leave the key out",
    ),
    "infinity": (put("suppliers", 1, "capacity", float("inf")), "suppliers.Forest.capacity = inf", "leave the key out"),
    "too large": (put("warehouses", 0, "initial_stock", 1e300), "Depot.initial_stock = 1e+300", "at most 1e+15"),
    "capacity zero": (
        put("suppliers", 1, "capacity", 0), "suppliers.Forest.capacity = 0", "more than 0 units per period",
    ),
    "no periods": (put("periods", 0), "periods = 0", "at least 1"),
    "too many periods": (put("periods", 10**7), "periods = 10000000", f"at most {limits.PERIODS}"),
    "too many runs": (put("runs", 10**9), "runs = 1000000000", f"at most {limits.RUNS}"),
    "too long a warm-up": (put("warm_up", 100), "warm_up = 100: leaves no period", "shorter than periods = 100"),
    "missing periods": (drop("periods"), "periods: is missing", "add periods"),
    "missing demand": (drop("markets", 0, "demand"), "markets.Town.demand: is missing", "add demand"),
    "unknown origin": (put("lanes", 3, "from", "Depo"), 'from = "Depo": is not a site', 'did you mean "Depot"?'),
    "unknown destination": (put("lanes", 3, "to", "Shp"), 'to = "Shp"', 'did you mean "Shop"?'),
    "lane from a market": (
        add("lanes", {"from": "Town", "to": "Shop"}), 'from = "Town": is a market', "start the lane at",
    ),
    "lane to a supplier": (
        add("lanes", {"from": "Mill", "to": "Mine"}), 'to = "Mine": is a supplier', "make it a factory",
    ),
    "cycle": (add("lanes", {"from": "Shop", "to": "Depot"}), "form a cycle: Depot -> Shop -> Depot", "remove one"),
    "lane to itself": (add("lanes", {"from": "Shop", "to": "Shop"}), "form a cycle: Shop -> Shop", "remove one"),
    "warehouse without supplier": (drop("lanes", 3), "warehouses.Shop: has no supplier", 'add a lane to = "Shop"'),
    "site without customer": (
        add("suppliers", {"name": "Idle", "products": ["ore"]}), "suppliers.Idle: serves nobody", 'from = "Idle"'
    ),
    "market without site": (drop("markets", 0, "sites"), "markets.Town.sites: no site serves", "Shop"),
    "market with an unknown site": (put("markets", 0, "sites", ["Shopp"]), "markets.Town.sites.Shopp", '"Shop"'),
    "market served twice": (
        add("lanes", {"from": "Shop", "to": "Town"}), "markets.Town.sites.Shop", "remove one of the two"
    ),
    "no market": (put("markets", []), "markets: there is none", "[[markets]]"),
    "demand that is a number": (put("markets", 0, "demand", 5), "markets.Town.demand = 5", "type ="),
    "demand without a type": (
        put("markets", 0, "demand", {"mean": 5}), "markets.Town.demand.type: is missing", "add the type",
    ),
    "item that nobody supplies": (
        put("warehouses", 1, "products", ["chair", "table", "ore"]), "warehouses.Shop.products.ore", "take ore out"
    ),
    "demand for what nobody supplies": (
        put("markets", 1, "demand", {"wood": {"type": "poisson", "mean": 1}}), "markets.Web.products.wood",
        "take wood out",
    ),
    "lane with what its origin lacks": (
        put("lanes", 3, "products", ["chair", "ore"]), "lanes.Depot->Shop.products.ore", "it has chair, table"
    ),
    "lane with nothing": (
        both(add("suppliers", {"name": "Quarry", "products": ["ore"]}), add("lanes", {"from": "Quarry", "to": "Depot"}),
             put("warehouses", 0, "products", ["chair", "table"])),
        "lanes.Quarry->Depot: carries nothing", "remove it",
    ),
    "part that no lane brings": (
        drop("lanes", 0), "factories.Mill.bill.chair.ore = 1: no lane brings ore to Mill",
        "add a lane from a site that has ore",
    ),
    "bill with an unknown part": (
        put("factories", 0, "bill", "chair", {"iron": 1}), "factories.Mill.bill.chair.iron",
        "declare it under [[products]]",
    ),
    "bill with a negative part": (
        put("factories", 0, "bill", "chair", "ore", -1), "Mill.bill.chair.ore = -1", "more than 0",
    ),
    "bill that is text": (
        put("factories", 0, "bill", "ore"), 'factories.Mill.bill = "ore"', "write {product = {part = units}}",
    ),
    "bill with a cycle": (
        put("factories", 0, "bill", {"chair": {"table": 1}, "table": {"chair": 1}}),
        "factories.Mill.bill.chair: needs itself: chair -> table -> chair", "remove one",
    ),
    "factory that makes what it does not say": (
        drop("factories", 0, "bill"), "factories.Mill: does not say which", "give it a bill"
    ),
    "unknown product": (
        put("suppliers", 0, "products", ["oer"]), "suppliers.Mine.products.oer: is not a product", 'did you mean "ore"?'
    ),
    "product named twice": (put("suppliers", 0, "products", ["ore", "ore"]), 'suppliers.Mine.products', "name it once"),
    "table with an unknown product": (
        put("warehouses", 0, "holding_cost", {"chiar": 1}), "warehouses.Depot.holding_cost.chiar = 1", '"chair"'
    ),
    "level without a product": (
        put("warehouses", 0, "policy", "level", {"chair": 4}), "policy.level", "has no value for table; add table"
    ),
    "table where one number fits": (
        put("warehouses", 0, "storage", {"chair": 4}), "warehouses.Depot.storage", "only one number fits"
    ),
    "s above S": (put("warehouses", 1, "policy", "reorder_point", 30), "warehouses.Shop.policy", "30"),
    "s above S for one product": (
        put("warehouses", 1, "policy", "reorder_point", {"chair": 1, "table": 30}),
        "warehouses.Shop.policy", "for table",
    ),
    "name taken": (put("warehouses", 1, "name", "Depot"), "warehouses.Depot: the name is taken", "choose another name"),
    "name of a market taken": (
        put("markets", 0, "name", "Shop"), "markets.Shop: the name is taken already by warehouses.Shop", "choose",
    ),
    "product name taken": (add("products", {"name": "ore"}), "products.ore: the name is taken", "choose another name"),
    "lane name taken": (
        both(put("lanes", 0, "name", "x"), put("lanes", 2, "name", "x")), "lanes.x: the name is taken",
        "choose another name",
    ),
    "name with an arrow": (put("warehouses", 0, "name", "a->b"), 'name = "a->b"', "choose another name"),
    "name with blanks": (put("warehouses", 0, "name", " Depot"), 'name = " Depot"', "without blanks"),
    "empty name": (put("warehouses", 0, "name", ""), "name = ", "printable characters"),
    "name too long": (put("warehouses", 0, "name", "x" * 1000), "is longer than 100", "shorten the name"),
    "outage of both": (
        put("outages", 0, "lane", "Depot->Shop"), "names both a site and a lane", "remove one of the two"
    ),
    "outage of nothing": (drop("outages", 0, "site"), "names neither a site nor a lane", "add site or lane"),
    "outage of an unknown site": (put("outages", 0, "site", "Mil"), 'site = "Mil"', '"Mill"'),
    "outage at two kinds of times": (put("outages", 0, "mean_up", 4), "says when in 2 ways", "give states, or start"),
    "outage without length": (drop("outages", 0, "length"), "needs both start and length", "add length"),
    "outage with a state of 2": (
        put("outages", 0, {"site": "Mill", "kind": "production", "states": [0, 2]}), "states.2 = 2", "at most 1"
    ),
    "production outage of a warehouse": (
        put("outages", 0, "site", "Shop"), 'site = "Shop"', "name a supplier or a factory",
    ),
    "unknown kind of outage": (put("outages", 0, "kind", "shiping"), 'kind = "shiping"', 'did you mean "shipping"?'),
    "intervention on structure": (
        put("interventions", 0, "set", {"lanes.Depot->Shop.travel_time": 3}),
        "lanes.Depot->Shop.travel_time = 3", "only numbers",
    ),
    "intervention on what has no value": (
        put("interventions", 0, "set", {"suppliers.Mine.capacity": 3}), "suppliers.Mine.capacity = 3",
        "value at the start",
    ),
    "intervention with an unknown key": (
        put("interventions", 0, "set", {"warehouses.Depot.policy.levle": 3}),
        "interventions.1.set", 'did you mean "level"?',
    ),
    "intervention with a text": (
        put("interventions", 0,
        "set", {"warehouses.Depot.policy.level": "3"}), 'level = "3": is not a number', "sets numbers",
    ),
    "intervention on the start": (
        put("interventions", 0, "set", {"warehouses.Depot.initial_stock": 3}), "initial_stock = 3",
        "set it in the scenario itself",
    ),
    "intervention that breaks a policy": (
        put("interventions", 0, "set", {"warehouses.Shop.policy.reorder_point": 99}),
        "from period 50 on do not fit", "change them",
    ),
    "intervention out of bounds": (
        put("interventions", 0, "set", {"warehouses.Depot.holding_cost": -3}),
        "warehouses.Depot.holding_cost = -3", "at least 0",
    ),
    "intervention that changes nothing": (
        put("interventions", 0, "set", {}), "interventions.1: changes nothing", "name a key",
    ),
    "intervention that sets and scales": (
        put("interventions", 0, "scale", {"markets.Town.demand.mean": 2}),
        "interventions.1.scale.markets.Town.demand.mean = 2: is set by the same intervention", "one of them",
    ),
    "intervention by a text": (
        put("interventions", 0, "scale", {"warehouses.Depot.policy.level": "2"}), 'level = "2": is not a number',
        "multiplies",
    ),
    "intervention by a factor on structure": (
        put("interventions", 0, "scale", {"lanes.Depot->Shop.travel_time": 3}),
        "interventions.1.scale.lanes.Depot->Shop.travel_time = 3", "only numbers",
    ),
    "intervention by a factor out of bounds": (
        put("interventions", 0, "scale", {"warehouses.Depot.holding_cost": -3}), "from period 50 on do not fit",
        "change them",
    ),
    "intervention that ends before it begins": (
        put("interventions", 0, "until", 40), "interventions.1.until = 40: is not after at = 50", "later",
    ),
    "times in the wrong order": (
        put("lanes", 1, "travel_time", "low", 9), "lanes.Forest->Mill.travel_time", "exchange the two"
    ),
    "probabilities that do not add up": (
        put("lanes", 1, "travel_time", {"type": "choice", "values": [1, 2], "probabilities": [0.5, 0.4]}),
        "lanes.Forest->Mill.travel_time", "do not add up to 1",
    ),
    "unknown kind of time": (
        put("lanes", 1, "travel_time", "type", "uniform"), "Forest->Mill.travel_time", "uniform-periods",
    ),
    "pipeline without a slot": (
        both(put("lanes", 3, "travel_time", 0), put("lanes", 3, "initial_in_transit", 4)),
        "lanes.Depot->Shop.initial_in_transit = 4", "set travel_time",
    ),
    "pipeline with too many slots": (
        put("lanes", 0, "initial_in_transit", [1, 2, 3, 4]),
        "lanes.Mine->Mill.initial_in_transit: has 4 entries for 3", "at most one",
    ),
    "shares of zero": (put("lanes", 0, "share", 0), "lanes.Mine->Mill.share = 0", "above 0"),
    "warehouse without policy": (drop("warehouses", 0, "policy"), "warehouses.Depot.policy: is missing", "base-stock"),
    "lead time without policy": (put("suppliers", 0, "lead_time", 2), "suppliers.Mine.lead_time = 2", "add a policy"),
    "clipping to no storage": (
        put("warehouses", 0, "orders", {"clip_to_storage": True}), "orders.clip_to_storage = true", "set storage"
    ),
    "position of three": (
        put("warehouses", 0, "position", [1, 2, 3]), "warehouses.Depot.position = [1, 2, 3]", "two numbers",
    ),
    "phase as a text": (put("warehouses", 0, "orders", {"phase": "monday"}), 'orders.phase = "monday"', '"random"'),
    "contract without its term": (add("contracts", CONTRACT), "Mine/Mill.wholesale_price: is missing", "add it"),
    "no shelf life": (put("products", 0, "shelf_life", 0), "products.ore.shelf_life = 0", "at least 1"),
    "salvage of nothing": (put("products", 0, "salvage_value", 9), "products.ore.salvage_value = 9", "shelf_life"),
    "returns with a contract": (
        add("contracts", {**CONTRACT, "wholesale_price": 3, "returns_every": 7}),
        "contracts", 'type "buyback"',
    ),
    "orchestration": (put("orchestration", {"cadence": 0}), "orchestration.cadence = 0", "at least 1 periods"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_the_message_names_place_value_and_cure(what: str, world: World) -> None:
    spoil, place, cure = HOSTILE[what]
    spoil(world)
    with pytest.raises(ScenarioError) as caught:
        parse(world, source="chairs.toml")
    message = str(caught.value)
    assert place in message
    assert cure in message
    assert all(line.startswith("chairs.toml: ") for line in message.splitlines())


def test_the_small_world_itself_is_sound(world: World) -> None:
    assert parse(world).resolved().lane("Mine->Mill").products == ["ore"]


def test_all_problems_are_reported_together(world: World) -> None:
    world["perods"] = 1
    world["warehouses"][0]["holding_cost"] = -1
    world["warehouses"][1]["policy"] |= {"levle": 3, "reorder_point": "x"}
    world["lanes"][0]["travel_time"] = 1.5
    with pytest.raises(ScenarioError) as caught:
        parse(world)
    lines = str(caught.value).splitlines()
    assert len(lines) == 5
    for part in ("perods", "holding_cost", "levle", "reorder_point", "travel_time"):
        assert sum(part in line for line in lines) == 1


def test_no_more_problems_are_shown_than_the_limit(world: World) -> None:
    world |= {f"key{i}": i for i in range(50)}
    with pytest.raises(ScenarioError) as caught:
        parse(world)
    lines = str(caught.value).splitlines()
    assert len(lines) == limits.PROBLEMS_SHOWN + 1
    assert "30 more" in lines[-1]


def test_too_many_sites_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SITES", 6)
    with pytest.raises(ScenarioError, match="there are 7 sites and markets; at most 6"):
        parse(world)


@pytest.mark.parametrize("document", [None, 3, [], "text"])
def test_a_document_that_is_no_table_is_refused(document: Any) -> None:
    with pytest.raises(ScenarioError, match="is not a table of keys; start with name"):
        parse(document)


def test_an_empty_document_says_what_is_missing() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse({})
    assert "name: is missing" in str(caught.value)
    assert "periods: is missing; add periods (horizon)" in str(caught.value)
