"""What a module of Python says, as a hash without comments, docstrings and layout, and what it imports.

Each file is read once, and again when it has changed. For `yansuan check` what was read is kept until the next time,
by the file's time, size and inode. A whole run reads everything itself, and so does CI: their keys decide what is
believed.
"""

import ast
import hashlib
import os
import sys
from pathlib import Path

from yansuan.base import store

Read = tuple[str, list[str]]  # (hash, names of the modules that it may import)


def in_ci() -> bool:
    """Whether nobody is there who could commit what a run has found."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


class Sources:
    """The modules that one process has read."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[list[int], Read]] = {}

    @classmethod
    def kept(cls, cache: str) -> "Sources":
        """With what was read the last time."""
        self = cls()
        if not in_ci() and (known := store.Store(cache).get("sources", _made_by())):
            self._known = {path: (stamp, (read[0], read[1])) for path, (stamp, read) in known["files"].items()}
        return self

    def keep(self, cache: str) -> None:
        store.Store(cache).put("sources", _made_by(), {"files": self._known})

    def hash(self, path: Path) -> str:
        return self._read(path)[0]

    def imports(self, path: Path) -> list[str]:
        return self._read(path)[1]

    def _read(self, path: Path) -> Read:
        now = path.stat()
        stamp = [now.st_mtime_ns, now.st_size, now.st_ino]
        known = self._known.get(path.as_posix())
        if not known or known[0] != stamp:
            text = path.read_text("utf-8")
            read = hashlib.sha256(store.code(text).encode()).hexdigest(), _imports(path, text)
            known = self._known[path.as_posix()] = (stamp, read)
        return known[1]


def _made_by() -> store.Inputs:
    """The code that reads, and the Python that reads with it."""
    code = Path(__file__).read_bytes() + Path(store.__file__).read_bytes()
    return {"python": sys.version, "code": hashlib.sha256(code).hexdigest()}


def _imports(path: Path, text: str) -> list[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    names: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= dict.fromkeys(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.parts[: -node.level] if node.level else ()
            package = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            names |= dict.fromkeys([package, *(f"{package}.{alias.name}" for alias in node.names)])
    return list(names)
