"""The metrics: each is a small function of the finished world, found by its place in this folder.

A new metric is one function with the decorator `metric` in one of these files (or a new one); it then appears in the
summary or the table of agents, and in the reference.
"""

from .base import Metric, all_metrics, metric

__all__ = ["Metric", "all_metrics", "metric"]
