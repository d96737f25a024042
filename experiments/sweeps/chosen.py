"""Arms whose values are chosen at every design point: the best of stated candidates, by a stated metric of a run."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any, Literal

from pydantic import Field, field_validator

from .errors import fault
from .keyed import keyed
from .parameters import is_value
from .predictions import Table

MOST_CANDIDATES = 200


class Chosen(Table):
    """An arm whose values are chosen at every design point, on the simulator itself.

    All combinations of the lists in ``among`` are candidates, or the tables of a list of tables. Each is simulated
    ``replications`` times at the point, with the same random numbers as the others and with other ones than the runs
    that are compared. The best mean of ``metric`` is chosen, of equal ones the first. What was chosen is kept in the
    study's folder, and the arm runs with it.

    A candidate is to the point what the values of an arm are: a parameter that scales or shifts one of its keys acts on
    it, and one that sets the key is refused. What else the arm sets stands in ``[arms.NAME]``.
    """

    metric: str = Field(description="the metric of a run by which the best candidate is chosen")
    best: Literal["lowest", "highest"] = Field("lowest", description="which mean of the metric is the best")
    replications: int = Field(16, ge=1, description="replications of each candidate")
    periods: int | None = Field(None, ge=1, description="horizon of the candidates' runs; default that of the scenario")
    among: dict[str, list[Any]] | list[dict[str, Any]] = Field(
        description="the candidates: lists of values by dotted key (`*` for any text), or a list of tables; "
        f"at most {MOST_CANDIDATES}"
    )

    @field_validator("among", mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if isinstance(value, Mapping):
            return keyed(value)
        return [keyed(table) if isinstance(table, Mapping) else table for table in value] if _listed(value) else value

    @field_validator("among")
    @classmethod
    def _usable(cls, among: Any) -> Any:
        for key, values in _by_key(among).items():
            if not values:
                raise fault("is empty", "give the values to choose from", key, value=values)
            for value in values:
                if not is_value(value):
                    raise fault("is not a number, text or truth value", "give single values", key, value=value)
        if _listed(among) and len({frozenset(table) for table in among}) > 1:
            raise fault("are tables with different keys", "give every candidate the same keys")
        count = _count(among)
        if not 1 <= count <= MOST_CANDIDATES or not _by_key(among):
            raise fault(f"is {count} candidates", f"give 1 to {MOST_CANDIDATES}, each with a key at least")
        return among

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """What each candidate sets, as it is written; the last key of a table of lists changes first."""
        if isinstance(self.among, list):
            return self.among
        return [dict(zip(self.among, values, strict=True)) for values in product(*self.among.values())]

    @property
    def effort(self) -> dict[str, Any]:
        """All but the candidates: how the best of them is found."""
        return self.model_dump(exclude={"among"})


def _listed(among: Any) -> bool:
    return isinstance(among, list | tuple)


def _by_key(among: Any) -> dict[str, list[Any]]:
    """The values of each key that any candidate sets."""
    if not _listed(among):
        return dict(among)
    return {key: [table[key] for table in among if key in table] for key in dict.fromkeys(k for t in among for k in t)}


def _count(among: Any) -> int:
    return len(among) if _listed(among) else prod(map(len, among.values()))
