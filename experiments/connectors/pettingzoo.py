"""PettingZoo: the orders of several sites as a parallel environment, in one run.

::

    env = OrdersParallelEnv(load("beer-game"), highest=100.0)
    observations, infos = env.reset(seed=1)
    while env.agents:
        actions = {agent: env.action_space(agent).sample() for agent in env.agents}
        observations, rewards, terminations, truncations, infos = env.step(actions)

All players decide at the same time, before the sweep of orders. What a customer orders without delay is therefore seen
by its supplier in the next period; orders with a delay of a period or more are seen as a policy sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ...agents.quantity import Array
from ...model.schema import Scenario
from .missing import not_installed
from .play import FEATURES, Play, Reward, checked_features, checked_order, sites_with_orders

try:
    pettingzoo: Any = import_module("pettingzoo")
except ImportError:
    pettingzoo = None
# Any, so that the types are the same with and without the library.
ParallelEnv: Any = pettingzoo.ParallelEnv if pettingzoo else object

Texts = dict[str, Any]


class OrdersParallelEnv(ParallelEnv):  # type: ignore[misc]
    """Every site with orders is a player; ``players`` limits that to some, and the others play by their policies.

    A player observes ``[features x products]`` (``observe``, see `ripieno.experiments.connectors.gym.Seat`), orders
    ``[products]`` units between 0 and ``highest``, and earns minus the cost of the period: what its owner bears
    (``own``) or all that leaves the network (``network``, the same for all). After the scenario's last period every
    player is truncated. `reset` plays the next replication; with a seed it starts again at replication 0 of that seed,
    and ``options={"replication": n}`` chooses one.

    Raises `ImportError` with the cure when PettingZoo is not installed, `ValueError` for an unknown site or quantity.
    """

    def __init__(
        self,
        scenario: Scenario,
        players: Sequence[str] | None = None,
        observe: Sequence[str] = FEATURES,
        highest: float = np.inf,
        reward: Reward = "own",
        seed: int = 0,
    ) -> None:
        if pettingzoo is None:
            raise not_installed("PettingZoo", "rl")
        self.metadata: Texts = {"name": f"ripieno_{scenario.name}", "render_modes": [], "is_parallelizable": True}
        self.render_mode = None
        self.possible_agents = sites_with_orders(scenario) if players is None else list(players)
        self.agents: list[str] = []
        self._observe, self._reward = tuple(observe), reward
        self._seed, self._next = seed, 0
        self._play = Play(scenario, self.possible_agents, turns=False)
        self._play.start([0], seed)
        self._make_spaces(scenario, highest)
        self._play.stop()

    def observation_space(self, agent: str) -> Any:
        """The space of what a player sees; the same object every time."""
        return self._observation_spaces[agent]

    def action_space(self, agent: str) -> Any:
        """The space of a player's orders; the same object every time."""
        return self._action_spaces[agent]

    def reset(self, seed: int | None = None, options: Texts | None = None) -> tuple[dict[str, Array], dict[str, Texts]]:
        """Begin an episode; see the class for ``seed`` and ``options``."""
        if seed is not None:
            self._seed, self._next = seed, 0
        replication = (options or {}).get("replication", self._next)
        self._next = int(replication) + 1
        self._play.start([replication], self._seed)
        self.agents = list(self.possible_agents)
        return self._observed(), {agent: {} for agent in self.agents}

    def step(
        self, actions: dict[str, Any]
    ) -> tuple[dict[str, Array], dict[str, float], dict[str, bool], dict[str, bool], dict[str, Texts]]:
        """Order for all players, and let the world run to the next orders."""
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise ValueError(f"every player has to order; missing are {missing}")
        orders = {agent: self._order(agent, actions[agent])[:, None] for agent in self.agents}
        self._play.move(orders)
        rewards = {agent: float(self._play.reward(agent, self._reward)[0]) for agent in self.agents}
        costs = self._play.costs
        infos = {
            agent: {"own_cost": float(costs[agent][0]), "network_cost": float(costs[""][0])} for agent in self.agents
        }
        observed = self._observed()
        ended = dict.fromkeys(self.agents, False)
        cut = dict.fromkeys(self.agents, self._play.over)
        if self._play.over:
            self.agents = []
        return observed, rewards, ended, cut, infos

    def close(self) -> None:
        """Let the world go."""
        self._play.stop()

    def _order(self, agent: str, action: Any) -> Array:
        space = self._action_spaces[agent]
        return checked_order(action, space.shape, (float(space.low[0]), float(space.high[0])))

    def _observed(self) -> dict[str, Array]:
        return {agent: self._play.observed(agent, self._observe)[0] for agent in self.possible_agents}

    def _make_spaces(self, scenario: Scenario, highest: float) -> None:
        from gymnasium.spaces import Box

        self._observation_spaces, self._action_spaces = {}, {}
        for agent in self.possible_agents:
            site = self._play.site(agent)
            checked_features(self._observe, site)
            products = len(site.products)
            low = -highest if scenario.resolved().site(agent).orders.returns else 0.0
            self._action_spaces[agent] = Box(low, highest, shape=(products,), dtype=np.float64)
            shape = (products * len(self._observe),)
            self._observation_spaces[agent] = Box(-np.inf, np.inf, shape=shape, dtype=np.float64)
