"""The audit says which product, period and run is wrong, and leaves rounding alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ripieno.agents.quantity import Units, quantity
from ripieno.model.audit import Audit, ConservationError


class Shelf:
    """Something that holds, makes and gives away goods."""

    held: Units = quantity("held", unit="units", role="held")
    made: Units = quantity("made", unit="units", role="enters")
    given: Units = quantity("given away", unit="units", role="leaves")
    runs = 2
    products = ("nut", "bolt")

    def set(self, **rows: Any) -> None:
        for name in ("held", "made", "given"):
            setattr(self, name, np.array(rows.get(name, [[0.0, 0.0], [0.0, 0.0]])))


def audited() -> tuple[Shelf, Audit]:
    shelf = Shelf()
    shelf.set(held=[[5.0, 5.0], [1.0, 1.0]])
    return shelf, Audit([shelf], ("nut", "bolt"))


def test_what_enters_less_what_leaves_is_the_change_of_what_is_held() -> None:
    shelf, audit = audited()
    shelf.set(held=[[6.0, 4.0], [1.0, 1.0]], made=[[3.0, 0.0], [0.0, 0.0]], given=[[2.0, 1.0], [0.0, 0.0]])
    audit.check(0)
    shelf.set(held=[[6.0, 4.0], [1.0, 1.0 + 1e-13]])
    audit.check(1)


@pytest.mark.parametrize("wrong", [0.001, -0.001, np.nan])
def test_a_difference_names_product_period_and_run(wrong: float) -> None:
    shelf, audit = audited()
    shelf.set(held=[[5.0, 5.0], [1.0, 1.0 + wrong]])
    with pytest.raises(ConservationError, match=r"period 7, run 1: .*'bolt'"):
        audit.check(7)


def test_goods_may_move_between_holders() -> None:
    one, other = Shelf(), Shelf()
    one.set(held=[[5.0, 5.0], [1.0, 1.0]])
    other.set()
    audit = Audit([one, other], ("nut", "bolt"))
    one.set()
    other.set(held=[[5.0, 5.0], [1.0, 1.0]])
    audit.check(0)
