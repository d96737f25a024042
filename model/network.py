"""The network as a whole: who stands upstream of whom, and which quantities the books have to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..agents.books import Books
from ..agents.carrier import Carrier, Crew
from ..agents.factory import Factory
from ..agents.lane import Lane, MarketLane
from ..agents.market import Market
from ..agents.quantity import Tally
from ..agents.site import Site
from ..agents.supplier import Supplier
from ..agents.tally import Page, Source
from .accounts import Accounts
from .schema import Scenario

ZERO_WITHOUT_SHORTAGE = ("unserved", "closing_stock", "on_hand", "unmet", "lost")


class Network:
    """Sites and markets by level, from upstream to the markets."""

    def __init__(
        self, scenario: Scenario, sites: dict[str, Site], markets: dict[str, Market], lanes: dict[str, Lane]
    ) -> None:
        self.scenario = scenario
        self.products = tuple(product.name for product in scenario.products)
        self.sites = sites
        self.markets = markets
        self.lanes = lanes
        self.levels = self._levels()
        self.same_period_lanes = any(
            min(_times(lane)) == 0 for lane in lanes.values() if not (isinstance(lane, MarketLane) and lane.immediate)
        )
        self.downstream = self._downstream()
        self._tell_what_policies_read()

    def acting(self, equipment: Iterable[Any], carriers: Iterable[Carrier], by_level: bool) -> list[list[Any]]:
        """Who takes part in the moments, by level: sites and markets, what they own, and the crews of the carriers."""
        owned: dict[str, list[Any]] = {}
        for piece in equipment:
            owned.setdefault(piece.site.name, []).append(piece)
        levels = [[*level, *(piece for agent in level for piece in owned.get(agent.name, ()))] for level in self.levels]
        for carrier in carriers:
            if not by_level:
                levels[-1].append(Crew(carrier, carrier.lanes))
                continue
            for level in levels:
                names = {agent.name for agent in level if isinstance(agent, Site)}
                lanes = [trucks for trucks in carrier.lanes if trucks.lane.origin.name in names]
                level += [Crew(carrier, lanes)] if lanes else []
        levels[-1] += [*carriers]
        return levels

    def markets_of(self, site: str) -> list[Market]:
        """The markets downstream of a site, in the order of the scenario."""
        return [market for name, market in self.markets.items() if name in self.downstream[site]]

    def sole_market_of(self, site: Site) -> Market | None:
        """The market whose demand is all the outside demand downstream of a site, product by product, if there is one.

        The site's point of sale need not be worked out then.
        """
        lane = site.customers[0]
        end = lane.destination
        if len(site.customers) > 1 or len(end.suppliers) > 1 or not lane.rows.same or isinstance(end, Factory):
            return None
        return end if isinstance(end, Market) else self.sole_market_of(end)

    def open_books(self, accounts: Accounts, dated: Sequence[Scenario], others: Iterable[Books]) -> None:
        """Start the books of everybody, without what stays zero in this world or nobody asks for.

        ``dated`` are the scenarios of the world in the course of time; ``others`` are not of this network, but keep
        books too.
        """
        charged = {(id(line.source), line.quantity, line.kind) for line in accounts.lines}
        never_short = {name for name, site in self.sites.items() if _never_short(site, dated)}
        stocks: list[Site | Lane] = [*self.sites.values(), *self.lanes.values()]
        page: Page | None = None
        for holder in stocks:
            idle = _idle_of_lane(holder) if isinstance(holder, Lane) else _idle_of_site(holder)
            unused = {(name, kind) for name, kind in idle if (id(holder), name, kind) not in charged}
            site = holder.origin if isinstance(holder, Lane) else holder
            zero = ZERO_WITHOUT_SHORTAGE if site.name in never_short else ()
            holder.open_books(unused, zero, page=page)
            page = holder.page  # one for all, kept by the first site
        for market in self.markets.values():
            market.open_books(elsewhere=_noted_by_site(market))
        for other in others:
            carrier = getattr(other, "carrier", None)  # carriers come before their trucks, which are noted with them
            zero = getattr(other, "stays_zero", ())
            other.open_books(zero=zero, page=None if carrier is None else carrier.page)

    def _levels(self) -> list[list[Any]]:
        """Agents by the length of the longest way to them; each one after all that supply it."""
        depth: dict[str, int] = {}
        for name in _upstream_first(self.sites, self.lanes.values()):
            depth[name] = max((depth[lane.origin.name] + 1 for lane in self.sites[name].suppliers), default=0)
        levels: list[list[Any]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
        for name, site in self.sites.items():
            levels[depth[name]].append(site)
        return [*levels, list(self.markets.values())]

    def _downstream(self) -> dict[str, set[str]]:
        """The names of all sites and markets that a site's goods can reach."""
        reached: dict[str, set[str]] = {}
        for level in reversed(self.levels[:-1]):
            for site in level:
                ends = {lane.destination.name for lane in site.customers}
                reached[site.name] = ends.union(*(reached.get(end, set()) for end in ends))
        return reached

    def _tell_what_policies_read(self) -> None:
        """Outside demand and echelon positions are handed up the network only where somebody reads them."""
        for site in self.sites.values():
            readers = [part for part in (site.policy, getattr(site, "buy_policy", None)) if part is not None]
            below = [site, *(self.sites[name] for name in self.downstream[site.name] if name in self.sites)]
            measured = site.policy is not None and self.sole_market_of(site) is None
            if measured or any(part.reads_point_of_sale for part in readers):
                for other in below:
                    other.sees_point_of_sale = True
            if any(part.reads_echelon for part in readers):
                for other in below:
                    other.sees_echelon = True


