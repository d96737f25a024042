"""The part of the page of findings that is made from results: the claims, and what full runs say of them.

The page is ``docs/research/findings.md``; a test keeps it in step. To write that part anew, in a checkout::

    python -m ripieno.experiments.research.findings docs/research/findings.md
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..sweeps.claims import SHOWN, TEXTS, cells
from ..sweeps.predictions import Prediction
from ..sweeps.reading import built_in, load_study
from ..sweeps.study import Study

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = Path(__file__).parents[1] / "findings" / "verdicts.csv"
"""The table that `ripieno study verdicts` wrote of the full runs, once there is one."""
BEGIN, END = "<!-- made from the studies and their verdicts -->", "<!-- end -->"
NOT_RUN = "not run yet in full"


def claims_part(verdicts: Path = VERDICTS) -> str:
    """A line a claim of the built-in studies: prediction, what would refute it, and the verdict if there is one."""
    known = _known(verdicts)
    lines = [
        "| claim | study | expected | refuted if | points | came at | contrary at | effect | p (Holm) | verdict |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for study, prediction in sorted(_claims(), key=lambda pair: _natural(str(pair[1].claim))):
        told = known.get(str(prediction.claim), {})
        numbers = [told.get(name, "") for name in ("points", "share", "contrary", "effect", "p_holm")]
        where = f": {told['where']}" if told.get("where") else ""
        verdict = f"{told['verdict']}{where}" if told else NOT_RUN
        row = [
            str(prediction.claim),
            f"`{study.name}`",
            _expected(prediction, study),
            prediction.refuted or "",
            *numbers,
            verdict,
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines)


def with_part(page: str, part: str) -> str:
    """The page with another part between its marks; raises `ValueError` when they are not there."""
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise ValueError(f"the page needs the marks {BEGIN} and {END} once each")
    before, after = page.split(BEGIN, maxsplit=1)[0], page.split(END)[1]
    return f"{before}{BEGIN}\n\n{part}\n\n{END}{after}"


def _claims() -> Iterator[tuple[Study, Prediction]]:
    for study in map(load_study, built_in().values()):
        yield from ((study, prediction) for prediction in study.predictions if prediction.claim)


def _expected(prediction: Prediction, study: Study) -> str:
    arm, other = prediction.arm or "every arm", prediction.against or study.control
    value = "" if prediction.value is None else f" {prediction.value}"
    against = "" if prediction.value is not None else f" than under {other}"
    words = prediction.expected.replace("-", " ")
    if prediction.expected in ("equivalent", "different"):
        against = f" {'to' if prediction.expected == 'equivalent' else 'from'} that under {other}"
    where = f", where `{prediction.where}`" if prediction.where else ""
    return f"`{prediction.metric}` under {arm} is {words}{value}{against}{where}"


def _known(verdicts: Path) -> dict[str, dict[str, str]]:
    """What the table of verdicts says of each claim, as people read it; nothing without a table."""
    if not verdicts.is_file():
        return {}
    import pandas as pd

    table: pd.DataFrame = pd.read_csv(verdicts, dtype=dict.fromkeys(TEXTS, str), keep_default_na=True)
    table = table.assign(**{name: table[name].fillna("") for name in TEXTS})
    return {row[0]: dict(zip(SHOWN, row, strict=True)) for row in cells(table)}


def _natural(claim: str) -> tuple[Any, ...]:
    """C2 before C10."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", claim))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(with_part(place.read_text(encoding="utf-8"), claims_part()), encoding="utf-8")
