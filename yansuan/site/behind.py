"""Figures and labs that are computed while `mkdocs serve` goes on: no page waits for them, each follows later."""

import logging
import threading
import time
from collections.abc import Callable

from yansuan.base.errors import YansuanError
from yansuan.base.store import key
from yansuan.runs.child import NotRun, Task, compute
from yansuan.runs.runs import Key, Runs, stale

log = logging.getLogger("mkdocs.yansuan")
PAUSE = 1.0  # seconds between two times that pages follow


class Behind:
    """Computes what is stale; `follow` is called with what has been computed, or has failed, since the last call."""

    def __init__(self, runs: Runs, follow: Callable[[set[Key]], None]) -> None:
        self.runs, self.follow = runs, follow
        self.tried: dict[Key, str] = {}  # {what: the key of its inputs}, computed or at it
        self.lock = threading.Lock()

    def look(self) -> None:
        """Look for what is stale, and begin with it; does not wait."""
        threading.Thread(target=self.compute, daemon=True).start()

    def compute(self) -> None:
        with self.lock:  # one looks at a time
            try:
                tasks = [task for task in stale() if self.is_new(task)]
            except YansuanError as error:
                self.fail(("", ""), error)
                return
            if self.runs.failed.pop(("", ""), None):
                self.follow(set())
        done, last = set[Key](), 0.0
        for task, made in compute(tasks, behind=True):
            self.note(task, made)
            done.add((task.kind, task.name))
            if time.monotonic() - last > PAUSE:
                self.follow(done)
                done, last = set(), time.monotonic()
        if done:
            self.follow(done)

    def is_new(self, task: Task) -> bool:
        """Whether it has not been tried with these inputs: what has failed will fail again."""
        inputs, name = key(task.inputs()), (task.kind, task.name)
        if self.tried.get(name) == inputs:
            return False
        self.tried[name] = inputs
        return True

    def note(self, task: Task, made: object) -> None:
        name = (task.kind, task.name)
        if isinstance(made, YansuanError | NotRun):
            self.runs.failed[name] = made
            log.error("%s", made) if isinstance(made, YansuanError) else log.warning("%s: %s", task.name, made)
        else:
            self.runs.failed.pop(name, None)
            log.info("%s %s is ready", task.kind, task.name)

    def fail(self, name: Key, error: YansuanError) -> None:
        log.error("%s", error)
        self.runs.failed[name] = error
        self.follow(set())
