"""What the workers compute: plain functions of scenarios and seeds, so that the same inputs give the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..model.schema import Scenario
from .chunks import Chunks, Mail

if TYPE_CHECKING:
    import pandas as pd


def record_pair(a: Scenario, b: Scenario, names: tuple[str, str], mail: Mail | None = None) -> bytes:
    """The recording of one run of two worlds, as the player reads it; chunks of it go by ``mail`` before it is done.

    Raises `Abandoned` when the mail is closed.
    """
    from .recording import Making

    with Making([a, b], names) as making:
        chunks = None if mail is None else Chunks(mail)
        while making.done < making.periods:
            making.step()
            if chunks is not None:
                chunks.note(making)
        return making.recording().to_bytes()


def run_points(points: Sequence[Scenario], seed: int, first: int, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replications ``first`` to ``first + count`` of some worlds on the same random numbers.

    Gives the table of the network and the table of the agents, with the columns ``point`` and ``replication``.
    """
    import numpy as np

    from ..model.api import run_batch

    pairs = [(point, replication) for point in range(len(points)) for replication in range(first, first + count)]
    found = run_batch(points, pairs, seed)
    place = np.array([point for point, _ in pairs])
    replication = np.array([replication for _, replication in pairs])
    summary = found.summary.assign(point=place, replication=replication)
    rows = found.agents["run"].to_numpy()
    return summary, found.agents.assign(point=place[rows], replication=replication[rows])


def run_ledger(scenario: Scenario, seed: int, runs: int) -> Any:
    """The ledger of some runs of a world, or nothing where nobody negotiates."""
    from ..model.api import simulate

    return simulate(scenario, runs=runs, seed=seed).ledger


def run_orders(points: Sequence[Scenario], seed: int, runs: int) -> list[dict[str, Any]]:
    """What passes up each world, period by period; see `orders_of`."""
    return [orders_of(point, seed, runs) for point in points]


def orders_of(scenario: Scenario, seed: int, runs: int) -> dict[str, Any]:
    """Outside demand and the orders of every echelon, from the markets upstream, and the cost of the network.

    ``levels`` gives of each its ``members``, its total in the first run ``series`` ``[periods]`` in units, and the
    variance over time added up over products, ``[runs]``, of all periods (``whole``) and of those after the warm-up
    (``after``). ``money`` is the cost of each period, ``[periods, runs]``.
    """
    import numpy as np

    from ..model.supply_chain import SupplyChain

    world = SupplyChain(scenario, list(range(runs)), seed=seed)
    groups = {"demand": (list(world.markets.values()), "demanded")}
    groups |= {f"echelon {each.name}": (each.members, "ordered") for each in world.echelons}
    rows: dict[str, list[Any]] = {name: [] for name in groups}
    lines = [line for line in world.accounts.lines if line.payee is None]
    money = []
    for _ in range(scenario.periods):
        world.step()
        for name, (members, quantity) in groups.items():
            rows[name].append(_by_product(members, quantity))
        money.append(np.sum([line.money_now() for line in lines], axis=0) if lines else np.zeros(runs))
    warm_up = world.scenario.warm_up
    world.dispose()
    levels = {}
    for name, (members, _) in groups.items():
        values = np.stack(rows[name])
        levels[name] = {
            "members": [member.name for member in members],
            "series": values.sum(axis=1)[:, 0].astype(np.float32),
            "whole": values.var(axis=0).sum(axis=0),
            "after": values[warm_up:].var(axis=0).sum(axis=0),
        }
    return {"levels": levels, "money": np.stack(money).astype(np.float32), "warm_up": warm_up}


def _by_product(members: Sequence[Any], quantity: str) -> Any:
    """A quantity added up over members, ``[products, runs]``: each product by itself, as in the engine's metric."""
    import numpy as np

    found: dict[str, Any] = {}
    for member in members:
        for product, values in zip(member.products, getattr(member, quantity), strict=True):
            found[product] = found[product] + values if product in found else values
    return np.stack(list(found.values()))


def run_payments(points: Sequence[Scenario], seed: int, runs: int) -> list[dict[tuple[str, str], float]]:
    """Who pays whom in each world, mean over runs, in money per period; what leaves the network is paid to nobody."""
    return [_payments(point, seed, runs) for point in points]


def _payments(scenario: Scenario, seed: int, runs: int) -> dict[tuple[str, str], float]:
    from ..model.supply_chain import SupplyChain

    world = SupplyChain(scenario, list(range(runs)), seed=seed).run()
    found: dict[tuple[str, str], float] = {}
    for line in world.accounts.lines:
        ends = (line.payer, line.payee or "")
        found[ends] = found.get(ends, 0.0) + float(line.money().mean()) / world.measured_periods
    world.dispose()
    return found


def search_best(scenario: Scenario, seed: int) -> dict[str, float]:
    """The settings of levers with the least cost of the network, as the arm ``central`` of a comparison finds them.

    The search is on random numbers other than those of ``seed``. Empty where nothing is better than what stands.
    """
    import ripieno

    found = ripieno.compare(scenario, arms=["central"], runs=1, seed=seed)
    spec = found.worlds["central"].orchestration
    return {} if spec is None else dict(spec.settings)
