"""A forecast for demand that repeats, such as a week of seven different days."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ..parameters import Number, parameter
from ..quantity import Units
from ..remembered import Remembered
from .base import Forecast, SiteView


@dataclass
class Seasonal(Forecast):
    """Expects each period of a season to be as it was in the seasons before, smoothed.

    1. The mean of the period's place in the season follows the value seen by the part alpha of the error; all
       places start from ``initial`` or from the first value seen.
    2. The demand over n periods is the sum of the means of the next n places, a part of the last one if n is not
       whole.

    With alpha = 1 it repeats the last season. Reference: Winters (1960), Forecasting Sales by Exponentially Weighted
    Moving Averages, Management Science 6(3):324-342 (here without trend, one mean for each place).
    """

    season: int = parameter("length of a season", unit="periods", minimum=1, whole=True, per_product=False)
    alpha: Number = parameter("weight of the newest value", minimum=0, maximum=1, default=0.2)
    initial: Number | None = parameter(
        "demand before the first period; none: the first seen", unit="units", default=None
    )
    _means: list[Units] = field(init=False, repr=False, compare=False, default_factory=list)  # the next place first
    _times: list[Remembered[Number]] = field(init=False, repr=False, compare=False, default_factory=list)

    def start(self, site: SiteView) -> None:
        """Set all places to the value given for the start."""
        self._means = [] if self.initial is None else [site.zeros + self.initial] * self.season
        self._times = [Remembered(partial(_times, place, self.season)) for place in range(self.season)]

    @property
    def ready(self) -> bool:
        """Whether the places have means."""
        return bool(self._means)

    def update(self, seen: Units) -> None:
        """Follow the newest value with the mean of its place, and move on to the next place."""
        if not self._means:
            self._means = [seen] * self.season
            return
        now, *others = self._means
        self._means = [*others, now + self.alpha * (seen - now)]

    def over(self, periods: Number) -> Units:
        """The demand expected over the next ``periods`` periods."""
        assert self._means, "a forecast is asked after its first update"
        expected = self._means[0] * self._times[0](periods)
        for mean, times in zip(self._means[1:], self._times[1:], strict=True):
            expected = expected + mean * times(periods)
        return expected


def _times(place: int, season: int, periods: Number) -> Number:
    """How often the next ``periods`` periods meet a place in the season, counted from the next one."""
    beyond = np.maximum(periods - place, 0.0)
    seasons = np.floor(beyond / season)
    return seasons + np.minimum(beyond - seasons * season, 1.0)  # type: ignore[no-any-return]
