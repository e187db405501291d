"""What pages ask of figures and labs. While an author waits for a page, none is waited for."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yansuan.base.store import Value
from yansuan.runs import figures, labs
from yansuan.runs.child import Failure, NotRun, Task, every_result
from yansuan.runs.notebook import Notebook

Key = tuple[str, str]


class Running(Exception):
    """It is being computed for the first time, and nobody waits for it."""


@dataclass
class Runs:
    """Figures and labs for one build, or for as long as a server runs."""

    wait: bool = True  # for what is not kept; if not, what was made before an edit will do
    page: Key = ("", "")  # that is rendered: its language, its path
    asked: dict[Key, set[Key]] = field(default_factory=dict)  # {(kind, name): the pages that show it}
    failed: dict[Key, Failure] = field(default_factory=dict)
    known: dict[Key, Value] = field(default_factory=dict)  # of this build

    def figure(self, name: str) -> Value:
        """A figure, drawn if it has to be. Raises ValueError for what is none, YansuanError, NotRun, Running."""
        if self.wait:
            return self.once("figure", name, lambda: figures.load(name))
        return self.at_once(figures.task(figures.script(name)), figures.libraries)

    def lab(self, slug: str) -> Value:
        """A lab's run, executed if it has to be. Raises ValueError for what is none, YansuanError, NotRun, Running."""
        if self.wait:
            return self.once("lab", slug, lambda: labs.load(slug))
        return self.at_once(labs.task(labs.lab(slug)), labs.libraries)

    def notebook(self, notebook: Notebook) -> Value:
        """The run of a notebook among the pages, executed if it has to be. Raises YansuanError, NotRun, Running."""
        if self.wait:
            return labs.of_notebook(notebook)
        return self.at_once(labs.task(notebook), labs.libraries)

    def once(self, kind: str, name: str, load: Callable[[], Value]) -> Value:
        if (kind, name) not in self.known:
            self.known[kind, name] = load()
        return self.known[kind, name]

    def at_once(self, task: Task, libraries: Callable[[], None]) -> Value:
        """What is kept of it, though it was made before an edit."""
        self.asked.setdefault((task.kind, task.name), set()).add(self.page)
        if (made := task.store.last(task.name)) is not None:
            return made
        libraries()
        if isinstance(failed := self.failed.get((task.kind, task.name)), NotRun):
            raise failed
        raise Running(task.name)

    def prepare(self) -> None:
        """Before a build: compute, at the same time, all that has to be. Raises YansuanError.

        A library that is not there is no matter for a page that does not need it."""
        self.known.clear()
        todo = []
        for task in every_task():
            if (kept := task.kept()) is None:
                todo.append(task)
            else:
                self.known[task.kind, task.name] = kept
        with contextlib.suppress(NotRun):
            self.known |= every_result(todo)


def every_task() -> Iterator[Task]:
    """Every figure and lab of the project that the libraries here can compute."""
    for tasks, libraries in (
        (map(figures.task, figures.every()), figures.libraries),
        (labs.every_task(), labs.libraries),
    ):
        with contextlib.suppress(NotRun):
            for task in tasks:
                libraries()
                yield task


def stale() -> Iterator[Task]:
    """Those that are not kept as they are today."""
    return (task for task in every_task() if task.kept() is None)
