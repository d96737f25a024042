"""Mesa's own page on a bundled scenario, for those who know `SolaraViz`: how a `SupplyChain` goes into it.

It needs Altair, which Mesa's page imports: ``pip install altair``. Then::

    SOLARA_APP=ripieno.visualization.solaraviz_app ripieno serve --port 8766

The model steps on the server, and each picture is drawn there and sent. The browser application of Ripieno has pages of
its own instead; see ``docs/howto/browser.md``.
"""

from __future__ import annotations

from typing import Any

import ripieno
import solara
from ripieno.model.schema import with_values

SLIDERS = {
    "every": {"type": "SliderInt", "value": 6, "label": "Days between waves", "min": 2, "max": 10, "step": 1},
}


class PickingWaves(ripieno.SupplyChain):
    """One run of `e1-picking-waves`; ``every`` is the number of days from one wave of the hub to the next.

    Mesa makes a new model of this class with the values of its sliders, so that they are its arguments.
    """

    def __init__(self, every: int = 6) -> None:
        super().__init__(with_values(ripieno.load("e1-picking-waves"), {"warehouses.Hub.waves.every": int(every)}))
        self.queues: list[float] = []

    def step(self) -> None:
        """One day; the model stops at its horizon."""
        if self.period >= self.scenario.periods:
            self.running = False
            return
        super().step()
        self.queues = [*self.queues, sum(float(dock.waiting[..., 0].sum()) for dock in self.docks.values())]


@solara.component
def Stock(model: PickingWaves) -> Any:
    """What every site has on hand, and the trucks that wait at all docks."""
    from matplotlib.figure import Figure
    from mesa.visualization.utils import update_counter

    update_counter.get()  # Mesa counts up after each step, and so draws this anew
    figure = Figure(figsize=(8, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.bar(list(model.sites), [float(site.on_hand[..., 0].sum()) for site in model.sites.values()])
    left.set(title=f"day {model.period}", ylabel="units on hand")
    right.plot(model.queues)
    right.set(title="trucks that wait at docks", xlabel="day")
    solara.FigureMatplotlib(figure)


@solara.component
def Page() -> Any:
    """The page, with a model for each visitor."""
    from mesa.visualization import SolaraViz

    model = solara.use_memo(PickingWaves, [])
    return SolaraViz(model, components=[Stock], model_params=SLIDERS, name="Picking waves")
