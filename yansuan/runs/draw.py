"""What the program yansuan/runs/work.py does about a figure, in a process of its own."""

import io
import runpy
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError
from yansuan.base.store import Value
from yansuan.base.textfile import hidden
from yansuan.runs.child import NotRun
from yansuan.runs.svg import slim, style
from yansuan.runs.words import LANGUAGES, Drawing, drawn_in

LIBRARIES = ("numpy", "matplotlib")


def drawn(script: Path) -> Value:
    """Run a script; its figure. Raises YansuanError at the line of the script that failed, NotRun without a library."""
    try:
        return draw(script)
    except ModuleNotFoundError as error:
        if error.name in LIBRARIES:
            raise NotRun(f"{error.name} is not installed") from None
        raise failed(script, error) from None
    except YansuanError:
        raise
    except (Exception, SystemExit) as error:  # a script may fail in any way
        raise failed(script, error) from None


def failed(script: Path, error: BaseException) -> YansuanError:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == script]
    return YansuanError(script, (lines and lines[-1]) or 1, f"{type(error).__name__}: {error}")


def draw(script: Path) -> Value:
    """The current figure after a script has run, and its `numbers`; or a frame for each of its `choices`."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    style(script.stem)
    pyplot.close("all")
    names = runpy.run_path(str(script))
    result: Value = {"numbers": names.get("numbers", {})}
    texts = [result["numbers"]]
    if "choices" in names:
        result |= {"symbol": names["symbol"], "choices": list(names["choices"])}
        if not all(isinstance(text, str) for text in [result["symbol"], *result["choices"]]):
            raise TypeError("`symbol` and `choices` are text")
        result["chosen"] = result["choices"].index(names["chosen"])
        frames = list(each_frame(names, result["choices"], script.stem))
        result["frames"] = [svg for svg, _ in frames]
        texts += [numbers for _, numbers in frames]
        if len({frozenset(t) for t in texts[1:]}) > 1 or set(texts[0]) & set(texts[1]):
            raise ValueError("each frame returns the same names, and none that `numbers` has")
        result["by_frame"] = {name: [t[name] for t in texts[1:]] for name in texts[1]}
    else:
        result["svg"] = current(script.stem)
    if not all(isinstance(part, str) and not hidden(part) for text in texts for pair in text.items() for part in pair):
        raise TypeError('`numbers` maps names to text, as in {"kappa": f"{kappa:.1f}"}')
    return result


def each_frame(names: dict[str, Any], choices: list[str], stem: str) -> Iterator[tuple[Drawing, dict[str, str]]]:
    """(drawing, numbers) of each choice."""
    for number, choice in enumerate(choices, 1):
        numbers = names["draw"](choice)
        yield current(f"{stem}-{number}"), numbers


def current(name: str) -> Drawing:
    """matplotlib's current figure as SVG, one for each language if it has words; it is closed."""
    from matplotlib import pyplot

    if not pyplot.get_fignums():
        raise ValueError("the script draws nothing: make a figure with matplotlib.pyplot")
    made: dict[str, str] = {}
    for lang in LANGUAGES:
        svg = io.StringIO()
        with drawn_in(lang) as words:
            pyplot.gcf().savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        made[lang] = slim(svg.getvalue(), name)
        if not words:
            break
    pyplot.close("all")
    return made if words else made[lang]
