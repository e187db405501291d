"""Runs of words that the pages must not share with the sources, kept as hashes, so that no source is kept.

python -m tests.project.shared_text SOURCE…    after a source has changed: writes tests/project/shared_text.bin again
"""

import hashlib
import re
import sys
from pathlib import Path

HASHES, SIZE = Path(__file__).with_suffix(".bin"), 5
WORDS, CHARACTERS = 8, 14  # that many in a row are too many
CODE = re.compile(
    r"^( *)```.*?^\1```$|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)]*\)|\{#[^}]*\}|https?://\S+", re.S | re.M
)

SIMPLIFIED = str.maketrans("裡為麼嶇產製剷準嘆這", "里为么岖产制铲准叹这")  # what a source writes otherwise


def runs(text):
    """{hash: the run} of every run of 8 words or 14 Chinese characters; code, formulas and punctuation do not count."""
    text = CODE.sub(" ", text).translate(SIMPLIFIED)
    found = {}
    for pattern, length, between in ((r"[A-Za-z]+(?:['’-][A-Za-z]+)*", WORDS, " "), (r"[㐀-鿿]", CHARACTERS, "")):
        units = re.findall(pattern, text)
        for i in range(len(units) - length + 1):
            run = between.join(units[i : i + length])
            found[hashlib.blake2b(run.lower().encode(), digest_size=SIZE).digest()] = run
    return found


def known():
    stored = HASHES.read_bytes()
    return {stored[i : i + SIZE] for i in range(0, len(stored), SIZE)}


def main(*sources):
    hashes = sorted({h for source in sources for h in runs(Path(source).read_text("utf-8"))})
    HASHES.write_bytes(b"".join(hashes))
    print(f"{len(hashes)} runs of {len(sources)} sources in {HASHES.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
