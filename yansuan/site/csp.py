"""A Content-Security-Policy in every page: scripts of this site only, and inline ones of the theme by their hashes."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from yansuan.html.document import ARTICLE

INLINE = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>(.*?)</script>", re.S)
MARK = '<meta charset="utf-8">'
POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'"
)


def protect(site: Path) -> str:
    """Write the policy into every page of one built site, and return it. All pages have the same: navigation swaps
    their contents."""
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    # no script that an author has written is let through
    scripts = {script for text in pages.values() for script in INLINE.findall(ARTICLE.sub("", text))}
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in sorted(scripts))
    policy = POLICY.format(hashes=" ".join(f"'sha256-{d}'" for d in digests))
    write(pages, policy)
    return policy


def write(paths: Iterable[Path | str], policy: str) -> None:
    """Write a policy into these pages."""
    meta = f'{MARK}\n      <meta http-equiv="Content-Security-Policy" content="{policy}">'
    for path in map(Path, paths):
        path.write_text(path.read_text("utf-8").replace(MARK, meta, 1), "utf-8")


def let_last_run(html: bytes) -> bytes:
    """The page, as bytes, with leave for its last script to run: the one that `mkdocs serve` has just added.

    The nonce is no secret, and is the same in all pages. On disk they do not have it.
    """
    page, _, script = html.rpartition(b"<script>")
    page = page.replace(b"script-src 'self'", b"script-src 'self' 'nonce-serve'", 1)
    return page + b'<script nonce="serve">' + script
