"""The author's commands: `python -m yansuan --help`."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from yansuan import pages, scaffold
from yansuan.errors import YansuanError, shown
from yansuan.settings import settings


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
    new.add_argument("--formulas", nargs="*", default=(), metavar="family.function", help="cards to show")
    new.set_defaults(run=run_note)
    match = commands.add_parser("match", help="record that a page and its twin in the other language say the same")
    match.add_argument("page", nargs="+", help="a page of either language, or 'all'")
    match.set_defaults(run=run_match)
    check = commands.add_parser("check", help="test what has changed since it was last green, and nothing else")
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
    given = (options.page, options.title, options.paper, options.authors, options.year, options.arxiv, options.formulas)
    for path in scaffold.note(*given):
        print(f"wrote {shown(path)}")
    first = settings().page_folders[-1] / f"{options.page}.md"
    print("its line in nav is the last of its folder: move it to its section")
    print(f"next: replace each TODO, run 'python -m yansuan match {first.as_posix()}', then 'python -m yansuan check'")


def run_match(options):
    names = [p for p in pages.pages() if "zh" in p.parts] if options.page == ["all"] else options.page
    for name in names:
        changed = pages.match(name)
        print(f"{name}: {'matched ' + ', '.join('#' + i for i in changed) if changed else 'was up to date'}")


def run_check(options):
    """pytest --changed, on the test modules that can have something to say."""
    try:
        from yansuan.plugin import changed
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: run 'make .venv/.test', or 'python -m pip install -e .[test]'")

    new = changed()
    if not any(new.values()):
        print("nothing has changed since it was last green")
        return 0
    tests = Path(settings().tests)
    modules = {tests / f"test_{name.partition('.')[0]}.py" for name in new["functions"] | new["sources"]}
    for path in tests.glob("test_*.py"):  # what loops over every formula
        if re.search(r"rules import|\bload_all\(", path.read_text("utf-8")):
            modules.add(path)
    chosen = sorted(str(path) for path in modules if path.is_file())
    return subprocess.run([sys.executable, "-m", "pytest", "-q", "--changed", *chosen], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
