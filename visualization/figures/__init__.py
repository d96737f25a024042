"""Print-quality figures with matplotlib: tidy tables in, a `matplotlib.figure.Figure` out.

Tables carry their intervals already (see `ripieno.experiments.statistics`); nothing here estimates anything but the
quantiles of a fan. `save` and `as_bytes` write the same bytes for the same table, on any day and in any process.
"""

from .arms import arm_dots
from .bullwhip import bullwhip_by_echelon
from .costs import cost_bars
from .effects import main_effects
from .fan import fan_chart
from .negotiation import negotiation_course
from .paired import paired_dots
from .regimes import regime_map
from .scorecards import quadrants, scorecards
from .series import time_series
from .style import as_bytes, save
from .surfaces import surface_map

__all__ = [
    "arm_dots",
    "as_bytes",
    "bullwhip_by_echelon",
    "cost_bars",
    "fan_chart",
    "main_effects",
    "negotiation_course",
    "paired_dots",
    "quadrants",
    "regime_map",
    "save",
    "scorecards",
    "surface_map",
    "time_series",
]
