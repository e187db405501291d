"""The author's commands: `python -m yansuan --help`."""

import sys

from yansuan.author.cli import main

if __name__ == "__main__":
    sys.exit(main())
