"""`python -m scripts.benchmark [PART …]`: what this project costs in processor time, beside how much there is of it.

Wall clock time stands where somebody waits: of a whole build, and from an edit to its page. A part is a module of this
folder with `main(arguments)`; without a name all run. What follows a name are its arguments: `pages 45 130`.
"""

import importlib
import sys
from pathlib import Path

PARTS = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def wanted(words):
    """[(part, its arguments)]"""
    found = []
    for word in words:
        if word in PARTS:
            found.append((word, []))
        elif not found:
            sys.exit(f"there is no part {word!r}: there are {', '.join(PARTS)}")
        else:
            found[-1][1].append(word)
    return found or [(part, []) for part in PARTS]


if __name__ == "__main__":
    for part, arguments in wanted(sys.argv[1:]):
        importlib.import_module(f"scripts.benchmark.{part}").main(arguments)
