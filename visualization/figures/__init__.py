"""Print-quality figures with matplotlib: tidy tables in, a `matplotlib.figure.Figure` out.

Tables carry their intervals already (see `ripieno.experiments.statistics`); nothing here estimates anything but the
quantiles of a fan. `save` and `as_bytes` write the same bytes for the same table, on any day and in any process.
"""

from .bullwhip import bullwhip_by_echelon
from .costs import cost_bars
from .effects import main_effects
from .fan import fan_chart
from .paired import paired_dots
from .regimes import regime_map
from .series import time_series
from .style import as_bytes, save

__all__ = [
    "as_bytes",
    "bullwhip_by_echelon",
    "cost_bars",
    "fan_chart",
    "main_effects",
    "paired_dots",
    "regime_map",
    "save",
    "time_series",
]
