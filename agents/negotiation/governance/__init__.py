"""Rules by which a package is adopted. ``Base`` is what every member derives from."""

from .base import Governance as Base

__all__ = ["Base"]
