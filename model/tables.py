"""The tables of a finished world, tidy: one row a run, or one row a run, agent and metric."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.quantity import Array
from .measures import agent_measures, network_measures
from .schema import Scenario, get_value, leaf_keys

if TYPE_CHECKING:
    import pandas as pd


AgentValues = tuple[str, str, Array]  # agent, metric, value [runs]


def summary_table(world: Any, runs: Sequence[int], replications: Sequence[int]) -> pd.DataFrame:
    """One row a run: its number, its replication, the metrics of the network and the cost of every kind of line."""
    import pandas as pd

    columns: dict[str, Any] = {"run": np.asarray(runs), "replication": np.asarray(replications)}
    columns |= {measure.name: measure.value() for measure in network_measures(world)}
    return pd.DataFrame(columns)


def agents_table(values: Sequence[AgentValues], runs: Sequence[int]) -> pd.DataFrame:
    """Long: run, agent, metric, value, from the `agent_values` of a world; missing values are left out."""
    import pandas as pd

    numbers = np.asarray(runs)
    found = [(agent, name, value, ~np.isnan(value)) for agent, name, value in values]
    counts = [int(np.count_nonzero(there)) for _, _, _, there in found]
    columns = {
        "run": np.concatenate([numbers[:0], *(numbers[there] for _, _, _, there in found)]),
        "agent": _repeated([agent for agent, _, _, _ in found], counts),
        "metric": _repeated([name for _, name, _, _ in found], counts),
        "value": np.concatenate([np.zeros(0), *(value[there] for _, _, value, there in found)]),
    }
    return pd.DataFrame(columns, copy=False)


def _repeated(names: Sequence[str], counts: Sequence[int]) -> Any:
    """A column of names, each repeated; taken by number, which needs a tenth of the memory of repeating texts."""
    import pandas as pd

    return pd.array(list(names), dtype="str").take(np.repeat(np.arange(len(names), dtype=np.int32), counts))


def agent_values(world: Any) -> Iterator[AgentValues]:
    """The metrics and cost lines of all agents."""
    for measure in agent_measures(world):
        yield measure.agent, measure.name, measure.value()


def parameters_table(scenarios: Sequence[Scenario], points: Sequence[int]) -> dict[str, list[Any]]:
    """The parameters in which design points differ, by dotted key, one value a run."""
    if len(scenarios) == 1:
        return {}
    keys = dict.fromkeys(key for scenario in scenarios for key in leaf_keys(scenario))
    found: dict[str, list[Any]] = {}
    for key in keys:
        values = [_value(scenario, key) for scenario in scenarios]
        if any(value != values[0] for value in values[1:]):
            found[key] = [values[point] for point in points]
    return found


def _value(scenario: Scenario, key: str) -> Any:
    try:
        return get_value(scenario, key)
    except (LookupError, ValueError):
        return None
