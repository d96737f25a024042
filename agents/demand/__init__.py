"""Demand processes of markets; one family a file. ``Base`` is what every member derives from."""

from .base import Demand as Base

__all__ = ["Base"]
