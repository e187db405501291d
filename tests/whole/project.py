"""A project in a temporary folder, to break, test and build: it knows the engine as an installed package only."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.whole import fork

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".pytest_cache")
# of this project, for the small one: how its site is configured, and what it asks of each formula
OURS = ("mkdocs.yml", "mkdocs.en.yml")
OURS += (
    "snippets/_shapes.py",
    "tests/formulas/test__shapes.py",
    "tests/project/test_rules.py",
    "tests/project/test_every_formula.py",
)


class Project:
    """A folder with a project, and commands that run in it."""

    def __init__(self, root, installed, server):
        self.root, self.installed, self.server = root, installed, server
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        self.environment = kept | {"PYTHONPATH": str(installed), "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
        self.environment["CI"] = ""

    def copied(self, root, *without):
        """The same project elsewhere."""
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache", *without))
        return Project(root, self.installed, self.server)

    def edit(self, path, old, new):
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{path} has no {old!r}"
        (self.root / path).write_text(text.replace(old, new, 1), "utf-8")

    def run(self, *command, fresh=False, **environment):
        """Run `python -m …`, or `python -c …`, there; what it printed, after 'exit <code>'."""
        run = fork.fresh if fresh else self.server.run
        code, said = run(arguments(command), str(self.root), self.environment | environment)
        return f"exit {code}\n{said}"

    def start(self, log, *command, **environment):
        """The running process of such a command, which prints into a file."""
        given = {"cwd": self.root, "env": self.environment | environment, "stderr": subprocess.STDOUT}
        with log.open("w") as out:
            return subprocess.Popen([sys.executable, *arguments(command)], **given, stdout=out)

    def statuses(self, lang="zh"):
        """{formula: verified or unverified} as the built site shows it."""
        html = "".join(p.read_text("utf-8") for p in sorted((self.root / "site" / lang).rglob("*.html")))
        return dict(re.findall(r'data-(?:formula|derivation)="([^"]+)"[^>]*data-status="([^"]+)"', html))


def arguments(command):
    return command if command[0] == "-c" else ("-m", *command)


def install(target):
    """The package as `pip install .` puts it somewhere, without its dependencies."""
    source = target.with_name(f"{target.name}-source")
    shutil.copytree(ROOT / "yansuan", source / "yansuan", ignore=LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-prose"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def once(folder, make):
    """A folder that one of several processes makes, while the others wait for it."""
    done = folder.with_name(f"{folder.name}-done")
    try:
        folder.with_name(f"{folder.name}-begun").mkdir()
    except FileExistsError:
        wait(done.exists, 300)
        assert not (why := done.read_text("utf-8")), why
        return folder
    why = "another process failed to make it"
    try:
        make(folder)
        why = ""
    finally:
        done.with_suffix(".new").write_text(why, "utf-8")
        done.with_suffix(".new").replace(done)
    return folder


def wait(condition, seconds, log=None):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log and log.read_text("utf-8")
        time.sleep(0.1)
