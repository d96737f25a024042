"""Reports: one self-contained HTML page with text, tables, figures, a verdict and the way to do it again."""

from .builder import Report
from .numbers import merged, written

__all__ = ["Report", "merged", "written"]
