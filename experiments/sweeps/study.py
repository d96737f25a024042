"""The study: what is varied, how often each setting is repeated, what is compared, and what was expected beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, PrivateAttr, SerializeAsAny, field_validator, model_validator

from ...model.schema import Scenario
from ...model.schema.world import plain
from .chosen import Chosen
from .coalitions import Coalitions, with_arms_of_coalitions
from .conditions import named_in
from .designs import Design, read
from .errors import fault, inner, nearest
from .formulas import names_in
from .keyed import keyed
from .parameters import SCENARIO, Parameter
from .predictions import LEVELS, Prediction, Table
from .searched import SETTINGS, Reference, with_searched

BASE_ARM = "base"
"""The name of the only arm of a study that names none."""
KEY_COLUMNS = ("point", "arm", "replication")
RESULT_COLUMNS = (
    "metric",
    "estimate",
    "low",
    "high",
    "least",
    "most",
    "predicted",
    "came",
    "count",
    "missing",
)
"""Other columns of tables that have a parameter's column beside them."""


class Replications(Table):
    """How often each setting is repeated: a fixed ``number``, or until an interval is narrow enough.

    The sequential rule runs ``first`` replications of every point and then ``step`` more at a time, until half the
    width of the confidence interval of ``metric`` is at most ``half_width`` in every arm (with a control: of the
    paired difference from it), or ``maximum`` is reached. ``relative`` measures it as a share of the mean (of the
    control, if there is one). The decision after n replications looks at the first n alone, so that it does not
    depend on what else has run.
    """

    number: int | None = Field(None, ge=1, description="how often each setting is repeated")
    start: int = Field(0, ge=0, description="number of the first replication; other ones have other random numbers")
    half_width: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="half of the interval's width that is to be reached"
    )
    relative: bool = Field(False, description="whether half_width is a share of the mean (of the control)")
    metric: str | None = Field(None, description="the metric whose interval it is")
    confidence: float = Field(0.95, gt=0, lt=1, description="confidence level of the interval")
    first: int = Field(20, ge=2, description="replications before the first look")
    step: int = Field(10, ge=1, description="replications between two looks")
    maximum: int = Field(1000, ge=2, description="replications at most")

    @model_validator(mode="after")
    def _one_kind(self) -> Replications:
        if (self.number is None) == (self.half_width is None):
            raise fault("needs either a fixed number or a rule", "give number = 20, or half_width and metric")
        if self.sequential and self.metric is None:
            raise fault("is missing", "name the metric whose interval half_width bounds", "metric")
        if self.sequential and self.maximum < self.first:
            raise fault(f"is below first = {self.first}", "raise maximum or lower first", "maximum", value=self.maximum)
        rule = {"relative", "metric", "confidence", "first", "step", "maximum"} & self.model_fields_set
        if not self.sequential and rule:
            raise fault(f"has a fixed number, so {', '.join(sorted(rule))} mean nothing", "remove them, or the number")
        return self

    @property
    def sequential(self) -> bool:
        """Whether the number follows from a rule."""
        return self.half_width is not None

    @property
    def most(self) -> int:
        """The largest number of replications that a setting can get."""
        return self.maximum if self.number is None else self.number


class Comparison(Table):
    """Paired differences from a control arm, replication by replication under common random numbers."""

    control: str = Field(description="the arm that all others are compared with")
    metrics: list[str] = Field([], description="what is compared, the primary outcome first; default all of the study")
    confidence: float = Field(0.95, gt=0, lt=1, description="confidence level of the intervals")
    equivalence: float | None = Field(None, gt=0, description="margin of an equivalence test, a share of the control")


