"""The Shapley value of a game: what each player adds, on average over the orders in which all could have joined.

A game is a function from the members ``[players, runs]`` of a coalition to its worth ``[runs]``; coalitions may differ
between runs.

Source: Shapley (1953), A Value for n-Person Games, Contributions to the Theory of Games II, 307-317; sampling of
orders: Castro, Gómez & Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers &
Operations Research 36(5):1726-1730.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial
from typing import TypeAlias

import numpy as np

from ..numeric import add_all
from ..quantity import Array, Mask

Game: TypeAlias = Callable[[Mask], Array]


def shapley_exact(game: Game, players: int, runs: int) -> Array:
    """The value of every player ``[players, runs]``, from the worth of all 2^players coalitions.

    1. The worth of every coalition is worked out once.
    2. A player adds worth(S and the player) - worth(S) to a coalition S.
    3. Its value is the mean of that with weight |S|! (players - |S| - 1)! / players!.
    """
    worth = [game(_members(code, players, runs)) for code in range(2**players)]
    weights = [factorial(size) * factorial(players - size - 1) / factorial(players) for size in range(players)]
    return np.stack(
        [
            add_all(
                [
                    weights[code.bit_count()] * (worth[code | 1 << player] - worth[code])
                    for code in range(2**players)
                    if not code >> player & 1
                ]
            )
            for player in range(players)
        ]
    )


def _members(code: int, players: int, runs: int) -> Mask:
    """The coalition with a number of which bit i says whether player i belongs to it."""
    inside = np.array([bool(code >> player & 1) for player in range(players)])
    return np.broadcast_to(inside[:, None], (players, runs))


def shapley_sampled(game: Game, uniforms: Array) -> Array:
    """An unbiased estimate of every player's value, from random orders of joining.

    1. The uniform numbers ``[orders, players, runs]``, sorted, give each run its own orders.
    2. In each order every player gets what the worth rises by when it joins.
    3. The estimate is the mean over the orders; the values add up to the worth of all, whatever the orders.
    """
    return add_all([_joined_in_turn(game, drawn) for drawn in uniforms]) / len(uniforms)


def _joined_in_turn(game: Game, drawn: Array) -> Array:
    order = np.argsort(drawn, axis=0, kind="stable")
    players = np.arange(len(drawn))[:, None]
    members = np.zeros(drawn.shape, dtype=bool)
    before, added = game(members), np.zeros(drawn.shape)
    for place in range(len(drawn)):
        joins = players == order[place]
        members = members | joins
        worth = game(members)
        added = np.where(joins, worth - before, added)
        before = worth
    return added
