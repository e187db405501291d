"""`SITE=folder python -m tests.site.cost [PAGE …]`: what a visit of every page costs, in processor seconds, by step.

One page at a time, so that seconds by the clock of a page are about those of the processor. Nothing is judged here.
"""

import asyncio
import sys
import time

from tests.site.conftest import SITE, page_names, serving
from tests.site.visits import visit_all


def main(names):
    with serving(SITE) as port:
        start = time.process_time()
        visitor = asyncio.run(visit_all(f"http://127.0.0.1:{port}", port, names, at_once=1))
        here = time.process_time() - start
    print(visitor.counts())
    pages, steps = len(visitor.blocks), {step: spent / 1000 for step, spent in visitor.spent.most_common()}
    steps["loading and laying out"] = visitor.used - sum(steps.values())
    steps["Python"] = here
    for step, seconds in steps.items():
        print(f"{step:>24} {seconds:7.1f} s {seconds / pages:7.3f} s a page")
    total = visitor.used + here
    print(f"browser+axe: {pages} pages, {total:.1f} processor s, {total / pages:.2f} s a page")


if __name__ == "__main__":
    main(sys.argv[1:] or page_names())
