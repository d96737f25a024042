"""A world beside the world, several times over, in which packages are tried out before anybody agrees to them.

Numbers of agents are bound anew and never changed in place, so the state of a world is carried over by reference. Each
run of the shadow is a copy of some run of the world: of every array of the runs the shadow takes the entries of those.
It then lives on by itself, each copy under another package.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..agents.quantity import Array
from ..agents.remembered import Remembered
from .schema import Scenario
from .schema.common import Table
from .schema.partspec import PartSpec
from .streams import Stream, Streams

Runs: TypeAlias = NDArray[np.intp]
"""Numbers of runs of a world, one for each run of its shadow."""
OWN = frozenset({"model", "page", "waits", "runs", "unique_id", "pos", "_zero"})
"""Attributes that belong to a world alone: its books, its size, its place in Mesa."""
KEPT = (Stream, Streams, Remembered, Table, PartSpec, FunctionType, MethodType, BuiltinFunctionType, type)
"""Things that hold no state of a run, and that every world has for itself."""


def copies_of(world: Any, number: int) -> Runs:
    """The runs of a shadow with so many copies of every run: copy c of run r is run c x runs + r."""
    return np.tile(np.arange(world.runs), number)


def of_runs(held: Any, of_run: Runs) -> Any:
    """A stacked scenario, or a table of it, for copies of its runs: ``of_run`` says of which run each is one."""
    if isinstance(held, np.ndarray):
        return held[..., of_run]
    if isinstance(held, PartSpec):
        return held.replacing(**{name: of_runs(item, of_run) for name, item in held.given().items()})
    if isinstance(held, Table):
        kept = {name: getattr(held, name) for name in type(held).model_fields}
        fresh = {name: of_runs(value, of_run) for name, value in kept.items()}
        changed = {name: value for name, value in fresh.items() if value is not kept[name]}
        return held.changed(**changed) if changed else held
    if isinstance(held, dict):
        made = {name: of_runs(item, of_run) for name, item in held.items()}
        return made if any(made[name] is not held[name] for name in held) else held
    if isinstance(held, list):
        parts = [of_runs(item, of_run) for item in held]
        return parts if any(a is not b for a, b in zip(parts, held, strict=True)) else held
    return held


def repeated(scenario: Scenario, of_run: Runs) -> Scenario:
    """A resolved scenario for copies of its runs."""
    fields = {name: of_runs(getattr(scenario, name), of_run) for name in type(scenario).model_fields}
    return scenario.replaced(**fields)


class Carrying:
    """Carries the state of one world over to another one, whose runs are copies of its ``runs``.

    ``pairs`` are the things that correspond to each other: agents, lanes, trucks, docks.
    """

    def __init__(self, pairs: Sequence[tuple[Any, Any]], runs: int, of_run: Runs) -> None:
        self.runs = runs
        self.of_run = of_run
        self.known: dict[int, Any] = {id(source): target for source, target in pairs}
        self.held = [source for source, _ in pairs]  # so that no address is used twice
        self.walked: set[int] = set()
        for source, target in pairs:
            self.walk(source, target)

    def walk(self, source: Any, target: Any) -> None:
        """Give ``target`` the attributes of ``source``."""
        if id(source) in self.walked:
            return
        self.walked.add(id(source))
        for name, value in vars(source).items():
            if name not in OWN:
                object.__setattr__(target, name, self.carried(value, vars(target).get(name)))

    def carried(self, value: Any, there: Any) -> Any:
        """What stands in the place of a value in the other world; ``there`` is what stands there now."""
        if id(value) in self.known:
            return self.met_again(value)
        if isinstance(value, np.ndarray):
            return self.noted(value, self.array(value, there))
        if isinstance(value, deque | list | tuple | dict):
            return self.collection(value, there)
        if isinstance(value, KEPT) or (callable(value) and not hasattr(value, "__dict__")):
            return there
        if hasattr(value, "__dict__"):
            return self.thing(value, there)
        return value

    def met_again(self, value: Any) -> Any:
        """What was found for a value before; a thing whose counterpart was given at the start is walked now."""
        found = self.known[id(value)]
        if not isinstance(value, np.ndarray):
            self.walk(value, found)
        return found

    def collection(self, value: Any, there: Any) -> Any:
        """A list, a tuple, a queue or a table with what stands in the place of its entries."""
        if isinstance(value, deque):
            return deque(self.items(value, there), value.maxlen)
        if isinstance(value, dict):
            old = there if isinstance(there, dict) else {}
            return {(mine := self.key(key)): self.carried(item, old.get(mine)) for key, item in value.items()}
        return type(value)(self.items(value, there))

    def key(self, key: Any) -> Any:
        """A key of a table in the other world: lanes and agents may be keys, or tuples of them."""
        if isinstance(key, tuple):
            return tuple(self.key(part) for part in key)
        return self.known.get(id(key), key) if hasattr(key, "__dict__") else key

    def array(self, value: Array, there: Any) -> Array:
        """An array of the runs for their copies; one that is not of the runs, as the other world shows, as it is."""
        by_run = value.ndim > 0 and value.shape[-1] == self.runs
        if isinstance(there, np.ndarray) and there.shape == value.shape:
            return value
        return value[..., self.of_run] if by_run else value

    def items(self, values: Any, there: Any) -> list[Any]:
        """The entries of a list; each beside its counterpart where there are as many."""
        alike = isinstance(there, list | tuple | deque) and len(there) == len(values)
        old = list(there) if alike else [None] * len(values)
        return [self.carried(value, other) for value, other in zip(values, old, strict=True)]

    def thing(self, value: Any, there: Any) -> Any:
        """An object with attributes: the counterpart where there is one, else a new one."""
        same = there is not None and type(there) is type(value) and id(there) not in map(id, self.held)
        target = there if same else object.__new__(type(value))
        if not same and "runs" in vars(value):
            object.__setattr__(target, "runs", len(self.of_run))
        self.noted(value, target)
        self.walk(value, target)
        return target

    def noted(self, value: Any, found: Any) -> Any:
        """Remember what stands for a value, which may be met again."""
        self.known[id(value)] = found
        self.held.append(value)
        return found


class Replay:
    """Outside demand as it was: ``history`` ``[runs]`` of past periods, over and over from ``start`` on."""

    def __init__(self, history: Sequence[Array], start: int) -> None:
        self.history = history
        self.start = start

    def __call__(self, period: int) -> Array:
        """The demand of a period."""
        return self.history[(period - self.start) % len(self.history)]


class Shadow:
    """A world that takes up the state of another one; ``of_run`` says of which run each of its runs is a copy.

    With ``foresees`` it has the random numbers of the world itself, so that it shows what will come; without it has its
    own, outside demand is replayed from the past, and neither interventions nor outages that come once are known before
    their day. Calendars were drawn before and are those of the world.

    Raises `ValueError` for as many copies as the world has runs: arrays of the runs are told from others by having
    another length in the shadow.
    """

    def __init__(self, world: Any, of_run: Runs, *, foresees: bool = False) -> None:
        if len(of_run) == world.runs:
            raise ValueError(f"a shadow has more or fewer runs than the world, not {world.runs} as well")
        self.world = world
        self.of_run = of_run
        self.foresees = foresees
        scenario = repeated(world.scenario.replaced(orchestration=None, warm_up=0), of_run)  # its books begin with it
        seed = world.streams.seed if foresees else world.streams.seed + 1
        self.chain = type(world)(scenario, world.replications[of_run], seed=seed)
        self.chain.builder.calendars = Streams(world.builder.calendars.seed, self.chain.replications)
        self.chain.levers = world.levers.like(self.chain, of_run)
        self.timeline = self.chain._timeline if foresees else self.chain._timeline[:1]
        self.chain._timeline = self.timeline
        self.processes = {name: market.processes for name, market in self.chain.markets.items()}

    def take_up(self, levers: Array) -> None:
        """Take up the state of the world, with ``levers`` ``[levers, runs of the shadow]``."""
        chain, world = self.chain, self.world
        for name, market in chain.markets.items():
            market.processes = self.processes[name]
        Carrying(pairs(world, chain), world.runs, self.of_run)
        chain.period = world.period
        chain.base = repeated(world.base, self.of_run)
        moved = (levers != world.levers.values[:, self.of_run]).any(axis=1)
        chain.levers.stand(levers, moved | world.levers.touched)
        chain.settle_levers()
        if not self.foresees:
            chain.outages.forget_those_to_come(chain.period)
        chain.outages.raise_flags()

    def replay(self, history: Mapping[str, Sequence[Array]], start: int, factor: float = 1.0) -> None:
        """Let the outside demand of the past, ``{market: [periods][products, runs]}``, come again."""
        for name, past in history.items():
            market = self.chain.markets[name]
            wide = [(demand * factor)[..., self.of_run] for demand in past]
            market.processes = [Replay([day[row] for day in wide], start) for row in range(len(market.products))]
            market.factor, market.unscaled = 1.0, True

    def live(self, periods: int, each: Callable[[Any], None] | None = None) -> None:
        """End the period that the world is in the middle of, and live on for so many periods, with fresh books."""
        chain = self.chain
        later = chain.sequence[chain.sequence.index("plan") + 1 :]
        for moment, acts in chain.agenda:
            if moment in later:
                for act in acts:
                    act()
        for holder in [*chain.holders, *chain.groups]:
            holder.close_warm_up()
        chain.accounts.reset()
        chain.period = chain.period + 1
        for _ in range(periods):
            chain.step()
            if each is not None:
                each(chain)

    def by_copy(self, values: Array) -> Array:
        """Numbers of a shadow with so many copies of every run (`copies_of`) as ``[..., copies, runs]``."""
        return values.reshape(*values.shape[:-1], len(self.of_run) // self.world.runs, self.world.runs)


def pairs(source: Any, target: Any) -> list[tuple[Any, Any]]:
    """The agents, lanes and equipment of two worlds with the same network, side by side."""
    found = [*zip(source.holders, target.holders, strict=False)]  # the orchestrator, who comes last, has no shadow
    found += zip(source.outages.outages, target.outages.outages, strict=True)
    return found
