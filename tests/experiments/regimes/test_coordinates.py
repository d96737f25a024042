from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.experiments.regimes.coordinates import NAMES, coordinates
from ripieno.model.schema import Scenario, load, with_values


def test_the_coordinates_of_a_chain_by_hand() -> None:
    place = coordinates(load("serial-owners"))
    assert tuple(place) == NAMES
    assert place["owners"] == 4  # three stocks and a haulier
    assert place["sites"] == 3
    # Store: Plant, Depot, Haulier; Depot: Store, Shop, Haulier; Shop: Depot, Haulier.
    assert place["partners"] == pytest.approx(8 / 3)
    assert place["distance"] == pytest.approx((3 + 2 + 2) / 3 / 7)
    assert place["volatility"] == pytest.approx(120**0.5 / 40)
    assert place["decision_path"] == 20


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"warehouses.Depot.owner": "One", "warehouses.Shop.owner": "One"}, "owners", 1),
        ({"lanes.Plant->Depot.travel_time": 7}, "distance", 2.0),
        ({"warehouses.Depot.orders.review_period": 6}, "distance", 0.5),
        ({"markets.Town.demand": {"type": "normal", "mean": 20, "sd": 5}}, "volatility", 0.25),
        ({"markets.Town.demand_factor": 4.0}, "volatility", 10**-0.5),
        ({"orchestration.response.mean": 3, "orchestration.implementation.mean": 4}, "decision_path", 17),
    ],
)
def test_what_moves_a_coordinate(chain: Scenario, values: dict[str, Any], name: str, expected: float) -> None:
    assert coordinates(with_values(chain, values))[name] == pytest.approx(expected)


def test_random_times_count_with_their_mean(chain: Scenario) -> None:
    drawn = {"type": "choice", "values": [1, 5], "probabilities": [0.25, 0.75]}
    fixed = coordinates(with_values(chain, {"lanes.Plant->Depot.travel_time": 4}))
    assert coordinates(with_values(chain, {"lanes.Plant->Depot.travel_time": drawn})) == fixed


def test_demand_that_never_comes_has_no_volatility(chain: Scenario) -> None:
    silent = with_values(chain, {"markets.Town.demand": {"type": "constant", "mean": 0}})
    assert np.isnan(coordinates(silent)["volatility"])


def test_two_markets_are_weighted_by_their_demand(chain: Scenario) -> None:
    calm = {"name": "Village", "sites": ["Shop"], "demand": {"type": "constant", "mean": 30}}
    table = [
        *({"name": m.name, "sites": ["Shop"], "demand": {"type": "poisson", "mean": 10}} for m in chain.markets),
        calm,
    ]
    assert coordinates(with_values(chain, {"markets": table}))["volatility"] == pytest.approx(10**0.5 / 40)
