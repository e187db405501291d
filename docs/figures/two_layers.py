"""The step of B is computed from a; when it is taken, A has moved too, and a' arrives."""

from schemdraw import flow

from docs.figures._diagram import box, diagram, note, symbol
from yansuan.runs.words import words

BLUE, RED = "#1f5fbf", "#c2410c"  # follow the page, as C0 and C1 do

with diagram():
    before = symbol(words(en="before", zh="更新前"), w=1.5)
    x = symbol("$x$", w=0.7)
    flow.Arrow().right(0.7)
    A = box("$A$", w=1.2)
    flow.Arrow().right(0.7)
    a = symbol("$a$", w=0.7)
    flow.Arrow().right(0.7)
    B = box("$B$", w=1.2)
    flow.Arrow().right(0.7)
    b = symbol("$b$", w=0.7)
    symbol(words(en="after", zh="更新后"), w=1.5).at((before.W[0], before.W[1] - 2.6)).right()
    symbol("$x$", w=0.7)
    flow.Arrow().right(0.7)
    A2 = box("$A'$", w=1.2).color(RED)
    flow.Arrow().right(0.7)
    a2 = symbol("$a'$", w=0.7).color(RED)
    flow.Arrow().right(0.7)
    B2 = box("$B'$", w=1.2).color(BLUE)
    flow.Arrow().right(0.7)
    symbol("?", w=0.7)
    flow.Arrow().at(A.S).to(A2.N).color(RED)
    flow.Arrow().at(B.S).to(B2.N).color(BLUE)
    note(words(en="computed from", zh="这一步是照着"), (B.S[0] + 0.15, B.S[1] - 0.62), halign="left", color=BLUE)
    note(words(en="the old a", zh="旧的 a 算的"), (B.S[0] + 0.15, B.S[1] - 1.07), halign="left", color=BLUE)
