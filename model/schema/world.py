"""The world as a scenario describes it: one table that holds all others, with an index of the names in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, Self

from pydantic import PrivateAttr, field_validator

from ..moments import MOMENTS, SEQUENCES
from . import limits
from .carriers import Carrier
from .common import Table, check_name, other, whole
from .facilities import Contract
from .interventions import Intervention
from .lanes import Lane
from .markets import Market
from .orchestration import Orchestration
from .outages import Outage
from .problems import nearest, refuse
from .products import Product
from .sites import Factory, Site, Supplier, Warehouse

NEEDED = ("receive", "demand", "pick", "dispatch", "order", "account")
"""Moments without which nothing would move or be measured."""
AgentKind = Literal["supplier", "factory", "warehouse", "market"]
AGENT_LISTS: dict[str, AgentKind] = {
    "suppliers": "supplier", "factories": "factory", "warehouses": "warehouse", "markets": "market",
}  # fmt: skip
NAMED_LISTS = (*AGENT_LISTS, "products", "lanes", "carriers", "contracts", "outages")


class Index:
    """Where everything with a name is: agents by name, and the entries of every list by name."""

    def __init__(self, scenario: World) -> None:
        lists = [name for name in World.model_fields if name in NAMED_LISTS]
        self.entries = {which: {e.name: i for i, e in enumerate(getattr(scenario, which))} for which in lists}
        self.agents = {name: (which, i) for which in AGENT_LISTS for name, i in self.entries[which].items()}


class Memo:
    """What a scenario remembers about itself: its resolved form, where it came from, and an index of its names."""

    def __init__(self, settled: bool = False) -> None:
        self.settled = settled  # whether the world itself is resolved
        self.resolved: Any = None
        self.source: Any = None
        self.base: Any = None
        self.frame: Any = None
        self.touched: tuple[tuple[str, int, str], ...] = ()
        self.index: Index | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies, and worlds sent to another process, remember only whether they are resolved."""
        return Memo, (self.settled,)


