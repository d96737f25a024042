"""The sizes that a scenario may have, in one place, so that a typing error is refused before it fills the memory."""

from __future__ import annotations

SITES = 5_000
LANES = 50_000
PRODUCTS = 1_000
OUTAGES = 50_000
INTERVENTIONS = 10_000
DOORS = 1_000
PERIODS = 200_000
TIME = 10_000
"""The longest travel time, order delay and lead time, in periods."""
CELLS = 10_000_000
"""How many numbers one run may hold: slots of all pipelines, for every product."""
RUNS = 1_000_000
SEED = 10**15
LIST_ENTRIES = 1_000_000
FILE_BYTES = 50_000_000
NAME_LENGTH = 100
TEXT_LENGTH = 10_000
MAGNITUDE = 1e15
"""The largest absolute value of any number: beyond it a float no longer holds whole units exactly."""
PROBLEMS_SHOWN = 20
"""How many problems of one file are reported together."""
