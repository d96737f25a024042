"""Protocols: who decides about packages, and by which gain. ``Base`` is what every member derives from."""

from .base import Protocol as Base

__all__ = ["Base"]
