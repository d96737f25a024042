from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ripieno.experiments.sweeps.designs import Design, designs, read
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.parameters import Parameter, Point, Space

SPACE = Space(
    {
        "a": Parameter(low=0.0, high=1.0),
        "b": Parameter(low=1.0, high=100.0, log=True),
        "c": Parameter(values=[1, 2, 3]),
    },
    {"a": 0.25, "b": 10.0, "c": 2},
)
SAMPLED: list[dict[str, Any]] = [
    {"type": "latin-hypercube", "points": 8},
    {"type": "sobol", "points": 8},
    {"type": "morris", "trajectories": 3},
    {"type": "saltelli", "samples": 4},
]
SIZES = {"latin-hypercube": 8, "sobol": 8, "morris": 3 * 4, "saltelli": 4 * 8}


def seeded(table: dict[str, Any], seed: int = 5) -> Design:
    return read(table).resolved(SPACE, seed)


def numbers(points: list[Point]) -> np.ndarray:
    return np.array([list(point.values()) for point in points], dtype=float)


def test_all_designs_are_found_by_name() -> None:
    assert set(designs()) == {
        "csv", "grid", "latin-hypercube", "list", "morris", "one-at-a-time", "saltelli", "sobol",
    }  # fmt: skip
    assert read({"type": "lhs", "points": 4}).type == "latin-hypercube"
    assert read({"type": "oat"}).type == "one-at-a-time"


@pytest.mark.parametrize("table", SAMPLED, ids=lambda table: table["type"])
class TestSampled:
    def test_it_has_the_documented_size_and_stays_within_the_ranges(self, table: dict[str, Any]) -> None:
        points = seeded(table).sample(SPACE)
        assert len(points) == SIZES[table["type"]]
        a, b, c = numbers(points).T
        assert ((a >= 0) & (a <= 1) & (b >= 1) & (b <= 100)).all()
        assert set(c) <= {1.0, 2.0, 3.0}

    def test_the_seed_makes_it_reproducible(self, table: dict[str, Any]) -> None:
        assert seeded(table).sample(SPACE) == seeded(table).sample(SPACE)
        assert seeded(table).sample(SPACE) != seeded(table, 6).sample(SPACE)

    def test_it_leaves_the_global_generator_alone(self, table: dict[str, Any]) -> None:
        np.random.seed(1)  # noqa: NPY002
        before = np.random.get_state()[1].copy()  # type: ignore[index]  # noqa: NPY002
        first = seeded(table).sample(SPACE)
        np.random.seed(2)  # noqa: NPY002
        assert seeded(table).sample(SPACE) == first
        np.random.seed(1)  # noqa: NPY002
        assert (np.random.get_state()[1] == before).all()  # type: ignore[index]  # noqa: NPY002

    def test_growing_keeps_the_points_in_front(self, table: dict[str, Any]) -> None:
        size = next(value for key, value in table.items() if key != "type")
        grown = [point for design in seeded(table).extended(size, 99) for point in design.sample(SPACE)]
        before = seeded(table).sample(SPACE)
        assert grown[: len(before)] == before
        assert len(grown) == 2 * len(before)
        assert grown[len(before) :] != before

    def test_it_needs_something_to_vary(self, table: dict[str, Any]) -> None:
        with pytest.raises(StudyError, match="needs something to vary"):
            seeded(table).sample(Space({}))
        with pytest.raises(StudyError, match=r"parameters\.a: has no values"):
            seeded(table).sample(Space({"a": Parameter()}))

    def test_the_table_reads_back(self, table: dict[str, Any]) -> None:
        assert read(seeded(table).table()) == seeded(table)


def test_a_latin_hypercube_visits_every_part_of_every_range_once() -> None:
    a = numbers(seeded({"type": "lhs", "points": 10}).sample(SPACE))[:, 0]
    assert sorted(np.floor(a * 10).astype(int)) == list(range(10))


def test_a_morris_trajectory_changes_one_parameter_a_step() -> None:
    space = Space({name: Parameter(low=0.0, high=1.0) for name in "abcd"})
    points = numbers(read({"type": "morris", "trajectories": 5, "seed": 1}).sample(space))
    for start in range(0, len(points), 5):
        changed = np.diff(points[start : start + 5], axis=0) != 0
        assert (changed.sum(axis=1) == 1).all()
        assert changed.any(axis=0).all()


def test_a_saltelli_sample_swaps_one_column_at_a_time() -> None:
    points = numbers(seeded({"type": "saltelli", "samples": 2, "second_order": False}).sample(SPACE))
    assert len(points) == 2 * (3 + 2)
    first, mixed = points[0], points[1:4]
    assert ((mixed != first).sum(axis=1) <= 1).all()


