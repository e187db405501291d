"""A copy of the whole project in a temporary folder, to break and build."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from yansuan.runs.runs import Runs

HERE = Path(__file__).parents[2]
PARTS = ("docs", "snippets", "yansuan", "tests", "mkdocs.yml", "mkdocs.en.yml", "pyproject.toml")
# a copy must not test copies, and needs no more than what makes the evidence
SLOW = [f"test_{name}.py" for name in ("texeval", "gradients", "traps", "witness", "sources", "bad_input", "fuzz")]
SLOW += ["test_scaffold.py"]
SLOW += [f"test_{name}.py" for name in ("tables", "glossary", "conventions", "no_shared_text", "properties*")]
SLOW += ["building", "site"]


class Project:
    def __init__(self, root):
        self.root = root
        root.mkdir()
        Runs().prepare()  # once here, not in every copy
        for part in PARTS:
            if (HERE / part).is_dir():
                shutil.copytree(HERE / part, root / part, ignore=shutil.ignore_patterns("__pycache__", *SLOW))
            else:
                shutil.copy(HERE / part, root / part)
        for made in (".cache", "build"):  # figures drawn and evidence found so far
            if (HERE / made).is_dir():
                shutil.copytree(HERE / made, root / made)

    def edit(self, path, old, new):
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{path} has no {old!r}"
        (self.root / path).write_text(text.replace(old, new, 1), "utf-8")

    def command(self, *arguments, **environment):
        return {
            "args": [sys.executable, "-m", *arguments],
            "cwd": self.root,
            "env": {**os.environ, "PYTHONPATH": str(self.root), "NO_MKDOCS_2_WARNING": "1", "CI": "", **environment},
            "text": True,
        }

    def run(self, *arguments, **environment):
        """Run `python -m …` in the copy; what it printed, after 'exit <code>'."""
        done = subprocess.run(**self.command(*arguments, **environment), capture_output=True, check=False, timeout=300)
        return f"exit {done.returncode}\n{done.stdout}{done.stderr}"

    def statuses(self, lang="zh"):
        """{formula: verified or unverified} as the built site shows it."""
        html = "".join(p.read_text("utf-8") for p in sorted((self.root / "site" / lang).rglob("*.html")))
        return dict(re.findall(r'data-(?:formula|derivation)="([^"]+)"[^>]*data-status="([^"]+)"', html))
