"""The program that draws and executes: `python -m yansuan.runs.work`; yansuan/runs/child.py calls it.

It reads a list of jobs, [kind, path, seconds that it may take], and writes a line of JSON for each that is done:
[number, {"made": …}], or {"fault": [path, line, what]}, {"missing": which library}, {"died": what it said last}.
Each is done by a process of its own, two at a time: where the system can fork, that of a program which has read the
libraries already.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from importlib import import_module
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value
from yansuan.runs.child import NotRun

Job = tuple[str, str, float]
AT_ONCE = max(2, min(4, os.cpu_count() or 2))
LIBRARIES = {  # what each kind of job begins with
    "figure": ("yansuan.runs.draw", "matplotlib.pyplot"),
    "lab": ("yansuan.runs.execute", "yansuan.runs.shell", "matplotlib.pyplot", "sklearn.datasets"),
}
FORKS = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"  # there libraries mind it


class Worker:
    """A process that does one job."""

    def __init__(self, context: Any, number: int, job: Job, folder: str) -> None:
        self.number, self.job = number, job
        self.said = Path(folder, f"{number}.txt")
        self.pipe, theirs = context.Pipe(duplex=False)
        self.process = context.Process(target=do, args=(job, theirs, str(self.said)), daemon=True)
        self.process.start()
        theirs.close()
        self.end = time.monotonic() + job[2]

    def result(self) -> Value | None:
        """What came of it; None while it is at it."""
        _, path, seconds = self.job
        if self.pipe.poll():
            with contextlib.suppress(EOFError):
                return dict(self.pipe.recv())
            lines = self.said.read_text("utf-8", "replace").strip().splitlines() if self.said.is_file() else []
            return {"died": lines[-1] if lines else "nothing was said"}
        if time.monotonic() > self.end:
            return {"fault": [path, 1, f"not ready in {seconds:.0f} s: make it faster"]}
        return None


def do(job: Job, pipe: Connection, said: str) -> None:
    """Do a job, with what it prints in a file."""
    with open(said, "wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
    record: Value
    try:
        record = {"made": made(job[0], Path(job[1]))}
    except NotRun as error:
        record = {"missing": str(error)}
    except YansuanError as error:
        record = {"fault": [str(error.path), error.line, error.fault]}
    pipe.send(record)


def made(kind: str, path: Path) -> Value:
    if kind == "figure":
        from yansuan.runs.draw import drawn

        return drawn(path)
    from yansuan.runs.execute import executed

    return executed(path)


def work(jobs: list[Job], out: Any) -> None:
    """Do all jobs, in their order."""
    context = multiprocessing.get_context("fork" if FORKS else "spawn")
    parent, todo, busy = os.getppid(), list(enumerate(jobs)), list[Worker]()
    with tempfile.TemporaryDirectory() as folder:
        while todo or busy:
            while todo and len(busy) < AT_ONCE:
                busy.append(Worker(context, *todo.pop(0), folder))
            wait([worker.pipe for worker in busy], timeout=0.5)
            for worker in list(busy):
                if (record := worker.result()) is not None:
                    worker.process.kill()
                    busy.remove(worker)
                    out.write(json.dumps([worker.number, record]) + "\n")
                    out.flush()
            if os.getppid() != parent:  # nobody is left to be told
                return


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends its processes
    sys.path.insert(0, os.getcwd())
    jobs = json.loads(sys.stdin.read())
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no result
    for kind in {kind for kind, *_ in jobs} if FORKS else ():
        for name in LIBRARIES[kind]:
            with contextlib.suppress(ImportError):  # whose job needs it says so
                import_module(name)
    work(jobs, out)


if __name__ == "__main__":
    main()
