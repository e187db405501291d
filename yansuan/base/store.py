"""What is computed once and kept: an entry has a name, and is good for the inputs that were declared when it was made.

    store = Store(Path(".cache/figures"))
    inputs = {"script": code(text), "numpy": version("numpy")}
    made = store.get("wave", inputs)
    if made is None:
        made = {"svg": ...}
        store.put("wave", inputs, made)

One file a name, so that nothing has to be cleared away, and `wave` knows nothing of `wave-2`. What decides the result
and is not among the inputs never makes an entry stale: declare all of it.
"""

import ast
import contextlib
import functools
import hashlib
import json
import os
import re
import threading
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from yansuan.base.errors import YansuanError

Inputs = Mapping[str, object]  # what each is called: anything that JSON can write
Value = dict[str, Any]


class Store:
    """A folder of entries."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def get(self, name: str, inputs: Inputs) -> Value | None:
        """The value that was put under this name for these very inputs. Raises YansuanError if the file is damaged."""
        entry = self._entry(name)
        return entry["value"] if entry and entry["key"] == key(inputs) else None

    def last(self, name: str) -> Value | None:
        """The value that was last put under this name, for whatever inputs."""
        entry = self._entry(name)
        return entry["value"] if entry else None

    def put(self, name: str, inputs: Inputs, value: Value) -> None:
        """Keep a value in the place of the one before. Whoever reads at the same time gets one of the two, whole."""
        path = self.path(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
        made.write_text(json.dumps({"key": key(inputs), "value": value}, ensure_ascii=False), "utf-8")
        made.replace(path)

    def path(self, name: str) -> Path:
        """The file of an entry. Raises ValueError for what is no file name."""
        if not re.fullmatch(r"[^\\/\0]+", name):
            raise ValueError(f"{name!r} is no name for what is kept: leave out slashes")
        return self.folder / f"{name}.json"

    def _entry(self, name: str) -> dict[str, Any] | None:
        path = self.path(name)
        try:
            entry = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError) as error:
            raise YansuanError(path, 1, f"damaged ({error}): delete it") from None
        if not (isinstance(entry, dict) and isinstance(entry.get("key"), str) and isinstance(entry.get("value"), dict)):
            raise YansuanError(path, 1, "damaged (not an entry of a store): delete it")
        return entry


def key(inputs: Inputs) -> str:
    """A hash of all inputs with their names, in whatever order."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


@functools.cache
def code(text: str) -> str:
    """Python as an input: without comments, docstrings and layout, which decide nothing. What is none counts whole."""
    try:
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                body = node.body
                first = body[0].value if body and isinstance(body[0], ast.Expr) else None
                if len(body) > 1 and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    del body[0]  # if it is all there is it stays: it may be what a cell shows
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def source(*paths: Path | str) -> str:
    """Files of Python as one input."""
    return "\n".join(code(Path(path).read_text("utf-8")) for path in paths)


@functools.cache
def version(package: str) -> str:
    """The version of a package, by its name on PyPI or what one imports; "absent" if it is not installed."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    brings = re.compile(rf"(?m)^{re.escape(package)}(?:/|\.\w*py\w*|\.[\w.-]*so,|$)")
    for told, distribution in _distributions():
        if brings.search(told):
            return distribution.version
    return "absent"


@functools.cache
def _distributions() -> list[tuple[str, metadata.Distribution]]:
    """(what it says that one imports, or its files; the package)"""
    every = metadata.distributions()
    return [(one.read_text("top_level.txt") or one.read_text("RECORD") or "", one) for one in every]
