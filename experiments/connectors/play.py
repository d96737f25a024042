"""A world in which outside players decide the orders of some sites: it runs on until somebody has to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from ...agents.numeric import add_all
from ...agents.policies.external import External
from ...agents.quantity import Array, Money, Units
from ...agents.site import Site
from ...model.schema import Scenario, with_values
from ...model.supply_chain import SupplyChain

LISTS = {"supplier": "suppliers", "factory": "factories", "warehouse": "warehouses"}
FEATURES = ("on_hand", "backlog", "on_order", "incoming")
EVERYBODY = "*"
Reward = Literal["own", "network"]

# What a site can be asked at any moment; the quantities of the same name are only as fresh as its last decision.
NOW: dict[str, Callable[[Site], Units]] = {
    "backlog": lambda site: site.owed(),
    "net_stock": lambda site: site.on_hand - site.owed(),
    "on_order": lambda site: site.on_order_now(),
    "inventory_position": lambda site: site.on_hand - site.owed() + site.on_order_now(),
    "incoming": lambda site: add_all([lane.booked for lane in site.customers]),
}


class Play:
    """One world, many runs, with outside players in the seats of some sites.

    The policy of every player's site is replaced by `External`; everybody else plays as the scenario says. With
    ``turns`` the world stops at each player in the sweep of orders from the markets upstream, and a player sees exactly
    what a policy sees. Without, it stops once a period, before the sweep, and all players decide at the same time: what
    is ordered without delay in this sweep is seen by its receiver in the next period. ``turn`` says whose decision the
    world waits for (``"*"`` for all players), and is empty after the last period. ``costs`` are those of the last whole
    period, by player, and of the network under an empty name.

    Raises `ValueError` for a player that is no site of the scenario.
    """

    def __init__(self, scenario: Scenario, players: Sequence[str], turns: bool) -> None:
        self.players = tuple(players)
        self.turns = turns
        self.scenario = handed_over(scenario, self.players)
        self.model: SupplyChain | None = None
        self.turn = ""
        self.costs: dict[str, Money] = {}

    def start(self, replications: ArrayLike, seed: int) -> None:
        """Begin anew with these replications (one a run) and advance to the first decision."""
        self.stop()
        self.model = SupplyChain(self.scenario, replications, seed=seed)
        self.costs = {}
        self._moves = self._play(self.model)
        self._advance()

    def move(self, orders: Mapping[str, Units]) -> None:
        """Set the orders of players, ``[products, runs]``, and advance to the next decision or the end."""
        if self.over:
            raise RuntimeError("the last period is over; reset first")
        for name, quantity in orders.items():
            policy = self.site(name).policy
            assert isinstance(policy, External)
            policy.decide(quantity)
        self._advance()

    def stop(self) -> None:
        """Let the world go."""
        if self.model is not None:
            self.model.dispose()
            self.model = None

    @property
    def over(self) -> bool:
        """Whether the last period has ended."""
        return self.turn == ""

    @property
    def world(self) -> SupplyChain:
        """The model; raises `RuntimeError` before the start."""
        if self.model is None:
            raise RuntimeError("the world has not been started; reset first")
        return self.model

    def site(self, name: str) -> Site:
        """The agent that a player sits at."""
        return self.world.sites[name]

    def observed(self, name: str, features: Sequence[str]) -> Array:
        """What a player sees, ``[runs, features x products]``: feature by feature, each product by product."""
        site = self.site(name)
        rows = [NOW[feature](site) if feature in NOW else getattr(site, feature) for feature in features]
        shaped = [np.broadcast_to(row, site.zeros.shape) for row in rows]
        return np.ascontiguousarray(np.concatenate(shaped).T)

    def reward(self, name: str, kind: Reward) -> Money:
        """Minus the cost of the last period, ``[runs]``: what the player's owner bears, or all of the network."""
        return -self.costs["" if kind == "network" else name]

    def _advance(self) -> None:
        self.turn = next(self._moves, "")

    def _play(self, model: SupplyChain) -> Iterator[str]:
        while model.period < model.scenario.periods:
            model.begin_period()
            for moment, acts in model.agenda:
                if moment == "order":
                    yield from self._orders(acts)
                else:
                    for act in acts:
                        act()
            self.costs = self._costs(model)
            model.end_period()

    def _orders(self, acts: Sequence[Callable[[], None]]) -> Iterator[str]:
        if not self.turns:
            yield EVERYBODY
        for act in acts:
            site: Any = getattr(act, "__self__", None)
            if self.turns and site.name in self.players:
                site.look()
                yield site.name
                site.place(site.allowed(site.policy(site)))
            else:
                act()

    def _costs(self, model: SupplyChain) -> dict[str, Money]:
        owners = {name: model.scenario.site(name).owner or name for name in self.players}
        balances = {owner: np.zeros(model.runs) for owner in owners.values()}
        network = np.zeros(model.runs)
        for line in model.accounts.lines:
            money = line.money_now()
            if line.payer in balances:
                balances[line.payer] = balances[line.payer] + money
            if line.payee in balances:
                balances[line.payee] = balances[line.payee] - money
            if line.payee is None:
                network = network + money
        return {"": network} | {name: balances[owner] for name, owner in owners.items()}


def handed_over(scenario: Scenario, players: Sequence[str]) -> Scenario:
    """The scenario with the orders of some sites left to outside players."""
    known = {spec.name for spec in scenario.resolved().sites()}
    for name in players:
        if name not in known:
            raise ValueError(f"{name!r} is not a site of scenario {scenario.name!r}; it has {sorted(known)}")
    keys = [f"{LISTS[scenario.kind_of(name)]}.{name}.policy" for name in players]
    return with_values(scenario, {key: {"type": "external"} for key in keys})


def sites_with_orders(scenario: Scenario) -> list[str]:
    """The sites that decide on orders, in the order of the scenario: those with a policy."""
    return [spec.name for spec in scenario.resolved().sites() if spec.policy is not None]


def checked_features(features: Sequence[str], site: Site) -> tuple[str, ...]:
    """Names of quantities of a site; raises `ValueError` for one that it does not have or that is not its products'."""
    for feature in features:
        held = NOW[feature](site) if feature in NOW else getattr(site, feature, None)
        if not isinstance(held, np.ndarray) or np.broadcast_shapes(held.shape, site.zeros.shape) != site.zeros.shape:
            known = sorted({*NOW, *(name for name, value in vars(site).items() if isinstance(value, np.ndarray))})
            raise ValueError(f"{feature!r} is not a quantity of {site.name}; known are {known}")
    return tuple(features)


def checked_order(action: ArrayLike, shape: tuple[int, ...], bounds: tuple[float, float]) -> Array:
    """An action as orders, cut to its bounds; raises `ValueError` for a wrong shape or a value that is no number."""
    order = np.asarray(action, dtype=float)
    if order.shape != shape:
        raise ValueError(f"actions have the shape {shape}, not {order.shape}")
    if np.isnan(order).any():
        raise ValueError("an action is not a number (NaN)")
    return np.asarray(np.clip(order, *bounds))
