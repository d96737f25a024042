"""Ripieno: an agent-based supply-chain simulator that advances thousands of runs at once.

The public names are loaded when they are first used, so that ``import ripieno`` and the command line start quickly::

    import ripieno

    scenario = ripieno.load("beer-game")
    result = ripieno.simulate(scenario, runs=100, seed=1)
    result.summary          # one row a run
    found = ripieno.compare(scenario, arms=["none", "opt", "orch"])
    found.paired            # differences between the arms
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ripieno.experiments.compare.comparison import Comparison, compare
    from ripieno.experiments.simulate import Result, simulate
    from ripieno.model.schema import Scenario, ScenarioError, load
    from ripieno.model.supply_chain import SupplyChain

    __version__: str

__all__ = [
    "Comparison",
    "Result",
    "Scenario",
    "ScenarioError",
    "SupplyChain",
    "__version__",
    "compare",
    "load",
    "simulate",
]

_HOMES = {
    "Comparison": "ripieno.experiments.compare.comparison",
    "Result": "ripieno.experiments.simulate",
    "Scenario": "ripieno.model.schema",
    "ScenarioError": "ripieno.model.schema",
    "SupplyChain": "ripieno.model.supply_chain",
    "compare": "ripieno.experiments.compare.comparison",
    "load": "ripieno.model.schema",
    "simulate": "ripieno.experiments.simulate",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = import_module("importlib.metadata").version("ripieno")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
