"""Figures: `docs/figures/<name>.py` draws with matplotlib and the snippets, and may set `numbers = {name: text}`.

A figure that a reader can set has `symbol = "p"` (TeX), `choices = ["0.5", "0.9"]` and `draw(choice)`, which draws one
frame and returns its numbers; `chosen = "0.9"` is the frame shown at first. All frames are drawn at build.

`python -m yansuan.runs.figures docs/figures .cache/figures` draws those whose script, snippets or libraries have
changed. The site build calls that as a program of its own, so that the engine imports neither NumPy nor a snippet.
"""

import hashlib
import json
import os
import re
import runpy
import subprocess
import sys
import traceback
from importlib import metadata
from pathlib import Path

from yansuan.base.errors import YansuanError, shown
from yansuan.base.textfile import hidden, is_file
from yansuan.formula.module import Module, names_in
from yansuan.formula.needs import Needs, local
from yansuan.runs.svg import slim, style

TIMEOUT = 300  # seconds all figures may take


may_wait = False  # whether a stale drawing may be shown for now; `waiting` are those that were
waiting = set()
_not_drawn = {}  # {folder of drawings: why there are none}, so as to try once


class NotDrawn(Exception):
    """The libraries that draw are not installed."""


def load(folder, cache, name):
    """The figure `name`: {"svg": …, "numbers": {…}}, drawn if stale. Raises ValueError, YansuanError, NotDrawn."""
    script = Path(folder, f"{name}.py")
    if not is_file(script):
        known = ", ".join(sorted(p.stem for p in Path(folder).glob("*.py")))
        raise ValueError(f"there is no figure {name!r} in {folder}; there are {known}")
    stored = Path(cache, f"{name}-{digest(script)}.json")
    if not stored.is_file() and may_wait and (old := sorted(Path(cache).glob(f"{name}-*.json"))):
        waiting.add(name)
        return json.loads(old[0].read_text("utf-8"))
    if not stored.is_file():
        if cache in _not_drawn:
            raise NotDrawn(_not_drawn[cache])
        command = [sys.executable, "-m", "yansuan.runs.figures", str(folder), str(cache)]
        here = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": here, "PYTHONUTF8": "1"}
        try:
            run = subprocess.run(
                command, capture_output=True, encoding="utf-8", check=False, env=environment, timeout=TIMEOUT
            )
        except subprocess.TimeoutExpired:
            raise YansuanError(script, 1, f"not drawn in {TIMEOUT} s: make it faster") from None
        if run.returncode == 3:
            _not_drawn[cache] = run.stderr.strip()
            raise NotDrawn(run.stderr.strip())
        if run.returncode or not stored.is_file():
            said = run.stderr.strip().splitlines() or ["nothing was drawn"]
            place = re.fullmatch(r"(.+\.py):(\d+)", said[0])
            path, line = place.groups() if place else (script, 1)
            raise YansuanError(path, line, said[-1])
    try:
        return json.loads(stored.read_text("utf-8"))
    except ValueError as error:
        raise YansuanError(stored, 1, f"damaged ({error}): delete it") from None


def digest(script):
    """A hash of all that decides how the figure looks: script, what it uses of the snippets, libraries, this module."""
    module, needs = Module(Path(script)), Needs(local)
    needs.follow(module, names_in(module.tree))
    used = (m.source(m.defined[name], docstring=False) for m, name in needs.definitions() if m.path != module.path)
    parts = [Path(__file__).read_text("utf-8"), module.text, *needs.imports, *used]
    for package in ("numpy", "matplotlib"):
        try:
            parts.append(metadata.version(package))
        except metadata.PackageNotFoundError:
            parts.append("absent")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def draw(script):
    """Run one script; its current figure and its `numbers`."""
    import io

    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    style(script.stem)
    pyplot.close("all")
    names = runpy.run_path(str(script))

    def drawn(suffix):
        if not pyplot.get_fignums():
            raise ValueError("the script draws nothing: make a figure with matplotlib.pyplot")
        svg = io.StringIO()
        pyplot.gcf().savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close("all")
        return slim(svg.getvalue(), script.stem + suffix)

    result = {"numbers": names.get("numbers", {})}
    texts = [result["numbers"]]
    if "choices" in names:
        result |= {"symbol": names["symbol"], "choices": list(names["choices"]), "frames": []}
        if not all(isinstance(text, str) for text in [result["symbol"], *result["choices"]]):
            raise TypeError("`symbol` and `choices` are text")
        result["chosen"] = result["choices"].index(names["chosen"])
        for choice in result["choices"]:
            texts.append(names["draw"](choice))
            result["frames"].append(drawn(f"-{len(texts) - 1}"))
        if len({frozenset(t) for t in texts[1:]}) > 1 or set(texts[0]) & set(texts[1]):
            raise ValueError("each frame returns the same names, and none that `numbers` has")
        result["by_frame"] = {name: [t[name] for t in texts[1:]] for name in texts[1]}
    else:
        result["svg"] = drawn("")
    if not all(isinstance(part, str) and not hidden(part) for text in texts for pair in text.items() for part in pair):
        raise TypeError('`numbers` maps names to text, as in {"kappa": f"{kappa:.1f}"}')
    return result


def main(folder, cache):
    """Draw every stale figure of a folder. Exit 3 if the libraries are missing, 1 with a place if a script fails."""
    Path(cache).mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(Path.cwd()))
    for script in sorted(Path(folder).glob("*.py")):
        try:
            stored = Path(cache, f"{script.stem}-{digest(script)}.json")
            if stored.is_file():
                continue
            result = draw(script)
        except ModuleNotFoundError as error:
            if error.name in ("numpy", "matplotlib"):
                print(f"{error.name} is not installed", file=sys.stderr)
                return 3
            raise
        except YansuanError as error:
            print(f"{shown(error.path)}:{error.line}\n{error.fault}", file=sys.stderr)
            return 1
        except (
            Exception,
            SystemExit,
        ) as error:  # a script may fail in any way; the reader of the message needs its line
            lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == script]
            print(f"{shown(script)}:{lines[-1] if lines else 1}\n{type(error).__name__}: {error}", file=sys.stderr)
            return 1
        for old in Path(cache).glob(f"{script.stem}-*.json"):
            old.unlink()
        stored.write_text(json.dumps(result), "utf-8")
        print(f"drew {script.stem}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