class Look(Table):
    """The quick version of a study, for looking."""

    points: int = Field(8, ge=1, description="points of a sampled design, at most")
    replications: int = Field(8, ge=2, description="replications of each setting, at most")
    values: dict[str, Any] = Field({}, description="values that all arms share, such as fewer periods")

    @field_validator("values", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        return keyed(value) if isinstance(value, Mapping) else value


class Study(Table):
    """What is varied in a scenario, how often each setting is repeated, what is compared and what is expected.

    Raises pydantic's ``ValidationError`` from Python; `load_study` turns it into a `StudyError`.
    """

    name: str = Field(min_length=1, description="its name; in a file the file's name by default")
    description: str = Field("", description="the question it asks")
    scenario: str | dict[str, Any] = Field(
        description="a bundled scenario, a scenario file (looked up beside the study file), or a whole scenario; "
        "left out, the first of `scenarios`"
    )
    scenarios: dict[str, str | dict[str, Any]] = Field(
        {},
        description='scenarios by name, from which a parameter with keys = ["scenario"] chooses; a table with `like` '
        "is the scenario of that name but for its other keys",
    )
    seed: int | None = Field(None, ge=0, description="seed of all random numbers; default the scenario's")
    metrics: list[str] = Field([], description="what is kept of each run; default every metric of the network")
    parameters: dict[str, Parameter] = Field({}, description="what is varied: a table for each parameter")
    design: list[SerializeAsAny[Design]] = Field(
        default_factory=lambda: [read({"type": "grid"})], min_length=1, description="a design, or a list of designs"
    )
    replications: Replications = Field(
        Replications(number=1), description="how often each setting is repeated: a number, or a rule"
    )
    values: dict[str, Any] = Field({}, description="values that all arms share, by dotted key; an arm may set others")
    arms: dict[str, dict[str, Any]] = Field(
        {BASE_ARM: {}}, min_length=1, description="named overrides by dotted key (`*` for any text), run at every point"
    )
    comparison: Comparison | None = Field(None, description="paired differences from a control arm")
    reference: Reference | None = Field(None, description="the arm `central`, searched for at every design point")
    chosen: dict[str, Chosen] = Field(
        {}, description="arms, by name, whose values are the best of candidates, chosen at every design point"
    )
    coalitions: Coalitions | None = Field(None, description="an arm for every coalition of players, and their values")
    predictions: list[Prediction] = Field([], description="what was expected, written down before the run")
    look: Look = Field(default_factory=Look, description="what `--quick` makes of the study")
    quick: bool = Field(False, description="cut down for looking; no verdicts")
    _folder: Path | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _first_scenario(cls, table: Any) -> Any:
        if not isinstance(table, Mapping) or "scenario" in table:
            return table
        several = table.get("scenarios")
        first = next(iter(several.values()), None) if isinstance(several, Mapping) else None
        return table if first is None else {**table, "scenario": first}

    @model_validator(mode="before")
    @classmethod
    def _further_arms(cls, table: Any) -> Any:
        return with_searched(with_arms_of_coalitions(table)) if isinstance(table, Mapping) else table

    @field_validator("scenario", mode="before")
    @classmethod
    def _scenario(cls, value: Any) -> Any:
        return plain(value) if isinstance(value, Scenario) else value

    @field_validator("scenarios", mode="before")
    @classmethod
    def _scenarios(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {name: plain(given) if isinstance(given, Scenario) else given for name, given in value.items()}

    @field_validator("parameters", mode="before")
    @classmethod
    def _dotted(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {name: inner(Parameter, table, name) for name, table in _parameters(value).items()}

    @field_validator("design", mode="before")
    @classmethod
    def _designs(cls, value: Any) -> list[Design]:
        return [read(table) for table in (value if isinstance(value, list | tuple) else [value])]

    @field_validator("replications", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return {"number": value} if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("arms", mode="before")
    @classmethod
    def _flat_arms(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or not all(isinstance(arm, Mapping) for arm in value.values()):
            return value
        return {name: keyed(arm) for name, arm in value.items()}

    @field_validator("values", mode="before")
    @classmethod
    def _flat_values(cls, value: Any) -> Any:
        return keyed(value) if isinstance(value, Mapping) else value

    @field_validator("metrics")
    @classmethod
    def _once(cls, metrics: list[str]) -> list[str]:
        if len(set(metrics)) < len(metrics):
            raise fault("names a metric twice", "name each once", value=metrics)
        return metrics

    @model_validator(mode="after")
    def _fits(self) -> Study:
        for check in (self._check_keys, self._check_scenarios, self._check_arms):
            check()
        for check in (self._check_metrics, self._check_predictions):
            check()
        return self

    def _check_keys(self) -> None:
        owners: dict[str, str] = {}
        for name, parameter in self.parameters.items():
            if name in KEY_COLUMNS + RESULT_COLUMNS:
                raise fault("is the name of a column of the tables", "choose another name", "parameters", name)
            # One that acts on what stands at a key does so whoever has set it.
            for key in parameter.keys or [name] if parameter.act == "set" else ():
                if key in owners:
                    cure = f"it is also set by parameters.{owners[key]}; remove one"
                    raise fault(f"sets {key} a second time", cure, "parameters", name)
                owners[key] = name
        for arm, overrides in self.arms.items():
            for key in overrides:
                if key in owners:
                    cure = "remove it from the arm, or do not vary it"
                    raise fault(f"is varied by parameters.{owners[key]}", cure, "arms", arm, key)

    def _check_scenarios(self) -> None:
        choosing = [name for name, parameter in self.parameters.items() if SCENARIO in (parameter.keys or [name])]
        for name in choosing:
            chosen = self.parameters[name].values
            if chosen is None or self.parameters[name].keys not in (None, [SCENARIO]):
                cure = f'give it values = [...] and keys = ["{SCENARIO}"] alone'
                raise fault("chooses a scenario and more, or from nothing", cure, "parameters", name)
            for value in chosen:
                if value not in self.scenarios:
                    cure = nearest(str(value), self.scenarios) if self.scenarios else "name it in [scenarios]"
                    raise fault("is not among the scenarios of the study", cure, "parameters", name, value=value)
        if self.scenarios and not choosing:
            cure = f'add [parameters.network] with values and keys = ["{SCENARIO}"]'
            raise fault("is there and no parameter chooses from it", cure, "scenarios")

    def _check_arms(self) -> None:
        named: list[tuple[str, ...]] = [("comparison", "control", self.comparison.control)] if self.comparison else []
        if self.reference is not None:
            named += [("reference", "starts", arm) for arm in self.reference.starts]
            for arm in self.reference.starts:
                if SETTINGS in self.values | self.arms.get(arm, {}):
                    cure = "remove them, or take the arm out of reference.starts"
                    raise fault("are given where the best ones are to be searched for", cure, "arms", arm, SETTINGS)
        for i, p in enumerate(self.predictions, 1):
            named += [("predictions", str(i), key, arm) for key, arm in p.named_arms]
        for *place, arm in named:
            if arm not in self.arms:
                raise fault("is not an arm", nearest(arm, self.arms), *place, value=arm)

    def _check_metrics(self) -> None:
        named = [("replications.metric", self.replications.metric)]
        named += [("comparison.metrics", metric) for metric in (self.comparison.metrics if self.comparison else [])]
        named += [(f"predictions.{i}.metric", p.metric) for i, p in enumerate(self.predictions, 1)]
        for place, metric in named:
            if metric is not None and self.metrics and "*" not in metric and metric not in self.metrics:
                cure = f"add it to metrics; {nearest(metric, self.metrics)}"
                raise fault("is not a metric of the study", cure, place, value=metric)
        for name in self.parameters:
            if name in self.metrics:
                raise fault("is a parameter and a metric", "rename the parameter and give keys", "metrics", value=name)

    def _check_predictions(self) -> None:
        for i, p in enumerate(self.predictions, 1):
            place = ("predictions", str(i))
            if p.expected not in LEVELS and p.against is None and self.comparison is None:
                raise fault("is compared with no arm", "add [comparison] with a control, or against", *place)
            if p.arm is not None and p.arm == (p.against or self.control) and p.expected not in LEVELS:
                raise fault("is compared with itself", "name two arms", *place, value=p.arm)
            formulas = {"value": (p.value, names_in), "where": (p.where, named_in)}
            for key, (text, names) in formulas.items():
                for name in names(text) if isinstance(text, str) else []:
                    if name not in self.parameters:
                        cure = nearest(name, self.parameters)
                        raise fault(f"uses {name}, which is not a parameter", cure, *place, key, value=text)

    def at(self, folder: Path | None) -> Study:
        """The study with the folder in which the files that it names are looked up."""
        placed = self.model_copy()
        placed._folder = folder
        return placed

    @property
    def folder(self) -> Path | None:
        """The folder in which files are looked up; none means the current one."""
        return self._folder

    @property
    def control(self) -> str | None:
        """The control arm, if there is a comparison."""
        return self.comparison.control if self.comparison else None

    def table(self) -> dict[str, Any]:
        """The study as plain tables, as they stand in a file; `Study.model_validate` of it gives an equal one."""
        found = self.model_dump(exclude_none=True, exclude_defaults=True, exclude={"design", "scenario", "look"})
        look = self.look.model_dump(exclude_defaults=True)
        designs = [design.table() for design in self.design]
        found["replications"] = self.replications.model_dump(exclude_unset=True, exclude_none=True)
        found["design"] = designs[0] if len(designs) == 1 else designs
        return found | {"scenario": self.scenario} | ({"look": look} if look else {})

    def cut_down(self) -> Study:
        """A small version for looking, as `look` says. Reports give no verdicts on it."""
        look = self.look
        designs = [design.quick(look.points) for design in self.design]
        most = Replications(number=min(self.replications.most, look.replications), start=self.replications.start)
        values = self.values | look.values
        return self.model_copy(update={"design": designs, "replications": most, "values": values, "quick": True})


def _parameters(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Parameters by dotted name: unquoted dotted names of TOML arrive as nested tables."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        nested = isinstance(value, Mapping) and not set(value) & set(Parameter.model_fields)
        if nested and all(isinstance(inner, Mapping) for inner in value.values()) and value:
            found |= _parameters(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found
