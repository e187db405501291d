"""`yansuan check --watch`: what an edit has changed is tested again, in a fork that has imported the large packages."""

import ast
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.proof.changed import Changes, Seen
from yansuan.proof.judges import folders, modules_about, test_modules
from yansuan.proof.sources import Sources

CHANGED = ("-q", "--tb=short", "--changed")
HERE = ("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning")  # yansuan itself


def modules_for(new: Changes, pages: bool = False) -> list[str]:
    """The paths of the test modules that can have something to say of what has changed, and if asked, of any page."""
    return [path.as_posix() for path in modules_about(new.families, pages=pages or bool(new.pages))]


def watch() -> None:
    """Test what has changed after each edit, until Ctrl-C."""
    if can_fork():
        sys.path.insert(0, str(Path.cwd()))
        for package in {package for path in test_modules() for package in packages_of(path)}:
            with contextlib.suppress(ImportError):
                importlib.import_module(package)
    print("watching; Ctrl-C ends it", flush=True)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts this in the background turns it off
    seen, sources = None, Sources.kept(settings().cache)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            if seen != (seen := stamps()):
                check(sources)
            time.sleep(0.2)


def can_fork() -> bool:
    """Whether a test run may start as a copy of this process, which has imported the large packages; not on Windows."""
    return hasattr(os, "fork")


def check(sources: Sources) -> None:
    """Test what has changed, in a process that knows nothing of what was imported before."""
    start = time.perf_counter()
    try:
        seen = Seen.now(sources)
    except YansuanError as error:  # as it is while somebody writes
        print(error, flush=True)
        return
    if seen.changes:
        (run_in_fork if can_fork() else run_anew)(seen)
        print(f"{time.perf_counter() - start:.1f} s after the edit was seen", flush=True)


def run_here(seen: Seen) -> int:
    """pytest in this process, on what it has seen: nothing is imported or looked at twice."""
    import pytest

    return pytest.main([*HERE, *CHANGED, *modules_for(seen.changes)], plugins=[seen])


def run_in_fork(seen: Seen) -> None:
    """pytest, in a fork of this process."""
    if not (child := os.fork()):
        code = run_here(seen)
        sys.stdout.flush()
        os._exit(code)
    os.waitpid(child, 0)


def run_anew(seen: Seen) -> None:
    """pytest, in a process of its own, which looks and imports again, at any page too: seconds more."""
    command = [sys.executable, "-m", "pytest", *CHANGED, *modules_for(seen.changes, pages=True)]
    subprocess.run(command, check=False)


def packages_of(path: Path) -> Iterator[str]:
    """What a test module imports, but for the project's own modules: those change."""
    own = {folder.parts[0] for folder in folders()} | {settings().package.partition(".")[0], "yansuan"}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            yield from (name for name in names if name and name.partition(".")[0] not in own)


def stamps() -> dict[Path, int]:
    """When each file that an author edits was last written."""
    project = settings()
    tops = {Path(project.snippets), *folders(), *project.page_folders}
    files = [path for folder in tops for path in folder.rglob("*") if path.suffix in (".py", ".md")]
    files += [*Path(project.docs).glob("*.csv"), *Path().glob("mkdocs*.yml")]
    return {path: path.stat().st_mtime_ns for path in files if path.is_file()}
