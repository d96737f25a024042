"""The STRESS-ABS checklist: what a report of an agent-based study has to say, filled from a study's folder.

Source: T. Monks, C. Currie, B. Onggo, S. Robinson, M. Kunc and S. Taylor (2019), Strengthening the reporting of
empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation 13 (1), 55-67.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..sweeps.designs import Design
from ..sweeps.errors import StudyError
from ..sweeps.files import replace
from ..sweeps.findings import Findings, provenance_of
from ..sweeps.merging import merge
from ..sweeps.opening import plan_of
from ..sweeps.store import Store

OPEN = "filled from the results of a study"
Fill = Callable[[Findings], str]


class Item(NamedTuple):
    """An item: its number and name, what holds for every study of this model, and what a single study adds."""

    number: str
    name: str
    text: str
    fill: Fill | None = None


def checklist(store: Store | None = None) -> str:
    """The checklist as Markdown: with a store filled from it, without one as far as the model goes.

    Raises `StudyError` when the store has no finished runs.
    """
    findings = None if store is None else _findings(store)
    title = "STRESS-ABS checklist" if findings is None else f"STRESS-ABS checklist: {findings.study.name}"
    return "\n".join([f"# {title}", "", *_lead(findings), *_sections(findings)])


def write_checklist(store: Store, target: str | Path) -> Path:
    """Write the checklist of a store to a new Markdown file, and return its path.

    Raises `StudyError` when the file exists or has no folder, or the store has no finished runs.
    """
    path = Path(target)
    if path.exists():
        raise StudyError(f"{path}: exists already; name a new file")
    if not path.parent.is_dir():
        raise StudyError(f"{path}: there is no folder {path.parent}; make it first")
    replace(path, checklist(store).encode())
    return path


def _findings(store: Store) -> Findings:
    plan = plan_of(store)
    merged = merge(store, plan)
    if merged.frame.empty:
        raise StudyError(f"{store.folder}: has no finished runs to report; run the study first")
    return Findings(store, plan, merged)


def _lead(findings: Findings | None) -> list[str]:
    if findings is not None:
        quick = " It is the quick version, cut down for looking: it gives no verdicts." if findings.study.quick else ""
        return [f"Filled from the folder of the study.{quick}", ""]
    return [
        "What a report of a study of this model has to say, by the checklist of Monks et al. (2019), Journal of",
        "Simulation 13 (1), 55-67. What depends on the study is filled in from its folder:",
        "",
        "```sh",
        "ripieno study export RESULTS -o stress.md --stress",
        "```",
        "",
    ]


def _sections(findings: Findings | None) -> Iterator[str]:
    for section, items in SECTIONS.items():
        yield from (f"## {section}", "", "| item | what is said |", "|---|---|")
        for item in items:
            said = [item.text] if item.text else []
            if item.fill is not None:
                said.append(f"*{OPEN}*" if findings is None else item.fill(findings))
            cells = " ".join(" ".join(said).split()).replace("|", "\\|")
            yield f"| {item.number} {item.name} | {cells} |"
        yield ""


def _purpose(findings: Findings) -> str:
    return findings.study.description or f"Study {findings.study.name}."


def _outputs(findings: Findings) -> str:
    kept = findings.merged.metrics
    primary = findings.compared[:1]
    first = f"Primary outcome: {primary[0]}. " if primary else ""
    return f"{first}Kept of each run: {', '.join(kept)}."


def _aims(findings: Findings) -> str:
    study = findings.study
    arms = f"Arms: {', '.join(findings.plan.arms)}" + (f", compared with {study.control}." if study.control else ".")
    expected = [f"{p.metric} {p.arm or ''} {p.expected}".replace("  ", " ") for p in study.predictions]
    return f"{arms} Predictions written down before the run: {'; '.join(expected) if expected else 'none'}."


def _networks(findings: Findings) -> str:
    worlds = findings.plan.prepared.chosen_from.values()
    return "Networks: " + "; ".join(f"{world.name} ({world.description or 'no description'})" for world in worlds) + "."


def _changes(findings: Findings) -> str:
    values = findings.study.arms
    return "Each arm sets: " + "; ".join(f"{arm}: {_settings(given)}" for arm, given in values.items()) + "."


def _settings(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} = {value}" for key, value in given.items()) or "nothing"


def _parameters(findings: Findings) -> str:
    parts = [f"{name}: {_span(findings, name)}" for name in findings.parameters]
    shared = _settings(findings.study.values)
    return f"Varied: {'; '.join(parts) if parts else 'nothing'}. All arms share: {shared}. All else in `study.toml`."


def _span(findings: Findings, name: str) -> str:
    values = findings.merged.frame[name]
    if values.dtype.kind in "if":
        return f"{values.min():.4g} to {values.max():.4g} ({values.nunique()} values)"
    return ", ".join(map(str, dict.fromkeys(values)))


def _lengths(findings: Findings) -> str:
    spans = {(world.periods, world.warm_up, world.period) for world in findings.plan.prepared.arm_scenarios.values()}
    told = [f"{periods} {unit}s, the first {warm_up} of them not measured" for periods, warm_up, unit in sorted(spans)]
    return f"{'; '.join(told)}."


def _estimation(findings: Findings) -> str:
    frame = findings.merged.frame
    per = frame.groupby(["point", "arm"]).size()
    runs = f"{per.min()}" if per.min() == per.max() else f"{per.min()} to {per.max()}"
    designs = ", ".join(_design(design) for design in findings.study.design)
    missing = f" {findings.merged.missing:,} runs are not finished." if findings.merged.missing else ""
    return f"{frame['point'].nunique()} design points ({designs}), {runs} replications of each arm at each.{missing}"


def _design(design: Design) -> str:
    return str(design.table().get("type", type(design).__name__))


def _software(findings: Findings) -> str:
    facts = provenance_of(findings)
    libraries = ", ".join(f"{name} {facts[name]}" for name in ("ripieno", "numpy", "scipy", "mesa") if name in facts)
    return f"Python {facts.get('python', 'unknown')}; {libraries}."


def _seed(findings: Findings) -> str:
    return f"Seed {findings.study.seed}."


def _execution(findings: Findings) -> str:
    sessions = findings.store.sessions()
    return f"{len(findings.merged.frame):,} runs in {len(sessions)} session{'s' * (len(sessions) != 1)}."


def _system(findings: Findings) -> str:
    facts = provenance_of(findings)
    return f"{facts.get('system', 'unknown')}; vector instructions: {facts.get('instructions', 'unknown')}."


def _access(findings: Findings) -> str:
    facts = provenance_of(findings)
    return f"Code hash {facts['code hash']}, table hash {facts['table hash']}."


FLOWS = "No agent enters or leaves; goods and trucks do, by declared flows."
ASSUMED = (
    "[ODD](odd.md), elements 3 to 7; what is measured against sources: [validation](../explanation/validation.md)."
)
START = "[ODD](odd.md), element 5. Steady state after a warm-up, unless the scenario has none."
ESTIMATED = (
    "Independent replications; differences paired by common random numbers, with 95 % intervals "
    "([statistics](../explanation/statistics.md))."
)
DRAWN = "Philox, a stream for each purpose, inversion ([random numbers](../explanation/random-numbers.md))."
EXECUTED = "Discrete periods; moments in a fixed order; many runs side by side ([engine](../explanation/engine.md))."
SECTIONS: Mapping[str, tuple[Item, ...]] = {
    "1. Objectives": (
        Item("1.1", "Purpose of the model", "See [ODD](odd.md), element 1.", _purpose),
        Item("1.2", "Model outputs", "All metrics: [list](../reference/metrics.md).", _outputs),
        Item("1.3", "Experimentation aims", "", _aims),
    ),
    "2. Logic": (
        Item("2.1", "Base model overview diagram", "The table of moments in [ODD](odd.md), element 3.", _networks),
        Item("2.2", "Base model logic", "[How a period runs](../explanation/engine.md)."),
        Item("2.3", "Scenario logic", "[Arms](../howto/compare.md).", _changes),
        Item("2.4", "Algorithms", "[Parts](../reference/policies.md), each with its steps and source."),
        Item("2.5.1", "Components: environment", "Markets and demand; outages; [ODD](odd.md), elements 2 and 6."),
        Item("2.5.2", "Components: agents", "[ODD](odd.md), element 2; decisions in element 4."),
        Item("2.5.3", "Components: interaction topology", "The lanes of the scenario, fixed for a run."),
        Item("2.5.4", "Components: entry and exit", FLOWS),
    ),
    "3. Data": (
        Item("3.1", "Data sources", "Invented networks, unless the scenario names its source."),
        Item("3.2", "Pre-processing", "None, but for [recorded demand](../howto/real-demand.md) where it is used."),
        Item("3.3", "Input parameters", "", _parameters),
        Item("3.4", "Assumptions", ASSUMED),
    ),
    "4. Experimentation": (
        Item("4.1", "Initialisation", START),
        Item("4.2", "Run length", "", _lengths),
        Item("4.3", "Estimation approach", ESTIMATED, _estimation),
    ),
    "5. Implementation": (
        Item("5.1", "Software or programming language", "", _software),
        Item("5.2", "Random sampling", DRAWN, _seed),
        Item("5.3", "Model execution", EXECUTED, _execution),
        Item("5.4", "System specification", "", _system),
    ),
    "6. Code access": (
        Item("6.1", "Computer model sharing statement", "MIT licence; [how to cite](citing.md).", _access),
    ),
}
