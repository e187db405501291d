"""What pages ask of figures and labs. While an author waits for a page, what was made before an edit will do."""

from dataclasses import dataclass, field

from yansuan.base.store import Value
from yansuan.runs import figures, labs


@dataclass
class Runs:
    """Figures and labs for one build, or for as long as a server runs."""

    figures_may_wait: bool = False
    labs_may_wait: bool = False
    waiting: set[str] = field(default_factory=set)  # the figures that were shown as they were before

    def figure(self, name: str) -> Value:
        """A figure, drawn if it has to be. Raises ValueError for what is none, YansuanError, NotRun."""
        drawing = figures.stored(name)
        if drawing is None and self.figures_may_wait and (drawing := figures.store().last(name)):
            self.waiting.add(name)
        return figures.load(name) if drawing is None else drawing

    def lab(self, slug: str) -> Value:
        """A lab's run, executed if it has to be. Raises ValueError for what is none, YansuanError, NotRun."""
        run = labs.stored(slug)
        if run is None and self.labs_may_wait:
            run = labs.store().last(slug)
        return labs.load(slug) if run is None else run
