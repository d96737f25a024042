"""Claims and transfers on cases with a known answer.

The rules of negotiation are called with made-up changes of cost, or with those of the joint lot; there is no supply
chain behind them, so all of it is `closed-form`. The costs of the joint lot are measured on the engine by `eoq`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ....agents.negotiation.claims import Claims
from ....agents.negotiation.gain import Bar
from ....agents.negotiation.transfers.base import Deal, Transfer
from ....agents.negotiation.transfers.equal import Equal
from ....agents.negotiation.transfers.proportional import Proportional
from ....agents.negotiation.transfers.shapley import Shapley
from ....model.streams import BLOCK, Streams
from ..estimates import Array, Estimate, mean_of, ratio_of
from ..facts import facts
from ..targets import Effort, Target, closed_form, statistical

SEED = 1983


def targets(effort: Effort) -> Iterator[Target]:
    """All of them."""
    yield from padded_claims(effort)
    yield from private_information(effort)
    yield from joint_lot()


def sampled(name: str, source: str, expected: float, measured: Estimate) -> Target:
    """A statistical target that says nothing about the engine."""
    return replace(statistical(name, source, expected, measured), kind="closed-form")


def uniforms(name: str, effort: Effort, draws: int) -> Array:
    """Uniform numbers ``[draws, samples]``: those of 64 periods, which a stream draws together, beside each other."""
    stream = Streams(SEED, np.arange(effort.pick(2**14, 2**12))).stream(f"validation/{name}", draws)
    return np.concatenate([stream.uniforms(period) for period in range(BLOCK)], axis=1)


def deal_of(*claims: Array) -> Deal:
    """A package between two owners, which both have to bring it about."""
    everyone = np.ones((len(claims), len(claims[0])), dtype=bool)
    return Deal(np.stack(claims), everyone, everyone)


def padded_claims(effort: Effort) -> Iterator[Target]:
    """Packages with exponential gains and losses, adopted where the claims leave more than nothing."""
    case = facts("strategic_padding")
    u = uniforms("padding", effort, 2)
    gain, loss = -np.log(u)
    change = np.stack([-gain, loss])
    asked = np.ones(change.shape, dtype=bool)
    for m in case.parameters["m"]:
        name, key = f"negotiation/padding m={m:g}", f"{m:g}"
        deal = deal_of(*Claims(padding=m)(change, asked))
        adopted = Bar().exceeded(deal.money, np.zeros(gain.shape))
        surplus = np.where(adopted, gain - loss, 0.0)
        yield sampled(f"{name}/adopted", case.source, case.expected["P_adopt"][key], mean_of(adopted.astype(float)))
        yield sampled(f"{name}/surplus", case.source, case.expected["surplus"][key], mean_of(surplus))


def private_information(effort: Effort) -> Iterator[Target]:
    """A buyer and a seller whose claims are the bids of the linear equilibrium; equal shares make the middle price."""
    case = facts("bilateral_trade_private_info")
    value, cost = uniforms("private values", effort, 2)
    bid, ask = 2.0 * value / 3.0 + 1.0 / 12.0, 2.0 * cost / 3.0 + 1.0 / 4.0
    for label, claims in (("", (-bid, ask)), ("_first_best", (-value, cost))):
        deal = deal_of(*claims)
        traded = Equal().affordable(deal, np.zeros(bid.shape))
        surplus = np.where(traded, value - cost, 0.0)
        name = f"negotiation/private values{label.replace('_', ' ')}"
        yield sampled(f"{name}/trades", case.source, case.expected[f"P_trade{label}"], mean_of(traded.astype(float)))
        fact = "first_best" if label else "surplus"
        yield sampled(f"{name}/surplus", case.source, case.expected[fact], mean_of(surplus))
        if not label:
            best = np.maximum(value - cost, 0.0)
            yield sampled(f"{name}/efficiency", case.source, case.expected["efficiency"], ratio_of(surplus, best))
            paid = Equal()(deal, np.zeros(bid.shape)).transfers[1]
            off = float(np.abs(paid - (bid + ask) / 2.0).max())
            yield closed_form(f"{name}/price off the middle of the bids", case.source, 0.0, off)


def joint_lot() -> Iterator[Target]:
    """The buyer is paid for the larger lot: half of the saving beyond its loss by equal shares and by Shapley's."""
    case = facts("joint_lot")
    expected = case.expected
    buyer = expected["buyer_cost_at_Qj"] - expected["buyer_cost"]
    vendor = expected["vendor_cost_at_Qj"] - expected["vendor_cost_at_Qb"]
    claims = Claims()(np.array([[buyer], [vendor]]), np.ones((2, 1), dtype=bool))
    deal = deal_of(*claims)
    yield closed_form("negotiation/joint lot/money", case.source, expected["saving"], deal.money.item())
    rules: dict[str, Transfer] = {"equal": Equal(), "shapley": Shapley(), "proportional": Proportional()}
    least, most = expected["transfer_IR_range"]
    for name, rule in rules.items():
        paid = float(rule(deal, np.zeros(1)).transfers[0, 0])
        if name != "proportional":
            half = expected["transfer_equal_split"]
            yield closed_form(f"negotiation/joint lot/transfer, {name}", case.source, half, paid)
        outside = max(least - paid, paid - most, 0.0)
        yield closed_form(f"negotiation/joint lot/transfer outside its range, {name}", case.source, 0.0, outside)
