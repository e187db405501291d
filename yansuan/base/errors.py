"""One kind of error: a line that says where, what, and what to do about it."""

from pathlib import Path

try:
    from mkdocs.exceptions import PluginError as Base  # MkDocs prints it without a traceback
except ImportError:
    Base = Exception  # type: ignore[misc, assignment]


class YansuanError(Base):
    """`docs/zh/page.md:12: what is wrong: the cure`."""

    def __init__(self, path: Path | str, line: int, message: object) -> None:
        # one line, whatever a library had to say
        message = " ".join("".join(c if c.isprintable() else " " for c in str(message)).split())
        super().__init__(f"{shown(path)}:{line}: {message}")
        self.path, self.line, self.fault = path, line, message  # MkDocs' class has a `message` of its own


def shown(path: Path | str) -> str:
    """The path as a person would type it: relative to the working directory where possible."""
    path = Path(path).resolve()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
