"""The five examples: a setting helps the agent that chooses it and harms the network, by trucks, doors and stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import ripieno
from ripieno.experiments.statistics import paired_table
from ripieno.experiments.sweeps import Merged, Options, Store, Study, load_study, merge, run_study
from ripieno.experiments.sweeps.claims import LEAST_REPLICATIONS
from ripieno.experiments.sweeps.judging import judge_predictions
from ripieno.experiments.sweeps.opening import plan_of
from ripieno.experiments.sweeps.reading import prepare
from ripieno.model.schema import with_values

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "congestion.md"
LOCAL_SCORE = {
    "e1-picking-waves": "Hub",
    "e2-cheap-sourcing": "Works",
    "e3-stock-cuts": "Depot",
    "e4-long-campaigns": "Works",
    "e5-departures": "Haulier",
}
OWN, WHOLE = "own-best", "network-best"
# The harm that the design names, in the metric that shows it, by the claim that it decides.
NAMED_HARM: dict[str, dict[str, tuple[str, str]]] = {
    "e1-picking-waves": {"E1": ("dock_wait", "higher")},
    "e2-cheap-sourcing": {
        "E2 orders": ("Store.order_variance_day", "higher"),
        "E2 production": ("Works.production_variance_day", "higher"),
    },
    "e3-stock-cuts": {"E3": ("fill_rate", "lower")},
    "e4-long-campaigns": {"E4": ("fill_rate", "lower")},
    "e5-departures": {
        "E5 lead time": ("Depot.delivery_time", "higher"),
        "E5 working capital": ("working_capital", "higher"),
    },
}
# The rows of the page's tables.
ROWS: dict[str, list[str]] = {
    "e1-picking-waves": ["Hub.score", "Hub.cost_waves", "dock_wait", "Hub.delivery_time", "fill_rate", "cost"],
    "e2-cheap-sourcing": [
        "Works.score",
        "Store.order_variance_day",
        "Works.production_variance_day",
        "fill_rate",
        "cost",
    ],
    "e3-stock-cuts": ["Depot.score", "Depot.stock", "fill_rate", "cost"],
    "e4-long-campaigns": ["Works.score", "Works.cost_setup", "fill_rate", "cost"],
    "e5-departures": ["Haulier.score", "Depot.delivery_time", "working_capital", "fill_rate", "cost"],
}
# What the agent could have chosen instead of the setting in the scenario, without anybody else changing anything.
OWN_CHOICES: list[tuple[str, dict[str, Any]]] = [
    ("e1-picking-waves", {"warehouses.Hub.waves.every": 5}),
    ("e1-picking-waves", {"warehouses.Hub.waves.every": 7}),
    ("e2-cheap-sourcing", {"warehouses.Store.policy.reorder_point": 250}),
    ("e2-cheap-sourcing", {"warehouses.Store.policy.reorder_point": 700}),
    ("e3-stock-cuts", {"warehouses.Depot.policy.safety_factor": 0.75}),
    ("e3-stock-cuts", {"warehouses.Depot.policy.safety_factor": -0.25}),
    ("e4-long-campaigns", {"factories.Works.campaign.cycle": 14, "factories.Works.policy.cover": 9}),
    ("e4-long-campaigns", {"factories.Works.campaign.cycle": 26, "factories.Works.policy.cover": 15}),
    ("e5-departures", {"carriers.Haulier.dispatch.threshold": 0.9}),
    ("e5-departures", {"carriers.Haulier.dispatch.longest_wait": 4}),
]
# Means that the text of the page gives beside its tables.
IN_WORDS: dict[str, list[tuple[str, str, str]]] = {
    "e1-picking-waves": [
        ("network-ample", "cost", "plenty of both | 389 |"),
        ("local-ample", "cost", "| 389 | 427 |"),
        ("local-covered", "cost", "cost is 389 too"),
        ("local-covered", "working_capital", "58,069 instead"),
        ("network", "working_capital", "of 50,227"),
    ],
    "e4-long-campaigns": [("local-steady", "cost", "21.1 against"), ("network-steady", "cost", "against 24.3")],
    "e5-departures": [
        ("local-covered", "working_capital", "18,428, 5 %"),
        ("local-covered", "cost", "cost is 21.8"),
        ("local", "Corby.fill_rate", "serves 70 %"),
        ("network", "Corby.fill_rate", "had served 97"),
    ],
}
Finished = tuple[Study, Merged]


def as_it_stands(study: Study) -> Study:
    """The study at the scenario as it stands, without the arms whose values are chosen."""
    arms = {name: values for name, values in study.arms.items() if name not in study.chosen}
    predictions = [p for p in study.predictions if p.arm in arms]
    changed = {"design": study.design[:1], "arms": arms, "chosen": {}, "comparison": None, "predictions": predictions}
    return study.model_copy(update=changed)


@pytest.fixture(scope="module", params=LOCAL_SCORE)
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One of the built-in studies, run at the scenario as it stands."""
    study = as_it_stands(load_study(request.param))
    folder = tmp_path_factory.mktemp("study") / "s"
    run_study(study, folder, Options())
    store = Store(folder)
    return study, merge(store, plan_of(store))


