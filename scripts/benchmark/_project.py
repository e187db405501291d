"""Sites to measure: this one with more content, and the same pages as plain Material gets them."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import markdown
import yaml

from scripts import multiply
from yansuan.notes.scan import FRONT, scan
from yansuan.runs.runs import Runs, every_task
from yansuan.site import artifacts, theme, zensical

BOTH = """
from mkdocs.commands.build import build
from mkdocs.config import load_config
for name in ("mkdocs.yml", "mkdocs.en.yml"):
    build(load_config(name))
"""
MEASURED = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(json.loads(sys.argv[1]), capture_output=True, text=True)
if done.returncode:
    sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024]))
"""


def ours(root, times):
    """This project with so many times its content. Nothing of it is computed: a copy shows what the original gave."""
    multiply.main(str(root), str(times))
    Runs().prepare()
    made = {(task.kind, task.name): task.kept() for task in every_task()}
    shutil.copytree(".cache/font", root / ".cache/font")
    with contextlib.chdir(root):
        for task in every_task():
            original = task.name if (task.kind, task.name) in made else re.sub(r"[-_]\d+$", "", task.name)
            task.store.put(task.name, task.inputs(), made[task.kind, original])
    return root


def plain(root, source):
    """The pages of a project of ours, with finished HTML in the place of all that the extension makes."""
    with contextlib.chdir(source):
        for name in zensical.configs():
            given = zensical.config(name)
            lang = theme.language(given["theme"]["language"])
            given["nav"] = theme.translated(given["nav"], lang)
            search = given["plugins"]["search"]
            given["plugins"] = {"search": search}
            given["markdown_extensions"] = {k: v for k, v in given["markdown_extensions"].items() if k != "yansuan"}
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(yaml.safe_dump(given, allow_unicode=True, sort_keys=False), "utf-8")
            for path, text in pages(Path(given["docs_dir"]), lang):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(finished(path, text, lang), "utf-8")
    return root


def pages(docs, lang):
    """(path, Markdown) of every page of a language; a lab is one, with what it gave."""
    for path in sorted(docs.rglob("*.md")):
        yield path, FRONT.sub("", path.read_text("utf-8"))
    for slug, lab in artifacts.every().items():
        yield docs / "labs" / f"{slug}.md", artifacts.lab_page(lab, lang, shared(lang))


@cache
def shared(lang):
    return Runs()


@cache
def renderer(lang, root):
    extensions = ["admonition", "attr_list", "footnotes", "tables", "yansuan"]
    return markdown.Markdown(
        extensions=extensions, extension_configs={"yansuan": {"lang": lang, "programs": True, "runs": shared(lang)}}
    )


def finished(path, text, lang):
    """A page with what the extension would make of its blocks, formulas and numbers already in it."""
    read, md = scan(text), renderer(lang, os.getcwd())
    md.path = path
    edits = [(b.start, b.end, block(md, text[b.start : b.end])) for b in read.blocks]
    loose = [s for kind in ("math", "value") for s in read.of(kind) if not any(a <= s.start < b for a, b, _ in edits)]
    spans = [(s.start, s.end, inline(md, s.text)) for s in loose]
    parts, last = [], 0
    for start, end, html in sorted([*edits, *spans]):
        if start >= last:
            parts += [text[last:start], html]
            last = end
    return zensical.LAB.sub(r"\1.md", "".join([*parts, text[last:]]))


def block(md, text):
    lines = text.splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    html = md.reset().convert("\n".join([lines[0], *(line[margin:] for line in lines[1:])]))
    return re.sub(r"\n\s*\n", "\n&#8203;\n", html) + "\n"


def inline(md, text):
    return md.reset().convert(text).removeprefix("<p>").removesuffix("</p>")


def measure(root, *command):
    """(processor seconds, seconds, MiB of the largest process) of `python …` in a folder."""
    here = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), "HOME": str(root), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, json.dumps([sys.executable, *command])],
        cwd=root,
        env=here | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)
