"""Who acts when."""

from __future__ import annotations

import pytest
from ripieno.model.moments import MOMENTS, SEQUENCES, acts_of, describe


class Actor:
    """Writes down when it acts."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name = name
        self.diary = diary

    def order(self) -> None:
        self.diary.append(f"{self.name} orders")


class Shelf(Actor):
    """Picks too."""

    def pick(self) -> None:
        self.diary.append(f"{self.name} picks")


def test_orders_go_upstream_and_goods_downstream() -> None:
    diary: list[str] = []
    chain = [Shelf("plant", diary), Shelf("shop", diary), Actor("town", diary)]
    for moment in ("pick", "order"):
        for act in acts_of(moment, chain):
            act()
    assert diary == ["plant picks", "shop picks", "town orders", "shop orders", "plant orders"]


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_sequence_is_made_of_moments_and_can_be_printed(name: str) -> None:
    sequence = SEQUENCES[name]
    assert set(sequence) <= set(MOMENTS)
    lines = describe(sequence).splitlines()
    assert len(lines) == len(sequence)
    assert all(moment in line and MOMENTS[moment] in line for moment, line in zip(sequence, lines, strict=True))
