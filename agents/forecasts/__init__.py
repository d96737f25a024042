"""Forecasts of demand; one family a file. ``Base`` is what every member derives from."""

from .base import Forecast as Base

__all__ = ["Base"]
