from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.experiments.connectors import pettingzoo as connector
from ripieno.experiments.connectors.pettingzoo import OrdersParallelEnv
from ripieno.model.api import simulate
from ripieno.model.schema import Scenario, parse, with_values

pytest.importorskip("pettingzoo")

LEVELS = {"Shop": 45.0, "Depot": 70.0}
TARGETS = {"Works": np.array([50.0, 60.0]), "Depot": np.array([40.0, 45.0])}


def workshop() -> Scenario:
    """Mine -> Works -> Depot -> Town: two products made of parts, a factory and a warehouse with policies."""

    def site(name: str, **more: Any) -> dict[str, Any]:
        level = dict(zip(("tea", "salt"), TARGETS[name].tolist(), strict=True))
        policy = {"type": "base-stock", "level": level}
        return {"name": name, "holding_cost": 1.0, "backlog_cost": 4.0, "policy": policy, **more}

    demand = {"tea": {"type": "poisson", "mean": 6.0}, "salt": {"type": "normal", "mean": 8.0, "sd": 2.0}}
    return parse(
        {
            "name": "workshop",
            "periods": 30,
            "products": [{"name": name} for name in ("tea", "salt", "leaf", "rock")],
            "suppliers": [{"name": "Mine"}],
            "factories": [site("Works", bill={"tea": {"leaf": 1.0}, "salt": {"rock": 2.0}}, lead_time=1)],
            "warehouses": [site("Depot")],
            "markets": [{"name": "Town", "sites": ["Depot"], "demand": demand}],
            "lanes": [
                {"from": "Mine", "to": "Works", "travel_time": 1, "price": 0.5},
                {"from": "Works", "to": "Depot", "travel_time": 2, "order_delay": 1},
            ],
        }
    )


def play(env: OrdersParallelEnv, **how: Any) -> tuple[list[dict[str, float]], list[dict[str, dict[str, float]]]]:
    observed, _ = env.reset(**how)
    rewards, infos = [], []
    while env.agents:
        actions = {
            name: np.maximum(LEVELS[name] - (seen[0:1] - seen[1:2] + seen[2:3]), 0.0) for name, seen in observed.items()
        }
        observed, reward, ended, _, info = env.step(actions)
        assert not any(ended.values())
        rewards.append(reward)
        infos.append(info)
    return rewards, infos


def test_pettingzoos_own_test_passes(scenario: Scenario) -> None:
    from pettingzoo.test import parallel_api_test

    parallel_api_test(OrdersParallelEnv(scenario, highest=100.0), num_cycles=60)


def test_pettingzoos_seed_test_passes(scenario: Scenario) -> None:
    from pettingzoo.test import parallel_seed_test

    parallel_seed_test(lambda: OrdersParallelEnv(scenario, highest=100.0))


def test_every_site_with_orders_is_a_player(scenario: Scenario) -> None:
    env = OrdersParallelEnv(scenario)
    assert env.possible_agents == ["Shop", "Depot"]
    assert env.agents == []
    observed, infos = env.reset(seed=0)
    assert set(observed) == set(infos) == set(env.agents) == {"Shop", "Depot"}
    assert env.observation_space("Shop").contains(observed["Shop"])
    assert env.action_space("Shop") is env.action_space("Shop")


def test_an_episode_is_the_scenario_played_by_hand(scenario: Scenario) -> None:
    scenario = with_values(scenario, {f"lanes.{lane}.order_delay": 1 for lane in ("Source->Depot", "Depot->Shop")})
    env = OrdersParallelEnv(scenario, highest=500.0, reward="network", seed=2)
    rewards, infos = play(env)
    cost = simulate(scenario, runs=1, seed=2).summary["cost"][0]
    assert -np.mean([reward["Shop"] for reward in rewards]) == pytest.approx(cost, rel=1e-12)
    assert all(
        reward["Shop"] == reward["Depot"] == -info["Shop"]["network_cost"]
        for reward, info in zip(rewards, infos, strict=True)
    )
    assert len(rewards) == scenario.periods


def test_own_costs_differ_between_players(scenario: Scenario) -> None:
    rewards, infos = play(OrdersParallelEnv(scenario, highest=500.0))
    assert any(reward["Shop"] != reward["Depot"] for reward in rewards)
    assert rewards[-1]["Shop"] == -infos[-1]["Shop"]["own_cost"]


def test_some_players_leave_the_rest_to_the_scenario(scenario: Scenario) -> None:
    rewards, _ = play(OrdersParallelEnv(scenario, players=["Shop"], highest=500.0, reward="network", seed=2))
    cost = simulate(scenario, runs=1, seed=2).summary["cost"][0]
    assert -np.mean([reward["Shop"] for reward in rewards]) == pytest.approx(cost, rel=1e-12)


def test_resets_play_one_replication_after_the_other(scenario: Scenario) -> None:
    env = OrdersParallelEnv(scenario, highest=500.0, seed=5)
    first, second = play(env)[0], play(env)[0]
    assert first != second
    assert play(env, seed=5)[0] == first
    env.reset(options={"replication": 1})
    assert play(env, options={"replication": 1})[0] == second


def test_every_player_has_to_order(scenario: Scenario) -> None:
    env = OrdersParallelEnv(scenario, highest=10.0)
    env.reset(seed=0)
    with pytest.raises(ValueError, match=r"missing are \['Depot'\]"):
        env.step({"Shop": np.zeros(1)})
    with pytest.raises(ValueError, match="is not a site"):
        OrdersParallelEnv(scenario, players=["Town"])


def test_without_the_library_the_cure_is_named(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "pettingzoo", None)
    with pytest.raises(ImportError, match=r'pip install "ripieno\[rl\]"'):
        OrdersParallelEnv(scenario)


def test_several_products_and_a_factory_can_be_played() -> None:
    scenario = workshop()
    env = OrdersParallelEnv(scenario, highest=500.0, reward="network", seed=6, observe=("inventory_position",))
    assert env.possible_agents == ["Works", "Depot"]
    # The factory's player orders production; the parts are bought for it.
    assert env.action_space("Works").shape == env.action_space("Depot").shape == (2,)
    observed, _ = env.reset()
    assert {name: len(seen) for name, seen in observed.items()} == {
        name: len(env._play.site(name).products) for name in env.agents
    }
    total = 0.0
    while env.agents:
        actions = {name: np.maximum(TARGETS[name] - seen, 0.0) for name, seen in observed.items()}
        observed, rewards, *_ = env.step(actions)
        total -= rewards["Depot"]
    assert total / scenario.periods == pytest.approx(simulate(scenario, runs=1, seed=6).summary["cost"][0], rel=1e-12)


def test_pettingzoos_own_test_passes_with_several_products() -> None:
    from pettingzoo.test import parallel_api_test

    parallel_api_test(OrdersParallelEnv(workshop(), highest=50.0), num_cycles=40)
