"""The reference of the replaceable parts as a page of text, made from their declarations.

``docs/reference/policies.md`` is this page; a test keeps it in step. To write it anew::

    python -m ripieno.agents.reference > docs/reference/policies.md
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from typing import Any

from .parameters import Parameter
from .plugins import family, scenario_name

INTRODUCTION = """\
# Policies, forecasts, demand, sourcing, allocation, and rules of negotiation

What a scenario may name as a `policy` of a site, as the `forecast` of a policy, as the `demand` of a market, and as the
`sourcing` and the `allocation` of a site; and in its `orchestration` table as `search.menus`, `protocol`, `transfer`
and `governance`. A part is written as a table, `policy = { type = "base-stock", level = 20 }`, or as its name alone
when it needs no parameters, `allocation = "proportional"`. Your own class is named `their.module:Class`. Menus are
named without parameters.

Unless a bound says otherwise a value may be any number. A parameter whose default is "required" has to be given; one
that is "whole" is part of the structure and the same for all design points of one batch. A "lever" is a decision that
an agent may negotiate, with the values it may choose from.

This page is made from the code by `python -m ripieno.agents.reference`.
"""

TITLES = {
    "policies": ("Policies", "How much a site orders."),
    "forecasts": ("Forecasts", "What a policy expects of demand."),
    "demand": ("Demand", "What a market wants, period by period."),
    "sourcing": ("Sourcing", "How an order is split over several suppliers."),
    "allocation": ("Allocation", "How stock that does not suffice is shared between customers."),
    "negotiation.menus": ("Menus", "Which packages of levers are tried out, beside the best single moves."),
    "negotiation.protocols": ("Protocols", "How the trials of packages become a decision."),
    "negotiation.transfers": ("Transfers", "Who is paid for a package."),
    "negotiation.governance": ("Governance", "Whose agreement a package needs."),
}


def page() -> str:
    """The whole reference page, in Markdown."""
    return "\n".join([INTRODUCTION, *[line for package in TITLES for line in _family(package)]])


def _family(package: str) -> Iterator[str]:
    title, purpose = TITLES[package]
    yield f"## {title}\n\n{purpose}\n"
    for kind in family(package).values():
        yield from entry(kind)


def entry(kind: type) -> Iterator[str]:
    """The lines on one part: its name, what it does, and its parameters."""
    yield f"### `{scenario_name(kind)}`\n"
    yield f"{inspect.cleandoc(kind.__doc__ or '')}\n"
    declared = [(f, f.metadata["parameter"]) for f in fields(kind) if "parameter" in f.metadata]
    if declared:
        yield "| parameter | meaning | unit | values | default |\n|---|---|---|---|---|"
        yield from (_row(f, parameter) for f, parameter in declared)
        yield ""


def _row(f: Field[Any], declared: Parameter) -> str:
    cells = [f"`{f.name}`", declared.meaning, declared.unit, _values(f, declared), _default(f)]
    return f"| {' | '.join(cells)} |"


def _values(f: Field[Any], declared: Parameter) -> str:
    """The bounds, choices and levers in words."""
    said = ["`true` or `false`"] if isinstance(f.default, bool) else []
    said += ["a list"] if str(f.type).startswith("Sequence") else []
    said += [f"a part of [{declared.part}](#{declared.part})"] if declared.part else []
    said += [", ".join(f"`{choice}`" for choice in declared.choices)] if declared.choices else []
    said += ["whole"] if declared.whole else []
    bounds = (("above", declared.above), ("at least", declared.minimum), ("at most", declared.maximum))
    said += [f"{words} {bound:g}" for words, bound in bounds if bound is not None]
    said += [f"lever: {', '.join(f'{value:g}' for value in declared.grid)}"] if declared.grid else []
    return "; ".join(said)


def _default(f: Field[Any]) -> str:
    if f.default_factory is not MISSING:
        return f"`{scenario_name(f.default_factory)}`" if inspect.isclass(f.default_factory) else ""
    if f.default is MISSING:
        return "required"
    if f.default is None:
        return "none"
    if isinstance(f.default, bool):
        return f"`{str(f.default).lower()}`"
    if isinstance(f.default, tuple):
        return f"`[{', '.join(f'{value:g}' for value in f.default)}]`"
    return f"`{f.default}`" if isinstance(f.default, str) else f"{f.default:g}"


if __name__ == "__main__":
    sys.stdout.write(page())
