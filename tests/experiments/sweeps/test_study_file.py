from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ripieno.experiments.sweeps.claims import LEAST_REPLICATIONS
from ripieno.experiments.sweeps.errors import StudyError, valid
from ripieno.experiments.sweeps.reading import built_in, dumps_study, load_study, prepare
from ripieno.experiments.sweeps.study import Study

LEVEL = "warehouses.W.policy.level"
Make = Callable[..., Study]
Write = Callable[..., Path]
CLAIMS = {"C1", "C2", "C3", "C4a", "C4b", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "E1", "E2", "E3", "E4", "E5"}
KNOWN: dict[str, Any] = {"parameters": {}, "arms": {"base": {}}, "comparison": None}


def test_a_file_and_python_make_the_same_study(tmp_path: Path, make_study: Make, study_file: Write) -> None:
    changed = {"design": {"type": "sobol", "points": 4}, "parameters": {LEVEL: {"low": 0.1, "high": 1 / 3}}}
    assert load_study(study_file(**changed)) == make_study(**changed).at(tmp_path)


def test_writing_and_reading_gives_an_equal_study(make_study: Make) -> None:
    study = make_study(
        seed=7,
        metrics=["a", "b"],
        design=[{"type": "lhs", "points": 3}, {"type": "list", "points": [{LEVEL: 0.1 + 0.2}]}],
        replications={"half_width": 0.05, "relative": True, "metric": "a", "maximum": 90},
        predictions=[{"metric": "b", "arm": "dear", "expected": "higher", "why": "dear stock"}],
        quick=True,
    )
    assert valid(Study, tomllib.loads(dumps_study(study)), "again") == study


def test_a_resolved_study_resolves_to_itself(make_study: Make) -> None:
    resolved = prepare(make_study(design={"type": "lhs", "points": 3})).study
    assert resolved.seed == 3
    assert resolved.design[0].table() == {"type": "latin-hypercube", "points": 3, "seed": 3}
    again = prepare(valid(Study, tomllib.loads(dumps_study(resolved)), "again")).study
    assert again.table() == resolved.table()


def test_unquoted_dotted_names_are_the_same(make_study: Make) -> None:
    text = dumps_study(make_study()).replace(f'parameters."{LEVEL}"', f"parameters.{LEVEL}")
    text = text.replace('"warehouses.W.holding_cost"', "warehouses.W.holding_cost")
    assert valid(Study, tomllib.loads(text), "text") == make_study()


def test_a_scenario_file_is_found_beside_the_study(tmp_path: Path, make_study: Make, study_file: Write) -> None:
    from ripieno.model.schema import dumps_toml, parse

    scenario = parse(make_study().scenario)  # type: ignore[arg-type]
    (tmp_path / "tiny.toml").write_text(dumps_toml(scenario), encoding="utf-8")
    prepared = prepare(load_study(study_file(scenario="tiny.toml")))
    assert prepared.scenario == scenario
    assert prepared.scenario_hash == prepare(make_study()).scenario_hash


def test_a_scenario_object_can_be_given(make_study: Make) -> None:
    from ripieno.model.schema import parse

    scenario = parse(make_study().scenario)  # type: ignore[arg-type]
    assert prepare(make_study(scenario=scenario)).scenario_hash == prepare(make_study()).scenario_hash


def test_the_scenario_hash_ignores_words_and_sees_numbers(make_study: Make) -> None:
    scenario = dict(make_study().scenario)  # type: ignore[arg-type]
    first = prepare(make_study()).scenario_hash
    assert prepare(make_study(scenario=scenario | {"description": "other words"})).scenario_hash == first
    assert prepare(make_study(scenario=scenario | {"periods": 13})).scenario_hash != first


def test_one_parameter_may_set_several_keys(make_study: Make) -> None:
    parameters = {"dear": {"values": [1.0, 2.0], "keys": ["warehouses.W.holding_cost", "warehouses.W.backlog_cost"]}}
    prepared = prepare(make_study(parameters=parameters, arms={"base": {}}, comparison=None))
    assert prepared.overrides({"dear": 2.0}, "base") == {
        "warehouses.W.holding_cost": 2.0,
        "warehouses.W.backlog_cost": 2.0,
    }


def test_an_arm_may_replace_a_part_whose_parameter_is_varied(make_study: Make) -> None:
    arms = {
        "one": {"warehouses.W.policy": {"type": "base-stock", "level": 1.0}},
        "two": {"warehouses.W.policy": {"type": "s-S", "reorder_point": 1.0, "level": 9.0}},
    }
    prepared = prepare(make_study(arms=arms, comparison=None, parameters={LEVEL: {"values": [10.0, 20.0]}}))
    assert list(prepared.overrides({LEVEL: 10.0}, "two")) == ["warehouses.W.policy", LEVEL]


