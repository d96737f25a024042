"""The moments of a period and the named sequences of them.

Within a moment agents commute, so their order does not matter, with three exceptions: `order` sweeps from the markets
upstream, so that an order without delay is seen by the supplier in the same sweep; where a lane between sites has
no travel time, the moments from `receive` to `dispatch` run level by level from upstream, after `demand`; and in
`demand` markets come after sites, in the order of the file, as one that asks its sites by priority looks at what they
have free after all that was booked before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MOMENTS: dict[str, str] = {
    "receive": "goods reach the gate and are taken in",
    "unload": "goods move from the gate to the shelf, as far as docks go",
    "produce": "production starts and ends, as far as parts and capacity go",
    "demand": "outside demand arises; orders of other sites that are due are booked",
    "pick": "stock is set aside for whom it is owed",
    "load": "what is set aside goes onto trucks",
    "dispatch": "what is ready departs",
    "serve": "markets are served at once from the shelf",
    "plan": "local optimisation and negotiation, when due",
    "order": "every site looks at its position and orders, from the markets upstream",
    "account": "quantities are noted in the books",
}

SEQUENCES: dict[str, tuple[str, ...]] = {
    # Customers are served from the morning's stock; the order of the evening ships from tomorrow on.
    "serve-then-order": (
        "receive", "unload", "produce", "demand", "pick", "load", "dispatch", "plan", "order", "account",
    ),
    # Demand is seen and passed up the chain before anything moves: Chen, Clark & Scarf, Lee, Disney; stockpyl.
    "order-then-serve": (
        "demand", "plan", "order", "receive", "unload", "produce", "pick", "load", "dispatch", "account",
    ),
    # Orders ship from opening stock; demand comes last and is served from what is then on the shelf: OR-Gym.
    "order-first": (
        "plan", "order", "pick", "load", "dispatch", "receive", "unload", "produce", "demand", "serve", "account",
    ),
}  # fmt: skip

QUIET = ("load", "dispatch", "plan")  # moments in which neither stock nor debts change

LEVELLED = ("receive", "unload", "produce", "pick", "load", "dispatch")

Act = Callable[[], None]


def agenda(sequence: Sequence[str], levels: Sequence[Sequence[Any]], by_level: bool) -> list[tuple[str, list[Act]]]:
    """Who acts when: the moments of a period, each with the acts of the agents that take part in it.

    ``levels`` holds the agents from upstream to the markets. ``by_level`` lets each level run from its receipts to its
    dispatches before the next one begins.
    """
    upstream_first = [agent for level in levels for agent in level]
    planned: list[tuple[str, list[Act]]] = []
    waiting: list[str] = []
    levelled = LEVELLED if by_level and "serve" not in sequence else ()
    for moment in sequence:
        if moment in levelled:
            waiting.append(moment)
            continue
        if moment != "demand" or "pick" in waiting:  # else it precedes all levels, which pick for what it books
            planned += _level_by_level(waiting, levels)
            waiting = []
        planned.append((moment, acts_of(moment, upstream_first)))
    planned += _level_by_level(waiting, levels)
    return [(moment, acts) for moment, acts in planned if acts]


def acts_of(moment: str, agents: Sequence[Any]) -> list[Act]:
    """The methods named like the moment, of those agents that have one; orders go from the markets upstream.

    Agents that never do anything in the moment may be `idle` in it, and are not called.
    """
    taking_part = [agent for agent in agents if hasattr(agent, moment) and moment not in getattr(agent, "idle", ())]
    if moment == "order":
        taking_part = taking_part[::-1]
    acts = [getattr(agent, moment) for agent in taking_part]
    if moment == "plan":  # all decide on the old levers, then all change them
        acts += [agent.settle for agent in taking_part]
    return acts


def _level_by_level(moments: Sequence[str], levels: Sequence[Sequence[Any]]) -> list[tuple[str, list[Act]]]:
    return [(moment, acts_of(moment, level)) for level in levels for moment in moments] if moments else []


def orders_right_after_serving(sequence: Sequence[str]) -> bool:
    """Whether stock and debts, but for orders booked in the sweep, are the same when ordering as after serving."""
    last = "serve" if "serve" in sequence else "pick"
    between = sequence[sequence.index(last) + 1 : sequence.index("order")]
    return sequence.index(last) < sequence.index("order") and all(moment in QUIET for moment in between)


def serving_lag(sequence: Sequence[str], order_delay: int, to_market: bool) -> int:
    """Periods from the placing of an order to the first serving after it is booked: what is lost of it is lost then."""
    before = sequence.index("order") < sequence.index("demand")  # orders that are due are booked when ordering
    booked = "demand" if to_market or (order_delay > 0 and not before) else "order"
    served = "serve" if to_market and "serve" in sequence else "pick"
    return order_delay + int(sequence.index(booked) > sequence.index(served))


def describe(sequence: Sequence[str]) -> str:
    """The sequence as a numbered list, one moment a line."""
    return "\n".join(f"{number:2d}. {moment:9s} {MOMENTS[moment]}" for number, moment in enumerate(sequence, 1))
