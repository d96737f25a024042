"""Filling in every default, so that the engine never has to guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from .building import completed, for_product
from .carriers import Carrier
from .checks import before_resolving, when_resolved
from .checks.contracts import check_contracts
from .checks.tables import check_demands
from .facilities import Contract
from .frame import Frame, frame_of
from .lanes import Lane
from .markets import Market
from .partspec import PartSpec
from .problems import Problem, raise_all
from .sites import Factory, Site
from .world import World

AnyWorld = TypeVar("AnyWorld", bound=World)


def resolved(scenario: AnyWorld) -> AnyWorld:
    """The scenario with all defaults filled in, checked as a whole; remembered, so that asking twice costs nothing."""
    memo = scenario._memo
    if memo.settled:
        return scenario
    if memo.resolved is None:
        memo.resolved = _patched(scenario)
    if memo.resolved is None:
        raise_all(f"scenario {scenario.name}", settle(scenario))
    full: AnyWorld = memo.resolved
    return full


def settle(scenario: World) -> list[Problem]:
    """Resolve and check a scenario, which remembers the outcome; returns what is wrong with it."""
    found = before_resolving(scenario)
    if found:
        return found
    frame = frame_of(scenario)
    found = list(check_demands(scenario, frame))
    if found:
        return found
    full = scenario.changed(
        products=frame.catalogue,
        suppliers=[resolve_site(site, frame) for site in scenario.suppliers],
        factories=[resolve_site(site, frame) for site in scenario.factories],
        warehouses=[resolve_site(site, frame) for site in scenario.warehouses],
        markets=[resolve_market(market, frame) for market in scenario.markets],
        lanes=[resolve_lane(lane, scenario, frame) for lane in frame.lanes],
        carriers=[resolve_carrier(carrier) for carrier in scenario.carriers],
        contracts=[resolve_contract(contract, scenario, frame) for contract in scenario.contracts],
    )
    found = when_resolved(full, frame)
    if not found:
        _remember(scenario, full, frame)
    return found


def _remember(scenario: World, full: World, frame: Frame) -> None:
    scenario._memo.resolved = full
    scenario._memo.frame = full._memo.frame = frame
    full._memo.settled = True
    full._memo.source = scenario


def _patched(scenario: World) -> World | None:
    """The resolved form of a scenario that differs from a resolved one in some numbers only: just those are redone."""
    memo = scenario._memo
    if memo.base is None:
        return None
    base = resolved(memo.base)
    frame = memo.base._memo.frame
    if frame is None:
        return None
    lists: dict[str, list[Any]] = {}
    for which, index, field in memo.touched:
        entries = lists.setdefault(which, list(getattr(base, which)))
        table = getattr(scenario, which)[index]
        if isinstance(table, Lane):
            entries[index] = resolve_lane(table, scenario, frame)
        elif isinstance(table, Market):
            entries[index] = resolve_market(table, frame)
            if field == "initial_backlog":
                lists["lanes"] = _into_market(lists.get("lanes", base.lanes), scenario, frame, table.name)
        else:
            entries[index] = _resolved_entry(table, scenario, frame)
    full = scenario.changed(**{which: getattr(base, which) for which in _DERIVED} | lists)
    full._memo.index = base.index()
    if "contracts" in lists:
        raise_all(f"scenario {scenario.name}", check_contracts(full, frame))
    _remember(scenario, full, frame)
    return full


def _resolved_entry(table: Any, scenario: World, frame: Frame) -> Any:
    if isinstance(table, Contract):
        return resolve_contract(table, scenario, frame)
    if isinstance(table, Carrier):
        return resolve_carrier(table)
    return resolve_site(table, frame) if isinstance(table, Site) else table


MAKES_TO_ORDER = PartSpec.of("policies", "base-stock", {"level": 0.0})
"""What a factory does without a policy: it starts what is owed and not on hand."""
_DERIVED = ("products", "suppliers", "factories", "warehouses", "markets", "lanes", "carriers", "contracts")


def resolve_site(site: Any, frame: Frame) -> Any:
    """A supplier, factory or warehouse with its defaults filled in."""
    products, parts = frame.products[site.name], frame.parts.get(site.name, [])
    values: dict[str, Any] = {
        "owner": site.owner or site.name,
        "products": products,
        "echelon": frame.echelons[site.name] if site.echelon is None else site.echelon,
        "policy": completed(site.policy or MAKES_TO_ORDER) if site.policy or isinstance(site, Factory) else None,
        "sourcing": completed(site.sourcing or PartSpec.of("sourcing", "split", {})),
        "allocation": completed(site.allocation or PartSpec.of("allocation", "priority", {})),
        "orders": complete_tables(site.orders, products),
    }
    if isinstance(site, Factory):
        values["buy"] = completed(site.buy) if site.buy is not None else None
        values["bill"] = {product: site.bill.get(product, {}) for product in products}
    return complete_tables(site, products, parts).changed(**values)


def resolve_carrier(carrier: Carrier) -> Carrier:
    """A carrier with its owner filled in."""
    return carrier.changed(owner=carrier.owner or carrier.name)


def resolve_market(market: Market, frame: Frame) -> Market:
    """A market with its defaults filled in and one demand process a product; its links have become lanes."""
    products = frame.products[market.name]
    processes = market.demand
    if isinstance(processes, PartSpec):
        processes = dict.fromkeys(products, processes)
    demand = {
        product: completed(for_product(processes[product], product)) for product in products if product in processes
    }
    full: Market = complete_tables(market, products)
    return full.changed(owner=market.owner or market.name, products=products, demand=demand, sites=[])


def resolve_lane(lane: Lane, scenario: World, frame: Frame) -> Lane:
    """A lane with its defaults filled in, those of a market's lane from the market."""
    products = frame.carried[lane.name or ""]
    end = scenario.site(lane.destination)
    market = end if isinstance(end, Market) else None
    partial, unmet, backlog = lane.partial, lane.unmet, lane.initial_backlog
    if backlog is None:
        backlog = 0.0 if market is None else _backlog(lane, market, frame)
    values: dict[str, Any] = {
        "products": products,
        "partial": partial if partial is not None else market.partial if market is not None else True,
        "unmet": unmet or (market.unmet if market is not None else "backlog"),
        "initial_backlog": _filled(backlog, products, 0.0),
        "promise": market.promise if lane.promise is None and market is not None else lane.promise,
        "orders": complete_tables(lane.orders, products),
        "held_cost": _filled(lane.held_cost, products, waiting_cost(end)),
        "carrier": lane.carrier or next((c.name for c in scenario.carriers if lane.name in c.lanes), None),
    }
    full: Lane = complete_tables(lane, products).changed(**values)
    return full


