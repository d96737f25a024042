from __future__ import annotations

import io
import json
import posixpath
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from ripieno.__main__ import main
from ripieno.experiments.research.comses import archive
from ripieno.experiments.research.stress import checklist
from ripieno.experiments.sweeps.errors import StudyError
from ripieno.experiments.sweeps.fingerprint import code_fingerprint
from ripieno.experiments.sweeps.merging import merge
from ripieno.experiments.sweeps.store import Store

ROOT = Path(__file__).parents[3]
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:|#)([^)#\s]+)[^)]*\)")


@pytest.fixture(scope="module")
def made(results: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    path = tmp_path_factory.mktemp("archive") / "small.zip"
    archive(Store.open(results), path)
    return zipfile.ZipFile(path)


def test_the_layout_is_that_of_the_library(made: zipfile.ZipFile) -> None:
    names = made.namelist()
    assert {name.split("/")[0] for name in names} == {"README.md", "LICENSE", "codemeta.json", "code", "docs", "data"}
    assert names == sorted(names)
    expected = {
        "docs/research/odd.md", "data/runs.csv", "data/study.toml", "code/pyproject.toml", "code/model/supply_chain.py",
        "code/LICENSE", "code/README.md", "code/experiments/studies/regimes.toml", "docs/research/stress-filled.md",
    }  # fmt: skip
    assert expected <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc") or "/." in name]


def test_the_code_is_that_of_the_checkout(made: zipfile.ZipFile) -> None:
    inside = {name.removeprefix("code/") for name in made.namelist() if name.startswith("code/")}
    for folder in ("agents", "model", "experiments"):
        expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py")}
        assert expected <= inside
    assert made.read("code/model/streams.py") == (ROOT / "model" / "streams.py").read_bytes()


def test_the_data_are_the_runs_of_the_study(made: zipfile.ZipFile, results: Path) -> None:
    table = pd.read_csv(io.BytesIO(made.read("data/runs.csv")))
    pd.testing.assert_frame_equal(table, merge(Store.open(results)).frame, check_dtype=False)
    assert made.read("docs/research/stress-filled.md").decode() == checklist(Store.open(results))


def test_it_is_described(made: zipfile.ZipFile, results: Path) -> None:
    about = json.loads(made.read("codemeta.json"))
    assert about["@type"] == "SoftwareSourceCode"
    assert about["license"].endswith("/MIT")
    assert about["name"] == "Ripieno: small"
    assert about["dateModified"] == Store.open(results).sessions()[0]["started"][:10]
    readme = made.read("README.md").decode()
    assert "The table has 12 runs." in readme
    assert f"{code_fingerprint()}: the code in this archive." in readme


def test_links_of_its_documents_lead_somewhere(made: zipfile.ZipFile) -> None:
    names = set(made.namelist())
    folders = {posixpath.dirname(name) for name in names}
    dead = []
    for name in (name for name in names if name.startswith("docs/") and name.endswith(".md")):
        for target in LINK.findall(made.read(name).decode()):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if place not in names | folders:
                dead.append(f"{name}: {target}")
    assert not dead


def test_the_same_bytes_every_time(made: zipfile.ZipFile, results: Path, tmp_path: Path) -> None:
    archive(Store.open(results), tmp_path / "again.zip")
    assert made.filename is not None
    assert (tmp_path / "again.zip").read_bytes() == Path(made.filename).read_bytes()


def test_other_code_than_that_of_the_runs_is_said(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ripieno.experiments.research.comses.code_fingerprint", lambda: "changed")
    archive(Store.open(results), tmp_path / "small.zip")
    with zipfile.ZipFile(tmp_path / "small.zip") as made:
        assert "other code than that in this archive, which has changed." in made.read("README.md").decode()


def test_what_cannot_be_archived_is_refused(results: Path, tmp_path: Path) -> None:
    store = Store.open(results)
    (tmp_path / "there.zip").write_bytes(b"mine")
    for target, root, message in (
        ("folder", ROOT, "an archive is a zip file"),
        ("there.zip", ROOT, "exists already"),
        ("nowhere/a.zip", ROOT, "there is no folder"),
        ("a.zip", tmp_path, "run this in a checkout"),
    ):
        with pytest.raises(StudyError, match=message):
            archive(store, tmp_path / target, root)
    assert [path.name for path in tmp_path.iterdir()] == ["there.zip"]
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_the_command_line(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for flag, name in (("--comses", "small.zip"), ("--stress", "stress.md")):
        with pytest.raises(SystemExit) as ended:
            main(["study", "export", str(results), "-o", str(tmp_path / name), flag])
        assert not ended.value.code
        assert name in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main(["study", "export", str(results), "-o", str(tmp_path / "a.zip"), "--comses", "--stress"])
    assert ended.value.code == 2
    assert "give only one" in capsys.readouterr().err
    assert not (tmp_path / "a.zip").exists()
