"""Rules by which a site splits an order over several suppliers. ``Base`` is what every member derives from."""

from .base import Sourcing as Base

__all__ = ["Base"]
