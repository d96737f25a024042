"""How a stock orders, and which parts of that a package leaves as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from . import replies
from .rules import Rule
from .streams import Joined, Orders

SEEN_BY = ("follows", "memory", "cover", "every")  # parts of a rule on which depends what is seen of customers
ORDERS_BY = ("gain", "lot", "follows", "every", "phase")  # ... and beside that, what is ordered
STRAYS_BY = ("gain", "cover", "follows", "every", "course", "most")  # ... and how far net stock strays
WHOLE = tuple(field.name for field in fields(Rule))
STREAM = ("excess", "lumps", "decay", "every", "phase", "lasting", "mean")  # what differs first comes first


@dataclass(frozen=True)
class Stand:
    """How a stock orders: its rule, what comes in, what it sees of that, what goes out."""

    rule: Rule
    incoming: Joined
    view: replies.Seen
    out: Orders

    def strays_as(self, other: Stand) -> bool:
        """Whether net stock strays as far as in another stand, in all runs."""
        return self.view is other.view and alike(self.rule, other.rule, STRAYS_BY)


def stand(rule: Rule, incoming: Joined, window: float, old: Stand | None) -> Stand:
    """What a rule makes of the orders that come in.

    What is as in an ``old`` stand in all runs is that of the old stand itself, so that whoever asks whether anything
    has changed need not look at numbers again: the whole, the view, or the orders.
    """
    if old is None:
        view = replies.seen(rule, incoming)
        return Stand(rule, incoming, view, replies.orders(rule, view, window))
    known = incoming is old.incoming
    if known and alike(rule, old.rule, WHOLE):
        return old
    view = old.view if known and alike(rule, old.rule, SEEN_BY) else replies.seen(rule, incoming)
    if view is old.view and alike(rule, old.rule, ORDERS_BY):
        return Stand(rule, incoming, view, old.out)
    out = replies.orders(rule, view, window)
    return Stand(rule, incoming, view, old.out if alike(out, old.out, STREAM) else out)


def alike(one: Any, other: Any, names: Sequence[str]) -> bool:
    """Whether numbers of two things are the same in all runs."""
    return all(equal(getattr(one, name), getattr(other, name)) for name in names)


def equal(one: Any, other: Any) -> bool:
    """Whether two numbers, or ``None``, are the same in all runs."""
    if one is other:
        return True
    if one is None or other is None:
        return False
    return bool(np.equal(one, other).all())