def test_saltelli_samples_are_a_power_of_two() -> None:
    with pytest.raises(ValueError, match="give 4 or 8"):
        read({"type": "saltelli", "samples": 6})
    with pytest.raises(StudyError, match="extend by 4"):
        seeded({"type": "saltelli", "samples": 4}).extended(2, 1)


def test_a_grid_is_the_product_in_order() -> None:
    space = Space({"a": Parameter(values=[1, 2]), "b": Parameter(low=0.0, high=1.0, levels=2)})
    assert [tuple(p.values()) for p in read({"type": "grid"}).sample(space)] == [(1, 0.0), (1, 1.0), (2, 0.0), (2, 1.0)]
    assert read({"type": "grid"}).sample(Space({})) == [{}]


def test_one_at_a_time_starts_from_the_scenario_and_repeats_no_point() -> None:
    points = read({"type": "one-at-a-time"}).sample(SPACE)
    assert points[0] == {"a": 0.25, "b": 10.0, "c": 2}
    assert [p["c"] for p in points if p["a"] == 0.25 and p["b"] == 10.0] == [2, 1, 3]
    assert len(points) == 1 + 2 + 2 + 2
    for point in points[1:]:
        assert sum(point[name] != points[0][name] for name in point) == 1


def test_one_at_a_time_takes_levels() -> None:
    space = Space({"a": Parameter(low=0.0, high=1.0, levels=5)}, {"a": 0.5})
    assert [p["a"] for p in read({"type": "oat"}).sample(space)] == [0.5, 0.0, 0.25, 0.75, 1.0]


def test_the_quick_version_of_a_list_is_spread_over_it() -> None:
    listed = read({"type": "list", "points": [{"a": i} for i in range(7)]})
    assert [[p["a"] for p in listed.quick(most).points] for most in (2, 3, 9)] == [  # type: ignore[attr-defined]
        [0, 3],
        [0, 2, 4],
        [0, 1, 2, 3, 4, 5, 6],
    ]


def test_a_list_brings_its_own_names() -> None:
    design = read({"type": "list", "points": [{"x": 1, "a": 2.0}, {"a": 3.0, "x": "t"}]})
    assert design.names(Space({"a": Parameter()})) == ["x"]
    points = design.sample(Space({"a": Parameter(), "x": Parameter()}))
    assert points == [{"a": 2.0, "x": 1}, {"a": 3.0, "x": "t"}]
    with pytest.raises(StudyError, match="no value for the parameter aa"):
        design.sample(Space({"aa": Parameter()}))


class TestCsv:
    def design(self, folder: Path, text: str) -> tuple[Design, Space]:
        (folder / "points.csv").write_text(text, encoding="utf-8")
        space = Space({name: Parameter() for name in ("a", "b", "c")}, {}, folder)
        return read({"type": "csv", "file": "points.csv"}), space

    def test_cells_are_read_as_what_they_are(self, tmp_path: Path) -> None:
        design, space = self.design(tmp_path, "a,b,c\n1,0.1,true\n\n2,1e-3,priority\n")
        assert design.sample(space) == [{"a": 1, "b": 0.1, "c": True}, {"a": 2, "b": 1e-3, "c": "priority"}]

    def test_another_content_is_another_design(self, tmp_path: Path) -> None:
        design, space = self.design(tmp_path, "a,b,c\n1,2,3\n")
        first = design.resolved(space, 0)
        design, space = self.design(tmp_path, "a,b,c\n1,2,4\n")
        assert design.resolved(space, 0) != first
        assert first.resolved(space, 0) == first

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a,b,c\n", "holds no points"),
            ("a,b,b\n1,2,3\n", "stands twice"),
            ("a,b,c\n1,2\n", "row 2 has 2 cells for 3 columns"),
            ("a,b,c\n1,,3\n", "row 2, column b: is empty"),
            ("a,b,c\n1,2,3\n1,nan,3\n", "row 3, column b = nan"),
        ],
    )
    def test_a_broken_file_is_refused(self, tmp_path: Path, text: str, message: str) -> None:
        design, space = self.design(tmp_path, text)
        with pytest.raises(StudyError, match=message):
            design.sample(space)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(StudyError, match=r"there is no file .*none\.csv"):
            read({"type": "csv", "file": "none.csv"}).sample(Space({}, {}, tmp_path))


@pytest.mark.parametrize("kind", ["grid", "one-at-a-time"])
def test_a_design_without_a_size_says_how_to_grow(kind: str) -> None:
    with pytest.raises(StudyError, match="extend with that file"):
        read({"type": kind}).extended(3, 1)