def test_a_part_in_an_arm_stays_whole(make_study: Make) -> None:
    arms = {"one": {"warehouses": {"W": {"policy": {"type": "base-stock", "level": 1.0}, "holding_cost": 2.0}}}}
    study = make_study(arms=arms, comparison=None)
    assert study.arms["one"] == {
        "warehouses.W.policy": {"type": "base-stock", "level": 1.0},
        "warehouses.W.holding_cost": 2.0,
    }
    assert prepare(study).built({LEVEL: 9.0}, "one").warehouses[0].policy.given() == {"level": 9.0}


def test_a_scenario_may_be_like_another_but_for_some_keys(make_study: Make) -> None:
    like = {"like": "w1", "periods": 77, "measures": ["nervousness"]}
    study = make_study(scenario=like, **KNOWN)
    scenario, known = prepare(study).scenario, prepare(make_study(scenario="w1", **KNOWN)).scenario
    assert (scenario.periods, scenario.measures) == (77, ["nervousness"])
    assert scenario.changed(periods=known.periods, measures=[]) == known
    with pytest.raises(StudyError, match="w2x"):
        prepare(make_study(scenario={"like": "w2x"}, **KNOWN))


def test_the_quick_version_is_small_and_says_so(make_study: Make) -> None:
    quick = make_study(
        replications=500, design={"type": "sobol", "points": 512}, parameters={LEVEL: {"low": 1.0, "high": 2.0}}
    ).cut_down()
    assert quick.quick
    assert quick.replications.number == 8
    assert len(prepare(quick).study.design[0].sample(prepare(quick).space)) == 8


def test_every_built_in_study_is_sound() -> None:
    assert built_in()
    for name in built_in():
        study = prepare(load_study(name)).study
        assert study.description
        assert study.predictions or not study.comparison


def test_every_claim_is_decided_by_one_prediction_that_says_why() -> None:
    studies = [load_study(name) for name in built_in()]
    deciding = [(p.claim, p) for study in studies for p in study.predictions if p.claim]
    claims = [claim for claim, _ in deciding]
    assert len(set(claims)) == len(claims)
    assert {claim.split()[0] for claim in claims} == CLAIMS
    assert {claim for claim, p in deciding if not p.why and claim[0] == "C"} == set()


def test_the_studies_of_the_thesis_have_enough_replications_for_a_verdict() -> None:
    of_the_thesis = [s for s in map(load_study, built_in()) if any((p.claim or "")[:1] == "C" for p in s.predictions)]
    assert len(of_the_thesis) >= 12
    assert {study.name for study in of_the_thesis if study.replications.most < LEAST_REPLICATIONS} == set()


