"""Figures and labs are computed by programs of their own: the engine imports neither NumPy nor a snippet.

`python -m yansuan.runs.draw RESULTS SCRIPT…` writes a line of JSON for each: {"made": …}, {"fault": [path, line, what]}
or {"missing": which library}. It ends after the first that is not made.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value


class NotRun(Exception):
    """The libraries that a figure or a lab needs are not installed."""


class Died(YansuanError):
    """The program ended, and said nothing of this path."""


def ask(module: str, paths: Sequence[Path], seconds: float | None = None) -> Iterator[tuple[Path, Value]]:
    """What a program makes of each path, in turn. Raises YansuanError (Died if the program did not say why), NotRun."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results")
        command = [sys.executable, "-m", module, str(results), *map(str, paths)]
        here = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": here, "PYTHONUTF8": "1"}
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", check=False, env=environment, timeout=seconds
            )
            why = (done.stderr.strip() or "nothing was said").splitlines()[-1]
        except subprocess.TimeoutExpired:
            why = f"not ready in {seconds:.0f} s: make it faster"
        lines = results.read_text("utf-8").splitlines(keepends=True) if results.is_file() else []
    told = [json.loads(line) for line in lines if line.endswith("\n")]
    for path, record in zip(paths, told, strict=False):
        if "missing" in record:
            raise NotRun(record["missing"])
        if "fault" in record:
            raise YansuanError(*record["fault"])
        yield path, record["made"]
    if len(told) < len(paths):
        raise Died(paths[len(told)], 1, why)


def answer(make: Callable[[Path], Value]) -> int:
    """The other side of `ask`: make what the command line names. Returns how to exit."""
    sys.path.insert(0, str(Path.cwd()))
    results, *paths = sys.argv[1:]
    with Path(results).open("w", encoding="utf-8") as out:
        for path in map(Path, paths):
            record: Value
            try:
                record = {"made": make(path)}
            except NotRun as error:
                record = {"missing": str(error)}
            except YansuanError as error:
                record = {"fault": [str(error.path), error.line, error.fault]}
            out.write(json.dumps(record) + "\n")
            out.flush()
            if "made" not in record:
                return 1
    return 0
