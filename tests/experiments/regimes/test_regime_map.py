from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.regimes.coordinates import NAMES
from ripieno.experiments.regimes.map_pictures import slices
from ripieno.experiments.regimes.map_report import save_map
from ripieno.experiments.regimes.regime_map import MAP_FILE, dumps_map, make_map, read_map
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.visualization import figures

from .conftest import MakeGains

MIDDLE = {"owners": 5.0, "sites": 3.0, "partners": 2.0, "distance": 0.5, "volatility": 0.5, "decision_path": 0.5}


def by_owners(table: pd.DataFrame) -> Any:
    """Loses with one owner, gains with many, nothing near four."""
    return 0.1 * (np.log1p(table["owners"]) - np.log1p(4))


def test_the_surface_turns_where_the_gain_does(make_gains: MakeGains) -> None:
    made = make_map(make_gains(by_owners))
    few, many = (made.reading(MIDDLE | {"owners": owners}) for owners in (1.5, 8.0))
    assert few.high < 0 < many.low
    assert many.estimate == pytest.approx(0.1 * (np.log1p(8) - np.log1p(4)), abs=0.01)
    assert (few.pays, many.pays) == (False, True)
    assert made.quality["explained"] > 0.95
    assert made.right["accuracy"] > made.right["base"]


def test_overhead_moves_the_line(make_gains: MakeGains) -> None:
    gains = make_gains(by_owners)
    free, dear = make_map(gains), make_map(gains, overhead=0.06)
    assert free.pays.sum() > dear.pays.sum() > 0
    place = MIDDLE | {"owners": 6.0}
    assert free.reading(place).pays
    assert not dear.reading(place).pays
    assert free.reading(place).estimate == dear.reading(place).estimate


def test_intervals_decide_what_pays(make_gains: MakeGains) -> None:
    assert not make_map(make_gains(by_owners, half=1.0)).pays.any()


@pytest.mark.parametrize(
    ("changed", "beyond"),
    [
        ({}, ()),
        ({"owners": 40.0}, ("owners",)),
        ({"sites": 9.0}, ("sites",)),
        ({"distance": 7.0, "volatility": 3.0}, ("distance", "volatility")),
    ],
)
def test_what_lies_outside_is_said(make_gains: MakeGains, changed: dict[str, float], beyond: tuple[str, ...]) -> None:
    found = make_map(make_gains(by_owners)).reading(MIDDLE | changed)
    assert found.beyond == beyond
    assert found.inside == (not beyond)


def test_a_gap_between_the_points_is_outside(make_gains: MakeGains) -> None:
    def only_corners(table: pd.DataFrame) -> pd.DataFrame:
        near = table[(table["volatility"] - table["distance"]).abs() < 0.2]
        return near[near["distance"].between(0.0, 1.0)]

    gains = make_gains(by_owners, count=200)
    rest = only_corners(gains.table).reset_index(drop=True)
    made = make_map(type(gains)(gains.study, gains.quick, gains.period, rest, gains.facts))
    ends = rest[["distance", "volatility"]].agg(["min", "max"])
    corner = MIDDLE | {"distance": ends["distance"]["min"], "volatility": ends["volatility"]["max"]}
    assert made.reading(MIDDLE).inside
    assert not made.reading(corner).inside
    assert made.reading(corner).beyond == ()


def test_a_network_that_cannot_be_measured_has_no_place(make_gains: MakeGains) -> None:
    found = make_map(make_gains(by_owners)).reading(MIDDLE | {"volatility": np.nan})
    assert found.unknown == ("volatility",)
    assert not found.inside
    assert found.pays is None
    assert np.isnan(found.estimate)


def test_a_map_survives_its_file(make_gains: MakeGains, tmp_path: Path) -> None:
    made = make_map(make_gains(by_owners))
    (tmp_path / MAP_FILE).write_bytes(dumps_map(made))
    for source in (tmp_path, tmp_path / MAP_FILE):
        again = read_map(source)
        assert dumps_map(again) == dumps_map(made)
        assert again.reading(MIDDLE) == made.reading(MIDDLE)


def test_a_map_with_missing_numbers_is_plain_json(make_gains: MakeGains, tmp_path: Path) -> None:
    gains = make_gains(by_owners)
    table = gains.table.assign(distance=np.nan)
    made = make_map(type(gains)(gains.study, gains.quick, gains.period, table, gains.facts))
    text = dumps_map(made).decode()
    assert json.loads(text, parse_constant=pytest.fail)["rows"]["distance"][0] is None
    (tmp_path / MAP_FILE).write_text(text, encoding="utf-8")
    assert np.isnan(read_map(tmp_path).rows["distance"]).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file"),
        ("{}", "is no regime map"),
        ("not json", "is no regime map"),
        ('{"format": 99}', "is a map of format 99, not 1"),
        ('{"format": 1, "rows": {}}', "is no regime map"),
    ],
)
def test_what_is_no_map_is_refused_with_the_cure(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / MAP_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(StudyError, match=message) as caught:
        read_map(tmp_path)
    assert "ripieno regimes" in str(caught.value)


def test_too_little_to_map_is_refused(make_gains: MakeGains) -> None:
    with pytest.raises(StudyError, match="9 design points are too few for a map; run it with 10 or more"):
        make_map(make_gains(by_owners, count=9))
    gains = make_gains(by_owners)
    still = gains.table.assign(**dict.fromkeys(NAMES, 1.0))
    with pytest.raises(StudyError, match="all its points lie at one place"):
        make_map(type(gains)(gains.study, gains.quick, gains.period, still, gains.facts))


def test_a_slice_is_drawn_over_what_the_gain_follows(make_gains: MakeGains) -> None:
    made = make_map(make_gains(lambda table: 0.1 * table["volatility"] + 0.2 * table["decision_path"] - 0.15))
    (one,) = slices(made)
    assert one.names == ("volatility", "decision_path")
    assert set(one.held) == {"owners", "distance"}
    assert sum(one.shares) == pytest.approx(1)
    assert min(one.shares) > 0
    assert figures.as_bytes(one.figure, "svg") == figures.as_bytes(next(slices(made)).figure, "svg")
    (other,) = slices(made, ("owners", "distance"))
    assert other.names == ("owners", "distance")
    assert other.figure.axes[0].get_xlabel() == "owners"
    assert other.figure.axes[0].get_ylabel() == "distance (review periods)"
    with pytest.raises(StudyError, match="sites does not vary; name two of owners, distance"):
        list(slices(made, ("owners", "sites")))


def test_the_folder_holds_page_map_table_and_pictures(make_gains: MakeGains, tmp_path: Path) -> None:
    gains = make_gains(by_owners, quick=True)
    made = make_map(gains)
    (tmp_path / "figure-map-older.svg").write_text("an arm of an earlier map", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("stays", encoding="utf-8")
    paths = save_map(gains, made, list(slices(made)), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in paths} | {"mine.txt"}
    page = (tmp_path / "regime_map.html").read_text(encoding="utf-8")
    assert "cut down for looking" in page
    assert "<script" not in page
    assert f"{made.right['accuracy'] * 100:.3g}" in page
    assert "Owners &lt;= 4.5: not shown to pay" in page
    assert page.count("<figure>") == 1
    table = pd.read_csv(tmp_path / "regime_map.csv")
    assert table["relative"].to_numpy() == pytest.approx(gains.table["relative"].to_numpy())
    assert paths[-1].name == "provenance.json"
    before = {path.name: path.read_bytes() for path in paths}
    save_map(gains, make_map(gains), list(slices(made)), tmp_path)
    assert {path.name: path.read_bytes() for path in paths} == before
