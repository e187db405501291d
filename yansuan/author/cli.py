"""The author's commands: `python -m yansuan --help`."""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from yansuan.author import scaffold
from yansuan.author.watch import run_here, watch
from yansuan.base.errors import YansuanError, shown
from yansuan.base.settings import settings
from yansuan.notes import page, twins
from yansuan.proof.changed import Seen, record_file

NO_TESTS = 5  # how pytest ends when there was nothing to run


def main(arguments: Sequence[str] | None = None) -> int | None:
    """Run one command."""
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
        code: int | None = options.run(options)
        return code
    except (YansuanError, ValueError, OSError) as error:
        sys.exit(str(error))


def run_formula(options: argparse.Namespace) -> None:
    for path in scaffold.formula(options.name):
        print(f"wrote {shown(path)}")
    print(f"next: replace each TODO, and show it with '/// formula | {options.name}' on a page")
    match = "run 'python -m yansuan match' with that page, then " if len(settings().languages) > 1 else "run "
    print(f"then {match}'python -m yansuan check'")


def run_note(options: argparse.Namespace) -> None:
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


def run_match(options: argparse.Namespace) -> None:
    names = [p for p in page.pages() if "zh" in p.parts] if options.page == ["all"] else options.page
    for name in names:
        changed = twins.match(name)
        print(f"{name}: {'matched ' + ', '.join('#' + i for i in changed) if changed else 'was up to date'}")


def run_check(options: argparse.Namespace) -> int:
    """pytest --changed, on the test modules that can have something to say."""
    for package in ("pytest", "numpy", "torch"):
        if not find_spec(package):
            sys.exit(f"{package} is not installed: run 'make .venv/.test', or 'python -m pip install -e .[test]'")
    if options.watch:
        watch()
        return 0
    if not record_file().is_file():
        print("nothing is recorded yet: what the last commit had counts as tested; without one, everything is new")
    if not (seen := Seen.now()).changes:
        print("nothing has changed since it was last green")
        return 0
    code = run_here(seen)
    if code == NO_TESTS:
        print("no test is about what has changed")
    return 0 if code == NO_TESTS else code
