"""MathML that says in plain text what it shows: search reads that, and a browser draws the rest."""

import html


def annotated(markup: str, text: str) -> str:
    """The formula with its plain text as an annotation: never drawn, and all that the theme's search reads.

    The theme takes an element for any other of its name, so what it leaves out is one that stands in no formula. A
    browser draws only the first part of that one, so all parts are in a row.
    """
    inside = markup[markup.index(">") + 1 : markup.rindex("<")]
    said = f'<annotation encoding="text/plain">{html.escape(text, quote=False)}</annotation>'
    start = markup[: markup.index(">") + 1]
    drawn = f'<semantics data-search-exclude=""><mrow>{inside}</mrow></semantics>'
    return f"{start}<semantics>{drawn}{said}</semantics></math>"
