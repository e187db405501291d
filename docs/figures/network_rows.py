"""Three examples on their way through two layers: the same weights, each example by itself."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

activation = words(en="sigmoid", zh="sigmoid")
with diagram():
    for r in (1, 2, 3):
        x = symbol(rf"$\tilde{{x}}^{r}$").at((0, -1.15 * r))
        for label, w in (
            ("$W^{\\,(1)}$", 1.2),
            (f"$z^{r}$", 0),
            (activation, 1.9),
            (f"$a^{r}$", 0),
            ("$W^{\\,(2)}$", 1.2),
        ):
            flow.Arrow().right(0.6)
            last = box(label, w=w, h=0.8) if w else symbol(label)
            if r == 1 and not w:
                note("?", last.N, (0, 0.25), color="#c2410c", fontsize=13)
        flow.Arrow().right(0.6)
        if r == 1:
            note(words(en="same range", zh="范围相同"), x.N, (0.25, 0.25), color="#1f5fbf")
