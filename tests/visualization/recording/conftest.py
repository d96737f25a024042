from __future__ import annotations

from typing import Any

import pytest
import ripieno
from ripieno.model.schema import Scenario, with_values
from ripieno.visualization.recording import Recording, record

DAYS = 60


@pytest.fixture(scope="session")
def regional() -> Scenario:
    """Trucks, docks, parts and two products, for two months, with an outage, an intervention and a price."""
    shorter = with_values(ripieno.load("regional"), {"periods": DAYS, "warm_up": 0, "lanes.Linz->Munich.price": 90.0})
    return changed(
        shorter,
        outages=[{"site": "Linz", "kind": "production", "start": 20, "length": 5}],
        interventions=[{"at": 30, "until": 40, "set": {"markets.Berlin homes.demand_factor": 1.5}}],
    )


@pytest.fixture(scope="session")
def other(regional: Scenario) -> Scenario:
    return with_values(regional, {"carriers.Long haul.dispatch.threshold": 0.95})


@pytest.fixture(scope="session")
def pair(regional: Scenario, other: Scenario) -> Recording:
    return record(regional, other)


def changed(scenario: Scenario, **tables: Any) -> Scenario:
    """The scenario with other tables, checked like a file."""
    from ripieno.model.schema import parse
    from ripieno.model.schema.world import plain

    return parse(plain(scenario) | tables)
