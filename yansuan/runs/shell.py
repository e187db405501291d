"""Cells of a notebook, executed one after the other in this process, as a kernel does it in one of its own."""

import contextlib
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

if TYPE_CHECKING:
    from nbformat import NotebookNode

BACKEND = "module://matplotlib_inline.backend_inline"
OFF = {"HistoryManager": {"enabled": False}}


class CellFailed(Exception):
    """A cell, by its number, raised an error at a line of its own (0 if it is not known)."""

    def __init__(self, number: int, line: int, error: BaseException) -> None:
        super().__init__(f"{type(error).__name__}: {error}")
        self.number, self.line, self.error = number, line, error


class Publisher(DisplayPublisher):
    """What a cell displays."""

    shell: "Shell"

    def publish(self, data: dict[str, Any], metadata: Any = None, *_: object, **__: object) -> None:
        from nbformat import v4

        self.shell.shown.append(v4.new_output("display_data", data))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.shown.clear()


class Hook(DisplayHook):
    """The value of an expression at the end of a cell."""

    shell: "Shell"

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        from nbformat import v4

        self.shell.shown.append(v4.new_output("execute_result", format_dict, execution_count=1))

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """IPython without a terminal: a failure is told by whoever asked for the cell."""

    shown: "list[NotebookNode]"  # by the cell so far

    def enable_gui(self, gui: object = None) -> None:
        pass

    def showtraceback(self, *_: object, **__: object) -> None:
        pass

    def showsyntaxerror(self, *_: object, **__: object) -> None:
        pass


class Printed(io.TextIOBase):
    """Standard output, between what else a cell shows."""

    def __init__(self, shown: "list[NotebookNode]") -> None:
        self.shown = shown

    def write(self, text: str) -> int:
        from nbformat import v4

        if not (self.shown and self.shown[-1].output_type == "stream"):
            self.shown.append(v4.new_output("stream", name="stdout", text=""))
        self.shown[-1].text += text
        return len(text)


def execute(cells: Sequence[str], folder: Path) -> "Iterator[list[NotebookNode]]":
    """The outputs of each cell, executed in this folder. Raises CellFailed."""
    os.environ["MPLBACKEND"] = BACKEND
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].use(BACKEND)
    os.chdir(folder)
    sys.path.insert(0, "")
    with tempfile.TemporaryDirectory() as own:
        shell = Shell.instance(config=Config(OFF), display_pub_class=Publisher, displayhook_class=Hook, ipython_dir=own)
        shell.run_line_magic("matplotlib", "inline")
        for number, cell in enumerate(cells):
            shell.shown = []
            with contextlib.redirect_stdout(Printed(shell.shown)):
                result = shell.run_cell(cell, store_history=True)  # type: ignore[no-untyped-call]
            if error := result.error_before_exec or result.error_in_exec:
                raise CellFailed(number, line_of(error), error)
            yield shell.shown


def line_of(error: BaseException) -> int:
    """The line of the cell that an error comes from."""
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in frames if f.filename.startswith("<ipython-input-")), 0)
