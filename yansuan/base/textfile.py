"""Text as people write it: UTF-8, and no character that an editor does not show."""

import re
from pathlib import Path

from yansuan.base.errors import YansuanError

# Controls would end a line for Python and not for Markdown, or pose as a placeholder of Markdown; a change of direction
# would show other code than runs; half a surrogate cannot be written.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def read(path: Path | str) -> str:
    """The text of a file, its lines ended by `\\n`."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise YansuanError(
            path, line, f"the byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8"
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := hidden(text):
        raise YansuanError(path, *found)
    return text


def is_file(path: Path | str) -> bool:
    """Whether there is such a file, for a name that somebody typed: it may be too long to be one."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


def hidden(text: str) -> tuple[int, str] | None:
    """(line, what is wrong) of the first character that nobody sees, or None."""
    if not (m := HIDDEN.search(text)):
        return None
    return text.count("\n", 0, m.start()) + 1, f"the invisible character U+{ord(m[0]):04X}: delete it"
