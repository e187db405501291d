"""`python -m scripts.benchmark pages [--browser] [TIMES …]`: a whole build, beside plain Material and Zensical.

The pages are this site's, as many times as is said (1, 3 and 7 times if nothing is: about 45, 130 and 300 pages a
language), with formulas, figures and labs of their own. Plain Material gets the same pages with finished HTML in the
place of what the extension makes: as much to read and to write, and nothing to check. Both languages, in one process;
seconds of processor time, as other programs may be running: the median of three for the smallest, and of one for
others, plain and ours at the same time on two cores. What is computed once (font, figures, labs) is kept; nothing of a
page is. `--browser`: what a visit of each page with axe costs, too.
"""

import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.benchmark import _project as project

TIMES = (1, 3, 7)
RUNS = 3  # of the smallest


def main(arguments):
    print("| pages | | plain Material | this | ratio | a page | Zensical | memory |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for times in [int(word) for word in arguments if word.isdigit()] or TIMES:
        with tempfile.TemporaryDirectory() as folder:
            row(Path(folder), times, "--browser" in arguments)


def row(folder, times, browser):
    root = project.ours(folder / "ours", times)
    plain = project.plain(folder / "plain", root)
    runs = [both(root, plain) for _ in range(RUNS if times == 1 else 1)]
    (base, slow, _), (used, wall, memory) = (
        map(statistics.median, zip(*taken, strict=True)) for taken in zip(*runs, strict=True)
    )
    count = len(list((root / "site").rglob("index.html"))) - 1  # of both languages; one leads to them
    other, long, _ = project.measure(root, "-m", "yansuan.site.zensical")
    print(
        f"| {count} | processor | {base:.1f} s | {used:.1f} s | {used / base:.2f} | {used / count:.3f} s "
        f"| {other:.1f} s | {memory:.0f} MiB |"
    )
    print(f"| | clock | {slow:.1f} s | {wall:.1f} s | {wall / slow:.2f} | | {long:.1f} s | |", flush=True)
    if browser:
        visits, _, _ = project.measure(root, "-m", "tests.site.cost")
        print(f"| | browser and axe | | {visits:.1f} s | | {visits / count:.3f} s | | |", flush=True)


def both(root, plain):
    """What plain Material and this take, built at the same time."""
    with ThreadPoolExecutor(2) as cores:
        builds = (cores.submit(project.measure, plain, "-c", project.BOTH),)
        builds += (cores.submit(project.measure, root, "-m", "mkdocs", "build"),)
        return [build.result() for build in builds]
