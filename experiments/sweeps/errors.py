"""What can be wrong with a study or its folder, said in one message."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ...model.schema.problems import NO_VALUE, Problem, Refused, nearest
from ...model.schema.translate import problems_of

__all__ = ["StudyError", "fault", "inner", "nearest", "valid"]

Model = TypeVar("Model", bound=BaseModel)


class StudyError(ValueError):
    """A study or a folder that cannot be used; its text is the whole message: the thing, the value, the cure."""


def fault(what: str, cure: str, *place: str, value: object = NO_VALUE) -> Refused:
    """What a validator raises: what is wrong (at ``place`` inside the table that is validated), and the cure."""
    return Refused(Problem(place, what, cure, value))


def inner(model: type[Model], raw: Any, *place: str) -> Model:
    """``raw`` as a ``model``, inside a validator of a larger table, in which it stands at ``place``."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise Refused(*(problem.under(*place) for problem in problems_of(error, model, raw))) from None


def valid(model: type[Model], raw: Any, source: str | Path) -> Model:
    """``raw`` as a ``model``; raises `StudyError` with every problem on its own line, each naming ``source``."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        lines = dict.fromkeys(f"{source}: {problem}" for problem in problems_of(error, model, raw))
        raise StudyError("\n".join(lines)) from None
