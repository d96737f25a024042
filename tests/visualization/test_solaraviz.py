"""The example for Mesa's own page: its model steps, stops, and takes the values of the sliders."""

from __future__ import annotations

import pytest

pytest.importorskip("altair", reason="pip install altair, which Mesa's page imports")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Mesa's page breaks a rule of hooks, and Solara says so
def test_the_example_steps_and_draws() -> None:
    import solara
    from ripieno.model.schema import get_value
    from ripieno.visualization.solaraviz_app import PickingWaves, Stock

    model = PickingWaves(every=4)
    assert get_value(model.scenario, "warehouses.Hub.waves.every") == 4
    for _ in range(20):
        model.step()
    assert model.period == len(model.queues) == 20
    assert max(model.queues) > 0
    box, context = solara.render(Stock(model), handle_error=False)
    assert box.children
    context.close()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_model_stops_at_its_horizon() -> None:
    from ripieno.visualization.solaraviz_app import PickingWaves

    model = PickingWaves()
    model.period = model.scenario.periods
    model.step()
    assert not model.running
    assert model.queues == []
