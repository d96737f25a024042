"""The folder of a comparison and the page in it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import ripieno
from ripieno.experiments import output
from ripieno.experiments.compare import drawing
from ripieno.experiments.compare.comparison import Comparison
from ripieno.model.schema import Scenario, load, with_values
from ripieno.visualization import figures

from ..conftest import two_stages
from .conftest import COSTS, Make, comparison_of, two_runs

LEVEL = "warehouses.Shop.policy.level"
SCORES = {
    owner: {arm: tuple(share * cost for cost in line) for arm, line in COSTS.items()}
    for owner, share in (("A", 0.25), ("B", 0.75))
}
PAGE = Path(__file__).parents[3] / "docs" / "howto" / "compare.md"
TABLES = ["agents", "gap", "ledger", "paired", "scores", "summary"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def full() -> Comparison:
    """Everything there is to show, but for docks and echelons."""
    return comparison_of(two_stages(), COSTS, SCORES, two_runs(), cost_holding=COSTS)


@pytest.fixture(scope="module")
def saved(full: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, only to be read."""
    folder = tmp_path_factory.mktemp("saved") / "deep" / "out"
    assert sorted(full.save(folder)) == [folder / name for name in names(folder)]
    return folder


@pytest.fixture(scope="module")
def page(saved: Path) -> str:
    return (saved / "report.html").read_text(encoding="utf-8")


def test_the_files_are_the_tables(full: Comparison, saved: Path) -> None:
    folder = saved
    drawn = ("paired", "costs", "scorecards", "quadrants", "negotiation")
    assert names(folder) == sorted(
        [
            *(f"{name}.parquet" for name in TABLES),
            *(f"scenario-{arm}.toml" for arm in COSTS),
            *(f"figure-{name}.{kind}" for name in drawn for kind in ("svg", "png")),
            "report.html",
            "provenance.json",
        ]
    )
    for name in TABLES:
        pd.testing.assert_frame_equal(
            pd.read_parquet(folder / f"{name}.parquet"), getattr(full, name), check_dtype=False
        )


def test_the_provenance_vouches_for_every_file(saved: Path) -> None:
    about = json.loads((saved / "provenance.json").read_text(encoding="utf-8"))
    assert about["arms"] == list(COSTS)
    assert (about["reference"], about["seed"], about["runs"]) == ("none", 3, 4)
    hashes = {name: hashlib.sha256((saved / name).read_bytes()).hexdigest() for name in names(saved)}
    hashes.pop("provenance.json")
    assert about["files"] == hashes


def test_the_scenario_of_an_arm_gives_its_runs_again(world: Scenario, tmp_path: Path) -> None:
    found = ripieno.compare(world, {"none": {}, "low stock": {LEVEL: 22.0}}, runs=3, seed=5)
    found.save(tmp_path)
    again = ripieno.simulate(load(str(tmp_path / "scenario-low-stock.toml")))
    rows = found.summary[found.summary["arm"] == "low stock"]
    assert again.summary["cost"].tolist() == rows["cost"].tolist()


def test_results_in_a_folder_replace_each_other_and_other_files_stay(
    full: Comparison, world: Scenario, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    full.save(tmp_path)
    ripieno.simulate(world, runs=1).save(tmp_path)
    run = ["agents.parquet", "notes.txt", "provenance.json", "scenario.toml", "summary.parquet"]
    assert names(tmp_path) == run
    full.save(tmp_path, csv=True)
    assert not set(names(tmp_path)) & {"scenario.toml", "summary.parquet"}
    assert {"notes.txt", *(f"{name}.csv" for name in TABLES)} <= set(names(tmp_path))


def test_a_table_that_cannot_be_made_leaves_the_earlier_results_alone(
    full: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.save(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    monkeypatch.setattr(figures, "scorecards", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        full.save(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


def test_every_figure_can_be_replaced() -> None:
    assert set(drawing.FIGURES) == set(output.FIGURES)


def page_of(comparison: Comparison, folder: Path) -> str:
    comparison.save(folder)
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_is_whole_and_asks_for_nothing_outside(page: str) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert headings == [
        "What it comes to", "The network", "The gap", "Who wins, who loses", "The negotiation",
        "All metrics of the network", "How to do it again", "Provenance",
    ]  # fmt: skip
    assert "<script" not in page
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert addresses
    assert all(address.startswith(("data:image/", "#")) for address in addresses)
    assert len(re.findall(r'<img src="data:image/svg[^>]*alt="[^"]+"', page)) == 5


def test_the_page_says_what_the_tables_say(page: str) -> None:
    assert "worse.</strong> opt loses: it costs more than none by 5 [3.7, 6.3] a week" in page
    assert "better.</strong> orch costs less than none by 20 [17.7, 22.3] a week" in page
    assert "Day 80" not in page  # the scenario counts in weeks
    assert "Week 80: the orchestrator proposed B waits." in page
    assert "ripieno compare scenario-none.toml --arms none,opt,selfish,orch,central -o again" in page
    for part in ("model quality", "shared objective", "left open"):
        assert f'<th scope="row">{part}</th>' in page


def test_two_pages_of_the_same_runs_differ_in_the_provenance_alone(full: Comparison, page: str, tmp_path: Path) -> None:
    pages = [text.partition("Provenance</h2>")[0] for text in (page, page_of(full, tmp_path))]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("arms", [("none",), ("none", "opt")])
def test_one_arm_or_one_run_has_a_page(made: Make, tmp_path: Path, arms: tuple[str, ...]) -> None:
    page = page_of(made({arm: COSTS[arm][:1] for arm in arms}), tmp_path)
    assert not re.search(r"\bnan\b", re.sub(r"data:[^\"]*", "", page))
    expected = "nothing to compare it with" if len(arms) == 1 else "With one run there are no intervals"
    assert expected in page


def test_arms_of_ones_own_are_done_again_by_their_scenarios(world: Scenario, tmp_path: Path) -> None:
    page = page_of(ripieno.compare(world, {"as it is": {}, "low": {LEVEL: 22.0}}, runs=2), tmp_path)
    assert "ripieno run scenario-as-it-is.toml\nripieno run scenario-low.toml" in page


def test_the_code_of_the_how_to_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(code, "compare.md", "exec"), found)
    assert "report.html" in names(tmp_path / "dear-stock")
    assert found["found"].scores["owner"].nunique() == 4


def test_a_first_picture(full: Comparison, made: Make) -> None:
    assert full.plot().axes[0].get_ylabel() == "network's cost, change from none (%)"
    alone = made({"none": COSTS["none"]}, cost_holding={"none": COSTS["none"]})
    assert alone.plot().axes[0].get_xlabel() == "cost (money per week)"
    with pytest.raises(ValueError, match="nothing to draw"):
        made({"none": COSTS["none"]}).plot()


def test_bullwhip_and_docks_are_drawn_where_there_are_some() -> None:
    scenario = with_values(ripieno.load("regional"), {"warm_up": 20})
    found = ripieno.compare(scenario, {"none": {}, "dear": {"warehouses.Hanover.backlog_cost": 2}}, runs=2, periods=90)
    drawn = drawing.drawings(found)
    assert {"bullwhip", "docks"} <= set(drawn)
    axis = drawn["docks"].figure.axes[0]
    assert axis.get_xlabel() == "queue at the dock (trucks)"
    assert 1 <= len(axis.get_yticks()) <= drawing.DOCKS
