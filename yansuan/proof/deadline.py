"""A limit on what a piece of code may take, the same on every system: no signal and no process of its own."""

import contextlib
import ctypes
import threading
import time
from collections.abc import Iterator

PAUSE = 0.02  # seconds between two looks at the clock when time is nearly up
AGAIN = 1.0  # seconds after which code that has swallowed the exception gets another


class OutOfTime(BaseException):
    """The time is up. No Exception, so that what catches those does not catch this."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block once it has used so many seconds of processor time; never after the block.

    Processor time, for on a loaded machine the clock on the wall says nothing of the code. A thread watches it, and the
    interpreter raises the exception between two of its instructions: one long call into C ends first.
    """
    thread, begin = threading.get_ident(), time.process_time()
    lock, left = threading.Lock(), threading.Event()

    def watch() -> None:
        limit = begin + seconds
        while not left.wait(max(limit - time.process_time(), PAUSE)):
            with lock:
                if not left.is_set() and time.process_time() >= limit:
                    _raise_in(thread, OutOfTime)
                    limit = time.process_time() + AGAIN

    threading.Thread(target=watch, daemon=True, name="deadline").start()
    try:
        yield
    finally:
        while not left.is_set():
            with contextlib.suppress(OutOfTime), lock:  # it may come while we are leaving
                left.set()
        _raise_in(thread, None)  # from here on nobody raises; what was raised and has not come yet is taken back


def _raise_in(thread: int, exception: type[BaseException] | None) -> None:
    """Have the interpreter raise this in a thread at its next instruction; None takes back what has not come yet."""
    kind = ctypes.py_object(exception) if exception else ctypes.py_object()
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), kind)
