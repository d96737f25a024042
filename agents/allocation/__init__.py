"""Rules by which a site shares scarce stock between its customers. ``Base`` is what every member derives from."""

from .base import Allocation as Base

__all__ = ["Base"]
