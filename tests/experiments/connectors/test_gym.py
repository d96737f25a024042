from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.connectors import gym
from ripieno.experiments.connectors.gym import OrderEnv, OrderVectorEnv, Seat
from ripieno.model.api import simulate
from ripieno.model.schema import Scenario, with_values

gymnasium = pytest.importorskip("gymnasium")

SHOP = Seat("Shop", highest=200.0)
LEVEL = 45.0


def up_to_level(observed: np.ndarray) -> np.ndarray:
    """Base stock from the default observation: on hand, backlog, on order, incoming."""
    return np.asarray(np.maximum(LEVEL - (observed[..., 0:1] - observed[..., 1:2] + observed[..., 2:3]), 0.0))


def episode(env: OrderVectorEnv, **how: Any) -> tuple[np.ndarray, np.ndarray]:
    observed, _ = env.reset(**how)
    rewards, flags = [], []
    for _ in range(env._play.scenario.periods):
        observed, reward, terminated, truncated, _ = env.step(up_to_level(observed))
        assert not terminated.any()
        rewards.append(reward)
        flags.append(truncated)
    return np.array(rewards), np.array(flags)


def test_an_episode_is_the_scenario_played_by_hand(scenario: Scenario) -> None:
    env = OrderVectorEnv(scenario, Seat("Shop", highest=200.0, reward="network"), num_envs=6, seed=9)
    rewards, flags = episode(env)
    summary = simulate(scenario, runs=6, seed=9).summary
    assert -rewards.mean(axis=0) == pytest.approx(summary["cost"].to_numpy(), rel=1e-12)
    assert flags[:-1].sum() == 0
    assert flags[-1].all()


def test_spaces_and_shapes(two_products: Scenario) -> None:
    env = OrderVectorEnv(two_products, Seat("Shop", ("on_hand", "incoming"), highest=50.0), num_envs=3)
    assert env.single_observation_space.shape == (4,)
    assert env.single_action_space.shape == (2,)
    assert env.observation_space.shape == (3, 4)
    assert env.action_space.shape == (3, 2)
    observed, info = env.reset(seed=0)
    assert env.observation_space.contains(observed)
    assert info == {}
    shop = env._play.site("Shop")
    for _ in range(5):
        observed, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert env.observation_space.contains(observed)
        assert observed[:, 0].tolist() == shop.on_hand[0].tolist()
        assert observed[:, 1].tolist() == shop.on_hand[1].tolist()
        assert reward.shape == terminated.shape == truncated.shape == (3,)
        assert reward.dtype == np.float64
        assert terminated.dtype == truncated.dtype == np.bool_
    assert info["own_cost"].tolist() == (-reward).tolist()


def test_every_episode_has_new_runs_and_a_seed_starts_again(scenario: Scenario) -> None:
    env = OrderVectorEnv(scenario, SHOP, num_envs=2, seed=1)
    first, second = episode(env)[0], episode(env)[0]
    assert (first != second).any()
    again = episode(env, seed=1)[0]
    assert again.tobytes() == first.tobytes()
    # Runs depend on their replication alone, not on the environment that plays them.
    late = OrderVectorEnv(scenario, SHOP, num_envs=2, seed=1, first=2)
    assert episode(late)[0].tobytes() == second.tobytes()
    chosen = episode(env, options={"replications": [3, 3]})[0]
    assert chosen[:, 0].tobytes() == chosen[:, 1].tobytes() == second[:, 1].tobytes()
    assert (episode(env, seed=2)[0] != first).any()


def test_next_step_autoreset(scenario: Scenario) -> None:
    env = OrderVectorEnv(with_values(scenario, {"periods": 3}), SHOP, num_envs=2)
    env.reset(seed=0)
    for _ in range(3):
        last, reward, _, truncated, _ = env.step(np.full((2, 1), 5.0))
    assert truncated.all()
    observed, reward, terminated, truncated, _ = env.step(np.full((2, 1), 150.0))
    assert reward.tolist() == [0, 0]
    assert not truncated.any()
    assert not terminated.any()
    assert (observed != last).any()
    other = OrderVectorEnv(with_values(scenario, {"periods": 3}), SHOP, num_envs=2, first=2)
    assert observed.tobytes() == other.reset(seed=0)[0].tobytes()  # the ignored action ordered nothing


def test_same_step_autoreset(scenario: Scenario) -> None:
    short = with_values(scenario, {"periods": 3})
    env = OrderVectorEnv(short, SHOP, num_envs=2, autoreset="SameStep")
    plain = OrderVectorEnv(short, SHOP, num_envs=2)
    env.reset(seed=0), plain.reset(seed=0)
    for _ in range(3):
        observed, reward, _, truncated, info = env.step(np.full((2, 1), 5.0))
        last, expected, _, _, costs = plain.step(np.full((2, 1), 5.0))
    assert truncated.all()
    assert reward.tolist() == expected.tolist()
    assert np.stack(info["final_obs"]).tolist() == last.tolist()
    assert info["final_info"]["own_cost"].tolist() == costs["own_cost"].tolist()
    assert info["_final_obs"].all()
    first_of_next, *_ = plain.step(np.zeros((2, 1)))
    assert observed.tobytes() == first_of_next.tobytes()
    _, _, _, truncated, info = env.step(np.full((2, 1), 5.0))
    assert not truncated.any()
    assert "final_obs" not in info