def test_the_study_of_the_guide_is_sound(tmp_path: Path) -> None:
    guide = Path(__file__).parents[3] / "docs" / "howto" / "sweeps.md"
    text = guide.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    (tmp_path / "levels.toml").write_text(text, encoding="utf-8")
    prepared = prepare(load_study(tmp_path / "levels.toml"))
    assert list(prepared.space.parameters) == ["warehouses.Stage1.policy.safety", "markets.Market.demand.sd"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, r"name = \"\""),
    ({"parameter": {}}, r'parameter = .*not a key here; did you mean "parameters"\?'),
    ({"design": {"type": "lsh"}}, r'design.type = "lsh": is not a design; did you mean "lhs"\?'),
    ({"design": {"type": "lhs", "pionts": 3}}, r'design.pionts = 3: is not a key here; did you mean "points"\?'),
    ({"design": {"type": "lhs", "points": 0}}, r"design.points = 0"),
    ({"design": {}}, r"design: names no design; give type"),
    ({"replications": {}}, r"replications: needs either a fixed number or a rule"),
    ({"replications": {"number": 0}}, r"replications.number = 0"),
    ({"replications": {"half_width": 1.0}}, r"replications.metric: is missing"),
    (
        {"replications": {"half_width": 1.0, "metric": "a", "maximum": 5}},
        r"replications.maximum = 5: is below first = 20",
    ),
    ({"replications": {"number": 3, "step": 5}}, r"step mean nothing"),
    ({"comparison": {"control": "non"}}, r'comparison.control = "non": is not an arm; did you mean "none"\?'),
    ({"arms": {"a": {LEVEL: 3.0}, "none": {}}}, r"arms.a.warehouses.W.policy.level: is varied by"),
    ({"metrics": ["a", "a"]}, r"metrics = .*twice"),
    ({"metrics": ["a"], "predictions": [{"metric": "b", "expected": "lower"}]}, r"predictions.1.metric = \"b\""),
    ({"predictions": [{"metric": "b", "expected": "down"}]}, r"expected = \"down\": is not one of the choices"),
    (
        {"predictions": [{"metric": "b", "arm": "dear", "expected": "lower", "because": "x"}]},
        r"predictions.1.because = \"x\": is not a key here",
    ),
    (
        {"predictions": [{"metric": "b", "arm": "dear", "expected": "lower", "refutd": "x"}]},
        r'predictions.1.refutd = "x": is not a key here; did you mean "refuted"\?',
    ),
    (
        {"predictions": [{"metric": "b", "arm": "dear - none", "expected": "lower"}]},
        r"predictions.1.against: is no difference of two arms; name two arms in both",
    ),
    (
        {"predictions": [{"metric": "b", "arm": "dear - non", "against": "none - dear", "expected": "lower"}]},
        r'predictions.1.arm = "non": is not an arm; did you mean "none"\?',
    ),
    (
        {"predictions": [{"metric": "b", "arm": "dear - none", "against": "none - dear", "expected": "equivalent"}]},
        r"means nothing for a difference of arms",
    ),
    ({"parameters": {LEVEL: {"low": 3.0, "high": 1.0}}}, r"parameters.warehouses.W.policy.level: low = 3 is not below"),
    ({"parameters": {LEVEL: {"low": 3.0, "hihg": 4.0}}}, r'hihg = 4: is not a key here; did you mean "high"\?'),
    ({"parameters": {"point": {"values": [1]}}}, r"parameters.point: is the name of a column"),
    ({"parameters": {"low": {"values": [1]}}}, r"parameters.low: is the name of a column"),
    (
        {"parameters": {"a": {"values": [1], "keys": ["x"]}, "b": {"values": [1], "keys": ["x"]}}},
        r"sets x a second time",
    ),
]


@pytest.mark.parametrize(("changed", "message"), BAD)
def test_a_broken_study_is_refused_with_place_and_cure(
    tmp_path: Path, make_study: Make, changed: dict[str, Any], message: str
) -> None:
    import tomli_w

    path = tmp_path / "broken.toml"
    path.write_text(tomli_w.dumps(make_study().table() | changed), encoding="utf-8")
    with pytest.raises(StudyError, match=message) as refused:
        load_study(path)
    assert all(line.startswith(str(path)) for line in str(refused.value).splitlines())


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"parameters": {"warehouses.W.policy.levle": {"low": 1.0, "high": 2.0}}}, r'did you mean "level"\?'),
    ({"parameters": {"warehouses.V.policy.level": {"low": 1.0, "high": 2.0}}}, r"warehouses\.V"),
    ({"parameters": {LEVEL: {"values": ["many"]}}}, r"parameters\.warehouses\.W\.policy\.level.*many"),
    (
        {
            "parameters": {"warehouses.W.holding_cost": {"low": -1.0, "high": 2.0}},
            "arms": {"base": {}},
            "comparison": None,
        },
        r"-1",
    ),
    ({"parameters": {"periods": {"low": 5.0, "high": 9.0}}}, r"parameters\.periods"),
    (
        {"arms": {"none": {}, "dear": {"warehouses.W.holding_cots": 3.0}}},
        r'arms\.dear: .*did you mean "holding_cost"\?',
    ),
    ({"scenario": "no-such-scenario"}, r"no-such-scenario"),
    ({"design": {"type": "list", "points": [{LEVEL: 3.0, "warehouses.W.nothing": 1.0}]}}, r"warehouses\.W\.nothing"),
]


@pytest.mark.parametrize(("changed", "message"), MISFITS)
def test_a_study_that_does_not_fit_its_scenario_is_refused(
    make_study: Make, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(StudyError, match=message):
        prepare(make_study(**changed))


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"name = [", "correct the TOML there"), (b"\xff\xfe", "is not UTF-8 text")],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(StudyError, match=message):
        load_study(tmp_path / "x.toml")


def test_an_unknown_study_gets_a_suggestion(tmp_path: Path) -> None:
    name = next(iter(built_in()))
    with pytest.raises(StudyError, match=f'did you mean "{name}"'):
        load_study(name[:-1])
    with pytest.raises(StudyError, match="no study was run in this folder"):
        load_study(tmp_path)
