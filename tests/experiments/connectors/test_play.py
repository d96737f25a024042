from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.experiments.connectors.play import Play, sites_with_orders
from ripieno.model.api import simulate
from ripieno.model.schema import Scenario, with_values
from ripieno.model.supply_chain import SupplyChain

LEVELS = {"Shop": 45.0, "Depot": 70.0}
TRACES = ("ordered", "on_hand", "unserved")


def by_policy(scenario: Scenario, replications: list[int], seed: int) -> dict[tuple[str, str], np.ndarray]:
    """What happens when the scenario's own policies decide: every period's values."""
    world = SupplyChain(scenario, replications, seed=seed)
    traces: dict[tuple[str, str], list[np.ndarray]] = {}
    for _ in range(scenario.periods):
        world.step()
        for name in LEVELS:
            for quantity in TRACES:
                traces.setdefault((name, quantity), []).append(getattr(world.sites[name], quantity))
    return {key: np.array(values) for key, values in traces.items()}


def by_players(scenario: Scenario, players: list[str], turns: bool, seed: int) -> tuple[Play, list[np.ndarray]]:
    """The same rule, played from outside: order up to the level, from what is observed."""
    play = Play(scenario, players, turns)
    play.start([0, 7, 3], seed)
    rewards = []
    while not play.over:
        seen = {name: play.observed(name, ["inventory_position"]).T for name in players}
        play.move({name: np.maximum(LEVELS[name] - position, 0.0) for name, position in seen.items()})
        rewards.append(play.costs[""])
    return play, rewards


@pytest.mark.parametrize("sequence", ["serve-then-order", "order-then-serve", "order-first"])
@pytest.mark.parametrize("player", ["Shop", "Depot"])
def test_a_player_with_a_policys_rule_gets_the_policys_world(scenario: Scenario, sequence: str, player: str) -> None:
    scenario = with_values(scenario, {"sequence": sequence})
    play, rewards = by_players(scenario, [player], turns=True, seed=4)
    expected = by_policy(scenario, [0, 7, 3], seed=4)
    assert len(rewards) == scenario.periods
    for name in LEVELS:
        for quantity in TRACES:
            assert getattr(play.site(name), quantity).tobytes() == expected[name, quantity][-1].tobytes()
    summary = simulate(scenario, runs=8, seed=4).summary
    assert np.array(rewards).mean(axis=0) == pytest.approx(summary["cost"].to_numpy()[[0, 7, 3]], rel=1e-12)


def test_all_players_at_once_get_the_policys_world_where_orders_take_time(scenario: Scenario) -> None:
    delayed = {f"lanes.{lane}.order_delay": 1 for lane in ("Source->Depot", "Depot->Shop")}
    scenario = with_values(scenario, delayed)
    play, _ = by_players(scenario, ["Shop", "Depot"], turns=False, seed=4)
    expected = by_policy(scenario, [0, 7, 3], seed=4)
    for name in LEVELS:
        assert play.site(name).on_hand.tobytes() == expected[name, "on_hand"][-1].tobytes()


def test_costs_are_the_owners_and_payments_cancel_in_the_network(scenario: Scenario) -> None:
    play, _ = by_players(scenario, ["Shop", "Depot"], turns=False, seed=1)
    world = play.world
    shop, depot, lane = play.site("Shop"), play.site("Depot"), world.lanes["Depot->Shop"]
    own = shop.on_hand + 6 * shop.unserved + 2 * lane.shipped
    assert play.costs["Shop"] == pytest.approx(own[0])
    bought = world.lanes["Source->Depot"].shipped
    held = depot.on_hand + 6 * depot.unserved + 0.5 * lane.in_transit
    assert play.costs["Depot"] == pytest.approx((held + bought - 2 * lane.shipped)[0])
    assert play.costs[""] == pytest.approx((held + shop.on_hand + 6 * shop.unserved)[0])
    assert play.reward("Shop", "own").tolist() == (-play.costs["Shop"]).tolist()
    assert play.reward("Shop", "network").tolist() == (-play.costs[""]).tolist()


def test_players_take_turns_from_the_market_upstream(scenario: Scenario) -> None:
    play = Play(scenario, ["Depot", "Shop"], turns=True)
    play.start([0], 0)
    turns = []
    while not play.over:
        turns.append(play.turn)
        play.move({})
    assert turns == ["Shop", "Depot"] * scenario.periods


def test_the_sites_own_order_rules_still_apply(scenario: Scenario) -> None:
    capped = with_values(scenario, {"warehouses.Shop.orders.cap": 4.0})
    play = Play(capped, ["Shop"], turns=True)
    play.start([0], 0)
    play.move({"Shop": np.array([[100.0]])})
    assert play.site("Shop").ordered.tolist() == [[4.0]]


def test_players_may_see_what_policies_may_see(scenario: Scenario) -> None:
    play = Play(scenario, ["Depot"], turns=True)
    play.start([0, 1], 0)
    seen = play.observed("Depot", ["point_of_sale", "echelon_position", "on_hand"])
    assert seen.shape == (2, 3)
    assert seen[:, 0].tolist() == play.world.markets["Town"].demanded[0].tolist()
    assert (seen[:, 1] > seen[:, 2]).all()


def test_without_a_move_nothing_is_ordered_and_the_end_is_the_end(scenario: Scenario) -> None:
    play = Play(with_values(scenario, {"periods": 2}), ["Shop"], turns=True)
    play.start([0], 0)
    play.move({})
    assert play.site("Shop").ordered.tolist() == [[0.0]]
    play.move({})
    assert play.over
    with pytest.raises(RuntimeError, match="reset first"):
        play.move({})
    play.stop()
    with pytest.raises(RuntimeError, match="has not been started"):
        play.site("Shop")


def test_players_have_to_be_sites(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="'Town' is not a site"):
        Play(scenario, ["Town"], turns=True)
    assert sites_with_orders(scenario) == ["Shop", "Depot"]


def test_a_decision_of_the_wrong_shape_is_refused(scenario: Scenario) -> None:
    play = Play(scenario, ["Shop"], turns=True)
    play.start([0, 1], 0)
    with pytest.raises(ValueError, match=r"shape \(1, 2\), not \(2, 1\)"):
        play.move({"Shop": np.ones((2, 1))})


def test_an_external_policy_alone_orders_its_fixed_quantity(scenario: Scenario) -> None:
    fixed: Any = {"type": "external", "quantity": 9.0}
    world = SupplyChain(with_values(scenario, {"warehouses.Shop.policy": fixed}), [0, 1], seed=0).run(3)
    assert world.sites["Shop"].ordered.tolist() == [[9.0, 9.0]]
