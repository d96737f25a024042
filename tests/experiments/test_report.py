from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ripieno.experiments.report import Report, merged, pictures, written
from ripieno.experiments.report.numbers import column

VOID = {"meta", "img", "br", "link"}
HOSTILE = """<script>alert(1)</script> & "quoted" 'single' <img src=x onerror=alert(2)> </title></style>"""


class Reader(HTMLParser):
    """Reads a page as a browser does and keeps what a test asks about."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def drawing() -> object:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([0, 1], [0, 1])
    return figure


def full() -> Report:
    table = pd.DataFrame(
        {"arm": ["opt", HOSTILE], "estimate": [-1.5, np.nan], "low": [-2.0, np.nan], "high": [-1.0, np.nan]}
    )
    return (
        Report("Title " + HOSTILE, "Lead " + HOSTILE)
        .section("Question " + HOSTILE)
        .text("Text " + HOSTILE, "Second paragraph")
        .section("Results")
        .table(table.assign(p=[1e-9, 0.03]), "Caption " + HOSTILE, {"estimate": "money <per> day"}, {"arm": HOSTILE})
        .verdict("supported", HOSTILE)
        .verdict(HOSTILE)
        .section("Figures")
        .figure(drawing(), "A line " + HOSTILE, "It rises. " + HOSTILE)
        .section("How to do it again")
        .code("ripieno run 'x' " + HOSTILE)
        .section("Provenance")
        .facts({"seed": 1, "platform": {HOSTILE: HOSTILE}, "arms": ["none", HOSTILE]})
    )


def test_hostile_text_is_shown_and_never_interpreted() -> None:
    page = full().html()
    reader = read(page)
    names = {tag for tag, _ in reader.tags}
    assert "script" not in names
    assert [tag for tag, _ in reader.tags].count("img") == 1
    assert not any(name.startswith("on") for _, attributes in reader.tags for name in attributes)
    # Every place showed the text as it is: 7 visible places and the title; captions and alt texts are attributes too.
    assert sum(part.count("alert(1)") for part in reader.said) >= 12
    assert [attributes["alt"] for tag, attributes in reader.tags if tag == "img"] == ["It rises. " + HOSTILE]


def test_nothing_is_fetched_from_outside() -> None:
    page = full().html()
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert "@import" not in page
    for tag, attributes in read(page).tags:
        for name in ("src", "href", "srcset", "action", "data"):
            value = attributes.get(name)
            assert value is None or value.startswith(("data:", "#")), (tag, name)
    policy = next(a["content"] for t, a in read(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_embedded_drawings_fetch_nothing_either() -> None:
    data = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", full().html())
    (svg,) = [base64.b64decode(part).decode() for part in data]
    assert "<svg" in svg
    assert all(not target.startswith("http") for target in re.findall(r'href="([^"]*)"', svg))


def test_the_same_report_is_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import test_report; test_report.full().write(sys.argv[2])"
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "other.html")]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "5"})
    here = full().write(tmp_path / "here.html").read_bytes()
    assert here == (tmp_path / "other.html").read_bytes()
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["here.html", "other.html"]


def test_tables_are_accessible() -> None:
    table = pd.DataFrame({"arm": ["opt"], "cost": [1234.0], "n_runs": [40]})
    page = Report("t").table(table, "Cost by arm", units={"cost": "money per day"}, labels={"n_runs": "runs"}).html()
    assert "<caption>Cost by arm</caption>" in page
    assert '<th scope="col" class="number">cost <span class="unit">money per day</span></th>' in page
    assert '<th scope="row">opt</th><td class="number">1,234</td>' in page
    assert '<th scope="col" class="number">runs</th>' in page
    assert 'role="region" tabindex="0" aria-label="Cost by arm"' in page


def test_intervals_and_p_values_are_written_for_readers() -> None:
    page = full().html()
    assert "−1.50 [−2.00, −1.00]" in page
    assert "– [–, –]" in page
    assert "&lt; 0.001" in page


def test_a_long_table_says_that_it_is_cut() -> None:
    page = Report("t").table(pd.DataFrame({"n": range(12)}), "Rows", most=10).html()
    assert "The first 10 of 12 rows." in page
    assert page.count("<tr>") == 11


def test_a_long_table_is_folded_and_a_short_one_is_not() -> None:
    table = pd.DataFrame({"point": range(31)})
    long, short = Report("t").table(table, "All points").html(), Report("t").table(table.head(30), "Some").html()
    assert "<details><summary>All points: 31 rows</summary>" in long
    assert long.count("<tr>") == 32  # everything is there for who opens it
    assert "<details>" not in short


def test_contents_and_sections() -> None:
    reader = read(full().html())
    anchors = [a["id"] for t, a in reader.tags if t == "h2"]
    assert len(set(anchors)) == 5
    assert [a["href"] for t, a in reader.tags if t == "a"] == [f"#{anchor}" for anchor in anchors]
    assert [a["aria-labelledby"] for t, a in reader.tags if t == "section"] == anchors
    assert [t for t, _ in reader.tags].count("h1") == 1
    assert "<nav" not in Report("short").section("one").text("x").html()


def test_pictures_of_every_kind() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 8
    page = Report("t").figure(png, "c", "a").figure("<svg></svg>", "c", "a").figure(b"<svg/>", "c", "a").html()
    assert page.count("data:image/png;base64,") == 1
    assert page.count("data:image/svg+xml;base64,") == 2
    for wrong in ("no picture", 7):
        with pytest.raises(TypeError, match="a picture is"):
            Report("t").figure(wrong, "c", "a")


def test_a_dense_drawing_becomes_a_bitmap(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.data_address(drawing()).startswith("data:image/svg")
    monkeypatch.setattr(pictures, "LARGEST_SVG", 1000)
    assert pictures.data_address(drawing()).startswith("data:image/png")


def test_a_figure_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="what it shows"):
        Report("t").figure("<svg></svg>", "caption", "  ")


def test_units_of_unknown_columns_are_refused() -> None:
    with pytest.raises(ValueError, match=r"does not have: \['cots'\]"):
        Report("t").table(pd.DataFrame({"cost": [1]}), "c", units={"cots": "money"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (12345678.0, "12,345,678"), (0.00012345, "0.0001234"), (1e-12, "1e−12"),
        (99.99999, "100"), (float("-inf"), "−∞"), (None, "–"), ("text", "text"), (np.int64(-1200), "−1,200"),
        (np.bool_(False), "no"), (-0.5, "−0.5"), (3.0, "3"), (1e300, "1e300"),
    ],
)  # fmt: skip
def test_numbers(value: object, text: str) -> None:
    assert written(value) == text


def test_merging_needs_all_three_columns() -> None:
    table = pd.DataFrame({"a": [1], "estimate": [2.0], "low": [1.0], "high": [3.0]})
    assert merged(table).to_dict("records") == [{"a": 1, "estimate": "2.0 [1.0, 3.0]"}]
    with pytest.raises(KeyError):
        merged(table.drop(columns="low"))


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((-98.684, -107.93, -89.437), "−98.7 [−107.9, −89.4]"),
        ((1234.567, 1200.0, 1269.1), "1,235 [1,200, 1,269]"),
        ((0.0108, 0.006676, 0.01492), "0.0108 [0.0067, 0.0149]"),
        ((0.5, -np.inf, np.inf), "0.5 [−∞, ∞]"),
        ((3.0, 3.0, 3.0), "3 [3, 3]"),
        ((2e-9, 1e-9, 3e-9), "2e−9 [1e−9, 3e−9]"),
        ((-0.001, -1.0, 0.998), "0.00 [−1.00, 1.00]"),
    ],
)
def test_intervals_have_the_places_that_their_width_deserves(interval: tuple[float, ...], text: str) -> None:
    table = pd.DataFrame([interval], columns=["estimate", "low", "high"])
    assert merged(table)["estimate"].tolist() == [text]


def test_points_line_up_where_sizes_are_alike() -> None:
    assert column(pd.Series([201.12, 195.0, np.nan, -99.46])) == ["201.1", "195.0", "–", "−99.5"]
    assert column(pd.Series([20.0, 0.0, np.inf])) == ["20", "0", "∞"]
    assert column(pd.Series([1e-9, 2.0])) == ["1e−9", "2"]
    assert column(pd.Series([np.nan, np.nan])) == ["–", "–"]
    assert column(pd.Series(["a", None], dtype=object)) == ["a", "–"]
    assert column(pd.Series([1, 2000])) == ["1", "2,000"]
    table = pd.DataFrame({"arm": ["a", "b"], "cost": [195.0, 201.12]})
    assert '<td class="number">195.0</td>' in Report("t").table(table, "c").html()
