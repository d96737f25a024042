from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ripieno.visualization import figures
from ripieno.visualization.figures.style import marks


def numbers(count: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(8)).normal(size=count)


def fan() -> Any:
    values = 100 + numbers(2 * 30 * 15)
    table = pd.DataFrame(
        [(run, period, arm) for arm in ("none", "orch") for run in range(30) for period in range(15)],
        columns=["run", "period", "arm"],
    )
    return figures.fan_chart(table.assign(value=values), "stock at R1", "units")


def bullwhip() -> Any:
    rows = [(e, a, k + 1.0, k + 0.8, k + 1.3) for k, e in enumerate(["retailer", "factory"]) for a in ("none", "orch")]
    return figures.bullwhip_by_echelon(pd.DataFrame(rows, columns=["echelon", "arm", "estimate", "low", "high"]))


def paired() -> Any:
    rows = [(0, "opt", 2.0, 1.0, 3.0), (0, "orch", -2.0, -3.0, -1.0), (1, "opt", 0.1, -1.0, 1.2)]
    table = pd.DataFrame([*rows, (1, "orch", 1.0, np.nan, np.nan)], columns=["point", "arm", "estimate", "low", "high"])
    runs = pd.DataFrame({"point": 0, "arm": "opt", "difference": 2 + numbers(30)})
    return figures.paired_dots(table, "cost, arm - none", "money per day", margin=0.5, runs=runs)


def effects() -> Any:
    rows = [("a.b", 1, 3.0, 2.0, 4.0), ("a.b", 2, 5.0, 4.0, 6.0), ("rule", "veto", 4.0, 3.5, 4.5)]
    return figures.main_effects(pd.DataFrame(rows, columns=["factor", "setting", "estimate", "low", "high"]), "cost")


def regimes() -> Any:
    table = pd.DataFrame([(x, y, x - y) for x in range(5) for y in range(4)], columns=["x", "y", "estimate"])
    table = table.assign(low=table["estimate"] - 1.5, high=table["estimate"] + 1.5)
    return figures.regime_map(table, "x", "y", "gain", ("days", "", "%"))


def scattered() -> Any:
    table = pd.DataFrame({"x": numbers(40), "y": numbers(80)[40:]})
    return figures.regime_map(table.assign(estimate=table["x"] * table["y"]), "x", "y")


def costs() -> Any:
    rows = [(a, line, v) for a in ("none", "orch") for line, v in (("holding", 3.0), ("backlog", 2.0), ("revenue", -1))]
    totals = pd.DataFrame(
        [("none", 4.0, 3.5, 4.5), ("orch", 4.0, 3.9, 4.1)], columns=["arm", "estimate", "low", "high"]
    )
    return figures.cost_bars(pd.DataFrame(rows, columns=["arm", "line", "value"]), totals=totals)


def series() -> Any:
    rows = [(p, agent, arm) for p in range(20) for agent in ("R1", "W") for arm in ("none", "orch")]
    table = pd.DataFrame(rows, columns=["period", "agent", "arm"])
    return figures.time_series(table.assign(value=numbers(len(rows))), "orders", "units per day", events={"shock": 5})


DRAWN: dict[str, Callable[[], Any]] = {
    draw.__name__: draw for draw in (fan, bullwhip, paired, effects, regimes, scattered, costs, series)
}

KINDS = ("svg", "png", "pdf")
# Bands and hatches as pixels and pages too; an SVG holds all else that could differ.
EVERY_KIND = ("fan", "costs")


def write_all(folder: str) -> None:
    for name, draw in DRAWN.items():
        figure = draw()
        for kind in KINDS if name in EVERY_KIND else KINDS[:1]:
            figures.save(figure, Path(folder) / f"{name}.{kind}", dpi=60)


def labels(axis: Any) -> str:
    return f"{axis.get_xlabel()}{axis.get_ylabel()}"


def colours(figure: Any) -> set[str]:
    from matplotlib.colors import to_hex

    return {to_hex(line.get_color()) for axis in figure.axes for line in axis.lines}


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    # Another process with another hash seed, time zone and personal settings of matplotlib.
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 20\nsvg.hashsalt: other\naxes.grid: False\n")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import test_figures; test_figures.write_all(sys.argv[2])"
    other = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "MATPLOTLIBRC": str(settings)}
    with subprocess.Popen([sys.executable, "-c", code, str(Path(__file__).parent), str(there)], env=other) as process:
        write_all(str(here))
    assert process.returncode == 0
    names = sorted(path.name for path in here.iterdir())
    assert len(names) == len(DRAWN) + (len(KINDS) - 1) * len(EVERY_KIND)
    assert [name for name in names if (here / name).read_bytes() != (there / name).read_bytes()] == []


def test_files_hold_no_date_and_no_version() -> None:
    import matplotlib as mpl

    for kind in ("png", "svg", "pdf"):
        content = figures.as_bytes(paired(), kind)
        for trace in (b"CreationDate", b"dc:date", mpl.__version__.encode()):
            assert trace not in content, (kind, trace)


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="png, svg, pdf, not as 'bmp'"):
        figures.save(effects(), tmp_path / "x.bmp")