class World(Table):
    """A world: products, sites, markets and lanes, what happens to them, and how long it is watched."""

    name: str = other("its name")
    description: str = other("what it shows", default="")
    periods: int = whole("horizon", unit="periods", minimum=1, maximum=limits.PERIODS)
    warm_up: int = whole(
        "periods at the start that no metric counts", unit="periods", maximum=limits.PERIODS, default=0
    )
    seed: int = whole("seed of all random numbers", maximum=limits.SEED, default=0)
    runs: int = whole("replications that are run unless asked otherwise", minimum=1, maximum=limits.RUNS, default=1)
    period: str = other("what a period is called", default="day")
    measures: list[Literal["lead-times", "nervousness", "recovery"]] = other(
        "metrics that take books of their own and are kept only when named here", default=list
    )
    sequence: Any = other("the order of events in a period: a name, or a list of moments", default="serve-then-order")
    products: list[Product] = other("goods; left out, one product named goods", default=list)
    suppliers: list[Supplier] = other("where goods come from", default=list)
    factories: list[Factory] = other("where goods are made", default=list)
    warehouses: list[Warehouse] = other("where goods are stored", default=list)
    markets: list[Market] = other("where demand arises", default=list)
    lanes: list[Lane] = other("transport links", default=list)
    carriers: list[Carrier] = other("who transports", default=list)
    contracts: list[Contract] = other("agreements between owners", default=list)
    outages: list[Outage] = other("times out of order", default=list)
    interventions: list[Intervention] = other("dated changes of numbers", default=list)
    orchestration: Orchestration | None = other("how agents plan, alone or together", default=None)
    _memo: Memo = PrivateAttr(default_factory=Memo)

    @field_validator("name", "period", mode="before")
    @classmethod
    def _printed(cls, value: Any) -> Any:
        return check_name(value, arrow=True)

    @field_validator("sequence", mode="before")
    @classmethod
    def _sequence(cls, value: Any) -> Any:
        return check_sequence(value)

    @field_validator("lanes", mode="after")
    @classmethod
    def _lanes(cls, lanes: list[Lane]) -> list[Lane]:
        names = numbered(lane.name or f"{lane.origin}->{lane.destination}" for lane in lanes)
        return [lane if lane.name else lane.changed(name=name) for lane, name in zip(lanes, names, strict=True)]

    @field_validator("contracts", mode="after")
    @classmethod
    def _contracts(cls, contracts: list[Contract]) -> list[Contract]:
        names = numbered(contract.name or f"{contract.seller}/{contract.buyer}" for contract in contracts)
        return [item if item.name else item.changed(name=name) for item, name in zip(contracts, names, strict=True)]

    @field_validator("outages", mode="after")
    @classmethod
    def _outages(cls, outages: list[Outage]) -> list[Outage]:
        names = numbered(outage.name or f"{outage.site or outage.lane}/{outage.kind}" for outage in outages)
        return [item if item.name else item.changed(name=name) for item, name in zip(outages, names, strict=True)]

    def changed(self, **values: Any) -> Self:
        """The same scenario with other values, which must have been checked; it remembers nothing."""
        other_one = self.model_copy(update=values)
        other_one._memo = Memo()
        return other_one

    def replaced(self, **values: Any) -> Self:
        """As `changed`, for values that leave the structure as it is: a resolved scenario stays resolved."""
        other_one = self.changed(**values)
        other_one._memo = Memo(settled=self._memo.settled)
        other_one._memo.frame = self._memo.frame
        return other_one

    def sites(self) -> Iterator[Site]:
        """All suppliers, factories and warehouses, in the order of the file."""
        yield from self.suppliers
        yield from self.factories
        yield from self.warehouses

    def agents(self) -> Iterator[Site | Market]:
        """All sites, then all markets."""
        yield from self.sites()
        yield from self.markets

    def kind_of(self, name: str) -> AgentKind:
        """``"supplier"``, ``"factory"``, ``"warehouse"`` or ``"market"``; raises `KeyError` for another name."""
        return AGENT_LISTS[self._found(name)[0]]

    def site(self, name: str) -> Any:
        """The supplier, factory, warehouse or market of that name; raises `KeyError` if there is none."""
        which, index = self._found(name)
        return getattr(self, which)[index]

    def lane(self, name: str) -> Lane:
        """The lane of that name; raises `KeyError` if there is none."""
        found = self.index().entries["lanes"].get(name)
        if found is None:
            raise KeyError(f"no lane {name!r}; {nearest(name, [lane.name or '' for lane in self.lanes])}")
        return self.lanes[found]

    def index(self) -> Index:
        """Where everything with a name is; made when it is first asked for."""
        if self._memo.index is None:
            self._memo.index = Index(self)
        return self._memo.index

    def _found(self, name: str) -> tuple[str, int]:
        if name not in self.index().agents:
            raise KeyError(f"no agent {name!r}; {nearest(name, [agent.name for agent in self.agents()])}")
        return self.index().agents[name]

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, World) and self.__dict__ == other.__dict__


def numbered(names: Any) -> list[str]:
    """Names made unique: the second ``A->B`` becomes ``A->B#2``."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def check_sequence(value: Any) -> Any:
    """The name of a sequence, or a list of moments without repetition."""
    if isinstance(value, str):
        if value not in SEQUENCES:
            raise refuse("is not a sequence", nearest(value, SEQUENCES), value)
        return value
    if not isinstance(value, list | tuple):
        raise refuse("is not a sequence", f"give one of {', '.join(SEQUENCES)}, or a list of moments", value)
    for moment in value:
        if not isinstance(moment, str) or moment not in MOMENTS:
            raise refuse("is not a moment", nearest(str(moment), MOMENTS), moment)
    if len(set(value)) < len(value):
        raise refuse("names a moment twice", "name each once", list(value))
    lacking = [moment for moment in NEEDED if moment not in value]
    if lacking:
        raise refuse(f"lacks the moments {', '.join(lacking)}", "add them where they belong", list(value))
    return list(value)


def plain(table: Any) -> Any:
    """A scenario, or a table of it, as plain dictionaries with the keys of the file, without empty and unset ones."""
    if isinstance(table, Table):
        return {
            info.alias or name: plain(value)
            for name, info in type(table).model_fields.items()
            if (value := getattr(table, name)) is not None and type(table).declared[name].built
        }
    if hasattr(table, "given"):
        return {"type": table.type} | {name: plain(value) for name, value in table.given().items()}
    if isinstance(table, Mapping):
        return {key: plain(value) for key, value in table.items() if value is not None}
    return [plain(item) for item in table] if isinstance(table, list | tuple) else table
