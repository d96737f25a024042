"""Metrics of orders, shelf lives, shocks and owners by brute force: unit by unit and order by order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from ripieno.agents.lane import Lane
from ripieno.agents.order_rules import TINY
from ripieno.agents.quantity import Array
from ripieno.model.moments import serving_lag
from ripieno.model.supply_chain import SupplyChain

HELD = ("owed", "set_aside", "loading", "in_transit", "at_dock", "waiting")


class History:
    """All series of a finished world, the warm-up included, ``[periods, products, runs]``."""

    def __init__(self, world: SupplyChain) -> None:
        self.world = world
        assert world.recorder is not None
        tracks = zip(world.recorder._sources, world.recorder.tracks, strict=True)
        self.rows = {(id(holder), name): np.stack(track.rows) for (holder, name), track in tracks}
        self.money = [(line, np.stack(track.rows)[:, 0]) for line, track in self._lines()]
        self.first = world.scenario.warm_up

    def _lines(self) -> Any:
        assert self.world.recorder is not None
        return zip(self.world.accounts.lines, self.world.recorder._money, strict=True)

    def of(self, holder: Any, name: str) -> Array:
        return self.rows[id(holder), name]

    def mean(self, holder: Any, *names: str) -> Array:
        """Mean over the measured periods, summed over products and names."""
        return sum((self.of(holder, name)[self.first :].sum(axis=1).mean(axis=0) for name in names), self.nothing)

    @property
    def nothing(self) -> Array:
        return np.zeros(self.world.runs)

    @property
    def missing(self) -> Array:
        return np.full(self.world.runs, np.nan)


class Cohorts:
    """What became of each order of one lane, product and run: how much of it came when, and how much was lost."""

    def __init__(self, h: History, lane: Lane, product: int, run: int) -> None:
        series = {name: h.of(lane, name)[:, product, run] for name in ("ordered", "received", "lost")}
        self.ordered: list[float] = series["ordered"].tolist()
        periods = len(self.ordered)
        self.lost = [0.0] * periods
        self.came: list[list[tuple[int, float]]] = [[] for _ in range(periods)]  # (period, units) of each order
        lag = serving_lag(h.world.sequence, lane.order_delay, lane.destination.name in h.world.markets)
        early = outstanding_at_start(h, lane, product, run)
        for period, lost in enumerate(series["lost"]):
            if period >= lag:
                self.lost[period - lag] = min(float(lost), self.ordered[period - lag])
                early -= float(lost) - self.lost[period - lag]
            else:
                early -= float(lost)
        self.early = early
        steps = np.cumsum(series["ordered"] - np.append(0.0, (series["received"] + series["lost"])[:-1]))
        first = outstanding_at_start(h, lane, product, run)
        self.dust = TINY * np.maximum(1.0, np.maximum.accumulate(np.maximum(first, first + steps)))
        self.rounding = 1e-12 * (early + sum(self.ordered))
        self._match(series["received"])

    def _match(self, received: Array) -> None:
        """Give what is received to the oldest order of which something is still to come."""
        left = [ordered - lost for ordered, lost in zip(self.ordered, self.lost, strict=True)]
        early, oldest = self.early, 0
        for period, amount in enumerate(received):
            amount = float(amount)
            taken = min(early, amount)
            early, amount = early - taken, amount - taken
            while amount > self.rounding and oldest < len(left):
                taken = min(left[oldest], amount)
                if taken > 0:
                    self.came[oldest].append((period, taken))
                left[oldest], amount = left[oldest] - taken, amount - taken
                if left[oldest] <= self.rounding:
                    oldest += 1
        self.open = left


def outstanding_at_start(h: History, lane: Lane, product: int, run: int) -> float:
    """What was under way or owed before the first period, worked back from its end."""

    def now(name: str) -> float:
        rows = h.rows.get((id(lane), name))
        return 0.0 if rows is None else float(rows[0, product, run])

    to_market = lane.destination.name in h.world.markets
    after = sum(now(name) for name in HELD) if to_market else now("on_order")
    return after - now("ordered") + now("received") + now("lost")


def cohorts_of(h: History, lanes: list[Lane], run: int) -> list[Cohorts]:
    return [Cohorts(h, lane, row, run) for lane in lanes for row in range(len(lane.products))]


def by_run(h: History, value: Callable[[int], float]) -> Array:
    return np.array([value(run) for run in range(h.world.runs)])


def lead_times(h: History, agent: Any) -> list[tuple[Array, Array]]:
    """Times and units of all that was received in the measured periods, for each run."""
    found = []
    for run in range(h.world.runs):
        pieces = [
            (period - ordered, units)
            for cohorts in cohorts_of(h, agent.suppliers, run)
            for ordered, came in enumerate(cohorts.came)
            for period, units in came
            if period >= h.first
        ]
        found.append((np.array([time for time, _ in pieces], dtype=float), np.array([units for _, units in pieces])))
    return found


def weighted(h: History, agent: Any, statistic: Callable[[Array, Array], float]) -> Array:
    if "lead-times" not in h.world.scenario.measures or not agent.suppliers:
        return h.missing
    return np.array([statistic(times, units) if units.sum() > 0 else np.nan for times, units in lead_times(h, agent)])


def mean_time(times: Array, units: Array) -> float:
    return float((times * units).sum() / units.sum())


def time_variance(times: Array, units: Array) -> float:
    return float((units * (times - mean_time(times, units)) ** 2).sum() / units.sum())


def kept(h: History, lanes: list[Lane]) -> Array:
    """Share of orders that fall due in the measured periods and came in full by then."""
    promised = {spec.name: spec.promise for spec in h.world.scenario.lanes if spec.promise is not None}
    watched = [lane for lane in lanes if lane.name in promised]

    def share(run: int) -> float:
        due = good = 0
        for lane in watched:
            time = promised[lane.name]
            for cohorts in cohorts_of(h, [lane], run):
                for placed, ordered in enumerate(cohorts.ordered):
                    if not h.first <= placed + time < len(cohorts.ordered):
                        continue
                    dust = cohorts.dust[placed + time]
                    if ordered <= dust:
                        continue
                    came = sum(units for period, units in cohorts.came[placed] if period <= placed + time)
                    due += 1
                    good += int(ordered - came <= dust)
        return good / due if due else np.nan

    return by_run(h, share) if watched else h.missing


def nervousness(h: History, site: Any) -> Array:
    if "nervousness" not in h.world.scenario.measures or site.policy is None:
        return h.missing
    ordered = h.of(site, "ordered")
    steps = np.abs(np.diff(ordered, axis=0, prepend=ordered[:1]))[h.first :].sum(axis=(0, 1))
    total = ordered[h.first :].sum(axis=(0, 1))
    return np.array([step / units if units else np.nan for step, units in zip(steps, total, strict=True)])


def thrown_away(h: History, site: Any) -> Array:
    shelf_life = h.world.shelf_lives.get(site.name)
    return h.missing if shelf_life is None else h.mean(shelf_life, "expired", "expired_parts")


def profit(h: History, owner: str) -> Array:
    paid = sum((rows[h.first :].mean(axis=0) for line, rows in h.money if line.payer == owner), h.nothing)
    got = [rows[h.first :].mean(axis=0) for line, rows in h.money if line.payee == owner]
    return sum(got, h.nothing) - paid if got else h.missing


def shortage(h: History) -> tuple[Array, Array]:
    """Owed and lost, and not served at once, by period and run, over all markets."""
    lanes = [lane for market in h.world.markets.values() for lane in market.suppliers]
    short = sum(h.of(lane, name).sum(axis=1) for lane in lanes for name in ("owed", "lost"))
    unmet = sum(h.of(lane, "unmet").sum(axis=1) for lane in lanes)
    return np.asarray(short), np.asarray(unmet)


def shock_of(h: History) -> int:
    scenario = h.world.scenario
    dates = [item.at for item in scenario.interventions]
    dates += [item.start for item in scenario.outages if item.start is not None]
    dates += [item.states.index(1) for item in scenario.outages if item.states is not None]
    return min(dates)


def time_to_recover(h: History) -> Array:
    short, shock = shortage(h)[0], shock_of(h)
    found = h.missing.copy()
    for run in range(h.world.runs):
        usual = short[h.first : shock, run].mean() + TINY
        after = short[shock:, run]
        worst = int(after.argmax())
        if after[worst] <= usual:
            found[run] = 0.0
            continue
        back = [place for place in range(worst + 1, len(after)) if after[place] <= usual]
        found[run] = back[0] if back else np.nan
    return found


def service_lost(h: History) -> Array:
    unmet, shock = shortage(h)[1], shock_of(h)
    usual = unmet[h.first : shock].mean(axis=0)
    return np.asarray((unmet[shock:] - usual).sum(axis=0))


OF_WORLD: dict[str, Callable[[History], Array]] = {
    "on_time_in_full": lambda h: kept(h, [lane for m in h.world.markets.values() for lane in m.suppliers]),
    "expired": lambda h: sum((thrown_away(h, h.world.sites[name]) for name in h.world.shelf_lives), h.nothing),
    "time_to_recover": time_to_recover,
    "service_lost": service_lost,
}
BY_HAND = {("site", "picking_utilisation")}
BRUTE: dict[tuple[str, str], Callable[[History, Any], Array]] = {
    ("site", "lead_time"): lambda h, a: weighted(h, a, mean_time),
    ("site", "lead_time_variance"): lambda h, a: weighted(h, a, time_variance),
    ("market", "lead_time"): lambda h, a: weighted(h, a, mean_time),
    ("market", "lead_time_variance"): lambda h, a: weighted(h, a, time_variance),
    ("site", "on_time_in_full"): lambda h, a: kept(h, a.customers),
    ("market", "on_time_in_full"): lambda h, a: kept(h, a.suppliers),
    ("site", "nervousness_{period}"): nervousness,
    ("site", "expired"): thrown_away,
    ("owner", "profit"): profit,
}
