"""What a negotiation comes to in each run, for studies of governance: how much was agreed on, and how soon."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

AGREED = ("adopted", "kept", "rolled back")
UNITS = {"agreements": "packages", "first_agreement": "periods", "decision_time": "periods"}


def negotiated(world: Any) -> dict[str, Callable[[], NDArray[np.float64]]]:
    """The numbers of a negotiation by name, each worked out when it is asked for, ``[runs]``; none without levers.

    - ``agreements``: packages that were agreed on.
    - ``first_agreement``: periods from the first plan until the first of them took effect; those until the end of the
      run where there was none, so that it is at least that.
    - ``decision_time``: mean periods from a proposal that was agreed on to its effect; missing where there was none.
    """
    if world.planning is None:
        return {}
    return {name: partial(_measured, world, measure) for name, measure in _MEASURES.items()}


def _measured(world: Any, measure: Callable[[pd.DataFrame, Any], pd.Series]) -> NDArray[np.float64]:
    table = world.planning.orchestrator.ledger.table()
    agreed = table[table["status"].isin(AGREED)].drop_duplicates(["run", "cycle"])
    return measure(agreed, world).to_numpy(dtype=np.float64)


def _agreements(agreed: pd.DataFrame, world: Any) -> pd.Series:
    return agreed.groupby("run").size().reindex(range(world.runs), fill_value=0)


def _first_agreement(agreed: pd.DataFrame, world: Any) -> pd.Series:
    end = world.scenario.periods
    first = agreed.groupby("run")["effective"].min().reindex(range(world.runs))
    return first.fillna(end).clip(upper=end).sub(int(world.planning.first))


def _decision_time(agreed: pd.DataFrame, world: Any) -> pd.Series:
    waited = (agreed["effective"] - agreed["period"]).groupby(agreed["run"]).mean()
    return waited.reindex(range(world.runs))


_MEASURES = {"agreements": _agreements, "first_agreement": _first_agreement, "decision_time": _decision_time}
