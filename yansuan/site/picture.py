"""A picture of a formula, 1200 × 630, as messengers show it beside a link: the formula, its function, where it is from.

Drawn from the MathML of the card in the math font, in no language, so that both share it; kept by what it shows.
"""

import base64
import io
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from yansuan.base.settings import settings
from yansuan.base.store import Store, source, version
from yansuan.tex.mathml import to_html

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import RendererAgg

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
LARGEST = 3.0  # times the size at which a formula is laid out
SIZE = 24
CODES = {
    "M": (1, 1),
    "L": (1, 2),
    "Q": (2, 3),
    "Z": (0, 79),
}  # of a path: how many points, and what matplotlib calls it
LEVELS = 15  # of grey, from ink to paper; the colour after them is that of the bar
INK, PAPER, BAR = (18, 24, 34), (255, 255, 255), (21, 128, 61)
SELECTOR = re.compile("[\ufe00\ufe01]")  # of a shape of a letter: no glyph
CELL = re.compile(r'<mtd style="text-align: (\w+)')


def kept(name: str, tex: str, line: str) -> bytes | None:
    """The picture, if it has been drawn."""
    found = store().get(name, inputs_of(name, tex, line))
    return base64.b64decode(found["png"]) if found else None


def picture(name: str, tex: str, line: str) -> bytes:
    """The PNG of a formula, or of a name alone, with a line of text below."""
    if drawn := kept(name, tex, line):
        return drawn
    png = draw(name, tex, line)
    store().put(name, inputs_of(name, tex, line), {"png": base64.b64encode(png).decode()})
    return png


def store() -> Store:
    return Store(Path(settings().cache, "pictures"))


def inputs_of(name: str, tex: str, line: str) -> dict[str, str]:
    inputs = {"name": name, "tex": tex, "line": line, "code": source(__file__)}
    return inputs | {package: version(package) for package in ("ziamath", "matplotlib", "math-core", "pillow")}


def draw(name: str, tex: str, line: str) -> bytes:
    import numpy as np
    from PIL import Image

    canvas = blank()
    if tex:
        formula(canvas, tex)
    else:
        write(canvas, name.rpartition(".")[2], WIDTH / 2, HEIGHT / 2 + 20, 64, 0.5)
    write(canvas, name, MARGIN, 72, 28, mono=True)
    write(canvas, line, WIDTH - MARGIN, 72, 28, 1)
    cover = np.asarray(canvas.buffer_rgba())[..., 3]
    levels = ((LEVELS - 1) * (255 - cover.astype(int)) + 127) // 255
    levels[:, :16] = LEVELS
    image = Image.fromarray(levels.astype("uint8"), "P")
    greys = [round(a + (b - a) * n / (LEVELS - 1)) for n in range(LEVELS) for a, b in zip(INK, PAPER, strict=True)]
    image.putpalette([*greys, *BAR])
    image.save(out := io.BytesIO(), "PNG", bits=4, compress_level=7)
    return out.getvalue()


@cache
def drawing() -> "RendererAgg":
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(WIDTH, HEIGHT, 72)


def blank() -> "RendererAgg":
    canvas = drawing()
    canvas.clear()
    return canvas


def formula(canvas: "RendererAgg", tex: str) -> None:
    """In the middle, as large as there is room."""
    from ziamath.config import config
    from ziamath.zmath import Math

    config.svg2 = False  # outlines, not uses of symbols
    svg: Element = Math(aligned(SELECTOR.sub("", to_html(tex, True))), size=SIZE).svgxml()
    left, top, width, height = map(float, svg.get("viewBox", "").split())
    scale = min(LARGEST, (WIDTH - 2 * MARGIN) / width, (HEIGHT - 230) / height)
    x, y = (WIDTH - scale * width) / 2 - scale * left, HEIGHT / 2 + 35 + scale * (height / 2 + top)
    for element in svg:
        if element.tag == "rect":
            a, b, w, h = (float(element.get(key, 0)) for key in ("x", "y", "width", "height"))
            square(canvas, x + scale * a, y - scale * (b + h), scale * w, scale * h)
        elif element.tag == "path":
            outline(canvas, element.get("d", ""), x, y, scale)


def outline(canvas: "RendererAgg", data: str, x: float, y: float, scale: float) -> None:
    """A glyph. Its y runs down, that of the canvas up."""
    from matplotlib.path import Path as Outline

    points, codes = [], []
    for letter, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", data):
        values = [*map(float, numbers.split())]
        count, code = CODES[letter]
        at = [(x + scale * a, y - scale * b) for a, b in zip(values[::2], values[1::2], strict=True)]
        points += at if count else [(0.0, 0.0)]
        codes += [code] * max(count, 1)
    fill(canvas, Outline(points, codes))


def aligned(mathml: str) -> str:
    """MathML whose tables say by an attribute how their columns are aligned: ziamath reads no style."""

    def table(match: re.Match[str]) -> str:
        columns = CELL.findall(mathml[match.end() : mathml.index("</mtr>", match.end())])
        return f'<mtable columnalign="{" ".join(columns)}"' if columns else match[0]

    return re.sub("<mtable", table, mathml)


def square(canvas: "RendererAgg", x: float, y: float, width: float, height: float) -> None:
    from matplotlib.path import Path as Outline

    fill(canvas, Outline([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)], closed=True))


def write(
    canvas: "RendererAgg", text: str, x: float, y: float, size: float, side: float = 0, mono: bool = False
) -> None:
    """A line of text, `side` of it to the left of x."""
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    path = TextPath((0, 0), text, size=size, prop=font(mono))
    width = float(path.vertices[:, 0].max())
    fill(canvas, path.transformed(Affine2D().translate(x - side * width, y)))


@cache
def font(mono: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans Mono" if mono else "DejaVu Sans")


def fill(canvas: "RendererAgg", path: Any) -> None:
    from matplotlib.transforms import IdentityTransform

    pen = canvas.new_gc()
    pen.set_linewidth(0)
    canvas.draw_path(pen, path, IdentityTransform(), (0.0, 0.0, 0.0, 1.0))
