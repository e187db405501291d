"""The author's commands: `python -m yansuan --help`."""

import argparse
import ast
import contextlib
import importlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from yansuan import pages, scaffold
from yansuan.errors import YansuanError, shown
from yansuan.settings import settings

CHANGED = ("-q", "--tb=short", "--changed")
NO_TESTS = 5  # how pytest ends when there was nothing to run


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m yansuan")
    commands = parser.add_subparsers(required=True, metavar="command")
    new = commands.add_parser("formula", help="write a function and its witness, to be filled in")
    new.add_argument("name", help="family.function")
    new.set_defaults(run=run_formula)
    new = commands.add_parser("note", help="write a page in each language, to be filled in")
    new.add_argument("page", help="folder/name, as in papers/dropout-2012")
    new.add_argument("--title", required=True, help="'English | 中文'")
    new.add_argument("--paper", required=True, help="full title of the paper")
    new.add_argument("--authors", required=True)
    new.add_argument("--year", required=True, type=int)
    new.add_argument("--arxiv", default="", help="its number, as in 1207.0580")
    new.add_argument("--section", default="", help="in docs/papers.csv, of a paper that is not listed there yet")
    new.add_argument("--formulas", nargs="*", default=(), metavar="family.function", help="cards to show")
    new.set_defaults(run=run_note)
    match = commands.add_parser("match", help="record that a page and its twin in the other language say the same")
    match.add_argument("page", nargs="+", help="a page of either language, or 'all'")
    match.set_defaults(run=run_match)
    check = commands.add_parser("check", help="test what has changed since it was last green, and nothing else")
    check.add_argument("--watch", action="store_true", help="and again after each edit, sooner: until Ctrl-C")
    check.set_defaults(run=run_check)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except (YansuanError, ValueError, OSError) as error:
        sys.exit(str(error))


def run_formula(options):
    for path in scaffold.formula(options.name):
        print(f"wrote {shown(path)}")
    print(
        f"next: replace each TODO, show it on a page with '/// formula | {options.name}', run 'python -m yansuan check'"
    )


def run_note(options):
    given = {name: value for name, value in vars(options).items() if name != "run"}
    written, last = scaffold.note(**given)
    for path in written:
        print(f"wrote {shown(path)}")
    first = settings().page_folders[-1] / f"{options.page}.md"
    if last:
        print("its line in nav is the last of its folder: move it to its section")
    folders = [folder.relative_to(settings().docs) for folder in settings().page_folders]
    print("its address:", ", ".join(f"/{(folder / options.page).as_posix()}/" for folder in folders))
    print(f"next: replace each TODO, run 'python -m yansuan match {first.as_posix()}', then 'python -m yansuan check'")


def run_match(options):
    names = [p for p in pages.pages() if "zh" in p.parts] if options.page == ["all"] else options.page
    for name in names:
        changed = pages.match(name)
        print(f"{name}: {'matched ' + ', '.join('#' + i for i in changed) if changed else 'was up to date'}")


def run_check(options):
    """pytest --changed, on the test modules that can have something to say."""
    try:
        from yansuan.plugin import changed, fingerprints
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: run 'make .venv/.test', or 'python -m pip install -e .[test]'")

    if options.watch:
        return watch()
    if not any((new := changed(fingerprints())).values()):
        print("nothing has changed since it was last green")
        return 0
    code = subprocess.run([sys.executable, "-m", "pytest", *CHANGED, *test_modules(new)], check=False).returncode
    if code == NO_TESTS:
        print("no test is about what has changed")
    return 0 if code == NO_TESTS else code


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
    from yansuan.plugin import changed, fingerprints

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


if __name__ == "__main__":
    sys.exit(main())
