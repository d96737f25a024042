"""What the command prints: read from the network down to the owners and the negotiation."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console
from ripieno.experiments.compare.comparison import Comparison
from ripieno.experiments.compare.looked_at import change, difference
from ripieno.experiments.compare.terminal import pieces

from .conftest import COSTS, Make

SCORES = {
    owner: {arm: tuple(share * cost for cost in line) for arm, line in COSTS.items()}
    for owner, share in (("A", 0.25), ("B", 0.75))
}
FILL = {arm: (0.95, 0.94, 0.96, 0.95 + 0.01 * place) for place, arm in enumerate(COSTS)}
WIDTH = 120


def printed(comparison: Comparison, width: int = WIDTH) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    for piece in pieces(comparison):
        console.print(piece)
    return stream.getvalue()


def test_the_network_comes_first_with_paired_differences(made: Make) -> None:
    text = printed(made(COSTS, SCORES, fill_rate=FILL))
    lines = text.splitlines()
    assert lines[1] == "two-stages: 4 runs an arm with seed 3, 30 weeks after 10 of warm-up"
    opt = next(place for place, line in enumerate(lines) if line.startswith("│ opt "))
    assert [cell.strip() for cell in lines[opt].strip("│").split("│")] == ["opt", "105", "0.9525"]
    assert [cell.strip() for cell in lines[opt + 1].strip("│").split("│")] == ["", "+5.0 ± 1.3 % ✘", "+0.25 ± 0.80 pt"]
    assert "−20.0 ± 2.3 % ✔" in text
    assert max(map(len, lines)) <= WIDTH


def test_order_of_the_tables(made: Make, ledger: pd.DataFrame) -> None:
    text = printed(made(COSTS, SCORES, ledger))
    titles = [
        "4 runs an arm",
        "the gap in the cost",
        "own scores",
        "packages over 4 runs",
        "orch, the first 3 of 3 cycles",
    ]
    places = [text.index(title) for title in titles]
    assert places == sorted(places)
    assert text.index("• opt loses") > places[-1]


def test_owners_and_the_network_below_them(made: Make, ledger: pd.DataFrame) -> None:
    lines = printed(made(COSTS, SCORES, ledger)).splitlines()
    a, b, network = (next(line for line in lines if line.startswith(f"│ {name} ")) for name in ("A", "B", "network"))
    assert [cell.strip() for cell in a.strip("│").split("│")][1:3] == ["25", "+1.25 ± 0.32 ✘"]
    assert [cell.strip() for cell in b.strip("│").split("│")][1:3] == ["75", "+3.75 ± 0.97 ✘"]
    assert [cell.strip() for cell in network.strip("│").split("│")][1:3] == ["100", "+5.0 ± 1.3 ✘"]
    assert "is paid 2.5" in "\n".join(lines)


def test_a_gap_without_a_share_says_why_in_its_place(made: Make) -> None:
    text = printed(made(COSTS | {"central": COSTS["none"]}))
    assert "the gap from none to central cannot be told from 0" in text


@pytest.mark.parametrize("arms", [("none",), ("none", "opt")])
def test_one_arm_or_one_run_prints_too(made: Make, arms: tuple[str, ...]) -> None:
    text = printed(made({arm: COSTS[arm][:1] for arm in arms}))
    assert "1 run an arm" in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("numbers", "unit", "shown"),
    [
        ((5.0, 3.5, 6.5, 100.0), "money per day", "+5.0 ± 1.5 %"),
        ((-5.0, -6.5, -3.5, -100.0), "money per day", "−5.0 ± 1.5 %"),
        ((0.02, 0.005, 0.035, 0.5), "share", "+2.0 ± 1.5 pt"),
        ((5.0, 3.5, 6.5, 0.0), "money per day", "+5.0 ± 1.5"),
        ((0.0, 0.0, 0.0, 7.0), "ratio", "±0 %"),
        ((1.0, float("nan"), float("nan"), 8.0), "ratio", "+12.5 %"),
    ],
)
def test_how_a_difference_is_written(numbers: tuple[float, ...], unit: str, shown: str) -> None:
    estimate, low, high, mean = numbers
    base = abs(mean) or float("nan")
    row = pd.Series(
        {
            "estimate": estimate, "low": low, "high": high,
            "relative": estimate / base, "relative_low": low / base, "relative_high": high / base,
        }
    )  # fmt: skip
    assert change(row, unit) == shown
    assert difference(row).startswith(shown[0])
