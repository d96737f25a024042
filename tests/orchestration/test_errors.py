"""A wrong `orchestration` table ends with one message: the thing, the value, the cure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ripieno.__main__ import main
from ripieno.model.schema import ScenarioError

from .worlds import QUICK, Table, orchestrated, pair, world_of

NOBODY = {"type": "veto-holders", "holders": ["Nobody"]}
WRONG: dict[str, tuple[Table, str, str]] = {
    "an arm misspelt": ({"arm": "orhc"}, "orchestration.arm", 'did you mean "orch"'),
    "an unknown key": ({"treshold": 3}, "orchestration.treshold", 'did you mean "threshold"'),
    "a lever that is none": ({"levers": ["warehouses.Sohp.*"]}, "warehouses.Sohp.*", "there are warehouses.Maker"),
    "levers in one text": ({"levers": "*"}, "orchestration.levers", "write ["),
    "an unknown menu": ({"search": {"menus": ["bundels"]}}, "orchestration.search.menus", 'did you mean "bundles"'),
    "menus in one text": ({"search": {"menus": "bundles"}}, "orchestration.search.menus", "write ["),
    "trials of no kind": ({"search": {"trials": "exakt"}}, "orchestration.search.trials", 'did you mean "exact"'),
    "a setting of no lever": ({"settings": {"warehouses.Shop.level": 1.0}}, "warehouses.Shop.level", "there are"),
    "a setting off the grid": (
        {"settings": {"carriers.Haulier.dispatch.threshold": 7.0}}, "threshold = 7", "a number from 0.1 to 1",
    ),
    "a factor below nothing": (
        {"settings": {"warehouses.Shop.policy.level": -1.0}}, "level = -1", "a factor from 0.7 to 1.4",
    ),
    "settings that are a number": ({"settings": 3}, "orchestration.settings", "write {"),
    "a veto of nobody": ({"governance": NOBODY}, "veto holder 'Nobody'", "there are Maker, Shop, Haulier"),
    "a veto of nobody, later": ({"escalation": [NOBODY]}, "veto holder 'Nobody'", "there are Maker, Shop, Haulier"),
    "an unknown rule": ({"governance": "consens"}, "orchestration.governance", 'did you mean "consensus"'),
    "an unknown rule, later": ({"escalation": ["mandat"]}, "orchestration.escalation", 'did you mean "mandate"'),
    "an unknown transfer": ({"transfer": "equall"}, "orchestration.transfer", 'did you mean "equal"'),
    "an unknown protocol": ({"protocol": "jiont"}, "orchestration.protocol", 'did you mean "joint"'),
    "a cycle in no time": ({"cadence": 0}, "orchestration.cadence", "at least 1"),
    "half a period": ({"cadence": 2.5}, "orchestration.cadence", "whole number"),
    "a term of nothing": ({"term": 0}, "orchestration.term", "at least 1"),
    "more than all markets": ({"visibility": {"share": 2}}, "orchestration.visibility.share", "at most 1"),
    "a negative padding": ({"claims": {"padding": -1}}, "orchestration.claims.padding", "at least 0"),
    "a noise that is no number": ({"visibility": {"noise": "much"}}, "orchestration.visibility.noise", "give a number"),
}  # fmt: skip


def table_of(wrong: Table) -> Table:
    plan: Table = {"arm": "orch", **QUICK, **wrong}
    return pair() | {"orchestration": plan}


@pytest.mark.parametrize("name", WRONG)
def test_a_message_has_the_place_and_the_cure(name: str) -> None:
    wrong, place, cure = WRONG[name]
    with pytest.raises(ScenarioError) as raised:
        world_of(orchestrated(**{"arm": "orch", **wrong}))
    message = str(raised.value)
    assert place in message
    assert cure in message
    assert message.count("\n") == 0, message


@pytest.mark.parametrize(
    "name", ["an arm misspelt", "a lever that is none", "a veto of nobody", "a setting off the grid"]
)
def test_the_command_ends_with_the_message_and_writes_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, place, cure = WRONG[name]
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(table_of(wrong)))
    with pytest.raises(SystemExit) as ended:
        main(["run", str(file), "-o", str(tmp_path / "out")])
    assert ended.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert place in said
    assert cure in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_who_has_no_lever_cannot_plan() -> None:
    world: Any = pair()
    for site in world["warehouses"]:
        site["policy"] = "pass-through"
        site.pop("docks", None)
    del world["carriers"]
    with pytest.raises(ScenarioError, match="nobody has a lever here, so nobody can plan; leave orch"):
        world_of(orchestrated(world=world))


def test_an_owner_of_levers_need_not_have_costs() -> None:
    """The maker pays for nothing; it sits at the table all the same, and is paid for what it does for the others."""
    world: Any = pair(level=24)
    world["warehouses"][0] |= {"holding_cost": 0.0, "backlog_cost": 0.0}
    world["lanes"][1]["transit_payer"] = "to"
    for arm in ("orch", "selfish", "opt"):
        for look in ("trial", "model"):
            lived = world_of(orchestrated(arm, world, search={"first_look": look})).run()
            assert "Maker" in lived.planning.orchestrator.owners  # type: ignore[union-attr]
            total = sum(lived.accounts.balance(owner) for owner in lived.accounts.owners())
            assert abs(total / lived.accounts.cost() - 1.0).max() < 1e-9
