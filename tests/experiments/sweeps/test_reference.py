from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel
from ripieno.experiments.sweeps.designs import designs
from ripieno.experiments.sweeps.parameters import Parameter
from ripieno.experiments.sweeps.predictions import Prediction
from ripieno.experiments.sweeps.reference import reference_page
from ripieno.experiments.sweeps.study import Comparison, Look, Replications, Study

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "study.md"


def test_the_page_is_up_to_date() -> None:
    cure = "write it anew with python -m ripieno.experiments.sweeps.reference"
    assert PAGE.read_text(encoding="utf-8") == reference_page(), cure


@pytest.mark.parametrize("table", [Study, Parameter, Replications, Comparison, Prediction, Look, *designs().values()])
def test_every_key_has_a_meaning(table: type[BaseModel]) -> None:
    assert [name for name, field in table.model_fields.items() if not field.description] == []
    assert (table.__doc__ or "").strip()
