"""Random streams: numbers that never change, do not influence each other, and do not depend on what is asked when."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
import pytest
from ripieno.model.streams import BLOCK, IN_CACHE, Streams
from scipy import stats

MASK = 2**64 - 1


def philox(key: tuple[int, int], counter: int) -> list[int]:
    """Philox4x64-10 of one value of its counter, written out from the paper (Salmon et al. 2011, section 3.3)."""
    words = [counter >> (64 * place) & MASK for place in range(4)]
    k0, k1 = key
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * words[0], 0xCA5A826395121157 * words[2]
        words = [second >> 64 ^ words[1] ^ k0, second & MASK, first >> 64 ^ words[3] ^ k1, first & MASK]
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & MASK, (k1 + 0xBB67AE8584CAA73B) & MASK
    return words


def by_hand(seed: int, name: str, draws: int, replication: int, period: int) -> list[float]:
    """The numbers of a period as the documentation defines them, without NumPy."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    key = (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little"))
    block, within = divmod(period, BLOCK)
    found = []
    for draw in range(draws):
        place = replication * BLOCK * draws + within * draws + draw
        counter = (block << 128) + place // 4 + 1  # NumPy counts up before its first number
        found.append(max((philox(key, counter)[place % 4] >> 11) * 2.0**-53, 2.0**-54))
    return found


def all_of(streams: Streams, name: str, periods: Any, draws: int = 1) -> Any:
    stream = streams.stream(name, draws)
    return np.array([stream.uniforms(period) for period in periods])


def test_the_paper_s_own_numbers() -> None:
    """Known answers of the authors' library Random123, which `philox` has to give too."""
    ones = (1 << 256) - 1
    assert philox((0, 0), 0)[0] == 0x16554D9ECA36314C
    assert philox((MASK, MASK), ones)[0] == 0x87B092C3013FE90B


@pytest.mark.parametrize(
    ("name", "draws", "replication", "period"),
    [("demand/R3/beer", 1, 0, 0), ("demand/R3/beer", 1, 3, 1000), ("outage/x", 3, 2, 70), ("é", 2, 10**12, 63)],
)
def test_numbers_are_as_documented(name: str, draws: int, replication: int, period: int) -> None:
    found = Streams(17, [replication]).stream(name, draws).uniforms(period)[:, 0]
    assert found.tolist() == by_hand(17, name, draws, replication, period)


def test_numbers_never_change() -> None:
    """Golden values: if this fails, results of earlier versions can no longer be had again."""
    stream = Streams(1, [0, 3]).stream("demand/R3/beer")
    assert [stream.uniforms(period)[0].tolist() for period in (0, 1, 64, 1000)] == [
        [0.9999370015911645, 0.9827420442490091],
        [0.1664455058975447, 0.5437160059475277],
        [0.1994040787418977, 0.5295494309263379],
        [0.10255189680639587, 0.009010057123478465],
    ]


def test_a_run_has_its_numbers_in_any_batch() -> None:
    whole = all_of(Streams(5, np.arange(9)), "demand/a", range(3), draws=2)
    for chosen in ([4], [8, 0, 4], [2, 2, 7, 2], [3, 4, 5], [6, 5]):
        part = all_of(Streams(5, chosen), "demand/a", range(3), draws=2)
        assert np.array_equal(part, whole[:, :, chosen])


def test_numbers_do_not_depend_on_how_many_replications_are_drawn_together() -> None:
    """Consecutive replications are drawn in portions; the last one of 150 is the smaller rest."""
    whole = all_of(Streams(5, np.arange(150)), "demand/a", (0, 63, 64), draws=2)
    for number in (0, 1, IN_CACHE - 1, IN_CACHE, 149):
        assert np.array_equal(
            whole[:, :, number], all_of(Streams(5, [number]), "demand/a", (0, 63, 64), draws=2)[..., 0]
        )


def test_runs_of_a_replication_share_their_numbers() -> None:
    """Design points side by side: common random numbers."""
    found = all_of(Streams(5, [0, 1, 0, 1]), "demand/a", range(70))
    assert np.array_equal(found[..., :2], found[..., 2:])
    assert not np.array_equal(found[..., 0], found[..., 1])


@pytest.mark.parametrize("periods", [[63, 64, 65], [200, 3, 64, 3], [0, 128, 1]])
def test_the_order_of_asking_and_blocks_of_time_do_not_matter(periods: list[int]) -> None:
    expected = all_of(Streams(5, [0, 1]), "demand/a", range(201))
    assert np.array_equal(all_of(Streams(5, [0, 1]), "demand/a", periods), expected[periods])


def test_other_streams_do_not_matter() -> None:
    alone = all_of(Streams(5, [0, 1]), "demand/b", range(5))
    streams = Streams(5, [0, 1])
    all_of(streams, "demand/a", range(90))
    streams.stream("demand/0")
    assert np.array_equal(all_of(streams, "demand/b", range(5)), alone)


def test_numbers_lie_strictly_between_0_and_1() -> None:
    found = all_of(Streams(0, np.arange(500)), "x", range(128))
    assert found.min() > 0.0
    assert found.max() < 1.0


def test_the_smallest_number_is_not_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    class Zeros:
        def __init__(self, _: Any) -> None:
            pass

        def random(self, size: int) -> Any:
            return np.zeros(size)

    monkeypatch.setattr(np.random, "Generator", Zeros)
    assert np.array_equal(Streams(0, [0]).stream("x").uniforms(0), [[2.0**-54]])


def test_numbers_are_uniform_and_independent() -> None:
    """Within a stream over time and replications, and between names, seeds and draws."""
    size = (64, 400)
    one = all_of(Streams(3, np.arange(400)), "demand/a", range(64))[:, 0]
    assert stats.kstest(one.ravel(), "uniform").pvalue > 1e-4
    others = {
        "name": all_of(Streams(3, np.arange(400)), "demand/b", range(64))[:, 0],
        "seed": all_of(Streams(4, np.arange(400)), "demand/a", range(64))[:, 0],
        "replication": all_of(Streams(3, np.arange(400, 800)), "demand/a", range(64))[:, 0],
        "block of time": all_of(Streams(3, np.arange(400)), "demand/a", range(64, 128))[:, 0],
        "second draw": all_of(Streams(3, np.arange(400)), "demand/c", range(64), draws=2)[:, 1],
    }
    limit = 4 / math.sqrt(size[0] * size[1])
    for other in others.values():
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < limit
    assert abs(np.corrcoef(one[:-1].ravel(), one[1:].ravel())[0, 1]) < limit
    assert abs(np.corrcoef(one[:, :-1].ravel(), one[:, 1:].ravel())[0, 1]) < limit


@pytest.mark.parametrize(
    ("replications", "words"), [([], "at least one"), ([[0, 1]], "list"), ([0, -2], "from 0 on, not -2")]
)
def test_replications_that_are_none_are_refused(replications: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Streams(0, replications)


def test_a_stream_keeps_its_number_of_draws() -> None:
    streams = Streams(0, [0])
    assert streams.stream("x", 2) is streams.stream("x", 2)
    with pytest.raises(ValueError, match="'x' has 2 draws a period, not 3"):
        streams.stream("x", 3)
