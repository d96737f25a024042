"""An archive of a study as a library of models wants it: code, documents, results and what describes them, in one zip.

The layout is that of the CoMSES Model Library: ``code/``, ``docs/``, ``data/``, and at the top ``codemeta.json``,
README and LICENSE. The same store and code give the same bytes.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..sweeps.errors import StudyError
from ..sweeps.exporting import contents_of, zipped
from ..sweeps.files import replace
from ..sweeps.fingerprint import PACKAGE, code_fingerprint
from ..sweeps.merging import Merged, merge
from ..sweeps.store import Store
from .stress import checklist

CODE_FOLDERS = ("agents", "experiments", "model", "tests", "visualization")
CODE_FILES = (
    "__init__.py", "__main__.py", "py.typed", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
    "CONTRIBUTING.md", "CITATION.cff",
)  # fmt: skip
ODD = "docs/research/odd.md"
FILLED = "research/stress-filled.md"
CONTEXT = "https://w3id.org/codemeta/3.0"
SPDX = "https://spdx.org/licenses/"


def archive(store: Store, target: str | Path, root: Path = PACKAGE) -> Merged:
    """Write the archive of a store to a new zip file, and return what the table of its runs was merged from.

    ``root`` is the checkout whose code and documents go in. Raises `StudyError` when the target exists or is no zip
    file, the store has no runs, or the documents are not there, as in an installed package.
    """
    path = Path(target)
    if path.suffix != ".zip":
        raise StudyError(f"{path}: an archive is a zip file; name one that ends in .zip")
    if path.exists():
        raise StudyError(f"{path}: exists already; name a new zip file")
    if not path.parent.is_dir():
        raise StudyError(f"{path}: there is no folder {path.parent}; make it first")
    if not (root / ODD).is_file():
        raise StudyError(f"{root}: {ODD} is not there, which an archive holds; run this in a checkout of the code")
    merged = merge(store)
    if merged.frame.empty:
        raise StudyError(f"{store.folder}: has no finished runs to archive; run the study first")
    replace(path, zipped(_files(store, merged, root)))
    return merged


def _files(store: Store, merged: Merged, root: Path) -> dict[str, bytes]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    study, sessions = store.prepared().study, store.sessions()
    files = {
        "README.md": _readme(study, merged, sessions).encode(),
        "LICENSE": (root / "LICENSE").read_bytes(),
        "codemeta.json": _json(codemeta(project, study, sessions)),
        f"docs/{FILLED}": checklist(store).encode(),
    }
    files |= {f"docs/{name}": content for name, content in _documents(root / "docs")}
    files |= {f"data/{name}": content for name, content in contents_of(store, merged, csv=True).items()}
    files |= {f"code/{path.relative_to(root).as_posix()}": path.read_bytes() for path in _code(root)}
    return dict(sorted(files.items()))


def _documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The documents; their links to code lead to the folder that holds it in the archive."""
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        up = "../" * (name.count("/") + 1)
        content = path.read_bytes()
        yield name, content.replace(f"]({up}".encode(), f"]({up}code/".encode()) if path.suffix == ".md" else content


def _code(root: Path) -> Iterator[Path]:
    yield from (root / name for name in CODE_FILES if (root / name).is_file())
    for folder in CODE_FOLDERS:
        yield from _walk(root / folder)


def _walk(folder: Path) -> Iterator[Path]:
    """The files of a folder by name, without what is hidden or compiled."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and path.suffix != ".pyc" and not any(p.startswith((".", "__pycache__")) for p in parts):
            yield path


def codemeta(project: dict[str, Any], study: Any, sessions: list[dict[str, Any]]) -> dict[str, Any]:
    """The description of the code and of the study, in the terms of CodeMeta 3.0."""
    found = {
        "@context": CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": f"Ripieno: {study.name}",
        "description": f"{study.description} {project['description']}.".strip(),
        "version": project["version"],
        "license": f"{SPDX}{project['license']}",
        "author": [{"@type": "Organization", "name": author["name"]} for author in project["authors"]],
        "keywords": project["keywords"],
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "readme": "README.md",
        "buildInstructions": "code/README.md",
    }
    days = [session["started"][:10] for session in sessions]
    return found | ({"dateModified": max(days)} if days else {})


def _readme(study: Any, merged: Merged, sessions: list[dict[str, Any]]) -> str:
    made, here = sorted({session["code_hash"] for session in sessions}), code_fingerprint()
    same = "the code in this archive" if made == [here] else f"other code than that in this archive, which has {here}"
    missing = f" {merged.missing:,} runs of the study are not finished.\n" if merged.missing else ""
    quick = (
        "\nThis is the quick version of the study, cut down for looking: it gives no verdicts.\n" if study.quick else ""
    )
    return f"""# {study.name}

{study.description}
{quick}
| folder | content |
|---|---|
| `code/` | Ripieno as it was when the archive was made; `pip install ./code` installs it |
| `docs/` | documents: the model by the ODD protocol is `research/odd.md`, this study by STRESS `{FILLED}` |
| `data/` | one table with a row a run (`runs.csv`), the study with everything filled in (`study.toml`), provenance |

The table has {len(merged.frame):,} runs.{missing} They were made with the code of hash {", ".join(made)}: {same}.

To run the study again, and compare:

```sh
pip install ./code
ripieno study run data/study.toml -o again
ripieno study verify again --sample 20
ripieno study report again
```
"""


def _json(content: Any) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