def test_disabled_autoreset(scenario: Scenario) -> None:
    env = OrderVectorEnv(with_values(scenario, {"periods": 1}), SHOP, num_envs=2, autoreset="Disabled")
    env.reset(seed=0)
    assert env.step(np.zeros((2, 1)))[3].all()
    with pytest.raises(RuntimeError, match="reset first"):
        env.step(np.zeros((2, 1)))
    with pytest.raises(ValueError, match="share one clock"):
        env.reset(options={"reset_mask": np.array([True, False])})
    env.reset(options={"reset_mask": np.array([True, True])})
    env.step(np.zeros((2, 1)))


@pytest.mark.parametrize("autoreset", ["NextStep", "SameStep", "Disabled"])
def test_gymnasium_drives_it(scenario: Scenario, autoreset: Any) -> None:
    performance = pytest.importorskip("gymnasium.utils.performance")
    env = OrderVectorEnv(with_values(scenario, {"periods": 4}), SHOP, num_envs=4, autoreset=autoreset)
    assert performance.benchmark_vector_step(env, target_duration=0, seed=1) > 0
    assert env.metadata["autoreset_mode"] == gymnasium.vector.AutoresetMode(autoreset)
    env.close()
    assert env.closed


def test_gymnasiums_wrappers_fit(scenario: Scenario) -> None:
    inner = OrderVectorEnv(scenario, SHOP, num_envs=3)
    env = gymnasium.wrappers.vector.RecordEpisodeStatistics(inner)
    observed, _ = env.reset(seed=0)
    total = np.zeros(3)
    for _ in range(scenario.periods):
        observed, reward, _, _, info = env.step(up_to_level(observed))
        total += reward
    assert info["episode"]["r"] == pytest.approx(total)
    assert (info["episode"]["l"] == scenario.periods).all()


def test_a_single_run_passes_gymnasiums_checker(scenario: Scenario) -> None:
    from gymnasium.utils.env_checker import check_env

    env = OrderEnv(scenario, SHOP)
    with warnings.catch_warnings():
        # Advice about normalised spaces and registered names, which does not concern a problem in units.
        warnings.filterwarnings("ignore", message=".*(Box observation space|Box action space|WARN|spec).*")
        check_env(env, skip_render_check=True)
    observed, _ = env.reset(seed=3)
    vector = OrderVectorEnv(scenario, SHOP, num_envs=2)
    assert observed.tolist() == vector.reset(seed=3)[0][0].tolist()
    one, many = env.step(np.array([7.0])), vector.step(np.full((2, 1), 7.0))
    assert (one[0].tolist(), one[1]) == (many[0][0].tolist(), many[1][0])
    assert one[4]["own_cost"] == -one[1]
    env.close()


def test_actions_are_cut_to_their_bounds_and_checked(scenario: Scenario) -> None:
    env = OrderVectorEnv(scenario, Seat("Shop", highest=12.0), num_envs=2)
    env.reset(seed=0)
    env.step(np.array([[-5.0], [99.0]]))
    assert env._play.observed("Shop", ["ordered"]).tolist() == [[0.0], [12.0]]
    for wrong, message in (([[1.0]], "shape"), ([[np.nan], [1.0]], "not a number")):
        with pytest.raises(ValueError, match=message):
            env.step(np.array(wrong))


def test_returns_open_the_action_space_downwards(scenario: Scenario) -> None:
    env = OrderVectorEnv(with_values(scenario, {"warehouses.Shop.orders.returns": True}), SHOP)
    assert env.single_action_space.low.tolist() == [-200.0]


def test_wrong_seats_are_named(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="'Shpo' is not a site"):
        OrderVectorEnv(scenario, Seat("Shpo"))
    with pytest.raises(ValueError, match="'stock' is not a quantity of Shop; known are"):
        OrderVectorEnv(scenario, Seat("Shop", observe=("stock",)))
    with pytest.raises(ValueError, match="one replication a run"):
        OrderVectorEnv(scenario, SHOP, num_envs=2).reset(options={"replications": [1]})


def test_without_the_library_the_cure_is_named(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gym, "gymnasium", None)
    with pytest.raises(ImportError, match=r'pip install "ripieno\[rl\]"'):
        OrderVectorEnv(scenario, SHOP)


def test_several_products_are_ordered_at_once(two_products: Scenario) -> None:
    seat = Seat("Shop", ("inventory_position",), highest=100.0)
    env = OrderVectorEnv(two_products, seat, num_envs=4, seed=2)
    seen, _ = env.reset()
    total = np.zeros(4)
    for _ in range(two_products.periods):
        seen, reward, *_ = env.step(np.maximum(np.array([30.0, 40.0]) - seen, 0.0))
        total -= reward
    cost = simulate(two_products, runs=4, seed=2).summary["cost"].to_numpy()
    assert total / two_products.periods == pytest.approx(cost, rel=1e-12)
