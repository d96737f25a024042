"""EMA Workbench: a scenario as a model, and an evaluator that runs all experiments of a call side by side.

::

    model = ema_model(
        load("beer-game"),
        uncertainties={"markets.Customers.demand_factor": (0.5, 1.5)},
        levers={"warehouses.Retailer.policy.level": (10, 40)},
        metrics=["cost"],
        replications=20,
    )
    with run_axis_evaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=100, policies=10)

Works with EMA Workbench 2.5 and 3. Parameters and outcomes are called like their dotted keys with underscores, since
EMA Workbench asks for Python names. The model also works, one experiment at a time, with its own evaluators.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from ...model.schema import Scenario, get_value
from .evaluation import Evaluation, Ranges
from .missing import not_installed


class RunAxis:
    """The function behind an EMA model: values by key in, means over replications by metric out.

    `prepare` evaluates many experiments at once and keeps their results for the calls that follow.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        # An experiment without policies leaves the levers where the scenario has them.
        self._own = {name: get_value(evaluation.scenario, name) for name in evaluation.names}
        self._known: dict[tuple[float, ...], dict[str, float]] = {}

    def __call__(self, **values: float) -> dict[str, float]:
        """The metrics of one experiment."""
        point = self._point(values)
        return self._known[point] if point in self._known else self._run([point])[0]

    def prepare(self, experiments: Iterable[Mapping[str, float]]) -> None:
        """Evaluate experiments together, in place of those prepared before."""
        points = list(dict.fromkeys(self._point(values) for values in experiments))
        self._known = dict(zip(points, self._run(points), strict=True))

    def _point(self, values: Mapping[str, float]) -> tuple[float, ...]:
        return tuple(float(values.get(name, own)) for name, own in self._own.items())

    def _run(self, points: Sequence[tuple[float, ...]]) -> list[dict[str, float]]:
        means = self.evaluation(np.array(points).reshape(len(points), -1)).mean(axis=1)
        return [dict(zip(self.evaluation.metrics, row, strict=True)) for row in means.tolist()]


def ema_model(
    scenario: Scenario,
    uncertainties: Ranges,
    levers: Ranges,
    metrics: Sequence[str],
    replications: int = 1,
    seed: int = 0,
) -> Any:
    """An ``ema_workbench.Model`` of a scenario.

    ``uncertainties`` and ``levers`` map dotted keys to their lowest and highest value; whole numbers become integer
    parameters. ``metrics`` are the outcomes, means over ``replications`` on shared random numbers. Raises
    `ImportError` with the cure when EMA Workbench is not installed, and what `Evaluation` raises.
    """
    workbench = _workbench()
    both = {**uncertainties, **levers}
    if len(both) < len(uncertainties) + len(levers):
        raise ValueError(f"a key is an uncertainty and a lever: {sorted(set(uncertainties) & set(levers))}")
    function = RunAxis(Evaluation(scenario, both, tuple(metrics), replications, seed))
    name = re.sub(r"[^A-Za-z0-9]", "", scenario.name) or "model"
    model = workbench.Model(name if name[0].isalpha() else f"m{name}", function=function)
    model.uncertainties = [_parameter(workbench, function.evaluation, key) for key in uncertainties]
    model.levers = [_parameter(workbench, function.evaluation, key) for key in levers]
    model.outcomes = [workbench.ScalarOutcome(python_name(metric), variable_name=metric) for metric in metrics]
    return model


def run_axis_evaluator(model: Any) -> Any:
    """An evaluator for a model of `ema_model`: all experiments of a call run side by side in this process."""
    if not isinstance(getattr(model, "function", None), RunAxis):
        raise TypeError("the evaluator is for models made by ema_model")
    return _evaluator_class()(model)


def python_name(key: str) -> str:
    """A dotted key as EMA Workbench wants names: letters, digits and underscores.

    >>> python_name("lanes.W->R1.transit_cost")
    'lanes_W_R1_transit_cost'
    """
    return re.sub(r"\W+", "_", key)


def _parameter(workbench: ModuleType, evaluation: Evaluation, key: str) -> Any:
    low, high = evaluation.ranges[key]
    whole = key in evaluation.whole
    kind: Callable[..., Any] = workbench.IntegerParameter if whole else workbench.RealParameter
    ends = (round(low), round(high)) if whole else (float(low), float(high))
    return kind(python_name(key), *ends, variable_name=key)


def _evaluator_class() -> type:
    workbench = _workbench()
    framework = workbench.em_framework

    class RunAxisEvaluator(framework.evaluators.BaseEvaluator):  # type: ignore[misc, name-defined]
        """Collects the experiments of a call, evaluates them together, and hands each to the workbench."""

        def initialize(self) -> None:
            """Nothing to start."""

        def finalize(self) -> None:
            """Nothing to end."""

        def evaluate_experiments(self, *arguments: Any, combine: str = "factorial", **_: Any) -> None:
            """Called by the workbench; version 2 passes scenarios and policies, version 3 the experiments."""
            *given, callback = arguments
            if len(given) == 2:
                scenarios, policies = given
                given = [framework.points.experiment_generator(scenarios, self._msis, policies, combine=combine)]
            experiments = list(given[0])
            _prepare(self._msis, experiments)
            named = framework.util.NamedObjectMap(framework.model.AbstractModel)
            named.extend(self._msis)
            runner = framework.experiment_runner.ExperimentRunner(named)
            for experiment in experiments:
                callback(experiment, runner.run_experiment(experiment))

    return RunAxisEvaluator


def _prepare(models: Iterable[Any], experiments: Sequence[Any]) -> None:
    for model in models:
        keys = {parameter.name: parameter.variable_name[0] for parameter in (*model.uncertainties, *model.levers)}
        chosen = [experiment for experiment in experiments if experiment.model_name == model.name]
        model.function.prepare(
            {keys[name]: value for name, value in {**e.scenario, **e.policy}.items() if name in keys} for e in chosen
        )


def _workbench() -> Any:
    with warnings.catch_warnings():
        # It warns of parallel back-ends that are not installed; this connector uses none of them.
        warnings.simplefilter("ignore")
        try:
            import ema_workbench
            import ema_workbench.em_framework.evaluators
            import ema_workbench.em_framework.experiment_runner
        except ImportError as error:
            raise not_installed("EMA Workbench", "ema") from error
    return ema_workbench
