"""Forms: the fields of a scenario, what they accept, and how values are written."""

from __future__ import annotations

from typing import Any

import pytest
import ripieno
from ripieno.model.schema import ScenarioError, with_values
from ripieno.visualization.caps import Caps, TooMuch
from ripieno.visualization.choice import Choice
from ripieno.visualization.editing import edit, undo, with_change
from ripieno.visualization.fields import entries, fields_of, rows_of, settings_of, written
from ripieno.visualization.session import Session
from ripieno.visualization.shell.markup import curve, figure, interval, table, text

BASE = ripieno.load("e1-picking-waves")
FULL = BASE.resolved()


class Workless:
    caps = Caps()


@pytest.fixture
def session() -> Session:
    made = Session(Workless())  # type: ignore[arg-type]
    made.choice.value = Choice("e1-picking-waves")
    return made


def test_every_entry_has_fields_and_every_field_a_key_that_can_be_set() -> None:
    for entry in entries(FULL):
        fields = fields_of(FULL, entry)
        assert fields
        for field in fields:
            assert with_values(BASE, {field.key: field.value}).resolved() == FULL


def test_a_field_says_its_unit_and_meaning() -> None:
    fields = {field.key: field for field in fields_of(FULL, "warehouses.Hub")}
    assert fields["warehouses.Hub.holding_cost"].unit == "money per unit and day"
    assert fields["warehouses.Hub.policy.cover"].meaning
    assert fields["warehouses.Hub.waves.every"].value == 6
    assert [field.key for field in settings_of(FULL)] == ["periods", "warm_up"]


@pytest.mark.parametrize("entry", ["", "nothing", "warehouses", "warehouses.Nowhere", "seed.x", "__class__.x"])
def test_there_are_no_fields_of_what_is_no_entry(entry: str) -> None:
    assert fields_of(FULL, entry) == []


def test_only_changed_fields_are_marked_and_a_refused_text_stays() -> None:
    fields = fields_of(with_values(FULL, {"warehouses.Hub.waves.every": 3}), "warehouses.Hub")
    rows = rows_of(fields, FULL, {"warehouses.Hub.waves.every": 3}, {"warehouses.Hub.holding_cost": ("-1", "too low")})
    marked = [row for row in rows if row["changed"]]
    assert [(row["key"], row["value"], row["was"]) for row in marked] == [("warehouses.Hub.waves.every", "3", "6")]
    wrong = [row for row in rows if row["error"]]
    assert [(row["value"], row["error"]) for row in wrong] == [("-1", "too low")]


def test_a_change_back_is_no_change() -> None:
    caps = Caps()
    one = with_change(BASE, (), "warehouses.Hub.waves.every", "3", caps)
    assert one == (("warehouses.Hub.waves.every", 3),)
    assert with_change(BASE, one, "warehouses.Hub.waves.every", "6", caps) == ()
    assert with_change(BASE, (), "warehouses.Hub.holding_cost", "1", caps) == (("warehouses.Hub.holding_cost", 1.0),)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("warehouses.Hub.holding_cost", "-1"),
        ("warehouses.Hub.holding_cost", "cheap"),
        ("warehouses.Hub.holding_cost", "1e400"),
        ("warehouses.Hub.holding_cost", "NaN"),
        ("warehouses.Hub.waves.every", "2.5"),
        ("warehouses.Hub.waves.every", "9" * 150),
        ("warehouses.Hub.policy.type", "os:system"),
        ("warehouses.Hub.policy.type", "no-such-policy"),
        ("warehouses.Hub", "3"),
        ("nothing.at.all", "3"),
        ("periods", "1000000000"),
        ("periods", "5000"),
        ("", "3"),
        ("seed\x00", "3"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_beside_its_field(session: Session, key: str, value: str) -> None:
    errors = edit(session, {"key": key, "text": value}, {})
    assert list(errors) == [key]
    assert errors[key][0] == value
    assert errors[key][1]
    assert "Traceback" not in errors[key][1]
    assert session.choice.peek().changes == ()
    with pytest.raises((TooMuch, ScenarioError)):
        with_change(BASE, (), key, value, Caps())


@pytest.mark.parametrize("message", [None, 3, [], {}, {"key": 3}, {"text": "4"}, {"key": None, "text": None}])
def test_a_strange_message_changes_nothing(session: Session, message: Any) -> None:
    assert edit(session, message, {}) == {}
    assert session.choice.peek().changes == ()


def test_a_good_value_takes_its_error_away_and_can_be_undone(session: Session) -> None:
    key = "warehouses.Hub.waves.every"
    errors = edit(session, {"key": key, "text": "0"}, {})
    assert key in errors
    assert edit(session, {"key": key, "text": "3"}, errors) == {}
    assert session.choice.peek().changes == ((key, 3),)
    undo(session, {"strange": 1})
    assert session.choice.peek().changes == ((key, 3),)
    undo(session, key)
    assert session.choice.peek().changes == ()


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1e-15, "0"), (123456.7, "123,457"), (0.70123, "0.701"), (1.698, "1.7"), (-2.49, "−2.49"),
     (float("nan"), "–"), (100, "100"), (0.00012345, "0.000123"), (99.96, "100")],
)  # fmt: skip
def test_numbers_are_short(value: float, shown: str) -> None:
    assert figure(value) == shown


def test_values_are_written_as_in_a_file() -> None:
    assert [written(value) for value in (True, 3.0, 0.1, 7, "all", None)] == ["true", "3", "0.1", "7", "all", "–"]


def test_foreign_text_is_shown_and_not_obeyed() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    assert "<img" not in table(["a"], [[text(hostile)]], text(hostile))
    assert text("{{7*7}}'\"&") == "{{7*7}}&#x27;&quot;&amp;"


def test_an_interval_is_drawn_by_what_it_shows() -> None:
    assert "<circle" in interval(2, 1, 3, 4)
    assert "<path" in interval(-2, -3, -1, 4)
    assert "<rect" in interval(0, -1, 1, 4)
    assert interval(float("nan"), 0, 1, 4) == ""
    assert curve([0, 1, float("nan"), 3], 0, 3, (30, 30), "k").count(",") == 3
