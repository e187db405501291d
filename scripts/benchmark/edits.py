"""`python -m scripts.benchmark edits [TIMES …]`: how long an author waits, in seconds by the clock.

`mkdocs serve` of this site, as many times as is said (1 and 3 times if nothing is): until it serves the first page,
and from an edit to the page with it. The median of five edits.
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
EDITS = 5
PAGE, SNIPPET = "docs/en/batch-norm/training.md", "snippets/batch_norm.py"
TITLE = re.compile(r"(?<=Scale and shift)( \d+)?(?=\n)")


def main(arguments):
    print("| pages | until it serves | page | snippet |")
    print("|---|---|---|---|")
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
        pages = [edit(root / PAGE, address, n, prose) for n in range(EDITS)]
        snippets = [edit(root / SNIPPET, address, n, title) for n in range(EDITS)]
    finally:
        process.terminate()
        process.wait()
    count = len(list((root / "site").rglob("index.html"))) - 1
    print(f"| {count} | {first:.1f} s | {statistics.median(pages):.2f} s | {statistics.median(snippets):.2f} s |")


def prose(text, n):
    return f"{text.rpartition(chr(10) + 'Edit ')[0] or text.rstrip()}\nEdit {n}.\n", f"Edit {n}."


def title(text, n):
    return TITLE.sub(f" {n}", text, count=1), f"Scale and shift {n}"


def edit(path, address, n, change):
    """Seconds from an edit to its page."""
    time.sleep(3)  # what follows the edit before is done
    text, shown = change(path.read_text("utf-8"), n)
    path.write_text(text, "utf-8")
    return until(address, shown, time.perf_counter())


def until(address, text, start):
    while time.perf_counter() - start < 120:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if text in answer.read().decode():
                    return time.perf_counter() - start
        except OSError:
            pass
        time.sleep(0.02)
    sys.exit(f"{address} does not show {text!r}")