def test_drawing_leaves_no_trace_in_the_settings() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    fan()
    assert dict(mpl.rcParams) == before


def test_units_are_on_the_axes() -> None:
    assert fan().axes[0].get_ylabel() == "stock at R1 (units)"
    assert paired().axes[0].get_xlabel() == "cost, arm - none (money per day)"
    assert regimes().axes[0].get_xlabel() == "x (days)"
    assert regimes().axes[1].get_ylabel() == "gain (%)"
    assert costs().axes[0].get_xlabel() == "cost (money per period)"
    assert series().get_supylabel() == "orders (units per day)"


@pytest.mark.parametrize("name", DRAWN)
def test_only_colours_that_everybody_can_tell_apart(name: str) -> None:
    allowed = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1b2a3a", "#6b7785", "#ffffff"}
    assert colours(DRAWN[name]()) <= allowed


def test_arms_differ_by_more_than_colour() -> None:
    drawn = marks(list("abcdefg"))
    for name in ("colour", "dash", "marker"):
        assert len({str(getattr(mark, name)) for mark in drawn.values()}) == 7
    assert len({mark.hatch for mark in drawn.values()}) == 7
    assert (drawn["a"].colour, drawn["b"].colour, drawn["b"].dash) == ("#D55E00", "#0072B2", "solid")
    assert marks(["only"])["only"].dash == "solid"


def test_a_fan_shows_the_quantiles_over_runs() -> None:
    table = pd.DataFrame([(r, p, float(r + 10 * p)) for r in range(101) for p in range(3)])
    figure = figures.fan_chart(table.set_axis(["run", "period", "value"], axis=1), bands=(0.9, 0.5))
    axis: Any = figure.axes[0]
    assert axis.lines[0].get_ydata().tolist() == [50, 60, 70]
    wide, narrow = (band.get_paths()[0].vertices for band in axis.collections)
    assert (wide[:, 1].min(), wide[:, 1].max()) == pytest.approx((5, 115))
    assert (narrow[:, 1].min(), narrow[:, 1].max()) == pytest.approx((25, 95))
    assert axis.get_title(loc="left") == "101 runs"


def test_a_dot_says_by_shape_what_its_interval_says() -> None:
    axis = paired().axes[0]
    dots = {line.get_label(): line for line in axis.lines if line.get_linestyle() == "None"}
    assert dots["lower"].get_marker() == "D"
    assert dots["higher"].get_marker() == "o"
    assert dots["interval covers 0"].get_markerfacecolor() == "white"
    assert any("no interval" in text.get_text() for text in axis.texts)


def test_the_map_draws_where_the_sign_turns() -> None:
    legend = [text.get_text() for text in regimes().legends[0].get_texts()]
    assert legend == ["zero: the sign turns", "interval off 0", "interval covers 0"]
    above = pd.DataFrame([(x, y, 1.0 + x) for x in range(3) for y in range(3)], columns=["x", "y", "estimate"])
    assert [text.get_text() for text in figures.regime_map(above, "x", "y").legends[0].get_texts()] == ["design point"]
    with pytest.raises(ValueError, match="three points with a value, not 2"):
        figures.regime_map(above.head(2), "x", "y")


def test_cost_bars_stack_costs_right_and_revenue_left() -> None:
    axis = costs().axes[0]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axis.patches]
    assert ends[0] == (0, 3)  # holding
    assert ends[2] == (3, 5)  # backlog
    assert ends[4] == (0, -1)  # revenue
    assert len({bar.get_hatch() for bar in axis.patches}) == 3
    assert [text.get_text() for text in axis.texts] == ["4 [3.5, 4.5]", "4 [3.9, 4.1]"]


def test_a_wide_range_gets_a_logarithmic_axis() -> None:
    rows = [("a", "x", 1.0, 0.9, 1.1), ("b", "x", 50.0, 40.0, 60.0)]
    table = pd.DataFrame(rows, columns=["echelon", "arm", "estimate", "low", "high"])
    assert figures.bullwhip_by_echelon(table).axes[0].get_yscale() == "log"
    assert bullwhip().axes[0].get_yscale() == "linear"


def test_products_of_a_period_are_added_up_and_gaps_stay() -> None:
    table = pd.DataFrame({"period": [0, 0, 1, 1, 2], "agent": "R1", "value": [1.0, 2.0, 3.0, 4.0, np.nan]})
    line: Any = figures.time_series(table).axes[0].lines[0]
    assert line.get_ydata()[:2].tolist() == [3, 7]
    assert np.isnan(line.get_ydata()[2])


def test_missing_estimates_leave_a_gap() -> None:
    rows = [("a", "x", 2.0, 1.0, 3.0), ("b", "x", np.nan, np.nan, np.nan), ("c", "x", 3.0, 2.0, 4.0)]
    table = pd.DataFrame(rows, columns=["echelon", "arm", "estimate", "low", "high"])
    assert len(figures.as_bytes(figures.bullwhip_by_echelon(table), "png", dpi=50)) > 1000
