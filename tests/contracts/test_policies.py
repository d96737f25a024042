"""What every replenishment policy keeps to; new ones are found by themselves."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

CHANGE = 6  # the period before which parameters are replaced


def orders(policy: Any, site: Any, later: dict[str, Any] | None = None) -> np.ndarray:
    """The orders of all periods, ``[periods, products, runs]``; ``later`` parameters hold from `CHANGE` on."""
    policy.start(site.at(0))
    wanted = []
    for period in range(site.periods):
        if later and period == CHANGE:
            for name, value in later.items():
                setattr(policy, name, value)
        wanted.append(policy(site.at(period)))
    assert all(type(quantity) is np.ndarray and quantity.dtype == float for quantity in wanted)
    return np.stack(wanted)


def numbers(part: Any) -> dict[str, Any]:
    """The parameters of a part that may be replaced during a run."""
    return {
        f: getattr(part, f)
        for f, declared in type(part).__dataclass_fields__.items()
        if "parameter" in declared.metadata and isinstance(getattr(part, f), float | np.ndarray)
    }


@pytest.mark.parametrize("products", [1, 3])
def test_a_policy_orders_every_product_in_every_run(policy_variant: Any, site_of: Any, products: int) -> None:
    site = site_of(products)
    assert orders(policy_variant.alike(), site).shape == (site.periods, products, site.runs)
    assert np.isfinite(orders(policy_variant.alike(), site)).all()


@pytest.mark.parametrize("products", [1, 3])
def test_a_run_alone_orders_the_same(policy_variant: Any, site_of: Any, products: int) -> None:
    site = site_of(products)
    together = orders(policy_variant.alike(), site)
    for run in range(site.runs):
        alone = orders(policy_variant.alike(), site.only(run=run))
        assert np.array_equal(alone, together[..., run : run + 1])


def test_parameters_may_differ_between_runs(policy_variant: Any, site_of: Any) -> None:
    site = site_of(2)
    together = orders(policy_variant.varied(), site)
    for run in range(site.runs):
        alone = orders(policy_variant.of_run(run), site.only(run=run))
        assert np.array_equal(alone, together[..., run : run + 1])


def test_parameters_may_differ_between_products(policy_variant: Any, site_of: Any) -> None:
    site = site_of(3)
    together = orders(policy_variant.by_product(3), site)
    for product in range(3):
        alone = orders(policy_variant.of_run(product), site.only(product=product))
        assert np.array_equal(alone, together[:, product : product + 1])


def test_parameters_may_be_replaced_during_a_run(policy_variant: Any, site_of: Any) -> None:
    site = site_of(2)
    together = orders(policy_variant.varied(), site, numbers(policy_variant.varied(shift=3)))
    for run in range(site.runs):
        alone = orders(policy_variant.of_run(run), site.only(run=run), numbers(policy_variant.of_run(run, shift=3)))
        assert np.array_equal(alone, together[..., run : run + 1])


def test_later_parameters_change_nothing_before(policy_variant: Any, site_of: Any) -> None:
    site = site_of(2)
    before = orders(policy_variant.alike(), site)
    after = orders(policy_variant.alike(), site, numbers(policy_variant.alike(shift=3)))
    assert np.array_equal(before[:CHANGE], after[:CHANGE])


def test_nothing_that_was_ordered_changes_later(policy_variant: Any, site_of: Any) -> None:
    site, policy = site_of(2), policy_variant.alike()
    policy.start(site.at(0))
    wanted = [policy(site.at(period)) for period in range(site.periods)]
    noted = orders(policy_variant.alike(), site)
    assert np.array_equal(np.stack(wanted), noted)


def test_a_start_forgets_what_was_before(policy_variant: Any, site_of: Any) -> None:
    policy, site = policy_variant.alike(), site_of(2)
    first = orders(policy, site)
    orders(policy, site_of(2, seed=2))
    assert np.array_equal(orders(policy, site), first)


def test_a_copy_goes_its_own_way(policy_variant: Any, site_of: Any) -> None:
    policy, site = policy_variant.alike(), site_of(2)
    policy.start(site.at(0))
    for period in range(4):
        policy(site.at(period))
    other = copy.deepcopy(policy)
    for period in range(4, site.periods):
        policy(site.at(period))
    continued = [other(site.at(period)) for period in range(4, site.periods)]
    assert np.array_equal(np.stack(continued), orders(policy_variant.alike(), site)[4:])


def test_it_is_finite_where_nothing_happens(policy_variant: Any, idle_site_of: Any) -> None:
    assert np.isfinite(orders(policy_variant.alike(), idle_site_of(2))).all()


def test_it_says_what_it_reads(policy_variant: Any, site_of: Any) -> None:
    """What it does not announce may change without effect: the engine does not work it out."""
    policy, site = policy_variant.alike(), site_of(2)
    noted = orders(policy, site)

    def orders_without(*names: str) -> np.ndarray:
        policy.start(site.at(0))
        wanted = []
        for period in range(site.periods):
            view = site.at(period)
            for name in names:
                delattr(view, name)
            wanted.append(policy(view))
        return np.stack(wanted)

    unread = [] if policy.reads_point_of_sale else ["point_of_sale"]
    unread += [] if policy.reads_echelon else ["echelon_position"]
    assert np.array_equal(orders_without(*unread), noted)
