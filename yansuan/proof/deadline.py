"""A limit on what a piece of code may take, the same on every system: no signal and no process of its own."""

import ctypes
import sys
import threading
import time

PAUSE = 0.02  # seconds between two looks at the clock when time is nearly up
AGAIN = 1.0  # seconds after which code that has swallowed the exception gets another


class OutOfTime(BaseException):
    """The time is up. No Exception, so that what catches those does not catch this."""


class Nothing(BaseException):
    """What is raised, and caught at once, in the place of an OutOfTime that has not come yet."""


class deadline:
    """Raise OutOfTime in the block once it has used so many seconds of processor time; never after the block.

    Processor time, for on a loaded machine the clock on the wall says nothing of the code. A thread watches it, and the
    interpreter raises the exception between two of its instructions: one long call into C ends first.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock, self._left = threading.Lock(), threading.Event()
        self._sent = False

    def __enter__(self) -> None:
        self._thread, self._begin = threading.get_ident(), time.process_time()
        self._block = sys._getframe(1)
        threading.Thread(target=self._watch, daemon=True, name="deadline").start()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._left.set()  # from here on nobody raises
        if self._sent:
            # What was raised and has not come is replaced by what is caught here. It cannot be taken back with NULL:
            # CPython then goes on looking for it, and enters no function any more that a profiler watches.
            try:
                _raise_in(self._thread, Nothing)
                while True:
                    pass
            except Nothing:
                pass

    def _watch(self) -> None:
        limit = self._begin + self._seconds
        while not self._left.wait(max(limit - time.process_time(), PAUSE)):
            with self._lock:
                if not self._left.is_set() and time.process_time() >= limit and self._within():
                    self._sent = True
                    _raise_in(self._thread, OutOfTime)
                    limit = time.process_time() + AGAIN

    def _within(self) -> bool:
        """Whether the thread is in the block, and not at the first instruction of __exit__, where it would be lost."""
        frame = sys._current_frames().get(self._thread)
        while frame and frame is not self._block:
            if frame.f_code is deadline.__exit__.__code__ and frame.f_locals.get("self") is self:
                return False
            frame = frame.f_back
        return frame is not None


def _raise_in(thread: int, exception: type[BaseException]) -> None:
    """Have the interpreter raise this in a thread at its next instruction."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))