def _upstream_first(sites: dict[str, Site], lanes: Iterable[Lane]) -> list[str]:
    """All sites, each after those that supply it."""
    waiting = {name: len(site.suppliers) for name, site in sites.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    for name in ready:  # grows while it is read
        for lane in sites[name].customers:
            end = lane.destination.name
            if end in waiting:
                waiting[end] = waiting[end] - 1
                if waiting[end] == 0:
                    ready.append(end)
    return ready


def _times(lane: Lane) -> tuple[int, ...]:
    return (lane.travel_time,) if lane.random_travel is None else lane.random_travel.support


def _idle_of_lane(lane: Lane) -> set[tuple[str, Tally]]:
    """Tallies of a lane that stay zero, or that no metric reads."""
    idle: set[tuple[str, Tally]] = {
        ("ordered", "total"),
        ("ordered", "count"),
        ("shipped", "total"),
        ("received", "total"),
    }
    idle |= set() if lane.lost_sales else {("lost", "total")}
    idle |= {("set_aside", "total")} if lane.leaves_at_once else set()
    idle |= {("loading", "total")} if lane.trucks is None or lane.trucks.outbound is None else set()
    idle |= {("at_dock", "total")} if lane.trucks is None or lane.trucks.dock is None else set()
    idle |= {("waiting", "total")} if lane.no_receiving is None else set()
    idle |= {("in_transit", "total")} if isinstance(lane, MarketLane) and lane.immediate else set()
    return idle


def _idle_of_site(site: Site) -> set[tuple[str, Tally]]:
    """Tallies of a site that stay zero, or that no metric reads."""
    idle: set[tuple[str, Tally]] = {("ordered", "count")}
    idle |= set() if site.sees_point_of_sale else {("point_of_sale", "spread")}
    if isinstance(site, Supplier) and site.policy is None:
        idle |= {("incoming", "spread"), ("ordered", "spread"), ("in_work", "total")}
        idle |= {("made", "total")} if site.capacity is None else set()  # only the utilisation reads it
        idle |= set() if site.keeps_stock else {("on_hand", "total")}
    else:
        idle.add(("incoming", "total"))  # the spread has it
    return idle


def _noted_by_site(market: Market) -> dict[str, Source]:
    """The demand of a market is what comes in to its site, if neither has anybody else and demand precedes orders."""
    lane = market.suppliers[0]
    site = lane.origin
    same = len(market.suppliers) == len(site.customers) == 1 and lane.rows.same
    if same and not site.model.books_when_ordering and site.page.keeps(site, "incoming", "spread"):
        return {"demanded": (site, "incoming")}
    return {}


def _never_short(site: Site, dated: Sequence[Scenario]) -> bool:
    """Whether a site gives everything that is wanted, in the same period and for all time."""
    return (
        isinstance(site, Supplier)
        and site.policy is None
        and site.unlimited
        and all(scenario.site(site.name).capacity is None for scenario in dated)
        and all(lane.capacity is None for scenario in dated for lane in scenario.lanes if lane.origin == site.name)
    )
