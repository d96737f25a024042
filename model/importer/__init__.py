"""From a folder of CSV tables to a scenario file."""

from __future__ import annotations

from .folder import import_folder, unread
from .writing import write

__all__ = ["import_folder", "unread", "write"]
