"""What is computed once: kept for exactly its inputs, under exactly its name."""

import threading
from pathlib import Path

import pytest

from yansuan.base.errors import YansuanError
from yansuan.base.store import Store, code, key, source, version


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "made")


def test_an_entry_is_good_for_the_inputs_that_it_was_made_for(store):
    assert store.get("wave", {"script": "a"}) is None
    store.put("wave", {"script": "a", "numpy": "2"}, {"svg": "波"})
    assert store.get("wave", {"numpy": "2", "script": "a"}) == {"svg": "波"}
    for other in ({"script": "b", "numpy": "2"}, {"script": "a"}, {"script": "2", "numpy": "a"}):
        assert store.get("wave", other) is None
    assert store.last("wave") == {"svg": "波"}


def test_a_name_is_that_name_only(store):
    """`wave` used to delete what `wave-2` had drawn."""
    names = ["wave", "wave-2", "wave-0123456789abcdef", "batch_norm.batch_mean", "wave.json"]
    for name in names:
        store.put(name, {}, {"of": name})
    for name in names:
        store.put(name, {"again": 1}, {"of": name})
    assert [store.last(name) for name in names] == [{"of": name} for name in names]
    assert len(list(store.folder.iterdir())) == len(names), "the entry before is gone"
    with pytest.raises(ValueError, match="leave out slashes"):
        store.put("../wave", {}, {})


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"key": 1, "value": {}}', '{"key": "x"}', "[" * 100_000])
def test_a_damaged_entry_is_one_line_that_says_what_to_do(store, text):
    store.put("wave", {}, {})
    store.path("wave").write_text(text, "utf-8")
    with pytest.raises(YansuanError, match=r"wave\.json:1: damaged \(.*\): delete it$"):
        store.get("wave", {})


def test_who_reads_while_another_writes_gets_a_whole_entry(store):
    store.put("wave", {}, {"n": 0})

    def write():
        for n in range(200):
            store.put("wave", {}, {"n": n, "much": "x" * 5000})

    writers = [threading.Thread(target=write) for _ in range(2)]
    for thread in writers:
        thread.start()
    while any(thread.is_alive() for thread in writers):
        assert store.get("wave", {}) is not None
    assert [path.name for path in store.folder.iterdir()] == ["wave.json"]


def test_what_decides_nothing_is_no_part_of_an_input():
    text = 'def f(x):\n    """What it does."""\n    # why\n    return x  # that\n'
    assert code(text) == code("def f(x):\n\n    return (x)\n")
    assert code(text) != code(text.replace("return x", "return -x"))
    assert code('"only this"') == code("'only this'") != code("'another'"), "the output of a cell"
    assert code('def f():\n    "a"\n') != code("def f():\n    pass\n")
    for odd in ("def f(:  # why", "%config x", "-" * 5000 + "1", "\0"):
        assert code(odd) == odd, "what is no Python counts as it stands"


def test_files_and_packages_as_inputs(tmp_path):
    path = Path(tmp_path, "a.py")
    path.write_text("x = 1  # one\n", "utf-8")
    before = source(path)
    path.write_text("x = 1  # eins\n", "utf-8")
    assert source(path) == before
    assert version("pytest") == pytest.__version__
    assert version("sklearn") == version("scikit-learn") != "absent"
    assert version("no-such-package") == "absent"
    assert key({"a": "b"}) != key({"a": ["b"]})
