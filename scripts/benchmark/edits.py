"""`python -m scripts.benchmark edits [TIMES …]`: how long an author waits, in seconds by the clock.

`mkdocs serve` of this site, as many times as is said (1 and 3 times if nothing is): until it serves the first page,
and from an edit to the page with it: of a page, the code of a snippet, its docstring; and until a page says what is
wrong with it. The median of three edits each.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from scripts.benchmark import _project as project

TIMES = (1, 3)
EDITS = 3
PAGE, SNIPPET = "docs/en/batch-norm/training.md", "snippets/batch_norm.py"
TITLE = re.compile(r"(?<=Scale and shift)( \d+)?(?=\n)")
CODE = re.compile(r"(?<=return gamma \* z_tilde \+ beta)( \+ \d+)?(?=\n)")


def main(arguments):
    print("| pages | until it serves | page | code | docstring | error |")
    print("|---|---|---|---|---|---|", flush=True)
    for times in [int(word) for word in arguments if word.isdigit()] or TIMES:
        with tempfile.TemporaryDirectory() as folder:
            row(project.ours(Path(folder, "ours"), times))


def row(root):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd()), "NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/en/batch-norm/training/"
        first = until(address, "</article>", start)
        edits = [(PAGE, prose), (SNIPPET, code), (SNIPPET, title), (PAGE, error)]
        waits = [[edit(root / path, address, n, change) for n in range(EDITS)] for path, change in edits]
    finally:
        process.terminate()
        process.wait()
    count = len(list((root / "site").rglob("index.html"))) - 1
    print(f"| {count} | {first:.1f} s |", *(f"{statistics.median(wait):.2f} s |" for wait in waits), flush=True)


def prose(text, n):
    return f"{text.rpartition(chr(10) + 'Edit ')[0] or text.rstrip()}\nEdit {n}.\n", f"Edit {n}."


def code(text, n):
    return CODE.sub(f" + {n}", text, count=1), f"z_tilde + beta + {n}"


def error(text, n):
    return prose(text, f"{n} $\\frac{{1$")[0], "data-fault"


def title(text, n):
    return TITLE.sub(f" {n}", text, count=1), f"Scale and shift {n}"


def edit(path, address, n, change):
    """Seconds from an edit to its page."""
    time.sleep(3)  # what follows the edit before is done
    text, shown = change(path.read_text("utf-8"), n)
    path.write_text(text, "utf-8")
    taken = until(address, shown, time.perf_counter())
    if change is error:  # mended, as the next one would be there already
        text, shown = prose(text, f"mended {n}")
        path.write_text(text, "utf-8")
        until(address, shown, time.perf_counter())
    return taken


def until(address, text, start):
    while time.perf_counter() - start < 600:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if text in answer.read().decode():
                    return time.perf_counter() - start
        except OSError:
            pass
        time.sleep(0.02)
    sys.exit(f"{address} does not show {text!r}")
