"""What holds in every world, on random ones: conservation, independence of the batch, commuting agents, money."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from ripieno.model.schema import Scenario

from .properties import PROPERTIES
from .worlds import worlds

Property = Callable[[Scenario], None]

PHASES = (Phase.explicit, Phase.generate, Phase.shrink)


def hold(law: Property, examples: int, *, derandomize: bool) -> None:
    """Check a property on random worlds; a failure is reported for the simplest world that shows it."""

    @settings(
        max_examples=examples,
        derandomize=derandomize,
        database=None,
        deadline=None,
        phases=PHASES,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(worlds())
    def on_every_world(scenario: Scenario) -> None:
        law(scenario)

    on_every_world()


@pytest.mark.parametrize("law", PROPERTIES, ids=lambda law: law.__name__)
def test_property(law: Property) -> None:
    hold(law, 15, derandomize=True)


@pytest.mark.slow
@pytest.mark.parametrize("law", PROPERTIES, ids=lambda law: law.__name__)
def test_property_on_many_worlds(law: Property) -> None:
    hold(law, 400, derandomize=False)
