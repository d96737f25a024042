"""Documents of research: the reporting checklist of a study, and an archive for a library of models."""

from .comses import archive
from .stress import checklist

__all__ = ["archive", "checklist"]
