"""The stories of the claims: two worlds each, sentences, and what the studies have found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ripieno.experiments.sweeps.reading import BUILT_IN
from ripieno.visualization.caps import Caps
from ripieno.visualization.choice import Choice, from_query
from ripieno.visualization.claims import Claim, claims, told_by
from ripieno.visualization.findings import FOLDER, FindingsError, findings
from ripieno.visualization.recordings import claim_worlds
from ripieno.visualization.shell.claim import found_markup
from ripieno.visualization.worlds import names_of

CODES = ["C1", "C2", "C3", "C4a", "C4b", "C5", "C6", "C7", "C8", "C9", "C10", "C11"]
TABLE = """claim,study,outcome,points,share,share_low,share_high,contrary,effect,effect_low,effect_high,\
p_holm,verdict,where,runs
C3,protect,cost in orch is lower,72,0.8125,0.7,0.9,0,-0.0425,-0.06,-0.025,0.03,supported,,9216
C7 governance,ingredients,cost is higher,72,0.25,0.1,0.4,40,0.01,-0.01,0.03,0.4,only here,lead >= 3,9216
C7 visibility,ingredients,cost is higher,72,0,0,0.1,,0,-0.01,0.01,1,not supported,,9216
C9,visibility,cost is higher,8,0.5,,,,,,,,no verdict,,16
"""


def test_every_claim_has_a_story() -> None:
    assert list(claims()) == CODES


@pytest.mark.parametrize("claim", claims().values(), ids=CODES)
def test_the_worlds_of_a_claim_can_be_made_and_differ(claim: Claim) -> None:
    worlds = claim_worlds(claim)
    assert worlds.a != worlds.b
    assert worlds.names == claim.names
    assert 3 <= len(claim.look) <= 5
    assert all(sentence.endswith((".", "?")) for sentence in claim.look)


@pytest.mark.parametrize("claim", claims().values(), ids=CODES)
def test_a_link_leads_back_to_the_story(claim: Claim) -> None:
    opened = from_query(claim.choice().query(), Caps())
    assert told_by(opened) == (claim, 0)
    assert names_of(opened) == claim.names
    assert told_by(replace(opened, seed=4, day=80)) == (claim, 0)


SETTINGS = [(claim, place) for claim in claims().values() for place in range(len(claim.settings))]


@pytest.mark.parametrize(("claim", "place"), SETTINGS, ids=[f"{claim.code}-{place}" for claim, place in SETTINGS])
def test_every_position_of_a_knob_makes_two_worlds_of_its_own(claim: Claim, place: int) -> None:
    worlds = claim_worlds(claim, place)
    assert worlds.a != worlds.b
    if place:
        first = claim_worlds(claim)
        assert (worlds.a, worlds.b) != (first.a, first.b)
        assert worlds.names == claim.called(place)
    opened = from_query(claim.choice(place).query(), Caps())
    assert opened == claim.choice(place)
    if not claim.settings[place].shock:  # a link holds no shock
        assert told_by(opened) == (claim, place)
        assert names_of(opened) == claim.called(place)


@pytest.mark.parametrize("claim", claims().values(), ids=CODES)
def test_a_knob_has_few_positions_with_short_names(claim: Claim) -> None:
    assert 2 <= len(claim.settings) <= 3
    labels = [setting.label for setting in claim.settings]
    assert len(set(labels)) == len(labels)
    assert max(map(len, [claim.knob, *labels])) < 60


def test_other_worlds_belong_to_no_claim() -> None:
    assert told_by(Choice("serial-owners", arms=("selfish", "orch"))) is None


def test_findings_are_read_by_claim_and_quick_ones_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "verdicts.csv").write_text(TABLE, encoding="utf-8")
    found = findings(tmp_path)
    assert set(found) == {"C3", "C7"}
    assert [row["verdict"] for row in found["C7"]] == ["only here", "not supported"]
    assert findings(tmp_path / "nothing") == {}


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FindingsError, match="no column 'claim'; write it with"):
        findings(tmp_path)


def test_the_tables_that_come_with_the_package_can_be_read() -> None:
    assert set(findings(FOLDER)) <= set(CODES) | {"E1", "E2", "E3", "E4", "E5"}


def test_a_claim_says_what_was_found_or_that_nothing_was(tmp_path: Path) -> None:
    (tmp_path / "verdicts.csv").write_text(TABLE, encoding="utf-8")
    found = findings(tmp_path)
    supported = found_markup(claims()["C3"], found["C3"], 0)
    assert 'class="ri-verdict yes">Supported<' in supported
    assert "81.2 % [70, 90]" in supported
    assert "−4.25 % [−6, −2.5]" in supported
    assert "9,216" in supported
    assert "0.03" in supported
    several = found_markup(claims()["C7"], found["C7"], 1)
    assert "governance: only here (the contrary at 40 of 72 points)<" in several
    assert "lead &gt;= 3" in several
    assert 'class="ri-verdict no">visibility: not supported<' in several
    nothing = found_markup(claims()["C9"], found.get("C9", []), 2)
    assert "Not yet run in full." in nothing
    assert claims()["C9"].refuted.replace("'", "&#x27;") in nothing


def test_the_studies_of_the_claims_are_bundled() -> None:
    assert {claim.study for claim in claims().values()} <= {path.stem for path in BUILT_IN.glob("*.toml")}
