"""What has changed since it was last green: functions, pages and their lists, by fingerprint."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from yansuan.base.settings import settings
from yansuan.formula.formula import load_all
from yansuan.formula.module import read
from yansuan.notes.page import Page, pages

CHECKED = Path(".cache/checked.json")  # what `--changed` compares with


def changed(now):
    """{kind: names} of the functions and pages that have changed since they were last green."""
    before = checked()
    return {kind: {name for name in now[kind] if before[kind].get(name) != now[kind][name]} for kind in now}


def fingerprints():
    """{kind: {name: hash}}: of functions with tests and all they call, of their own text, of pages and their lists."""
    from yansuan.proof.mutation import functions, key

    lists = [*Path(settings().docs).glob("*.csv"), *Path().glob("mkdocs*.yml")]  # of pages
    said = {name: formula.text_digest for name, formula in load_all(settings().snippets).items()}  # by its family, too
    own = {label: read(path).source(node) + said.get(label, "") for path, node, label, _ in functions()}
    return {
        "sources": {label: hashlib.sha256(text.encode()).hexdigest()[:16] for label, text in own.items()},
        "functions": {label: key(path, node.name, digest) for path, node, label, digest in functions()},
        "pages": {p.as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()[:16] for p in [*pages(), *lists]},
    }


def checked():
    """The fingerprints of what was last green; at first, those of the last commit, which is taken to have been."""
    if not CHECKED.is_file():
        record(committed())
    return json.loads(CHECKED.read_text("utf-8"))


def record(prints):
    CHECKED.parent.mkdir(exist_ok=True)
    CHECKED.write_text(json.dumps(prints, indent=1) + "\n", "utf-8")


def twins(page):
    """The page in the other language, if the project has two."""
    two = len(settings().languages) > 1 and page.endswith(".md")
    return [Page(page).twin.as_posix()] if two else []


def committed():
    none = {"functions": {}, "sources": {}, "pages": {}}
    try:
        archive = subprocess.run(["git", "archive", "--format=zip", "HEAD"], capture_output=True, check=False)
    except FileNotFoundError:
        return none
    if archive.returncode:
        return none
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(archive.stdout)).extractall(folder)
        command = "import json; from yansuan.proof.changed import fingerprints; print(json.dumps(fingerprints()))"
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run(
            [sys.executable, "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        return none if done.returncode else json.loads(done.stdout)
