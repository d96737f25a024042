"""Rules by which the parties of a package share its money. ``Base`` is what every member derives from."""

from .base import Transfer as Base

__all__ = ["Base"]
