"""The reference of the metrics and of the quantities they are made of, as pages of text made from their declarations.

A test keeps the committed pages in step. To write them anew::

    python -m ripieno.model.metrics.reference
"""

from __future__ import annotations

import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from ... import agents
from ...agents.quantity import Quantity, own_quantities_of
from ..schema.reference import first_paragraph
from .base import Metric, Subject, all_metrics

METRICS = """\
# Metrics

What the table `summary` (one row a run) and the table `agents` (run, agent, metric, value) hold. This page is made
from the code by `python -m ripieno.model.metrics.reference`; the [quantities](quantities.md) have a page of their own.

- Only periods from `warm_up` on count; T is their number. Quantities are taken at the end of a period.
- var is the population variance over these periods, mean the mean over them. The time bucket of a variance is one
  period, which is why such names end in what the scenario calls a period (`bullwhip_day`, `bullwhip_week`).
- Amounts of several products are added up, variances too (each product's own, not that of the sum).
- A value is missing (empty in `summary`, no row in `agents`) where its denominator is zero or where it makes no sense.
- Each kind of cost line of the scenario adds `cost_holding`, `cost_backlog` and so on, for the network and for the
  sites where it arises, in money per period: rate x quantity, added up over periods, / T. Payments between owners are
  in the scores only.

Some metrics take books of their own, which are kept only where the scenario asks: lead times, nervousness and recovery
by the key `measures`, on time in full by a `promise` on a lane or a market.
"""

QUANTITIES = """\
# Quantities

What agents and lanes know of themselves in every period: the rows of the table `series` (`run --series`), and the
attributes of agents between two steps, as arrays `[products, runs]`. This page is made from the code by
`python -m ripieno.model.metrics.reference`.

Role: goods that are *held* there, that *enter* or *leave* the world; the audit checks that what is held changes by what
enters less what leaves, for every product, run and period. Books: what is kept over the periods since the warm-up, from
which [metrics](metrics.md) and cost lines are made.
"""

SUBJECTS: dict[Subject, str] = {
    "network": "Of the network (table `summary`)",
    "transport": "Of the trucks and docks of the network (table `summary`, where there are some)",
    "perishable": "Of goods with a shelf life (table `summary`, where there are some)",
    "promise": "Of promises to markets (table `summary`, where there are some)",
    "shock": "Of a shock (table `summary`, where the scenario asks for it)",
    "site": "Of every site",
    "factory": "Of factories",
    "market": "Of markets",
    "echelon": "Of echelons (agent `echelon 1` and so on): all sites of one level that order",
    "dock": "Of docks",
    "carrier": "Of carriers",
    "owner": "Of owners (agent `owner NAME`) of sites, markets and carriers",
}


def metrics_page() -> str:
    """The page on metrics, in Markdown."""
    lines = [METRICS]
    for subject, title in SUBJECTS.items():
        lines += [f"## {title}", ""]
        lines += [line for metric in all_metrics() if metric.of == subject for line in _metric(metric)]
    return "\n".join(lines).rstrip() + "\n"


def _metric(metric: Metric) -> Iterator[str]:
    name = metric.name.replace("{period}", "PERIOD")
    yield from (f"### `{name}` ({metric.unit})", "", metric.meaning, "", textwrap.fill(metric.definition, 120), "")


def quantities_page() -> str:
    """The page on quantities, in Markdown."""
    lines = [QUANTITIES]
    for kind, quantities in declaring_classes().items():
        lines += [f"## {kind.__name__}", "", first_paragraph(kind), ""]
        lines += ["| quantity | meaning | unit | rows | role | books |", "|---|---|---|---|---|---|"]
        lines += [_quantity(quantity) for quantity in quantities]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"


def declaring_classes() -> dict[type, list[Quantity]]:
    """The classes of `ripieno.agents` that declare quantities, each with its own, not the inherited ones."""
    found: dict[type, list[Quantity]] = {}
    for module in sorted(pkgutil.iter_modules(agents.__path__), key=lambda module: module.name):
        for kind in vars(import_module(f"{agents.__name__}.{module.name}")).values():
            own = list(own_quantities_of(kind).values()) if inspect.isclass(kind) else []
            if own:
                found[kind] = own
    return found


def _quantity(quantity: Quantity) -> str:
    role = "" if quantity.role == "state" else quantity.role
    cells = [f"`{quantity.name}`", quantity.meaning, quantity.unit, quantity.over, role, ", ".join(quantity.tally)]
    return f"| {' | '.join(cells)} |"


def write_reference(folder: Path) -> list[Path]:
    """Write ``metrics.md`` and ``quantities.md`` into the folder of the reference pages."""
    pages = {"metrics.md": metrics_page(), "quantities.md": quantities_page()}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages]


if __name__ == "__main__":
    for written in write_reference(Path("docs/reference")):
        print(written)
