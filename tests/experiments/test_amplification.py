"""Amplification by time bucket, on series whose ratios can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.amplification import amplification, amplification_table, bucket_sums

DEMAND = np.array([4.0, 6, 4, 6, 5, 5, 7, 7])
BATCHES = np.array([10.0, 0, 10, 0, 10, 0, 14, 0])


def test_buckets_are_summed_and_an_open_one_is_dropped() -> None:
    assert bucket_sums([1, 2, 3, 4, 5], 2).tolist() == [3.0, 7.0]
    assert bucket_sums(np.arange(12.0).reshape(6, 2), 3).tolist() == [[6.0, 9.0], [24.0, 27.0]]


def test_batching_amplifies_within_its_bucket_only() -> None:
    assert amplification(BATCHES, DEMAND, 1) == pytest.approx(BATCHES.var() / DEMAND.var(), rel=1e-12)
    assert amplification(BATCHES, DEMAND, 1) > 20
    assert amplification(BATCHES, DEMAND, 2) == 1.0


def test_white_noise_moved_by_a_period_is_not_amplified_in_any_bucket() -> None:
    noise = np.random.Generator(np.random.PCG64(1)).normal(size=70_001)
    # Four standard errors: 2 sqrt((1 - r^2) / n) with n buckets of b periods that share all but one, r = 1 - 1 / b.
    ratios = [float(amplification(noise[1:], noise[:-1], bucket)) for bucket in (1, 7, 28)]
    assert ratios == pytest.approx([1.0, 1.0, 1.0], abs=0.045)


def test_order_up_to_on_white_noise_by_bucket() -> None:
    """Moving average of 1: q(t) = (1 + L) d(t) - L d(t-1), so sums over b periods keep L at their two ends only.

    Variance of such a sum over that of demand: ((b - 1) + (1 + L)^2 + L^2) / b.
    """
    demand = np.random.Generator(np.random.PCG64(2)).normal(size=280_001)
    orders = 4.0 * demand[1:] - 3.0 * demand[:-1]
    for bucket in (1, 7, 28):
        expected = (bucket - 1 + 16 + 9) / bucket
        assert float(amplification(orders, demand[1:], bucket)) == pytest.approx(expected, rel=0.02)


def test_demand_that_does_not_vary_gives_no_ratio() -> None:
    both = amplification(np.array([[1.0, 5], [2, 3]]), np.array([[2.0, 1], [2, 3]]), 1)
    assert np.isnan(both[0])
    assert both[1] == 1.0
    assert np.isnan(amplification([1, 2, 3], [1, 2, 4], 2))


@pytest.mark.parametrize(
    ("flow", "demand", "bucket", "message"),
    [
        ([1, np.nan, 2], [1, 2, 3], 1, "period 1 holds nan; fill holes"),
        ([1, 2, 3], [1, np.inf, 3], 1, "period 1 holds inf"),
        ([1, 2, 3], [1, 2, 3], 4, "a bucket of 4 periods does not fit into 3; give 1 to 3"),
        ([1, 2, 3], [1, 2, 3], 0, "a bucket of 0 periods"),
        ([1, 2, 3], [1, 2], 1, "give them alike"),
        (3, 3, 1, "does not fit into 0"),
    ],
)
def test_bad_input(flow: list[float], demand: list[float], bucket: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        amplification(flow, demand, bucket)


def test_the_table_has_a_row_for_each_flow_bucket_and_product() -> None:
    demand = pd.DataFrame({"beer": DEMAND, "ale": DEMAND * 2})
    flows = {"orders": pd.DataFrame({"beer": BATCHES, "ale": DEMAND})}
    table = amplification_table(flows, demand, {"day": 1, "two days": 2}).set_index(["flow", "bucket", "product"])
    assert len(table) == 4
    assert table.loc[("orders", "two days", "beer"), "amplification"] == 1.0
    assert table.loc[("orders", "day", "ale"), "amplification"] == pytest.approx(0.25)
    with pytest.raises(ValueError, match="the flow orders has"):
        amplification_table({"orders": flows["orders"][["ale", "beer"]]}, demand, {"day": 1})
