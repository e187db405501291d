"""What the HTML of a page may hold: text, tables, pictures, formulas. Nothing runs or is loaded from elsewhere.

Allowed is what is listed. Every `<` must begin a tag as browsers and parsers all read it, so that none of them sees an
element that this module has not seen; a name that is not listed is often text that was meant to be read.
"""

import html
import re
from collections.abc import Iterator
from functools import lru_cache

VALUE = r"=(?:\"([^\"<]*+)\"|'([^'<]*+)'|([^\s\"'=<>`]++))"
ATTRIBUTE = re.compile(rf"([\w:@.-]++)(?:{VALUE})?+")
TAG = re.compile(rf"<(?P<end>/?)(?P<name>[a-zA-Z][\w:.-]*+)(?P<all>(?:\s++[\w:@.-]++(?:{VALUE})?+)*+)\s*+(?P<void>/?)>")
# what the highlighter, the renderer of LaTeX and matplotlib write thousands of; not `gt`, a traceback
COMMON = re.compile(
    r'<span class="(?!gt")[a-z]{1,2}[0-9]?"(?: data-v="[^"<>]*")?>([^<]*)</span>'
    r'|<(?:path|use)(?: (?!on|id|name|data|href|src)[a-z-]+="[^"<>(\\@]*"| xlink:href="#[^"<>(\\@]*")* ?/>'
    r'|<(mi|mo|mn)(?: (?!on|id|name|data-m|style|href|src)[a-z-]+="[^"<>(\\@]*")*>([^<]*)</\2>'
)
VOID = ("br", "col", "hr", "img", "input", "wbr")
TEXT = re.compile(
    "a|abbr|b|bdi|blockquote|br|button|caption|cite|code|col|colgroup|data|dd|del|details|dfn|"
    "div|dl|dt|em|figcaption|figure|h1|h2|h3|h4|h5|h6|hr|i|img|input|ins|kbd|label|li|"
    "mark|ol|p|pre|q|rp|rt|ruby|s|samp|section|small|span|strong|sub|summary|sup|table|"
    "tbody|td|tfoot|th|thead|time|tr|u|ul|var|wbr"
)
DRAWING = re.compile(  # SVG and MathML
    "svg|g|path|defs|use|clippath|rect|circle|ellipse|line|polygon|polyline|text|tspan|image|"
    "style|foreignobject|math|mi|mn|mo|ms|mtext|mspace|mrow|mfrac|msqrt|mroot|mstyle|merror|"
    "mpadded|mphantom|msub|msup|msubsup|munder|mover|munderover|mmultiscripts|mprescripts|mtable|"
    "mtr|mtd|semantics|annotation"
)
PLAIN = re.compile(
    r"align|alt|autocomplete|checked|class|colspan|data-(?!md-component)[\w-]+|aria-[\w-]+|dir|download|height|href|id|"
    r"lang|name|open|rel|reversed|role|rowspan|scope|src|start|style|tabindex|title|type|value|width"
)
URLS = ("href", "src", "xlink:href")
LINK = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.I)
LOADED = re.compile(r"data:image/|(?![a-z][a-z0-9+.-]*:|[/\\]{2})", re.I)
FETCHES = re.compile(r"\\|/\*|@|(?:url|src|image|image-set|cross-fade|element)\s*\((?!#)", re.I)  # in CSS
SAID = re.compile(r"class|id|aria-|data-")  # no CSS
THEIRS = re.compile(r"__(?!codelineno|skip\b)")  # ids by which a theme finds its own parts
MATPLOTLIB = "*{stroke-linejoin: round; stroke-linecap: butt}"


def faults(page: str) -> Iterator[tuple[str, ...]]:
    """(what is wrong, pieces of text to find it by) for each fault in a page's HTML."""
    at = 0
    opened: list[str] = []
    while (at := page.find("<", at)) >= 0:
        if m := COMMON.match(page, at):
            at = m.end()
            continue
        known = one(page[at : page.find(">", at) + 1]) or one(longest(page, at))
        if not known:
            piece = page[at : at + 60].partition("\n")[0]
            yield "a comment, or no tag that every browser reads alike: delete it, or write &lt; for <", piece
            at += 1
            continue
        tag, name, ends, stays, found = known
        at += len(tag)
        if ends:
            if name not in opened:
                yield f"</{name}> closes nothing that is open: delete it", tag
                continue
            while (inner := opened.pop()) != name:
                yield f"<{inner}> is not closed before </{name}>: close it", f"<{inner}", tag
            continue
        if name == "style" and not page.startswith(f"{MATPLOTLIB}</style>", at):
            yield "<style> is not for pages: the style sheet is yansuan.css", tag
        yield from found
        if stays:
            opened.append(name)
    for name in opened:
        yield f"<{name}> is not closed: close it", f"<{name}"


def longest(page: str, at: int) -> str:
    """The tag that begins there, which may have a `>` in one of its values; or nothing."""
    m = TAG.match(page, at)
    return m[0] if m else ""


@lru_cache(maxsize=16384)
def one(tag: str) -> tuple[str, str, bool, bool, tuple[tuple[str, ...], ...]] | None:
    """A tag, its name, whether it ends an element, whether that stays open, its faults; None for what is no tag."""
    m = TAG.fullmatch(tag)
    if not m:
        return None
    name, drawing = m["name"].lower(), DRAWING.fullmatch(m["name"].lower())
    found: list[tuple[str, ...]] = []
    if not (m["end"] or TEXT.fullmatch(name) or drawing):
        found.append((f"<{name}> is not for pages: delete it, or write &lt; for <", tag))
    for attribute in ATTRIBUTE.finditer(m["all"]):
        value = html.unescape(next((v for v in attribute.groups()[1:] if v is not None), ""))
        if why := wrong(name, attribute[1].lower(), value):
            found.append((f"{why}: delete it", tag, value, attribute[1]))
    stays = not m["end"] and name not in VOID and not (m["void"] and drawing)
    return tag, name, bool(m["end"]), stays, tuple(found)


def wrong(tag: str, name: str, value: str) -> str | None:
    """Why an element must not have this attribute, or None."""
    drawing = DRAWING.fullmatch(tag)
    if name.startswith("on") or not (drawing or PLAIN.fullmatch(name)):
        return f"the attribute {name!r} of <{tag}> is not for pages"
    if name in URLS:
        url = re.sub(r"[\x00-\x20]", "", value)  # as a browser reads it
        if not (LINK if tag == "a" and name == "href" else LOADED).match(url):
            return f"the address {value[:60]!r} of <{tag}> runs, or loads from elsewhere"
    elif (name == "style" or (drawing and not SAID.match(name))) and FETCHES.search(value):
        return f"{name}={value[:60]!r} of <{tag}> loads something"
    if name in ("id", "name") and THEIRS.match(value):
        return f"the {name} {value!r} of <{tag}> belongs to the theme"
    if tag == "input" and name == "type" and value != "radio":
        return "a form is not for pages"
    return None
