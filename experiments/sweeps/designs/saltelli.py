from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from ..errors import StudyError, fault
from ..parameters import Space
from .base import Design, Sampled


class Saltelli(Sampled):
    """Saltelli's extension of a Sobol sequence, for variance-based sensitivity indices of D parameters.

    It has ``samples`` (2 D + 2) points, or ``samples`` (D + 2) without ``second_order``. Source: Saltelli (2002),
    Computer Physics Communications 145(2). It grows along the same sequence, to twice, four times, ... the samples.
    """

    samples: int = Field(ge=1, description="points of the sequence, a power of two")
    second_order: bool = Field(True, description="whether the sample also serves second-order indices")

    @field_validator("samples")
    @classmethod
    def _power_of_two(cls, samples: int) -> int:
        if samples & (samples - 1):
            lower = 1 << (samples.bit_length() - 1)
            raise fault("is not a power of two", f"give {lower} or {2 * lower}", value=samples)
        return samples

    def unit(self, space: Space) -> NDArray[np.float64]:
        """The sample ``[points, parameters]``, drawn by `SALib.sample.sobol`."""
        from SALib.sample import sobol

        order = self.second_order
        return np.asarray(sobol.sample(space.problem(), self.samples, calc_second_order=order, seed=self.seed))

    def extended(self, more: int, seed: int) -> list[Design]:
        """A longer piece of the same sequence; ``more`` counts samples."""
        total = self.samples + more
        if total & (total - 1):
            cure = f"extend by {self.samples} to double them"
            raise StudyError(f"design: {self.samples} + {more} Saltelli samples are not a power of two; {cure}")
        return [self.model_copy(update={"samples": total})]

    def quick(self, most: int = 8) -> Design:
        """At most 4 samples, and not more than ``most``."""
        return self.model_copy(update={"samples": min(self.samples, 4, most)})
