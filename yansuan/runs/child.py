"""Figures and labs are computed by a program of their own: the engine imports neither NumPy nor a snippet."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.base.store import Inputs, Store, Value, key


class NotRun(Exception):
    """The libraries that a figure or a lab needs are not installed."""


class Died(YansuanError):
    """The process ended, and did not say why."""


Failure = YansuanError | NotRun


@dataclass(frozen=True)
class Task:
    """A figure or a lab to be computed, and where it is kept, for which inputs."""

    kind: str  # "figure", "lab"
    name: str
    path: Path
    store: Store
    inputs: Callable[[], Inputs]  # as its text is when this is asked
    seconds: float  # that it may take
    size: float  # how long it takes beside others

    def kept(self) -> Value | None:
        """What was computed for these very inputs, if it was."""
        return self.store.get(self.name, self.inputs())


def compute(tasks: Iterable[Task], behind: bool = False) -> Iterator[tuple[Task, Value | Failure]]:
    """Compute these at the same time, and keep them. Gives each as it is ready.

    The longest is first; `behind` somebody who does something else, the shortest."""
    todo = sorted(tasks, key=lambda task: task.size if behind else -task.size)
    before = [task.inputs() for task in todo]
    again = []
    for task, inputs, made in told(todo, before, behind):
        if isinstance(made, Died):  # it may have reasons of its own: once more
            again.append((task, inputs))
        else:
            yield task, made
    for task, _, made in told([task for task, _ in again], [inputs for _, inputs in again], behind):
        yield task, made


def every_result(tasks: Iterable[Task]) -> dict[tuple[str, str], Value]:
    """{(kind, name): what was computed}. Raises the first failure."""
    made = {}
    for task, value in compute(tasks):
        if isinstance(value, Failure):
            raise value
        made[task.kind, task.name] = value
    return made


def told(tasks: list[Task], before: list[Inputs], behind: bool) -> Iterator[tuple[Task, Inputs, Value | Failure]]:
    """What the program makes of these tasks, kept unless one was edited meanwhile."""
    if not tasks:
        return
    left = dict(enumerate(tasks))
    with program(tasks, behind) as lines:
        for line in lines:
            number, record = json.loads(line)
            task = left.pop(number)
            if "made" in record and key(task.inputs()) == key(before[number]):
                task.store.put(task.name, before[number], record["made"])
            yield task, before[number], result(task, record)
    for number, task in left.items():
        yield task, before[number], Died(task.path, 1, "the program that computes it has ended: start again")


def result(task: Task, record: Value) -> Value | Failure:
    if "missing" in record:
        return NotRun(record["missing"])
    if "fault" in record:
        return YansuanError(*record["fault"])
    if "died" in record:
        return Died(task.path, 1, record["died"])
    made: Value = record["made"]
    return made


@contextmanager
def program(tasks: list[Task], behind: bool) -> Iterator[Iterable[str]]:
    """The lines that yansuan/runs/work.py writes about these tasks; it ends with the block."""
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    environment = {"OMP_NUM_THREADS": "1"} | os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}
    command = ["nice"] if behind and os.name == "posix" else []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as jobs:
        json.dump([(task.kind, str(task.path), task.seconds) for task in tasks], jobs)
        jobs.seek(0)
        with subprocess.Popen(
            [*command, sys.executable, "-m", "yansuan.runs.work"],
            stdin=jobs,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env=environment,
        ) as process:
            try:
                yield process.stdout or ()
            finally:
                process.terminate()
