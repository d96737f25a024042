"""The tests of orchestration can fail: a line is spoilt, and one of them that held no longer does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ripieno.agents.negotiation.protocols.joint import Joint
from ripieno.agents.orchestrator import Orchestrator
from ripieno.model.levers import Effect, Levers
from ripieno.model.planning import Planning
from ripieno.model.shadow import Carrying, Shadow
from ripieno.model.trials import Trials

from ..agents.negotiation.test_mutants import spoilt
from . import test_agreements_in_force as agreements
from . import test_invariants as invariants
from . import test_levers as levers
from . import test_shadow as shadows
from . import test_visibility as visibility
from . import test_when as when

Check = Callable[[], None]


def shadows_are_true() -> None:
    shadows.test_a_shadow_of_a_random_world_comes_to_the_same(1)
    shadows.test_a_shadow_of_a_random_world_comes_to_the_same(6)


def packages_are_tried_out() -> None:
    shadows.test_a_shadow_under_a_package_comes_to_what_the_world_comes_to_under_it(2)


def money_is_kept() -> None:
    invariants.test_what_a_sponsor_adds_stands_on_a_line_of_its_own()
    invariants.test_scores_and_payments_add_up_to_the_cost_of_the_network("orch")


def the_firewall_holds() -> None:
    invariants.test_hidden_state_has_no_part_in_the_choice({})


def trials_are_exact() -> None:
    invariants.test_an_exact_trial_predicts_what_comes_true()


def decisions_wait() -> None:
    when.test_a_decision_waits_for_the_answers_that_its_rule_needs("consensus", 4)
    when.test_nothing_is_decided_while_a_package_is_on_trial_or_to_come()


def the_warm_up_is_no_fall() -> None:
    agreements.test_the_end_of_the_warm_up_is_no_fall_of_the_cost(27)


MUTANTS: list[tuple[Any, str, str, str, Check]] = [
    (Carrying, "key", "self.known.get(id(key), key)", "key", shadows_are_true),
    (Carrying, "thing", "self.walk(value, target)", "pass", shadows_are_true),
    (Shadow, "take_up", "chain.period = world.period", "chain.period = 0", shadows_are_true),
    (Shadow, "__init__", ", warm_up=0", "",
     lambda: invariants.test_the_end_of_the_warm_up_has_no_part_in_a_trial("exact")),
    (Shadow, "live", "later = chain", "later = () and chain", shadows_are_true),
    (Shadow, "take_up", "moved | world.levers.touched", "world.levers.touched", packages_are_tried_out),
    (Shadow, "take_up", "moved | world.levers.touched", "moved", packages_are_tried_out),
    (Effect, "on", "given * value", "value", levers.test_a_relative_lever_multiplies_what_the_scenario_gives),
    (Effect, "on", "value - self.less", "value", levers.test_a_review_period_moves_with_the_cover_that_it_needs),
    (Levers, "set", "self.touched | moved", "self.touched | True", levers.test_only_what_is_moved_is_changed),
    (Trials, "outcome", "mean[:, 1:] - mean[:, :1]", "mean[:, 1:] - mean[:, 1:2]", trials_are_exact),
    (Trials, "reports", "- visibility.delay", "", lambda: visibility.test_late_reports_lack_the_last_periods(6)),
    (Planning, "forget", "np.zeros(self.model.runs, dtype=bool)", "self.orchestrator.clean", the_warm_up_is_no_fall),
    (Orchestrator, "pay", "fees - add_all", "0.0 * fees - add_all", money_is_kept),
    (Orchestrator, "pay", "= -received", "= received", money_is_kept),
    (Orchestrator, "try_out", "trial.changes +", "trial.changes + self.model.sites['Shop'].on_hand[0] +",
     the_firewall_holds),
    (Orchestrator, "write_down", "period + decision.wait", "period", decisions_wait),
    (Orchestrator, "scene", "entry.starts > period", "entry.starts < 0", decisions_wait),
    (Orchestrator, "begin", "period, entry.ends", "period, entry.starts",
     agreements.test_a_lock_holds_against_local_planning),
    (Orchestrator, "taken_back", "self.agreements.before, self.wanted", "self.wanted, self.wanted",
     agreements.test_a_bad_deal_is_taken_back),
    (Orchestrator, "taken_back", "np.where(runs, period, entry.ends)", "entry.ends",
     agreements.test_a_bad_deal_is_taken_back),
    (Orchestrator, "taken_back", "agreements.starts == entry.starts", "agreements.value == entry.decision.target",
     lambda: agreements.test_what_was_agreed_on_before_a_bad_deal_holds_on("moved")),
    (Orchestrator, "taken_back", "self.agreements.take_back(moved)", "self.agreements.locked(period)",
     lambda: agreements.test_what_was_agreed_on_before_a_bad_deal_holds_on("all")),
    (Joint, "decide", "material & payable", "material", money_is_kept),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "name", "old", "new", "check"), MUTANTS)
def test_a_spoilt_line_is_noticed(
    owner: Any, name: str, old: str, new: str, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    check()
    monkeypatch.setattr(owner, name, spoilt(owner, name, old, new))
    with np.errstate(all="ignore"), pytest.raises(AssertionError):
        check()
