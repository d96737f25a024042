from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(20_240_501))


@pytest.fixture
def runs(rng: np.random.Generator) -> pd.DataFrame:
    """Two points, three arms, 30 replications; the arms share a large common part and one value is missing."""
    rows = []
    for point in (1, 0):
        for replication, common in enumerate(rng.normal(100, 10, 30)):
            for arm, effect in (("none", 0.0), ("orch", -5.0), ("central", -8.0)):
                rows.append((point, arm, replication, common + effect + rng.normal(), 0.9))
    frame = pd.DataFrame(rows, columns=["point", "arm", "replication", "cost", "fill"])
    missing = (frame["point"] == 1) & (frame["arm"] == "orch") & (frame["replication"] == 4)
    frame.loc[missing, "cost"] = np.nan
    return frame
