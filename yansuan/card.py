"""A formula as a card: an element tree in the page's language."""

import re
from xml.etree.ElementTree import SubElement

from markdown.util import AtomicString
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from yansuan import evidence
from yansuan.latex import LatexFault, to_html

WORDS = {
    "en": {
        "columns": ("Symbol", "Code", "Shape", "Meaning"),
        "scalar": "number",
        "return": "returns",
        "output": "Output",
        "witness": "Agrees with",
        "inputs": "{inputs} random inputs, worst relative error {max_rel_error:.1e} (allowed {rtol:.0e})",
        "source": "Source",
        "note": "Note",
        "verified": "verified",
        "unverified": "not verified",
        evidence.NO_REPORT: "There is no test report yet: run the tests, then build again.",
        evidence.NOT_COVERED: "The last test run did not cover this formula.",
        evidence.EDITED: "The code has changed since it was last tested: run the tests, then build again.",
        "link": "Link to this formula",
    },
    "zh": {
        "columns": ("符号", "代码", "形状", "含义"),
        "scalar": "标量",
        "return": "返回值",
        "output": "输出",
        "witness": "与之一致",
        "inputs": "{inputs} 组随机输入，最大相对误差 {max_rel_error:.1e}（容许 {rtol:.0e}）",
        "source": "出处",
        "note": "说明",
        "verified": "已验证",
        "unverified": "未验证",
        evidence.NO_REPORT: "还没有测试报告：请先运行测试，再重新构建。",
        evidence.NOT_COVERED: "最近一次测试没有覆盖这个公式。",
        evidence.EDITED: "代码在上次测试之后改动过：请先运行测试，再重新构建。",
        "link": "本公式的链接",
    },
}
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


def card(parent, formula, report, lang, stash):
    """Append the card to `parent`. `stash` keeps finished HTML out of Markdown's hands. Raises YansuanError."""
    words = WORDS[lang]
    state, witnesses = evidence.status(report, formula)
    mark = "verified" if state == evidence.VERIFIED else "unverified"
    box = SubElement(
        parent, "div", {"class": "ys-card", "id": formula.id, "data-formula": formula.id, "data-status": mark}
    )
    title = SubElement(box, "p", {"class": "ys-title"})
    title.text = AtomicString(formula.title[lang] + " ")
    SubElement(title, "span", {"class": "ys-status"}).text = AtomicString(words[mark])
    link = SubElement(title, "a", {"class": "headerlink", "href": f"#{formula.id}", "title": words["link"]})
    link.text = AtomicString("¶")
    SubElement(box, "div", {"class": "ys-formula", "data-search-exclude": ""}).text = stash(display_math(formula))
    symbols(box, formula, words, lang, stash)
    code = f"{formula.code}\n\n\n{formula.example}"
    # an id of its own without a dot: the theme makes a CSS selector of the nearest id for its copy button
    attributes = {"class": "ys-code", "id": f"code-{formula.id.replace('.', '-')}", "data-copy": formula.copy}
    html = highlight(code, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True))
    SubElement(box, "div", attributes).text = stash(html)
    output = SubElement(box, "pre", {"class": "ys-output", "aria-label": words["output"]})
    SubElement(output, "samp").text = AtomicString(formula.output)
    facts = SubElement(box, "dl", {"class": "ys-facts"})
    if witnesses:
        fact(facts, words["witness"], [w["claim"] for w in witnesses], [words["inputs"].format(**w) for w in witnesses])
        packages = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
        SubElement(facts, "dd", {"class": "ys-versions"}).text = AtomicString(packages)
    else:
        fact(facts, words["unverified"], [], [words[state]])
    if "Note" in formula.fields:
        SubElement(facts, "dt").text = AtomicString(words["note"])
        SubElement(facts, "dd").text = formula.fields["Note"][lang]
    SubElement(facts, "dt").text = AtomicString(words["source"])
    source = SubElement(facts, "dd")
    source.text = ARXIV.sub(r"[arXiv:\1](https://arxiv.org/abs/\1)", formula.fields["Source"][lang])
    return box


def display_math(formula):
    """The formula as display math."""
    try:
        return to_html(formula.tex, True)
    except LatexFault as fault:
        raise formula.fault(str(fault), formula.tex_line + fault.line) from None


def symbols(box, formula, words, lang, stash):
    """The table that ties each symbol to its name in the code."""
    scroll = SubElement(box, "div", {"class": "ys-scroll"})
    table = SubElement(scroll, "table", {"class": "ys-symbols"})
    row = SubElement(SubElement(table, "thead"), "tr")
    for word in words["columns"]:
        SubElement(row, "th", {"scope": "col"}).text = AtomicString(word)
    body = SubElement(table, "tbody")
    for s in formula.symbols:
        row = SubElement(body, "tr")
        SubElement(row, "td", {"data-search-exclude": ""}).text = stash(to_html(s.tex, False))
        name = SubElement(row, "td")
        if s.name.startswith("->"):
            name.text = AtomicString(words["return"] + " ")
        if variable := s.name.removeprefix("->").strip():
            SubElement(name, "code").text = AtomicString(variable)
        shape = SubElement(row, "td")
        if s.shape == "()":
            shape.text = AtomicString(words["scalar"])
        else:
            SubElement(shape, "code").text = AtomicString(s.shape)
        SubElement(row, "td").text = s.meaning[lang]


def fact(parent, name, codes, sentences):
    """A term with its lines, each a piece of code and a sentence about it."""
    SubElement(parent, "dt").text = AtomicString(name)
    for code, sentence in zip(codes or [""] * len(sentences), sentences, strict=True):
        line = SubElement(parent, "dd")
        if code:
            SubElement(line, "code").text = AtomicString(code)
            SubElement(line, "br").tail = AtomicString(sentence)
        else:
            line.text = AtomicString(sentence)
