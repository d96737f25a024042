"""Statistics of simulation output: one small module a topic, arrays or tidy tables in, intervals out.

Everything takes the run as its unit and assumes nothing about the engine. SciPy and SALib are imported where they are
used, so that importing this package stays cheap.
"""

from .effects import main_effects
from .equivalence import Equivalence, equivalence_table, tost
from .holm import holm
from .intervals import Interval, describe, mean_interval
from .paired import paired_difference, paired_table
from .quantiles import fan_table, quantile_interval, quantile_table
from .ratio import fieller, gap_table, share_of_gap_closed
from .selection import KimNelson, Selection, select_best, subset_containing_best
from .sensitivity import morris_indices, sobol_indices
from .sequential import Sequential, Stein
from .verdicts import Verdict, judge

__all__ = [
    "Equivalence",
    "Interval",
    "KimNelson",
    "Selection",
    "Sequential",
    "Stein",
    "Verdict",
    "describe",
    "equivalence_table",
    "fan_table",
    "fieller",
    "gap_table",
    "holm",
    "judge",
    "main_effects",
    "mean_interval",
    "morris_indices",
    "paired_difference",
    "paired_table",
    "quantile_interval",
    "quantile_table",
    "select_best",
    "share_of_gap_closed",
    "sobol_indices",
    "subset_containing_best",
    "tost",
]
