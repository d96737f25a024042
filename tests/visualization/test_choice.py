"""What is compared, as a link holds it: round trips, and refusal of everything that is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.choice import Choice, checked_value, difference, from_query, typed, whole

CAPS = Caps()
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters=":"), max_size=30).filter(str.isprintable)
VALUES = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False))


@given(
    other=st.lists(
        st.tuples(TEXTS.filter(lambda key: key.strip() == key and key and "=" not in key), VALUES), max_size=4
    ),
    seed=st.none() | st.integers(0, 10**9),
    day=st.integers(1, CAPS.periods),
    site=TEXTS,
)
def test_a_link_gives_the_choice_back(other: Any, seed: int | None, day: int, site: str) -> None:
    choice = Choice("regional", (("periods", 200),), tuple(other), ("selfish", "orch"), seed, day, site)
    assert from_query("?" + choice.query(), CAPS) == choice


def test_a_bare_link_is_the_scenario_alone() -> None:
    assert from_query("scenario=beer-game", CAPS) == Choice("beer-game")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("day=0", "from 1 to"),
        ("day=1e9", "whole number"),
        ("day=99999999999999999999", "is allowed"),
        ("seed=-1", "from 0 to"),
        ("seed=" + "9" * 400, "is allowed"),
        ("b=no-equals-sign", "KEY=VALUE"),
        ("b==3", "KEY=VALUE"),
        ("b=x=" + json.dumps("os:system"), "names code outside"),
        ("set=x=[1,2]", "single value"),
        ("set=x={}", "single value"),
        ("arms=a", "name two"),
        ("arms=a,b,c", "name two"),
        ("colour=red", "not known"),
        ("site=" + "x" * 300, "printable"),
        ("site=%00", "printable"),
        ("scenario=" + "y" * 7000, "link characters are asked for"),
        ("&".join("b=k=1" for _ in range(60)), "differences are asked for"),
        ("&".join("b=k=1" for _ in range(200)), "too many parts"),
    ],
)
def test_a_bad_link_says_what_is_wrong(query: str, words: str) -> None:
    with pytest.raises(TooMuch, match=words) as found:
        from_query(query, CAPS)
    assert len(str(found.value)) < 400


def test_values_are_read_as_they_are_written() -> None:
    assert [typed(text) for text in ("3", "0.5", "true", "all", '"7"')] == [3, 0.5, True, "all", "7"]
    assert difference("a.b=2") == ("a.b", 2)


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, b"x", "a:b", "\x00", "z" * 500])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(TooMuch):
        checked_value(value)


@pytest.mark.parametrize("value", ["", "x", None, float("inf"), float("nan"), [], 10**30])
def test_whole_refuses_what_is_no_whole_number_in_bounds(value: Any) -> None:
    with pytest.raises(TooMuch):
        whole(value, "it", 0, 100)
