"""Menus: which packages are looked at. ``Base`` is what every member derives from."""

from .base import Menu as Base

__all__ = ["Base"]
