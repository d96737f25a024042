"""Replenishment policies; one family a file. ``Base`` is what every member derives from."""

from .base import Policy as Base

__all__ = ["Base"]
