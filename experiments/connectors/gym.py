"""Gymnasium: one site's orders as a vector environment, one environment a run.

::

    env = OrderVectorEnv(load("beer-game"), Seat("Retailer", highest=100.0), num_envs=256)
    observations, info = env.reset(seed=1)
    observations, rewards, terminations, truncations, info = env.step(env.action_space.sample())

All runs share one clock, so all episodes end together: after the scenario's last period every run is truncated, none is
terminated. `OrderEnv` is the same thing for one run, for libraries that know nothing of vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...agents.quantity import Array
from ...model.schema import Scenario
from .missing import not_installed
from .play import FEATURES, Play, Reward, checked_features, checked_order

try:
    gymnasium: Any = import_module("gymnasium")
except ImportError:
    gymnasium = None
# Any, so that the types are the same with and without the library.
VectorEnv: Any = gymnasium.vector.VectorEnv if gymnasium else object

Autoreset = Literal["NextStep", "SameStep", "Disabled"]
Flags = NDArray[np.bool_]
Step = tuple[Array, Array, Flags, Flags, dict[str, Any]]


@dataclass(frozen=True)
class Seat:
    """Where the controller sits and what it is told.

    ``observe`` names quantities of the site (any declared one; see `ripieno.agents.site.Site`), read when the site has
    to order, exactly as its policy would. An action orders between 0 and ``highest`` units of every product; where the
    site may return goods, between minus and plus ``highest``. The site's own order rules apply on top. ``reward`` is
    minus the cost of the period: ``own`` is what the site's owner pays less what it is paid, ``network`` is all that
    leaves the network.
    """

    agent: str
    observe: tuple[str, ...] = FEATURES
    highest: float = np.inf
    reward: Reward = "own"


class OrderVectorEnv(VectorEnv):  # type: ignore[misc]
    """The orders of one site as a vector environment over the run axis.

    Observations are ``[num_envs, features x products]``, actions ``[num_envs, products]`` in units, rewards
    ``[num_envs]`` in money. Episode e plays replications ``first + e * num_envs`` and following, so that no run is
    played twice; `reset` with a seed starts again at ``first`` with the random numbers of that seed, and
    ``options={"replications": [...]}`` chooses the runs (equal numbers are equal worlds: common random numbers).

    ``autoreset`` is one of Gymnasium's modes: ``NextStep`` (the step after the last one ignores its action and returns
    the first observation of the next episode, with reward 0), ``SameStep`` (the last step returns it at once, and the
    last observation as ``info["final_obs"]``) or ``Disabled``.
    ``info["network_cost"]`` and ``info["own_cost"]`` hold the costs of the period.

    Raises `ImportError` with the cure when Gymnasium is not installed, `ValueError` for an unknown site or quantity.
    """

    def __init__(
        self,
        scenario: Scenario,
        seat: Seat,
        num_envs: int = 1,
        seed: int = 0,
        first: int = 0,
        autoreset: Autoreset = "NextStep",
    ) -> None:
        if gymnasium is None:
            raise not_installed("Gymnasium", "rl")
        self.seat = seat
        self.num_envs = num_envs
        self.autoreset = autoreset
        self.metadata = {"autoreset_mode": _mode(autoreset)}
        self._seed, self._first, self._next = seed, first, first
        self._play = Play(scenario, [seat.agent], turns=True)
        self._play.start([first], seed)
        checked_features(seat.observe, self._play.site(seat.agent))
        self._make_spaces(seat, len(self._play.site(seat.agent).products), scenario)
        self._play.stop()
        self._ended = False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Begin an episode in every run; see the class for ``seed`` and ``options``."""
        options = options or {}
        if not np.all(options.get("reset_mask", True)):
            raise ValueError("all runs share one clock: reset_mask has to be true for all of them")
        if seed is not None:
            super().reset(seed=seed)
            self._seed, self._next = seed, self._first
        replications = np.asarray(options.get("replications", self._next + np.arange(self.num_envs)))
        if replications.shape != (self.num_envs,):
            raise ValueError(f"one replication a run is needed: {self.num_envs}, not {replications.shape}")
        if "replications" not in options:
            self._next = self._next + self.num_envs
        self._play.start(replications, self._seed)
        self._ended = False
        return self._observed(), {}

    def step(self, actions: Any) -> Step:
        """Order, and let the world run to the next order of the site."""
        if self._ended and self.autoreset == "NextStep":
            first, info = self.reset()
            none = np.zeros(self.num_envs, dtype=bool)
            return first, np.zeros(self.num_envs), none, none.copy(), info
        order = checked_order(actions, (self.num_envs, *self.single_action_space.shape), self._bounds)
        self._play.move({self.seat.agent: order.T})
        ended = self._play.over
        rewards = self._play.reward(self.seat.agent, self.seat.reward)
        observed, info = self._observed(), self._costs()
        if ended and self.autoreset == "SameStep":
            observed, info = self._begun_again(observed, info)
        else:
            self._ended = ended
        return observed, rewards, np.zeros(self.num_envs, dtype=bool), np.full(self.num_envs, ended), info

    def close_extras(self, **_: Any) -> None:
        """Let the world go."""
        self._play.stop()

    def _make_spaces(self, seat: Seat, products: int, scenario: Scenario) -> None:
        from gymnasium.spaces import Box
        from gymnasium.vector.utils import batch_space

        returns = scenario.resolved().site(seat.agent).orders.returns
        self._bounds = (-seat.highest if returns else 0.0, seat.highest)
        self.single_action_space = Box(*self._bounds, shape=(products,), dtype=np.float64)
        self.single_observation_space = Box(-np.inf, np.inf, (products * len(seat.observe),), np.float64)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)

    def _observed(self) -> Array:
        return self._play.observed(self.seat.agent, self.seat.observe)

    def _costs(self) -> dict[str, Any]:
        everywhere = np.ones(self.num_envs, dtype=bool)
        own, network = self._play.costs[self.seat.agent], self._play.costs[""]
        return {"own_cost": own, "_own_cost": everywhere, "network_cost": network, "_network_cost": everywhere.copy()}

    def _begun_again(self, last: Array, costs: dict[str, Any]) -> tuple[Array, dict[str, Any]]:
        """The first observation of the next episode; the last one and its costs go into the info."""
        everywhere = np.ones(self.num_envs, dtype=bool)
        final = np.empty(self.num_envs, dtype=object)
        final[:] = list(last)
        info = {"final_obs": final, "_final_obs": everywhere, "final_info": costs, "_final_info": everywhere.copy()}
        return self.reset()[0], info


