"""Rules of production and prices that cannot work, or would act on nothing, are refused with place, value and cure."""

from __future__ import annotations

from typing import Any

import pytest
from ripieno.model.schema import ScenarioError, parse
from ripieno.model.supply_chain import SupplyChain

Spec = dict[str, Any]


def works(*, supplier: Spec | None = None, factory: Spec | None = None, **lane: Any) -> Spec:
    """A supplier of a part, a factory of two products made of it, a depot that buys the part too, and a market."""
    trade: Spec = {"from": "S", "to": "D", "products": ["p"], "price": 9.0} | lane
    return {
        "name": "works",
        "periods": 5,
        "products": [{"name": "p"}, {"name": "a"}, {"name": "b"}],
        "suppliers": [{"name": "S", "products": ["p"]} | (supplier or {})],
        "factories": [{"name": "F", "bill": {"a": {"p": 1.0}, "b": {"p": 1.0}}} | (factory or {})],
        "warehouses": [{"name": "D", "policy": {"type": "base-stock", "level": 5.0}}],
        "lanes": [{"from": "S", "to": "F", "price": 9.0}, trade],
        "markets": [
            {"name": "M", "sites": ["F"], "demand": {"type": "constant", "mean": 3.0}},
            {"name": "N", "sites": ["D"], "demand": {"type": "constant", "mean": 3.0}},
        ],
    }


def breaks(*pairs: tuple[Any, Any]) -> Spec:
    return {"price_breaks": [{"quantity": quantity, "price": price} for quantity, price in pairs]}


SOUND: dict[str, Spec] = {
    "lots that just fit": works(supplier={"lot": 8.0, "capacity": 8.0}, factory={"lot": 6.0, "capacity": 6.0}),
    "a lot in overtime": works(factory={"lot": 8.0, "capacity": 6.0, "overtime": {"capacity": 2.0}}),
    "a lot after its setup": works(factory={"lot": 3.0, "setup_time": 0.5, "capacity": 6.0}),
    "a campaign": works(factory={"campaign": {"order": ["b", "a"], "cycle": 5, "phase": 2}}),
    "a campaign with its defaults": works(factory={"campaign": {}}, supplier={"campaign": {}}),
    "price breaks": works(supplier=breaks((10.0, 8.0), (20.0, 7.5))),
    "price breaks by product": works(supplier=breaks(({"p": 10.0}, {"p": 8.0}))),
    "the widest yield": works(supplier={"yield_rate": {"mean": 0.5, "deviation": 0.288675}}),
    "a certain yield": works(supplier={"yield_rate": {"mean": 1.0}}),
    "availability": works(supplier={"availability": {"mean_up": 1.0, "mean_down": 1.0}}),
}

RESERVED = {"reserved": [{"owner": "M", "share": 0.4}]}
SOUND["reserved capacity"] = works(factory={"capacity": 6.0} | RESERVED)
SOUND["all of it reserved"] = works(factory={"reserved": [{"owner": "M", "share": 1.0, "fee": 3.0}]})

