"""The two worlds of a comparison, and what the server allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import ripieno
from ripieno.model.schema import ScenarioError, bundled, differences, with_values
from ripieno.visualization.caps import Caps, TooMuch, estimate, from_environment, tries_out
from ripieno.visualization.choice import OWN, Choice, from_query
from ripieno.visualization.plans import search
from ripieno.visualization.session import Session, plainly
from ripieno.visualization.worlds import (
    ARMS,
    armed,
    arms_of,
    names_of,
    preset,
    presets,
    with_arm,
    with_settings,
    worlds_of,
)

CAPS = Caps()


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_fits_its_scenario(name: str) -> None:
    worlds = worlds_of(preset(name), None, CAPS)
    assert set(differences([worlds.a, worlds.b])) == set(presets()[name]["other"])
    assert worlds.names == tuple(presets()[name]["names"])


@pytest.mark.parametrize("name", list(bundled()))
def test_every_bundled_scenario_opens(name: str) -> None:
    worlds = worlds_of(preset(name), None, CAPS)
    assert worlds.seed == worlds.a.seed == worlds.b.seed


def test_changes_are_in_both_worlds_and_differences_in_one() -> None:
    choice = Choice("e1-picking-waves", (("periods", 200),), (("warehouses.Hub.waves.every", 3),), seed=5)
    worlds = worlds_of(choice, None, CAPS)
    assert (worlds.a.periods, worlds.b.periods, worlds.seed) == (200, 200, 5)
    assert set(differences([worlds.a, worlds.b])) == {"warehouses.Hub.waves.every"}
    assert "changes" in names_of(choice)[0]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice("no-such"), "there is no scenario"),
        (Choice(OWN), "import the file"),
        (Choice("beer-game", (("periods", 10**5),)), "100,000 periods are asked for; 4,000"),
        (Choice("beer-game", (("periods", 10**9),)), "periods"),
        (Choice("beer-game", other=(("warehouses.Retailer.nothing", 1),)), "is not a key here"),
        (Choice("beer-game", other=(("warehouses.Retailer.holding_cost", -1.0),)), "holding_cost"),
        (Choice("beer-game", other=(("periods", 30),)), "both must have the same"),
        (Choice("beer-game", arms=("", "nobody")), "there is no arm"),
    ],
)
def test_a_choice_that_cannot_be_made_says_why(choice: Choice, words: str) -> None:
    with pytest.raises((TooMuch, ScenarioError), match=words):
        worlds_of(choice, None, CAPS)


def test_an_arm_is_set_in_one_world_only() -> None:
    worlds = worlds_of(Choice("e1-picking-waves", arms=("none", "orch")), None, CAPS)
    assert worlds.b.orchestration is not None
    assert worlds.b.orchestration.arm == "orch"
    assert (tries_out(worlds.a), tries_out(worlds.b)) == (False, True)
    assert worlds.names == ("none", "orch")


def test_central_is_an_arm_where_its_settings_are_given() -> None:
    plain = ripieno.load("e1-picking-waves")
    assert arms_of(plain) == ARMS
    searched = with_values(plain, {"orchestration": {"settings": {"warehouses.Hub.waves.every": 3.0}}})
    assert armed(searched, "central").orchestration is not None
    with pytest.raises(TooMuch, match="no arm"):
        armed(plain, "central")


def test_settings_that_were_found_stand_in_the_link_and_go_with_their_arm() -> None:
    found = with_settings(Choice("e1-picking-waves", arms=("none", "orch")), {"warehouses.Hub.waves.every": 3.0})
    worlds = worlds_of(found, None, CAPS)
    assert worlds.b.orchestration is not None
    assert (worlds.b.orchestration.arm, worlds.b.orchestration.settings) == (
        "central",
        {"warehouses.Hub.waves.every": 3.0},
    )
    assert from_query(found.query(), CAPS) == found
    assert with_arm(found, 1, "opt") == Choice("e1-picking-waves", arms=("none", "opt"))
    assert with_arm(found, 0, "selfish").other == found.other


def test_a_search_that_takes_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(TooMuch, match=r"takes about [\d,]+ s here; 5 are allowed.*ripieno compare"):
        search(ripieno.load("regional"), 1, replace(CAPS, seconds=5))


def test_keys_of_the_orchestration_make_its_table() -> None:
    worlds = worlds_of(
        Choice("serial-owners", (("orchestration.cadence", 30),), arms=("", "orch")), None, replace(CAPS, periods=3000)
    )
    assert worlds.a.orchestration is not None
    assert worlds.b.orchestration is not None
    assert (worlds.a.orchestration.arm, worlds.a.orchestration.cadence) == ("none", 30)
    assert (worlds.b.orchestration.arm, worlds.b.orchestration.cadence) == ("orch", 30)


def test_planning_takes_longer() -> None:
    plain = ripieno.load("e1-picking-waves")
    assert estimate(armed(plain, "orch")) > 5 * estimate(plain)
    assert estimate(plain, 400) > 5 * estimate(plain, 1)


def test_caps_come_from_the_environment() -> None:
    assert from_environment({"RIPIENO_SERVE_SESSIONS": "7"}) == replace(CAPS, sessions=7)
    for wrong in ("0", "-3", "many", ""):
        with pytest.raises(TooMuch, match="whole number"):
            from_environment({"RIPIENO_SERVE_SESSIONS": wrong})


class Workless:
    caps = CAPS


@pytest.fixture
def session() -> Session:
    return Session(Workless())  # type: ignore[arg-type]


def test_a_bad_link_leaves_the_session_as_it_was(session: Session) -> None:
    before = session.choice.peek()
    for query in ("scenario=nobody", "b=x=1", "day=-3", "scenario=beer-game&b=periods=7", "arms=,nobody"):
        session.notice.value = ""
        session.open(query)
        assert session.choice.peek() == before
        assert session.notice.peek()


def test_a_bare_link_opens_the_preset(session: Session) -> None:
    session.open("scenario=beer-game")
    assert session.choice.peek() == preset("beer-game")


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("scenario=e5-departures&day=83", {"day": 83}),
        ("?scenario=e5-departures&seed=3&site=Corby", {"seed": 3, "site": "Corby"}),
        ("day=12&scenario=e5-departures&set=periods%3D200", {"day": 12, "changes": (("periods", 200),)}),
    ],
)
def test_a_link_that_says_nothing_of_b_has_the_differences_of_the_preset(
    session: Session, query: str, given: dict[str, Any]
) -> None:
    session.open(query)
    assert session.choice.peek() == replace(preset("e5-departures"), **given)
    worlds = session.worlds()
    assert worlds.a != worlds.b
    assert "The same" not in worlds.names


def test_a_link_that_says_what_b_is_has_that_alone(session: Session) -> None:
    session.open("scenario=e5-departures&b=&day=7")
    assert session.choice.peek() == Choice("e5-departures", day=7)
    session.open("scenario=e5-departures&arms=none,orch")
    assert session.choice.peek() == Choice("e5-departures", arms=("none", "orch"))


@pytest.mark.parametrize(
    "news",
    [
        {"day": 0},
        {"day": 10**9},
        {"day": "x"},
        {"day": None},
        {"day": [1]},
        {"site": 3},
        {"site": "Nowhere"},
        {"site": {}},
    ],
)
def test_what_the_player_says_is_checked(session: Session, news: dict[str, Any]) -> None:
    session.look(**news)
    assert (session.choice.peek().day, session.choice.peek().site) == (1, "")


def test_day_and_site_are_noted(session: Session) -> None:
    session.look(day=83, site="Hub")
    assert (session.choice.peek().day, session.choice.peek().site) == (83, "Hub")


def test_messages_do_not_name_the_scenario_twice() -> None:
    assert plainly(ScenarioError("scenario x: a.b = 1: is wrong; do c")) == "a.b = 1: is wrong; do c"
