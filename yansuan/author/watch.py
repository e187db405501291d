"""`yansuan check --watch`: what an edit has changed is tested again, in a fork that has imported the large packages."""

import ast
import contextlib
import importlib
import os
import re
import signal
import sys
import time
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings

CHANGED = ("-q", "--tb=short", "--changed")


def test_modules(new):
    """The paths of the test modules that can have something to say of these functions, or of pages."""
    tests = Path(settings().tests)
    modules = {tests / f"test_{name.partition('.')[0]}.py" for name in new["functions"] | new["sources"]}
    for path in tests.glob("test_*.py"):  # what loops over every formula, or is about all pages
        if re.search(r"rules import|^\w+ = load_all\(|\bmark\.pages\b", path.read_text("utf-8"), re.M):
            modules.add(path)
    return sorted(str(path) for path in modules if path.is_file())


def watch():
    """Test what has changed after each edit, in a fork of this process, which has imported the large packages."""
    from yansuan.proof.changed import changed, fingerprints

    if not hasattr(os, "fork"):
        sys.exit("--watch needs fork, which this system has not: leave it out")
    sys.path.insert(0, str(Path.cwd()))
    for path in test_modules({"functions": set(fingerprints()["functions"]), "sources": set()}):
        for package in packages_of(Path(path)):
            with contextlib.suppress(ImportError):
                importlib.import_module(package)
    print("watching; Ctrl-C ends it", flush=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts this in the background turns it off
    seen = None
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            if seen != (seen := stamps()):
                check_in_fork(changed, fingerprints)
            time.sleep(0.2)


def check_in_fork(changed, fingerprints):
    start = time.perf_counter()
    try:
        new = changed(fingerprints())
    except YansuanError as error:  # as it is while somebody writes
        print(error, flush=True)
        return
    if any(new.values()):
        if not (child := os.fork()):
            import pytest

            here = ["-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"]  # yansuan itself
            code = pytest.main([*here, *CHANGED, *test_modules(new)])
            sys.stdout.flush()
            os._exit(code)
        os.waitpid(child, 0)
        print(f"{time.perf_counter() - start:.1f} s after the edit was seen", flush=True)


def packages_of(path):
    """What a test module imports, but for the project's own modules: those change."""
    own = {settings().tests, settings().package, "yansuan"}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            yield from (name for name in names if name.partition(".")[0] not in own)


def stamps():
    """When each file that an author edits was last written."""
    project = settings()
    folders = {Path(project.tests), Path(project.snippets), *project.page_folders}
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".md")]
    files += [*Path(project.docs).glob("*.csv"), *Path().glob("mkdocs*.yml")]
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}
