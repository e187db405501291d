"""`python -m scripts.benchmark pages [pages a language …]`: a whole build, beside plain Material and Zensical.

Each page has running text with inline math and two or three cards, each of a function of its own. Plain Material gets
the same text with the cards and the inline math as finished HTML: the same pages to make, and nothing to check.
One process a build, both languages one after the other; the median of three, in turns, of seconds of processor time, as
other programs may be running.
"""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import markdown

from yansuan.base.settings import settings
from yansuan.formula.module import Module
from yansuan.site import font

SIZES = (30, 75, 150, 300)
RUNS = 3
TEXT = {"en": "docs/en/batch-norm/training.md", "zh": "docs/zh/batch-norm/training.md"}
FUNCTIONS = ("batch_mean", "batch_variance", "scale_and_shift")
CONFIG = """site_name: {lang}
docs_dir: docs/{lang}
site_dir: site/{lang}
theme: {{name: material, language: {lang}, font: false}}
plugins: [{plugins}]
markdown_extensions:
  admonition: {{}}
  attr_list: {{}}
  tables: {{}}
  toc: {{permalink: true}}
  pymdownx.highlight: {{}}
  pymdownx.superfences: {{}}
"""
MEASURED = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
for command in json.loads(sys.argv[1]):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024]))
"""


def families(root, pages):
    """Copies of three functions under other names: two or three for each page."""
    module = Module(Path("snippets/batch_norm.py"))
    (root / "snippets").mkdir()
    shutil.copy("snippets/_shapes.py", root / "snippets")
    names = []
    for page in range(pages):
        text = module.text.partition("\n\n\n")[0]
        for name in FUNCTIONS[: 2 + page % 2]:
            source = module.source(module.defined[name])
            text += "\n\n\n" + source.replace(f"def {name}(", f"def {name}_{page}(").replace(
                f"{name}(np", f"{name}_{page}(np"
            )
        (root / "snippets" / f"family{page}.py").write_text(text + "\n", "utf-8")
        names.append([f"family{page}.{name}_{page}" for name in FUNCTIONS[: 2 + page % 2]])
    return names


def prose(lang):
    """A real page without its cards, figures, sessions and links."""
    text = re.sub(
        r"\A---.*?^---$|^/// .*?^///$|^```.*?^```$", "", Path(TEXT[lang]).read_text("utf-8"), flags=re.M | re.S
    )
    text = re.sub(r"\[=[^\]]*\]", "1", text)
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)


def write(root, pages, plain):
    """A project of so many pages a language; `plain`: with finished HTML in the place of cards and inline math."""
    names = families(root, pages)
    for lang, text in ((lang, prose(lang)) for lang in TEXT):
        docs = root / "docs" / lang
        docs.mkdir(parents=True)
        for page in range(pages):
            head, _, rest = text.strip().partition("\n")
            cards = "\n".join(f"/// formula | {name}\n\n///\n" for name in names[page])
            whole = re.sub(r"\{#", f"{{#p{page}-", f"{head}\n\n{cards}\n{rest}\n")
            (docs / f"page{page}.md").write_text(finished(root, whole, lang) if plain else whole, "utf-8")
        (docs / "index.md").write_text(f"# {lang} {{#start}}\n\nStart.\n", "utf-8")
        config = CONFIG.format(lang=lang, plugins="search" if plain else "search, yansuan")
        config += "" if plain else f"  yansuan: {{lang: {lang}}}\n"
        (root / f"mkdocs.{lang}.yml").write_text(config, "utf-8")


def finished(root, text, lang):
    """Markdown with what the extension would make already in it."""

    def made(part):
        return markdown.markdown(part, extensions=["yansuan"], extension_configs={"yansuan": {"lang": lang}})

    with contextlib.chdir(root):  # where the snippets are
        text = re.sub(
            r"^/// formula.*?^///$", lambda m: re.sub(r"\n\s*\n", "\n&#8203;\n", made(m[0])), text, flags=re.M | re.S
        )
        return re.sub(r"(?<![\\$\w])\$[^$\n]+\$", lambda m: made(m[0]).removeprefix("<p>").removesuffix("</p>"), text)


def measure(root, commands):
    """(processor seconds, seconds, MiB of the largest process) of these commands, one after the other."""
    command = [sys.executable, "-c", MEASURED, json.dumps(commands)]
    here = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path.cwd()), "NO_MKDOCS_2_WARNING": "1", "HOME": str(root)}
    done = subprocess.run(command, cwd=root, env=here, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def main(arguments):
    sizes = [int(n) for n in arguments] or SIZES
    start = time.process_time()
    font.cut(font.COMMON), font.cut(font.RARE)
    print(f"Once per project, not counted below: the math font is cut in {time.process_time() - start:.1f} s.\n")
    font.stylesheet(), font.math_font(font.RARE)
    print("| pages a language | | plain Material | with cards | ratio | again | Zensical | memory | bytes |")
    print("|---|---|---|---|---|---|---|---|---|")
    for pages in sizes:
        roots = {plain: Path(tempfile.mkdtemp()) for plain in (True, False)}
        builds = [[sys.executable, "-m", "mkdocs", "build", "-f", f"mkdocs.{lang}.yml"] for lang in TEXT]
        cold = {True: [], False: []}
        for plain, root in roots.items():
            write(root, pages, plain)
        for _ in range(RUNS):  # in turns, as a machine is not always equally fast
            for plain, root in roots.items():
                for made in ("site", ".cache"):
                    shutil.rmtree(root / made, ignore_errors=True)
                shutil.copytree(Path(settings().cache, "font"), root / ".cache" / "font")
                cold[plain].append(measure(root, builds))
        base, (cpu, wall, memory) = (sorted(cold[plain])[RUNS // 2] for plain in (True, False))
        again = measure(roots[False], builds)
        plain_size, size = (sum(p.stat().st_size for p in (r / "site").rglob("*.html")) for r in roots.values())
        other = measure(
            roots[False], [[sys.executable, "-m", "zensical", "build", "-f", f"mkdocs.{lang}.yml"] for lang in TEXT]
        )
        for root in roots.values():
            shutil.rmtree(root)
        print(
            f"| {pages} | processor | {base[0]:.1f} s | {cpu:.1f} s | {cpu / base[0]:.2f} | {again[0]:.1f} s "
            f"| {other[0]:.1f} s ({cpu / other[0]:.2f}) | {memory:.0f} MiB | {size / plain_size:.2f} × |"
        )
        print(
            f"| | wall clock | {base[1]:.1f} s | {wall:.1f} s | {wall / base[1]:.2f} | {again[1]:.1f} s "
            f"| {other[1]:.1f} s ({wall / other[1]:.2f}) | | {size / 1e6:.1f} MB |",
            flush=True,
        )