def resolve_contract(contract: Contract, scenario: World, frame: Frame) -> Contract:
    """A contract with the products that it covers."""
    if contract.products is not None:
        return contract
    sold = {
        product
        for lane in frame.lanes
        if scenario.kind_of(lane.destination) != "market"
        and _owner(scenario, lane.origin) == contract.seller
        and _owner(scenario, lane.destination) == contract.buyer
        for product in frame.carried[lane.name or ""]
    }
    return contract.changed(products=[name for name in frame.names if name in sold])


def _owner(scenario: World, name: str) -> str:
    return str(scenario.site(name).owner or name)


def waiting_cost(end: Site | Market) -> Any:
    """What goods cost that wait at a gate, unless their lane says otherwise: what they would cost inside."""
    if isinstance(end, Market):
        return 0.0
    return end.input_holding_cost if isinstance(end, Factory) else end.holding_cost


def complete_tables(table: Any, products: Sequence[str], parts: Sequence[str] = ()) -> Any:
    """The same table with every table ``{product: number}`` in it completed by its default, where that is a number."""
    fields = type(table).model_fields
    filled = {}
    for name, declared in type(table).declared.items():
        value = table.__dict__[name]
        if declared.per and isinstance(value, dict):
            filled[name] = _filled(value, parts if declared.per == "part" else products, fields[name].default)
    return table.changed(**filled) if filled else table


def _filled(value: Any, products: Sequence[str], default: Any) -> Any:
    """A table completed for ``products`` from a default, which may be a number, a table itself or nothing."""
    if not isinstance(value, dict) or not isinstance(default, float | dict):
        return value
    usual = default if isinstance(default, dict) else dict.fromkeys(products, default)
    return value | {product: usual.get(product, 0.0) for product in products if product not in value}


def _backlog(lane: Lane, market: Market, frame: Frame) -> Any:
    """What a lane owes its market at the start: of each product, the first lane that carries it owes everything."""
    products = frame.carried[lane.name or ""]
    owed = market.initial_backlog
    mine = [product for product in products if frame.first_with(product, lane.destination) == lane.name]
    if not isinstance(owed, dict) and len(mine) in (0, len(products)):
        return owed if mine else 0.0
    return {product: owed.get(product, 0.0) if isinstance(owed, dict) else owed for product in mine}


def _into_market(lanes: Sequence[Lane], scenario: World, frame: Frame, market: str) -> list[Lane]:
    """The lanes with those into one market resolved again, as they take what is owed at the start from it."""
    redone = list(lanes)
    for i in frame.into.get(market, ()):
        lane = scenario.lanes[i] if i < len(scenario.lanes) else frame.lanes[i]
        redone[i] = resolve_lane(lane, scenario, frame)
    return redone
