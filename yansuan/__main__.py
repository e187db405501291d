"""`python -m yansuan match docs/en/….md …`: record that these pages and their twins say the same as they stand now."""

import argparse
import sys

from yansuan import pages
from yansuan.errors import YansuanError


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m yansuan")
    commands = parser.add_subparsers(required=True, metavar="command")
    match = commands.add_parser("match", help="record that a page and its twin in the other language say the same")
    match.add_argument("page", nargs="+", help="a page of either language, or 'all'")
    match.set_defaults(run=run_match)
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except (YansuanError, ValueError, OSError) as error:
        sys.exit(str(error))


def run_match(options):
    names = [p for p in pages.pages() if "zh" in p.parts] if options.page == ["all"] else options.page
    for name in names:
        changed = pages.match(name)
        print(f"{name}: {'matched ' + ', '.join('#' + i for i in changed) if changed else 'was up to date'}")


if __name__ == "__main__":
    main()
