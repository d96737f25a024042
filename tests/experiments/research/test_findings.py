from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from ripieno.experiments.research.findings import BEGIN, END, NOT_RUN, VERDICTS, claims_part, with_part
from ripieno.experiments.sweeps.claims import COLUMNS
from ripieno.experiments.sweeps.reading import built_in, load_study

PAGE = Path(__file__).parents[3] / "docs" / "research" / "findings.md"
CURE = "python -m ripieno.experiments.research.findings docs/research/findings.md"


def test_the_page_is_in_step_with_the_studies_and_their_verdicts() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_part(page, claims_part()), f"write it anew: {CURE}"


def test_every_claim_has_a_line_and_no_verdict_before_it_was_run(tmp_path: Path) -> None:
    lines = claims_part(tmp_path / "nothing.csv").splitlines()[2:]
    claims = [p.claim for path in built_in().values() for p in load_study(path).predictions if p.claim]
    assert sorted(line.split(" | ")[0].removeprefix("| ") for line in lines) == sorted(claims)
    assert all(line.endswith(f"|  |  |  |  |  | {NOT_RUN} |") for line in lines)
    assert next(i for i, line in enumerate(lines) if "| C9 |" in line) < next(
        i for i, line in enumerate(lines) if "| C10" in line
    )


def test_a_verdict_is_written_with_its_numbers(tmp_path: Path) -> None:
    row = {
        "claim": "C3", "study": "protect", "outcome": "cost is lower", "points": 36, "share": 0.5, "share_low": 0.33,
        "share_high": 0.67, "contrary": 4, "effect": -0.04, "effect_low": -0.05, "effect_high": -0.03,
        "p": 0.0001, "p_holm": 0.0004, "verdict": "only here", "where": "lead <= 1",
        "runs": 9216, "version": "0.1.0", "code": "abc",
    }  # fmt: skip
    pd.DataFrame([row])[list(COLUMNS)].to_csv(tmp_path / "verdicts.csv", index=False)
    lines = claims_part(tmp_path / "verdicts.csv").splitlines()
    (line,) = [line for line in lines if line.startswith("| C3 |")]
    assert line.endswith("| 36 | 50 % [33, 67] | 4 | -4 % [-5, -3] | < 0.001 | only here: lead <= 1 |")
    assert sum(NOT_RUN in line for line in lines) == len(lines) - 3


def test_nothing_is_claimed_without_a_table_of_verdicts() -> None:
    part = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = [line for line in part.strip().splitlines()[2:] if line]
    assert VERDICTS.is_file() or all(NOT_RUN in row for row in rows)


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the marks"):
        with_part("# Findings\n", "part")
