"""A limit of time that needs no signal: what is endless ends, and nothing comes after."""

import contextlib
import threading
import time

import pytest

import yansuan.proof.deadline as module
from yansuan.proof.deadline import OutOfTime, deadline


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_what_is_endless_ends():
    begin = time.process_time()
    with pytest.raises(OutOfTime), deadline(0.1):
        spin(60)
    assert 0.1 <= time.process_time() - begin < 5


def test_code_that_catches_everything_once_does_not_escape():
    def stubborn():
        with contextlib.suppress(BaseException):
            spin(60)
        spin(60)

    begin = time.process_time()
    with pytest.raises(OutOfTime), deadline(0.05):
        stubborn()
    assert time.process_time() - begin < 10


def test_what_waits_does_not_use_up_its_time():
    with deadline(0.1):
        time.sleep(0.5)


def test_nothing_is_raised_after_the_block(monkeypatch):
    """The end of the block and the end of the time meet again and again."""
    monkeypatch.setattr(module, "PAUSE", 0.0005)
    ended = {"in time": 0, "out of time": 0}
    for n in range(300):
        try:
            with deadline(0.004):
                spin(0.003 + 0.0002 * (n % 20))
            ended["in time"] += 1
        except OutOfTime:
            ended["out of time"] += 1
        spin(0.0005)
    time.sleep(0.1)
    spin(0.05)
    assert min(ended.values()) > 0, ended
    assert not [t for t in threading.enumerate() if t.name == "deadline"]


def test_one_within_another():
    with deadline(60):
        with pytest.raises(OutOfTime), deadline(0.05):
            spin(60)
        spin(0.05)
    with pytest.raises(OutOfTime), deadline(0.3), deadline(60):
        spin(60)


def test_the_fault_of_the_block_is_the_one_that_is_seen():
    with pytest.raises(KeyError), deadline(60):
        raise KeyError("x")


@pytest.mark.parametrize("seconds", [0.01, 5])
def test_functions_can_be_profiled_after_it(seconds):
    """CPython 3.11 enters no watched function while an exception is announced that never comes."""
    with contextlib.suppress(OutOfTime), deadline(seconds):
        while seconds < 1:
            pass
    code = "import sys; sys.setprofile(lambda *_: None); (lambda: None)(); sys.setprofile(None)"
    with deadline(5):
        exec(code)