HOSTILE: dict[str, tuple[Spec, str]] = {
    "lot above capacity": (
        works(factory={"lot": {"a": 7.0}, "capacity": 6.0}),
        r"factories\.F\.lot: of a never fits into the capacity.*lower it to what fits into the 6",
    ),
    "lot and setup above capacity": (
        works(factory={"lot": 5.0, "setup_time": 0.5, "capacity": 6.0}),
        r"factories\.F\.lot: of a never fits.*the 3 that",
    ),
    "lot above capacity by its usage": (
        works(factory={"lot": 4.0, "capacity": 6.0, "usage": {"b": 2.0}}),
        r"factories\.F\.lot: of b never fits",
    ),
    "lot above a supplier's capacity": (
        works(supplier={"lot": 9.0, "capacity": 8.0}),
        r"suppliers\.S\.lot: of p never fits.*capacity of 8",
    ),
    "setup of a whole period": (
        works(factory={"setup_time": 1.0, "capacity": 6.0}),
        r"factories\.F\.setup_time: leaves no capacity to make a",
    ),
    "setup time without capacity": (works(factory={"setup_time": 0.1}), r"F\.setup_time: has no effect"),
    "overtime without capacity": (works(factory={"overtime": {"capacity": 3.0}}), r"F\.overtime: has no effect"),
    "overtime of nothing": (
        works(factory={"capacity": 1.0, "overtime": {"capacity": 0.0}}),
        r"overtime\.capacity: is out of bounds",
    ),
    "a campaign of a stranger": (
        works(factory={"campaign": {"order": ["a", "c"]}}),
        r"factories\.F\.campaign\.order: names a product that is not made here",
    ),
    "a campaign that repeats": (
        works(factory={"campaign": {"order": ["a", "b", "a"]}}),
        r"campaign\.order: names a product twice",
    ),
    "a campaign without a product": (
        works(factory={"campaign": {"order": ["a"]}}),
        r"campaign\.order: leaves out b, which would never be made; add b",
    ),
    "a campaign in a hurry": (
        works(factory={"campaign": {"cycle": 1}}),
        r"campaign\.cycle: is too short for 2 turns.*at least 2 periods",
    ),
    "a campaign of no time": (works(factory={"campaign": {"cycle": 0}}), r"campaign\.cycle: is out of bounds"),
    "breaks that fall": (
        works(supplier=breaks((20.0, 8.0), (10.0, 7.0))),
        r"suppliers\.S\.price_breaks\.2\.quantity: is not above the one before it",
    ),
    "prices that rise": (
        works(supplier=breaks((10.0, 7.0), (20.0, 8.0))),
        r"price_breaks\.2\.price: is not below the one before it",
    ),
    "breaks above the price of the lane": (
        works(supplier=breaks((10.0, 8.0)), price=8.0),
        r"lanes\.S->D\.price: is not above the price of larger orders",
    ),
    "a break without quantity": (works(supplier=breaks((0.0, 8.0))), r"price_breaks\.1\.quantity: is out of bounds"),
    "a break for a stranger": (
        works(supplier=breaks((10.0, {"q": 8.0}))),
        r"price_breaks\.1\.price\.q: is not a product here",
    ),
    "a yield beyond all": (
        works(supplier={"yield_rate": {"mean": 0.9, "deviation": 0.1}}),
        r"suppliers\.S\.yield_rate\.deviation: lets the share leave 0 to 1; lower it to 0\.05774",
    ),
    "a yield of nothing": (works(supplier={"yield_rate": {"mean": 0.0}}), r"yield_rate\.mean: is out of bounds"),
    "a stranger reserves": (
        works(factory={"reserved": [{"owner": "N", "share": 0.4}]}),
        r"factories\.F\.reserved\.1\.owner: is not another owner that this factory delivers to; known here: M",
    ),
    "its own owner reserves": (
        works(factory={"owner": "M", "reserved": [{"owner": "M", "share": 0.4}]}),
        r"reserved\.1\.owner: is not another owner",
    ),
    "an owner reserves twice": (
        works(factory={"reserved": [{"owner": "M", "share": 0.4}] * 2}),
        r"reserved\.2\.owner: has reserved already",
    ),
    "more than all is reserved": (
        works(factory={"reserved": [{"owner": "M", "share": 0.6}] * 2}),
        r"factories\.F\.reserved: is more than all of the capacity",
    ),
    "a share beyond all": (
        works(factory={"reserved": [{"owner": "M", "share": 1.5}]}),
        r"reserved\.1\.share: is out of bounds",
    ),
    "lots in reserved capacity": (
        works(factory={"lot": 2.0} | RESERVED),
        r"factories\.F\.lot: does not go with reserved capacity",
    ),
    "a short up time": (
        works(supplier={"availability": {"mean_up": 0.5, "mean_down": 2.0}}),
        r"availability\.mean_up: is out of bounds",
    ),
}


@pytest.mark.parametrize("what", SOUND)
def test_a_sound_rule_is_taken(what: str) -> None:
    SupplyChain(parse(SOUND[what]), audit=True).run()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hopeless_rule_is_refused(what: str) -> None:
    spec, message = HOSTILE[what]
    place, words = message.split(": ", 1)
    with pytest.raises(ScenarioError, match=f"{place}( = .+?)?: {words}"):
        parse(spec)


def test_price_breaks_know_no_returns() -> None:
    spec = works(supplier=breaks((10.0, 8.0)))
    spec["warehouses"][0]["orders"] = {"returns": True}
    with pytest.raises(ScenarioError, match=r"warehouses\.D\.orders\.returns: does not go with price breaks"):
        parse(spec)


def test_price_breaks_without_a_buyer() -> None:
    spec = works()
    spec["suppliers"].append({"name": "T", "products": ["p"]} | breaks((10.0, 8.0)))
    spec["markets"].append({"name": "O", "sites": ["T"], "demand": {"type": "constant", "mean": 3.0}})
    with pytest.raises(ScenarioError, match=r"suppliers\.T\.price_breaks: act on nothing"):
        parse(spec)


def test_reserved_capacity_is_cut_into_parts() -> None:
    spec = works(factory=RESERVED)
    spec["markets"][0]["partial"] = False
    with pytest.raises(ScenarioError, match=r"lanes\.F->M\.partial = false: does not go with reserved capacity"):
        parse(spec)
