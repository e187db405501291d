"""A lab as a notebook: with its outputs for the site, or to download."""

import json
import re


def notebook(lab, run, lang):
    """The lab in one language, with its outputs, as a notebook for mkdocs-jupyter (a dict)."""
    cells, outputs = [], iter(run["outputs"] if run else [])
    for language, _, text in lab.cells:
        if language == lang:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": text})
        elif language is None and text.strip():
            out = [
                {"output_type": "stream", "name": "stdout", "text": content}
                if kind == "text"
                else {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": content}}
                for kind, content in (next(outputs) if run else [])
            ]
            cells.append({"cell_type": "code", "metadata": {}, "source": text, "execution_count": None, "outputs": out})
    return whole(cells)


def download(lab, lang):
    """(notebook, script) that run elsewhere, with nothing but the libraries: texts."""
    cells, code = [], iter(lab.alone())
    prose = [(language, text) for language, _, text in lab.cells if language in (None, lang) and text.strip()]
    extra = len(lab.alone()) - len(lab.code)
    for at, (language, text) in enumerate(prose):
        if at == 1 and extra:
            cells.append(("code", next(code)))
        cells.append(("markdown", plain(text)) if language else ("code", next(code)))
    as_json = [
        {"cell_type": kind, "metadata": {}, "source": text}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for kind, text in cells
        if text.strip()
    ]
    script = "\n\n".join(
        "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        if kind == "markdown"
        else f"# %%\n{text}"
        for kind, text in cells
        if text.strip()
    )
    return json.dumps(whole(as_json), ensure_ascii=False, indent=1) + "\n", script + "\n"


def plain(text):
    """Prose without what only this site understands: ids of headings, blocks, links between pages, run values."""
    text = re.sub(r"[ ]*\{#[^}]*\}", "", text)
    text = re.sub(r"^/// .*?^///$\n?", "", text, flags=re.M | re.S)
    text = re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", text)
    return re.sub(r"\[=[\w-]+\.([\w-]+)\]", r"`\1`", text)


def whole(cells):
    cells = [cell | {"id": f"cell-{i}"} for i, cell in enumerate(cells)]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
