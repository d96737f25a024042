"""Random numbers by name: the same stream, replication and period always give the same number.

One Philox generator is re-keyed for each stream: the key comes from the study's seed and a stable hash of the stream's
name (``"demand/R3/beer"``, never an index), the counter from the block of periods and the replication. A draw depends
on nothing else: not on the batch, its order, the horizon or other streams. Design points share the draws of a
replication (common random numbers), and a number is turned into demand by inversion, so close parameters give close
draws.

Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11 (Philox).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..agents.quantity import Array

BLOCK = 64  # periods drawn at once; part of the definition of a stream, so never change it
WORDS = 4  # numbers that Philox gives for one value of its counter
HALF_STEP = 2.0**-54
IN_CACHE = 64  # replications that are drawn at a time; the numbers do not depend on it


class Streams:
    """All streams of a world: ``replications`` ``[runs]`` says which repetition each run is."""

    def __init__(self, seed: int, replications: ArrayLike) -> None:
        self.seed = int(seed)
        self.replications: NDArray[np.int64] = np.asarray(replications, dtype=np.int64)
        if self.replications.ndim != 1 or self.replications.size == 0:
            raise ValueError(f"replications must be a list of at least one number, not {replications!r}")
        if self.replications.min() < 0:
            raise ValueError(f"a replication is a number from 0 on, not {self.replications.min()}")
        distinct, place = np.unique(self.replications, return_inverse=True)
        self._spans = list(_spans(distinct))
        self._place = None if len(distinct) == len(self.replications) and _sorted(place) else place
        self._streams: dict[str, Stream] = {}

    def stream(self, name: str, draws: int = 1) -> Stream:
        """The stream of that name with ``draws`` numbers a period; asked for again, the same object.

        Raises `ValueError` when the name was used with another number of draws.
        """
        known = self._streams.get(name)
        if known is None:
            known = self._streams[name] = Stream(self.key(name), draws, self._spans, self._place)
        if known.draws != draws:
            raise ValueError(f"stream {name!r} has {known.draws} draws a period, not {draws}")
        return known

    def key(self, name: str) -> NDArray[np.uint64]:
        """The 128-bit key of a stream."""
        digest = hashlib.sha256(f"{self.seed}/{name}".encode()).digest()
        return np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)


class Stream:
    """One named sequence of uniform numbers, a fixed count of them a period whether they are used or not."""

    def __init__(
        self, key: NDArray[np.uint64], draws: int, spans: Sequence[tuple[int, int]], place: NDArray[np.intp] | None
    ) -> None:
        self.draws = draws
        self._key = key
        self._spans = spans
        self._place = place
        self._block = -1
        self._numbers: Array = np.empty((0, 0, 0))

    def uniforms(self, period: int) -> Array:
        """The numbers of a period, ``[draws, runs]``, strictly between 0 and 1."""
        block, within = divmod(period, BLOCK)
        if block != self._block:
            self._numbers = self._drawn(block)
            self._block = block
        numbers: Array = self._numbers[within]
        return numbers if self._place is None else numbers[:, self._place]

    def _drawn(self, block: int) -> Array:
        """The numbers of a block of periods for the distinct replications, ``[BLOCK, draws, replications]``."""
        by_period = np.empty((BLOCK * self.draws, sum(count for _, count in self._spans)))
        place = 0
        for first, count in self._spans:
            generator = self._generator(block, first)
            for some in _portions(count, IN_CACHE):
                by_period[:, place : place + some] = self._portion(generator, some).T
                place = place + some
        return by_period.reshape(BLOCK, self.draws, -1)

    def _generator(self, block: int, first: int) -> np.random.Generator:
        """What draws the numbers of a block, replication after replication from ``first`` on."""
        counter = _counter(block, first * (BLOCK * self.draws // WORDS))
        return np.random.Generator(np.random.Philox(key=self._key, counter=counter))

    def _portion(self, generator: np.random.Generator, count: int) -> Array:
        """The numbers of the next ``count`` replications, ``[count, BLOCK * draws]``."""
        # 53 bits of each raw number, from 0 to 1 exclusive; 0 itself is moved up by half of the smallest step.
        return np.maximum(generator.random((count, BLOCK * self.draws)), HALF_STEP)


def _counter(block: int, start: int) -> NDArray[np.uint64]:
    """Philox's 256-bit counter: the block in the upper half, the place of the replication in the lower."""
    return np.array([start & (2**64 - 1), start >> 64, block, 0], dtype=np.uint64)


def _portions(count: int, most: int) -> Iterator[int]:
    """``count`` in parts of ``most`` and a rest."""
    for start in range(0, count, most):
        yield min(most, count - start)


def _spans(distinct: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive replications as ``(first, count)``."""
    breaks = np.flatnonzero(np.diff(distinct) != 1) + 1
    for part in np.split(distinct, breaks):
        yield int(part[0]), len(part)


def _sorted(place: NDArray[np.intp]) -> bool:
    return bool((np.diff(place) > 0).all())