class OrderEnv(gymnasium.Env if gymnasium else object):  # type: ignore[misc]
    """`OrderVectorEnv` for a single run, with observations ``[features x products]`` and actions ``[products]``."""

    def __init__(self, scenario: Scenario, seat: Seat, seed: int = 0, first: int = 0) -> None:
        self._vector = OrderVectorEnv(scenario, seat, 1, seed, first, "Disabled")
        self.observation_space = self._vector.single_observation_space
        self.action_space = self._vector.single_action_space

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Array, dict[str, Any]]:
        """Begin an episode."""
        super().reset(seed=seed)
        observed, info = self._vector.reset(seed=seed, options=options)
        return observed[0], info

    def step(self, action: Any) -> tuple[Array, float, bool, bool, dict[str, Any]]:
        """Order, and let the world run to the next order."""
        observed, reward, ended, cut, info = self._vector.step(np.asarray(action, dtype=float)[None])
        costs = {name: float(value[0]) for name, value in info.items() if not name.startswith("_")}
        return observed[0], float(reward[0]), bool(ended[0]), bool(cut[0]), costs

    def close(self) -> None:
        """Let the world go."""
        self._vector.close()


def _mode(name: str) -> Any:
    """Gymnasium's own constant; version 1.0 had none yet."""
    modes = getattr(gymnasium.vector, "AutoresetMode", None)
    return modes(name) if modes else name