def test_an_example_comes_out_as_predicted(finished: Finished) -> None:
    """Paired differences, with every interval on the predicted side of zero."""
    study, merged = finished
    judged = judge_predictions(study, merged)
    assert len(judged) == len(study.predictions) >= 4
    assert {one.sentence: one.verdict.verdict for one in judged if one.verdict.verdict != "supported"} == {}


def test_the_page_shows_what_comes_out(finished: Finished) -> None:
    assert "\n".join(rows_of(*finished)) in PAGE.read_text(encoding="utf-8")


def test_the_text_of_the_page_says_what_comes_out(finished: Finished) -> None:
    study, merged = finished
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    for arm, metric, words in IN_WORDS.get(study.name, []):
        mean = merged.frame.loc[merged.frame["arm"] == arm, metric].mean()
        written = f"{100 * mean:.0f}" if metric.endswith("fill_rate") else short(mean)
        assert written in words
        assert words in text


def rows_of(study: Study, merged: Merged) -> list[str]:
    """The rows of the page's table on an example: both settings and the paired difference with its interval."""
    table: pd.DataFrame = paired_table(merged.frame, ROWS[study.name], "network")
    rows = []
    for row in table[table["arm"] == "local"].to_dict("records"):
        network, difference, low, high = (float(row[name]) for name in ("control_mean", "estimate", "low", "high"))
        interval = f"{short(difference)} [{short(low)}, {short(high)}]"
        rows.append(f"| `{row['metric']}` | {short(network)} | {short(network + difference)} | {interval} |")
    return rows


def short(value: float) -> str:
    """A number with about three digits."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"


@pytest.mark.parametrize("name", LOCAL_SCORE)
def test_a_study_has_both_settings_of_one_scenario(name: str) -> None:
    study = load_study(name)
    assert study.scenario == name
    assert study.arms["local"] == {}
    assert study.arms["network"]
    gain = [p for p in study.predictions if p.metric == f"{LOCAL_SCORE[name]}.score" and p.arm == "local"]
    assert [(p.expected, p.against) for p in gain] == [("lower", "network")]


@pytest.mark.parametrize("name", LOCAL_SCORE)
def test_the_claim_is_the_named_harm_over_a_space(name: str) -> None:
    """Its own best value against the network's, at points that are not the one for which the example was made."""
    study = load_study(name)
    assert study.chosen[OWN].metric == f"{LOCAL_SCORE[name]}.score"
    assert study.chosen[WHOLE].metric == "cost"
    assert study.chosen[OWN].among == study.chosen[WHOLE].among
    decided = {p.claim: (p.metric, p.expected) for p in study.predictions if p.claim is not None}
    assert decided == NAMED_HARM[name]
    over_space = [p for p in study.predictions if p.arm == OWN]
    assert {(p.against or study.control, p.where) for p in over_space} == {(WHOLE, "demand != 1")}
    assert ("cost", "higher") in {(p.metric, p.expected) for p in over_space}
    assert {p.where for p in study.predictions if p not in over_space} == {"demand == 1"}
    assert study.replications.most >= LEAST_REPLICATIONS


@pytest.mark.parametrize("name", LOCAL_SCORE)
def test_the_space_holds_the_scenario_as_it_stands_and_is_wide(name: str) -> None:
    prepared = prepare(load_study(name))
    (alone,), spread = (design.sample(prepared.space) for design in prepared.study.design)
    assert {n: p.neutral for n, p in prepared.space.parameters.items() if p.act != "set"}.items() <= alone.items()
    assert prepared.built(alone, "local") == prepared.scenario
    assert 5 <= len(alone) <= 8
    assert len(spread) >= 24
    assert all(point["demand"] != 1 for point in spread)
    wide = [p for p in prepared.space.parameters.values() if p.act == "scale" and (p.high or 0) >= 1.5 * (p.low or 1)]
    assert len(wide) >= 5


