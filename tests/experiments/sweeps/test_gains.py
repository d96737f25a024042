"""What the gain is made of, over the points of a study, and the sections of the report about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.compare.gap import QUALITY, SHARED, gap_parts
from ripieno.experiments.sweeps import Options, Store, Study, run_study
from ripieno.experiments.sweeps.gains import over_points
from ripieno.experiments.sweeps.reporting import write_report

NOISE = np.array([-0.1, 0.0, 0.1])


def test_every_point_counts_alike_in_the_mean_over_points() -> None:
    # The second point costs a hundred times as much; at both opt -> selfish saves a tenth, selfish -> orch a fifth.
    rows = [
        (point, arm, r, scale * (share + noise))
        for point, scale in enumerate((1.0, 100.0))
        for arm, share in (("opt", 1.0), ("selfish", 0.9), ("orch", 0.7))
        for r, noise in enumerate(NOISE)
    ]
    frame = pd.DataFrame(rows, columns=["point", "arm", "replication", "cost"])
    parts = gap_parts(over_points(frame)).set_index("part")
    np.testing.assert_allclose(parts.loc[[QUALITY, SHARED], "gain"], [0.1, 0.2], rtol=1e-12)
    np.testing.assert_allclose(parts.loc[[QUALITY, SHARED], "share"], [1 / 3, 2 / 3], rtol=1e-12)


def test_a_replication_that_lacks_a_point_has_no_value() -> None:
    rows = [(p, "opt", r, 1.0 + r) for p in range(2) for r in range(3) if (p, r) != (1, 2)]
    found = over_points(pd.DataFrame(rows, columns=["point", "arm", "replication", "cost"]))
    assert found["cost"].isna().tolist() == [False, False, True]


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., str]:
    def make(**changed: Any) -> str:
        table: dict[str, Any] = {
            "name": "parts",
            "scenario": "serial-owners",
            "metrics": ["cost"],
            "values": {"periods": 130, "warm_up": 60, "orchestration.first": 30, "orchestration.search.history": 14},
            "replications": 3,
        }
        run_study(Study.model_validate(table | changed), tmp_path / "s", Options(quiet=True))
        return write_report(Store.open(tmp_path / "s")).read_text(encoding="utf-8")

    return make


def test_the_report_splits_the_gap_where_the_arms_are_there(page: Callable[..., str]) -> None:
    arms = {arm: {"orchestration.arm": arm} for arm in ("opt", "selfish", "orch")}
    search = {"replications": 1, "rounds": 1, "singles": 2, "periods": 40}
    text = page(arms=arms, comparison={"control": "selfish"}, reference=search)
    assert "What the gain is made of" in text
    assert "what remains (orch to central)" in text
    assert "left open" in text


def test_the_report_attributes_to_players(page: Callable[..., str]) -> None:
    text = page(coalitions={"players": {"stores": ["Store", "Depot"], "haulier": ["Haulier"]}})
    assert "Who does it" in text
    assert "What the gain is made of" not in text
    assert "stores+haulier" in text
