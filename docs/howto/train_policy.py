"""Train an ordering rule through Gymnasium and compare it with the best base stock, on runs that neither has seen.

    python docs/howto/train_policy.py

One shop, a supplier five days away, Poisson demand. Where customers wait, base stock is the optimal rule and there is
nothing to learn; where they go elsewhere it is not, and a rule that looks at shelf and pipeline apart can do better.
`connectors.md` explains the steps and gives the figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ripieno.experiments.connectors.gym import OrderVectorEnv, Seat
from ripieno.experiments.statistics import Interval, mean_interval, paired_difference
from ripieno.model.schema import Scenario, parse

Array = NDArray[np.float64]
Rule = Callable[[Array, Array], Array]

SEED = 7
WARM_UP = 50
HELD_OUT = 10_000  # first replication of the comparison; training uses 0, 1, 2, ...


@dataclass(frozen=True)
class Effort:
    """How much is simulated: both rules get the same number of runs to be tuned on."""

    candidates: int = 40
    generations: int = 15
    replications: int = 24
    test_runs: int = 400

    @property
    def tuning_runs(self) -> int:
        """Runs that tuning one rule may use."""
        return self.candidates * self.generations * self.replications


def shop(unmet: str, periods: int = 250) -> Scenario:
    """The world: holding costs 1 a unit and day, a customer who is not served at once costs 9."""
    penalty = {"lost_cost": 9.0} if unmet == "lost" else {"backlog_cost": 9.0}
    return parse(
        {
            "name": f"shop-{unmet}",
            "periods": periods,
            "suppliers": [{"name": "Supplier"}],
            "warehouses": [
                {
                    "name": "Shop",
                    "holding_cost": 1.0,
                    "initial_stock": 20.0,
                    "policy": {"type": "base-stock", "level": 30.0},
                    **penalty,
                }
            ],
            "markets": [
                {"name": "Town", "sites": ["Shop"], "unmet": unmet, "demand": {"type": "poisson", "mean": 5.0}}
            ],
            "lanes": [{"from": "Supplier", "to": "Shop", "travel_time": 5}],
        }
    )


SEAT = Seat("Shop", observe=("net_stock", "on_order"), highest=60.0)


def base_stock(theta: Array, seen: Array) -> Array:
    """Order up to ``theta[0]``: the rule to beat, with one number to tune."""
    return theta[:, 0] - seen[:, 0] - seen[:, 1]


def linear(theta: Array, seen: Array) -> Array:
    """``theta[0] - theta[1] * net stock - theta[2] * on order``, at most ``theta[3]``: four numbers to tune.

    Base stock is the special case of both weights at 1 and a limit that is never reached.
    """
    wanted = theta[:, 0] - theta[:, 1] * seen[:, 0] - theta[:, 2] * seen[:, 1]
    return np.minimum(wanted, theta[:, 3])


def costs(scenario: Scenario, rule: Rule, thetas: Array, replications: NDArray[np.int_]) -> Array:
    """Mean cost a day after the warm-up, ``[candidates, replications]``; all candidates see the same demand.

    Every pair of a candidate and a replication is one run, and one environment of the vector.
    """
    count, worlds = len(thetas), len(replications)
    env = OrderVectorEnv(scenario, SEAT, num_envs=count * worlds, seed=SEED, autoreset="Disabled")
    seen, _ = env.reset(options={"replications": np.tile(replications, count)})
    theta = np.repeat(thetas, worlds, axis=0)
    total = np.zeros(count * worlds)
    for day in range(scenario.periods):
        seen, reward, *_ = env.step(np.round(rule(theta, seen))[:, None])
        total = total - reward * (day >= WARM_UP)
    env.close()
    return (total / (scenario.periods - WARM_UP)).reshape(count, worlds)


def train(scenario: Scenario, rule: Rule, start: tuple[Array, Array], effort: Effort) -> Array:
    """The cross-entropy method: draw candidates, keep the best fifth, draw the next ones around them.

    Every generation has replications of its own, so that no candidate survives on the luck of one sample.

    Source: R. Y. Rubinstein and D. P. Kroese (2004), The Cross-Entropy Method, Springer, section 5.
    """
    mean, spread = start
    rng = np.random.Generator(np.random.PCG64(SEED))
    elite = max(2, effort.candidates // 5)
    for generation in range(effort.generations):
        thetas = mean + spread * rng.standard_normal((effort.candidates, len(mean)))
        worlds = generation * effort.replications + np.arange(effort.replications)
        best = thetas[np.argsort(costs(scenario, rule, thetas, worlds).mean(axis=1), kind="stable")[:elite]]
        mean, spread = best.mean(axis=0), best.std(axis=0)
    return np.asarray(mean)


def best_level(scenario: Scenario, levels: Array, effort: Effort) -> Array:
    """The best base-stock level of a list, with as many runs in all as `train` uses."""
    worlds = np.arange(effort.tuning_runs // len(levels))
    found = costs(scenario, base_stock, levels[:, None], worlds).mean(axis=1)
    return levels[[int(found.argmin())]]


@dataclass(frozen=True)
class Outcome:
    """What came out for one world, in money a day over the held-out runs."""

    level: float
    theta: Array
    base_stock: Interval
    learnt: Interval
    difference: Interval


def compare(unmet: str, effort: Effort, periods: int = 250) -> Outcome:
    """Tune both rules on the training runs and compare them, run by run, on the held-out ones."""
    scenario = shop(unmet, periods)
    level = best_level(scenario, np.arange(21.0, 51.0), effort)
    # The search starts at the plain base-stock rule of the scenario, not at the tuned one.
    start = np.array([30.0, 1.0, 1.0, 12.0]), np.array([6.0, 0.3, 0.3, 4.0])
    theta = train(scenario, linear, start, effort)
    worlds = HELD_OUT + np.arange(effort.test_runs)
    plain = costs(scenario, base_stock, level[None], worlds)[0]
    learnt = costs(scenario, linear, theta[None], worlds)[0]
    return Outcome(
        float(level[0]), theta, mean_interval(plain), mean_interval(learnt), paired_difference(learnt, plain)
    )


def report(unmet: str, outcome: Outcome) -> str:
    """The outcome in four lines, 95 % intervals in brackets."""
    weights = ", ".join(f"{value:.3f}" for value in outcome.theta)
    named = {
        f"base stock, level {outcome.level:g}": outcome.base_stock,
        f"learnt, theta = ({weights})": outcome.learnt,
        "learnt - base stock, paired": outcome.difference,
    }
    lines = [f"{name:48} {x.estimate:7.3f} [{x.low:.3f}, {x.high:.3f}]" for name, x in named.items()]
    return "\n".join([f"unmet demand: {unmet} (money a day, {outcome.difference.count} held-out runs)", *lines])


if __name__ == "__main__":
    for case in ("lost", "backlog"):
        print(report(case, compare(case, Effort())))
