"""Notebooks: of a lab, with its outputs, for the site or to download; and those that somebody puts among the pages."""

import html
import re
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

from yansuan.base.errors import YansuanError, shown
from yansuan.base.store import Value
from yansuan.base.textfile import read
from yansuan.base.words import PAGE
from yansuan.notes.scan import scan
from yansuan.runs.lab import FORMAT, Cell, Code, Lab
from yansuan.runs.words import Drawing, of

if TYPE_CHECKING:
    from nbformat import NotebookNode

Output = tuple[str, Drawing]  # ("text", …) or ("svg", …): one for every page, or for the pages of each language
KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
PLAIN = {"jupytext": {"notebook_metadata_filter": "-all", "cell_metadata_filter": "-all"}}


class Notebook(Code):
    """A notebook among the pages. Raises YansuanError for what is none."""

    def __init__(self, path: Path) -> None:
        import nbformat

        self.path = path
        try:
            self.node = nbformat.reads(read(path), as_version=4)
            nbformat.validate(self.node)
        except (ValueError, nbformat.ValidationError, AttributeError) as error:
            raise YansuanError(path, 1, f"not a notebook: {str(error).partition(chr(10))[0]}") from None
        self.name = shown(path).replace("/", ".")
        self.code = [(1, cell.source) for cell in self.node.cells if cell.cell_type == "code" and cell.source.strip()]

    def with_outputs(self, run: Value | None) -> "NotebookNode":
        """The notebook with what its cells gave, in the place of what the file says."""
        outputs = iter(run["outputs"] if run else [])
        node: NotebookNode = self.node
        for cell in node.cells:
            if cell.cell_type == "code":
                cell.outputs = as_nodes(next(outputs, [])) if cell.source.strip() else []
        return node


def of_lab(lab: Lab, run: Value | None, lang: str) -> "NotebookNode":
    """The lab in one language, with its outputs if it has been run."""
    from nbformat import v4

    cells, outputs = [], iter(run["outputs"] if run else [])
    for at, cell in enumerate(lab.cells):
        if cell.lang == lang:
            cells.append(v4.new_markdown_cell(guess_first(cell.text, lang)))
        elif cell.lang is None and cell.text.strip():
            mine = next(outputs, [])
            drawings = sum(kind == "svg" for kind, _ in mine)
            label = described(lab, cell, drawings, lab.cells[at + 1 :], lang)
            metadata = {"fold": PAGE[lang]["folded"][cell.fold]} if cell.fold else {}
            cells.append(v4.new_code_cell(cell.text, metadata=metadata, outputs=as_nodes(mine, lang, label)))
    return whole(cells)


def guess_first(text: str, lang: str) -> str:
    """A page asks its reader to guess, so the verdicts on top of it are folded into one line."""
    blocks = [block for block in scan(text).blocks if block.kind == "verdict"]
    if not blocks:
        return text
    start, end = blocks[0].start, blocks[-1].end
    fold = f'??? abstract "{PAGE[lang]["found"]}"\n\n{indent(text[start:end], "    ")}'
    return text[:start] + fold + text[end:]


def described(lab: Lab, cell: Cell, drawings: int, after: list[Cell], lang: str) -> str:
    """What the drawing of a cell shows, as the prose after it says; nothing if it draws none. Raises YansuanError."""
    alt, why = next((one.alt for one in after if one.lang == lang), ""), ""
    if drawings > 1:
        why = f"this cell draws {drawings} figures, and one has a description: split it"
    elif drawings and not alt:
        why = f"its figure is not described in {lang!r} for who cannot see it: begin the prose after it with '# alt: …'"
    if why:
        raise YansuanError(lab.path, cell.line, why)
    return alt if drawings else ""


def as_nodes(outputs: list[Output], lang: str = "en", label: str = "") -> "list[NotebookNode]":
    from nbformat import v4

    return [
        v4.new_output("stream", name="stdout", text=of(content, lang))
        if kind == "text"
        else v4.new_output("display_data", {"image/svg+xml": of(content, lang)}, metadata={"alt": label})
        for kind, content in outputs
    ]


def markdown(notebook: "NotebookNode") -> str:
    """A notebook as Markdown: what a page of a lab is made of, whatever generator renders it."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code" and cell.source.strip():
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", cell.source)), 0)
            code = f"{fence} {{ .python .no-copy }}\n{cell.source}\n{fence}"
            if title := cell.metadata.get("fold"):
                code = f'??? abstract "{title}"\n\n{indent(code, "    ")}'
            parts.append(code)
            for output in cell.outputs:
                if output.output_type == "stream":
                    parts.append(f'<pre class="ys-output" tabindex="0"><samp>{html.escape(output.text)}</samp></pre>')
                else:
                    alt = output.metadata.get("alt")
                    label = f' role="img" aria-label="{html.escape(alt)}"' if alt else ""
                    parts.append(f'<div class="ys-lab-figure"{label}>{output.data["image/svg+xml"]}</div>')
    return "\n\n".join(parts)


def download(lab: Lab, lang: str) -> tuple[str, str]:
    """(notebook, script) that run elsewhere, with nothing but the libraries: texts."""
    import jupytext
    import nbformat
    from nbformat import v4

    steps = lab.steps()
    cells, code = [], iter(step.text for step in steps)
    shown_cells = [cell for cell in lab.cells if cell.lang in (None, lang) and cell.text.strip()]
    extra = len(steps) - len(lab.code)
    for at, cell in enumerate(shown_cells):
        if at == 1 and extra:
            cells.append(v4.new_code_cell(next(code)))
        cells.append(v4.new_markdown_cell(plain(cell.text)) if cell.lang else v4.new_code_cell(next(code)))
    book = whole([cell for cell in cells if cell.source.strip()])
    script = v4.new_notebook(cells=book.cells, metadata=PLAIN)
    return nbformat.writes(book) + "\n", jupytext.writes(script, fmt=FORMAT)


def plain(text: str) -> str:
    """Prose without what only this site understands: ids of headings, blocks, links between pages, run values."""
    read = scan(text)
    edits = [(b.start, min(b.end + 1, len(text)), "") for b in read.blocks]
    edits += [(h.start, h.start + len(h.text), f"{'#' * h.level} {plain(h.title)}") for h in read.headings if h.id]
    edits += [(v.start, v.end, f"`{v.inside.partition('.')[2]}`") for v in read.of("value")]
    edits += [(s.start, s.end, plain(s.label)) for s in read.of("link") if not re.match("https?:", s.inside)]
    parts, last = [], 0
    for start, end, instead in sorted(edits):
        if start >= last:  # not within another
            parts += [text[last:start], instead]
            last = end
    return "".join([*parts, text[last:]])


def whole(cells: list[Any]) -> "NotebookNode":
    """A notebook of these cells, the same each time: nbformat would give them random names."""
    from nbformat import v4

    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    node: NotebookNode = v4.new_notebook(cells=cells, metadata=KERNEL)
    return node
