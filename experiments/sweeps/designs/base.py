"""What every design offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ....agents.plugins import scenario_name
from ..errors import StudyError
from ..parameters import Point, Space


class Design(BaseModel, ABC):
    """A rule that chooses design points; its fields are the keys of the ``[design]`` table."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    aliases: ClassVar[tuple[str, ...]] = ()

    @property
    def type(self) -> str:
        """The name of the design in a study file."""
        return scenario_name(type(self))

    @abstractmethod
    def sample(self, space: Space) -> list[Point]:
        """The design points, in a fixed order."""

    def names(self, space: Space) -> list[str]:
        """Keys of the scenario that the design brings itself, beside the parameters of the study."""
        return []

    def resolved(self, space: Space, seed: int) -> Design:
        """The design with everything filled in that it would otherwise take from elsewhere, such as its seed."""
        return self

    def extended(self, more: int, seed: int) -> list[Design]:
        """Designs that together hold these points, first and in this order, and ``more`` new ones.

        Raises `StudyError` where the points follow from the parameters alone.
        """
        cure = "add values or points to the study file and extend with that file"
        raise StudyError(f"design: a {self.type} design cannot grow by {more} points; {cure}")

    def quick(self, most: int = 8) -> Design:
        """A small version of the design, for looking; ``most`` points where they are drawn."""
        return self

    def table(self) -> dict[str, Any]:
        """The design as a table of a study file."""
        return {"type": self.type} | self.model_dump(exclude_none=True)


class Sampled(Design, ABC):
    """A design that draws its points in the unit cube, with one dimension a parameter, from a seed."""

    seed: int | None = Field(None, ge=0, description="seed of the sample; default the study's")

    @abstractmethod
    def unit(self, space: Space) -> NDArray[np.float64]:
        """The sample ``[points, parameters]`` in the unit cube."""

    def sample(self, space: Space) -> list[Point]:
        """The sample scaled to the ranges and values of the parameters."""
        if not len(space):
            raise StudyError(f"design: a {self.type} design needs something to vary; add [parameters]")
        return space.scaled(self.unit(space))

    def resolved(self, space: Space, seed: int) -> Design:
        """The design with the seed of the study, unless it has its own."""
        return self if self.seed is not None else self.model_copy(update={"seed": seed})


def seeded(seed: int | None) -> dict[str, np.random.Generator]:
    """The random generator for a sampler of SciPy, under the name that the installed version expects."""
    import inspect

    from scipy.stats import qmc

    name = "rng" if "rng" in inspect.signature(qmc.Sobol.__init__).parameters else "seed"
    return {name: np.random.Generator(np.random.PCG64(seed or 0))}