@pytest.mark.parametrize("name", LOCAL_SCORE)
def test_the_candidates_hold_the_settings_of_the_page(name: str) -> None:
    """In E5 a longest wait of a year stands for none at all."""
    scenario, study = ripieno.load(name), load_study(name)
    candidates = study.chosen[OWN].candidates
    written = [with_values(scenario, candidate) for candidate in candidates]
    assert with_values(scenario, study.arms["network"]) in written
    local = {"carriers.Haulier.dispatch.longest_wait": 365} if name == "e5-departures" else {}
    assert with_values(scenario, local) in written


@pytest.mark.parametrize(("name", "other"), OWN_CHOICES, ids=lambda value: value if isinstance(value, str) else "")
def test_the_local_setting_is_the_best_for_its_agent(name: str, other: dict[str, Any]) -> None:
    scenario = ripieno.load(name)
    ours, theirs = (
        ripieno.simulate(one, runs=24).agent(LOCAL_SCORE[name], "score").to_numpy()
        for one in (scenario, with_values(scenario, other))
    )
    difference = ours - theirs
    assert difference.mean() < -2.0 * difference.std(ddof=1) / np.sqrt(len(difference))


DEPOTS = ("North", "East", "South")
A_FIFTH: dict[str, dict[str, Any]] = {
    "fewer trucks": {"carriers.Haulier.fleet.trucks": 19},
    "more trucks": {"carriers.Haulier.fleet.trucks": 29},
    "smaller trucks": {"carriers.Haulier.fleet.capacity": 21.6},
    "larger trucks": {"carriers.Haulier.fleet.capacity": 32.4},
    "less demand": {f"markets.{name} shops.demand.mean": 32 for name in DEPOTS}
    | {f"markets.{name} shops.demand.variance": 96 for name in DEPOTS}
    | {f"warehouses.{name}.policy.level": 204 for name in DEPOTS},
    "more demand": {f"markets.{name} shops.demand.mean": 48 for name in DEPOTS}
    | {f"markets.{name} shops.demand.variance": 144 for name in DEPOTS}
    | {f"warehouses.{name}.policy.level": 306 for name in DEPOTS},
    "cheaper setups": {"warehouses.Hub.waves.setup_cost": 160},
    "dearer setups": {"warehouses.Hub.waves.setup_cost": 240},
}


@pytest.mark.parametrize("changed", A_FIFTH)
def test_the_harm_of_e1_does_not_hang_on_one_value(changed: str) -> None:
    large = with_values(ripieno.load("e1-picking-waves"), A_FIFTH[changed])
    small = with_values(large, {"warehouses.Hub.waves.every": 4})
    a, b = (ripieno.simulate(one, runs=8) for one in (large, small))
    saved = b.agent("Hub", "score").to_numpy() - a.agent("Hub", "score").to_numpy()
    harm = a.summary["cost"].to_numpy() - b.summary["cost"].to_numpy()
    for difference in (saved, harm):
        assert difference.mean() > 3.0 * difference.std(ddof=1) / np.sqrt(len(difference))
    assert 59 < harm.mean() < 304  # the page says: from 60 to 300


def test_the_congestion_of_e1_comes_from_the_doors() -> None:
    """With plenty of doors and trucks the same waves cost the depots their wait for the wave and nothing more."""
    scenario = ripieno.load("e1-picking-waves")
    doors = {f"warehouses.{name}.docks.inbound.doors": 40 for name in DEPOTS}
    trucks = {"carriers.Haulier.fleet.trucks": 200}
    scarce, ample, many_trucks = (
        ripieno.simulate(with_values(scenario, one), runs=8, audit=True) for one in ({}, doors | trucks, trucks)
    )
    assert scarce.summary["dock_wait"].mean() > 1
    assert ample.summary["dock_wait"].max() == 0
    assert scarce.agent("Hub", "delivery_time").mean() > ample.agent("Hub", "delivery_time").mean() + 1
    assert ample.summary["fill_rate"].mean() > scarce.summary["fill_rate"].mean() + 0.15
    assert many_trucks.summary["dock_wait"].mean() > scarce.summary["dock_wait"].mean() + 0.2
    assert many_trucks.summary["fill_rate"].mean() == pytest.approx(scarce.summary["fill_rate"].mean(), abs=0.01)


def test_the_disruption_of_e2_comes_from_the_way_and_the_lots() -> None:
    """From just as far, but reliably so, production hardly stops."""
    scenario = ripieno.load("e2-cheap-sourcing")
    reliable = with_values(scenario, {"lanes.Far->Store.travel_time": 8})
    erratic, steady = (ripieno.simulate(one, runs=4, audit=True) for one in (scenario, reliable))
    assert steady.summary["fill_rate"].mean() > 0.99 > erratic.summary["fill_rate"].mean() + 0.03
