"""The Python-Markdown extension: `/// formula`, `/// figure`, `$inline math$` and `[=figure.number]`, and nothing else.

Display math reaches a page only through a formula card. Whatever is not understood stops the build with
`docs/zh/page.md:12: …`: a page is never published with a directive left as text or a formula that nothing checks.
"""

from collections.abc import Callable
from typing import Any

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.util import escape_chars

from yansuan.base.errors import YansuanError
from yansuan.base.settings import settings
from yansuan.base.words import CARD
from yansuan.render.blocks import CardBlock, DerivationBlock, FigureBlock, PartBlock, TableBlock, VerdictBlock
from yansuan.render.context import Options, PageContext
from yansuan.render.gate import Gate, Start, TreeDone
from yansuan.render.home import PARTS
from yansuan.render.inline import HandTypedMath, InlineMath, References, RunValue, Table
from yansuan.render.leads import Leads
from yansuan.render.tables import TABLES
from yansuan.render.terms import Terms
from yansuan.render.titles import DrawnTitles, PlainTitles
from yansuan.runs.runs import Runs


class YansuanExtension(BlocksExtension):
    def __init__(self, **options: Any) -> None:
        self.config = {
            "lang": [settings().languages[-1], "language of the cards: " + " or ".join(CARD)],
            "programs": [False, "whether the site has each card's code as code/family.function.py"],
            "address": [
                "",
                "of the site in this language, if its pages are folders: copied programs name their card's",
            ],
            "runs": [Runs(), "figures and labs; whoever renders many pages may share one"],
        }
        super().__init__(**options)
        if self.getConfig("lang") not in CARD:
            raise YansuanError("mkdocs.yml", 1, f"yansuan: lang is {self.getConfig('lang')!r}, not one of {list(CARD)}")

    def extendMarkdownBlocks(self, md: Markdown, blocks: BlocksProcessor) -> None:
        page = PageContext(md, Options(**self.getConfigs()))
        needs(md)
        tables = [type(name, (TableBlock,), {"NAME": name}) for name in TABLES]
        parts = [type(name, (PartBlock,), {"NAME": name}) for name in PARTS]
        for block in (CardBlock, DerivationBlock, VerdictBlock, FigureBlock, *tables, *parts):
            blocks.register(block, {"page": page})
        md.convert = guarded(md.convert, page)
        md.references = References(page.source)
        md.parser.blockprocessors.register(Table(page, md), "table", 75)
        md.preprocessors.register(Start(page, md), "yansuan-start", 1000)
        # after code spans (190), before backslash escapes (180), which would eat the \ of \[
        md.inlinePatterns.register(HandTypedMath(page, md), "yansuan-display", 189)
        md.inlinePatterns.register(InlineMath(page, md), "yansuan-inline", 188)
        md.inlinePatterns.register(RunValue(page, md), "yansuan-value", 187)
        md.treeprocessors.register(Leads(page, md), "yansuan-leads", 15)  # before links to files are addresses
        # before the contents (5) and MkDocs' title (1) are made, and after
        md.treeprocessors.register(plain := PlainTitles(page, md), "yansuan-plain-titles", 7)
        md.treeprocessors.register(DrawnTitles(plain, md), "yansuan-drawn-titles", -50)
        md.treeprocessors.register(Terms(md), "yansuan-terms", -60)
        md.treeprocessors.register(TreeDone(page, md), "yansuan-tree-done", -100)
        md.postprocessors.register(Gate(page, md), "yansuan-gate", -10)


def needs(md: Markdown) -> None:
    """What our pages use of Python-Markdown's own extensions, whatever the project has switched on: ids, fences."""
    if "attr_list" not in md.treeprocessors:
        md.registerExtensions(["attr_list"], {})
    if "fenced_code_block" not in md.preprocessors:  # nor that of superfences, which has the same name
        md.registerExtensions(["fenced_code"], {})
    escape_chars(md, ["|"])  # of tables


def guarded(convert: Callable[[str], str], page: PageContext) -> Callable[[str], str]:
    """Markdown and the parsers of HTML follow what is nested, by calling themselves."""

    def converted(text: str) -> str:
        try:
            return convert(text)
        except RecursionError:
            raise page.source.deepest("nested too deeply: use fewer levels") from None

    return converted


def makeExtension(**options: Any) -> YansuanExtension:
    return YansuanExtension(**options)
