"""A command in a fork is what it is in a process of its own."""

import os

import pytest

from tests.whole import fork

PROBE = """import json, os, sys

own = [name for name in sys.modules if name.partition(".")[0] in ("yansuan", "snippets", "formulas", "tests", "conftest")]
print(json.dumps({
    "path": sys.path, "arguments": sys.argv[1:], "name": __name__, "folder": os.getcwd(), "own": own,
    "environment": {k: v for k, v in sorted(os.environ.items()) if k not in ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "LC_CTYPE")},
    "warnings": sys.warnoptions, "input": sys.stdin.read(), "main": sys.modules["__main__"].__name__,
}, indent=1))
print("last words", file=sys.stderr)
"""


@pytest.fixture
def both(server, tmp_path):
    """Run a command both ways: what came of it."""
    (tmp_path / "library").mkdir()
    (tmp_path / "probe.py").write_text(PROBE, "utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    environment |= {"PYTHONPATH": str(tmp_path / "library"), "ONLY_HERE": "1"}

    def run(*arguments):
        return [run(arguments, str(tmp_path), environment) for run in (server.run, fork.fresh)]

    return run


@pytest.mark.parametrize("arguments", [("-m", "probe", "a", "-b"), ("-c", PROBE, "a")])
def test_folder_path_arguments_environment_and_modules_are_the_same(both, arguments):
    forked, fresh = both(*arguments)
    assert forked == fresh
    assert '"own": []' in forked[1]
    assert '"ONLY_HERE": "1"' in forked[1]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('no')", 1, "no\n"),
        ("import atexit; atexit.register(print, 'over')", 0, "over\n"),
        ("import os; os._exit(7)", 7, ""),
        ("import os; os.kill(os.getpid(), 9)", -9, ""),
    ],
)
def test_it_ends_in_the_same_way(both, text, code, said):
    assert both("-c", text) == [(code, said)] * 2


def test_a_failure_is_told_at_its_place(both):
    for code, said in both("-c", "def f():\n    1 / 0\nf()"):
        assert code == 1
        assert said.splitlines()[-1] == "ZeroDivisionError: division by zero"
        assert 'File "<string>", line 2, in f' in said


def test_nothing_is_left_for_the_next(server, tmp_path):
    environment = {**os.environ, "PYTHONPATH": ""}
    change = "import os, sys, numpy; os.environ['LEFT'] = '1'; sys.path.append('left'); numpy.left = 1; os.chdir('/')"
    look = "import os, sys, numpy; print('LEFT' in os.environ, 'left' in sys.path, hasattr(numpy, 'left'), os.getcwd() == '/')"
    assert server.run(("-c", change), str(tmp_path), environment)[0] == 0
    assert server.run(("-c", look), str(tmp_path), environment) == (0, "False False False False\n")


def test_a_sitecustomize_is_run_as_python_runs_it(server, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('customized')", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    assert server.run(("-c", "print('then')"), str(tmp_path), environment) == (0, "customized\nthen\n")
