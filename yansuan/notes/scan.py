"""How Markdown is read: fences, front matter, headings, code."""

import re

FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,})[^\n]*\n.*?^(?P=indent)(?P=mark)[ ]*$", re.M | re.S)
FRONT = re.compile(r"\A---\n(.*?)^---\n\s*", re.M | re.S)
HEADING = re.compile(r"^(#{1,6})[ ]+(.*?)(?:[ ]*\{[ ]*#([\w.-]+)[ ]*\})?[ ]*$", re.M)
CODE = re.compile(r"(`+)[^`\n]+\1")


def blank(pattern, text):
    """The text with spaces in the place of what matches, so that lines and positions still hold."""
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
