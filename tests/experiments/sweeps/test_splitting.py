from __future__ import annotations

import numpy as np
import pandas as pd
from ripieno.experiments.sweeps.splitting import splits

NAMES = ["lead", "network", "other"]


def points() -> pd.DataFrame:
    """Forty points: a number, a name and a number that means nothing."""
    index = np.arange(40)
    return pd.DataFrame(
        {"lead": index / 10, "network": np.where(index % 4 == 0, "tree", "chain"), "other": (index * 7) % 40}
    )


def test_the_cut_that_divides_is_found() -> None:
    table = points()
    first = splits(table, NAMES, (table["lead"] > 2.45).to_numpy())[0]
    assert (first.condition, first.inside, first.outside) == ("lead <= 2.45", 0.0, 1.0)
    assert (first.points_inside, first.points_outside) == (25, 15)


def test_a_name_is_cut_off_from_the_others() -> None:
    table = points()
    first = splits(table, NAMES, (table["network"] == "tree").to_numpy())[0]
    assert first.condition in ("network == 'tree'", "network == 'chain'")
    assert {first.inside, first.outside} == {0.0, 1.0}


def test_the_gain_is_the_fall_of_the_gini_impurity() -> None:
    table = pd.DataFrame({"lead": np.repeat([0.0, 1.0], 10)})
    came = np.array([True] * 9 + [False] + [True] * 3 + [False] * 7)
    (only,) = splits(table, ["lead"], came)
    assert (only.inside, only.outside) == (0.9, 0.3)
    assert np.isclose(only.gain, 2 * 0.6 * 0.4 - 0.5 * 2 * 0.9 * 0.1 - 0.5 * 2 * 0.3 * 0.7)


def test_a_cut_leaves_points_on_both_sides() -> None:
    table = pd.DataFrame({"lead": np.arange(5.0)})
    assert splits(table, ["lead"], np.array([True, False, False, False, False])) == []
    assert splits(pd.DataFrame({"lead": np.zeros(40)}), ["lead"], np.arange(40) > 3) == []
