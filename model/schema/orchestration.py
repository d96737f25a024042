"""How agents plan: alone, or together in packages that are negotiated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator

from ...agents.parameters import Parameter
from ...agents.plugins import family, find
from .common import Number, PartField, Table, number, other, part, truth, whole
from .interventions import flat
from .parts import check_part
from .problems import nearest, refuse
from .values import check_each, check_number

ARMS = ("none", "opt", "selfish", "orch", "opt-then-orch", "orch-then-opt", "interleaved", "central")
Arm = Literal["none", "opt", "selfish", "orch", "opt-then-orch", "orch-then-opt", "interleaved", "central"]
_ANY = Parameter("value of a lever")
MENUS = ["bundles", "own-moves", "neighbours", "staggering", "random-moves", "annealed"]


class Waiting(Table):
    """A delay: fixed, or exponential with the same mean."""

    mean: Number = number("mean delay", unit="periods", default=0.0)
    random: bool = truth("drawn from an exponential distribution, not fixed", default=False)


class Hunt(Table):
    """How packages are looked for."""

    singles: int = whole("single moves that are tried out in each run", minimum=1, maximum=500, default=16)
    rounds: int = whole("rounds of trials; later ones vary the best package so far", minimum=1, maximum=20, default=3)
    history: int = whole(
        "periods that a trial lasts, and that are replayed in it", unit="periods", minimum=5, maximum=2000, default=126
    )
    horizon: int = whole(
        "periods in which what a change costs once has to pay off: moving stocks to new levels, switching costs",
        unit="periods", minimum=1, default=1825,
    )  # fmt: skip
    reach: int | None = whole(
        "values of the grid by which a single move changes a lever at most; left out, any number", unit="values",
        minimum=1, default=None,
    )  # fmt: skip
    caution: Number = number(
        "multiplies the standard error of a gain and is taken off it: the best of many is so partly by luck",
        default=0.5,
    )
    menus: list[str] = other("menus from which packages come, beside single moves", default=lambda: list(MENUS))
    trials: Literal["back-cast", "exact", "model"] = other(
        "how packages are tried out: by replaying the past, by living the future in advance, or by models alone",
        default="back-cast",
    )
    first_look: Literal["model", "trial", "random"] = other(
        "how single moves are ranked: by the owners' closed-form models, by a trial of each, or by lot",
        default="model",
    )
    extra_lead_time: int = whole(
        "mis-specification: periods by which trials take every travel time too long", unit="periods", default=0
    )
    demand_factor: Number = number("mis-specification: multiplies the demand in trials", default=1.0, above=0)

    @field_validator("menus", mode="before")
    @classmethod
    def _menus(cls, value: Any) -> Any:
        if not isinstance(value, list):
            raise refuse("is not a list of menus", 'write ["bundles", "annealed"]', value)
        for name in value:
            try:
                find("negotiation.menus", str(name))
            except LookupError:
                raise refuse("is not a menu", nearest(str(name), family("negotiation.menus")), name) from None
        return value


class Claiming(Table):
    """What owners say that a package costs them."""

    padding: Number = number("share by which a gain is understated and a loss overstated", default=0.0)
    transparency: Number = number("share of the padding that shared books take away", default=0.0, maximum=1)


class Threshold(Table):
    """How much is enough: an amount, or a share of the present cost, whichever is more."""

    amount: Number = number("least amount", unit="money per period", default=0.0)
    share: Number = number("least share of the present cost", default=0.0, maximum=1)


class Visibility(Table):
    """What the trials know of outside demand: the reports of the markets."""

    delay: int = whole("age of the newest report", unit="periods", default=0, maximum=1000)
    noise: Number = number("standard deviation of the relative error of a market's reports", default=0.0)
    share: Number = number("share of the markets that report; of the others the mean is known", default=1.0, maximum=1)
    point_of_sale: bool = truth("whether all forecasts learn from the demand of the markets", default=False)


class Own(Table):
    """How an agent plans alone: when, how far it goes at a time, and how long it remembers."""

    cadence: int | None = whole(
        "periods from one plan of an agent to its next; left out, three times that of the orchestration",
        unit="periods",
        minimum=1,
        default=None,
    )
    threshold: Number = number("share of its own cost that it has to save to move", default=0.01, maximum=1)
    steps: int = whole("values of the grid by which it moves a lever at a time, at most", minimum=1, default=1)
    weight: float = number("weight in what it believes of the newest period", default=0.02, above=0, maximum=1)


class Responsive(Table):
    """Decisions about responsive levers, such as overtime: quick ones, for a short while."""

    cadence: int = whole("periods from one decision to the next", unit="periods", minimum=1, default=5)
    history: int = whole("periods that a trial lasts", unit="periods", minimum=2, maximum=500, default=21)
    response: Waiting = other("time in which an owner answers", default=Waiting)
    implementation: Waiting = other("time from a decision to its effect", default=Waiting)
    term: int | None = whole("how long a decision holds", unit="periods", minimum=1, default=15)


class Slots(Table):
    """Trade of reserved capacity of factories by shadow prices, alone or beside packages."""

    cadence: int = whole("periods from one market to the next", unit="periods", minimum=1, default=10)


class Orchestration(Table):
    """Who chooses levers when, and by which rules packages of them are agreed on."""

    arm: Arm = other(
        "none: nobody; opt: every agent alone by its model; selfish: every owner alone, by trials; orch: packages for "
        "the network; two of these one after the other or at once; central: the settings given here",
        default="none",
    )
    levers: list[str] = other('names of the levers that may be moved; "*" stands for any text', default=lambda: ["*"])
    settings: dict[str, float] = other("values of levers from the first plan on", default=dict)
    first: int | None = whole(
        "period of the first plan; left out, 60 or a quarter of the horizon if that is less",
        unit="periods",
        minimum=1,
        default=None,
    )
    cadence: int = whole("periods from one plan to the next", unit="periods", minimum=1, default=20)
    switch: int | None = whole(
        "when the second half of an arm with two begins; left out, halfway from the first plan to the end",
        unit="periods",
        default=None,
    )
    end: int | None = whole(
        "period from which nothing is decided any more; left out, none. Two stages of an arm are as long as each other "
        "when it comes as long after the switch as that after the first plan",
        unit="periods", minimum=1, default=None,
    )  # fmt: skip
    protocol: PartField = part("negotiation.protocols", "how packages are decided on; left out, joint", default=None)
    search: Hunt = other("how packages are looked for", default=Hunt)
    claims: Claiming = other("what owners claim", default=Claiming)
    threshold: Threshold = other("what a package has to gain", default=lambda: Threshold(share=0.002))
    own: Own = other("how agents plan alone", default=Own)
    service_value: Number = number(
        "cost of a unit of outside demand that is not served at once, beside what anybody claims",
        unit="money per unit", default=0.0,
    )  # fmt: skip
    transfer: PartField = part("negotiation.transfers", "who is paid; left out, equal", default=None)
    sponsor: Number = number("most that a sponsor adds to a package", unit="money per period", default=0.0)
    governance: PartField = part("negotiation.governance", "who has to agree; left out, consensus", default=None)
    inertia: Threshold = other("what an owner has to gain to agree", default=Threshold)
    escalation: list[Any] = other("rules to which a decision passes on when cycles fail", default=list)
    escalate_after: int = whole("failed cycles after which it does", minimum=1, default=3)
    response: Waiting = other("time in which an owner answers", default=Waiting)
    implementation: Waiting = other("time from a decision to its effect", default=Waiting)
    term: int | None = whole(
        "how long an agreement holds; left out, until the end", unit="periods", minimum=1, default=None
    )
    locks: Literal["moved", "all"] = other(
        "which levers an agreement lays down: those that it moves, or all where they stand then", default="moved"
    )
    corridor: Number = number("how far from the agreed value a lever may be set", unit="unit of the lever", default=0.0)
    enforcement: Number = number("share of the discipline that survives a period", default=1.0, maximum=1)
    rollback: bool = truth("whether a package that has made things worse is taken back", default=True)
    trial: int = whole("how long a package is watched before the next one", unit="periods", minimum=1, default=40)
    responsive: Responsive = other("how responsive levers are decided on", default=Responsive)
    slots: Slots | None = other("trade of reserved capacity; left out, none", default=None)
    overhead: Number = number("cost of running an agreement", unit="money per period", default=0.0)
    switching_cost: Number = number("cost of moving a lever", unit="money per move", default=0.0)
    visibility: Visibility = other("what trials know of outside demand", default=Visibility)

    @field_validator("escalation", mode="before")
    @classmethod
    def _ladder(cls, value: Any) -> Any:
        if not isinstance(value, list):
            raise refuse("is not a list of rules", 'write ["majority", "mandate"]', value)
        return list(check_each(enumerate(value), lambda rule: check_part(rule, "negotiation.governance")).values())

    @field_validator("settings", mode="before")
    @classmethod
    def _settings(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise refuse("is not a table", 'write {"warehouses.W.policy.level" = 1.1}', value)
        return check_each(flat(value).items(), lambda number: check_number(number, _ANY))

    @field_validator("levers", mode="before")
    @classmethod
    def _texts(cls, value: Any) -> Any:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise refuse("is not a list of texts", 'write ["one", "two"]', value)
        return value
