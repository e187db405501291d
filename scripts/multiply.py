"""`python -m scripts.multiply FOLDER [TIMES]`: write this project with TIMES the content (4 if not said) into a folder.

Every family of formulas with its tests, every figure, lab and note is there again under other names: `batch_norm_2`
beside `batch_norm`, `papers-2/` beside `papers/`. What cost grows with is then real formulas and real pages, and each
command of this project can be timed there: `make test` for the proof, `mkdocs build` for the site.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from yansuan.formula.formula import modules

# about all formulas, or of none
NOT_AGAIN = {"test_gradients", "test_latex", "test_traps", "test_wild_bugs", "test__shapes"}
TABLES = {
    "tests/formulas/equivalent_mutants.py": "EQUIVALENT, EQUIVALENT_LATEX",
    "tests/project/test_rules.py": "GIVEN",
}
# so that copies are green: traps are shown of the first, longer names make longer lines, each draws as the first
ALLOWANCES = [
    (
        "tests/formulas/test_traps.py",
        'load_all("snippets")',
        '{n: f for n, f in load_all("snippets").items() if not re.search(r"_\\d+\\.", n)}',
    ),
    ("tests/project/test_every_formula.py", "columns(line) <= 80", "columns(line) <= 90"),
    ("yansuan/proof/draw.py", "*name.encode()", '*__import__("re").sub(r"_\\d+\\.", ".", name).encode()'),
]
MORE = """
for _table in ({tables},):
    _table |= {{
        f"{{family}}_{{n}}{{dot}}{{name}}": value
        for family, dot, name, value in [(*label.partition("."), value) for label, value in _table.items()]
        for n in range(2, {times} + 1)
    }}
"""


class Copies:
    """The project in a folder, and what its parts are called in its nth copy."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.families = [path.stem for path in modules("snippets")]
        self.figures = [path.stem for path in sorted(Path("docs/figures").glob("[!_]*.py"))]
        self.labs = [path.stem for path in sorted(Path("docs/labs").glob("[!_]*.py"))]
        self.helpers = [path.stem for path in sorted(Path("docs/labs").glob("_*.py"))]
        self.folders = sorted(path.name for path in Path("docs/zh").iterdir() if path.is_dir())
        self.functions = {
            family: re.findall(r"^def (\w+)", Path(f"snippets/{family}.py").read_text("utf-8"), re.M)
            for family in self.families
        }

    def renamed(self, text: str, n: int) -> str:
        """A text of the project as its nth copy says it."""
        for family in self.families:
            text = re.sub(rf"\bsnippets\.{family}\b", rf"snippets.{family}_{n}", text)
            text = re.sub(rf"\bfrom snippets import {family}\b", rf"\g<0>_{n} as {family}", text)
            its = "|".join(self.functions[family])
            text = re.sub(rf"(?<![\w./]){family}\.(?=(?:{its})\b)", rf"{family}_{n}.", text)
        for helper in self.helpers:
            text = re.sub(rf"\bdocs\.labs\.{helper}\b", rf"\g<0>_{n}", text)
        names = "|".join(self.figures)
        text = re.sub(rf"(/// figure \| |\[=)({names})\b(?![-])", rf"\1\2_{n}", text)
        slugs = "|".join(self.labs)
        text = re.sub(rf"(/// verdict \| |\[=)({slugs})\.", rf"\1\2-{n}.", text)
        text = re.sub(rf"labs/({slugs})\.ipynb", rf"labs/\1-{n}.ipynb", text)
        return re.sub(rf"(?<=[(/])({'|'.join(self.folders)})/(?=[\w-]+\.md)", rf"\1-{n}/", text)

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def copy(self, source: Path, target: str, n: int) -> None:
        self.write(target, self.renamed(source.read_text("utf-8"), n))

    def make(self, n: int) -> None:
        """The nth copy of everything."""
        for family in self.families:
            self.copy(Path(f"snippets/{family}.py"), f"snippets/{family}_{n}.py", n)
        for path in Path("tests/formulas").glob("test_*.py"):
            if path.stem not in NOT_AGAIN:
                self.copy(path, f"tests/formulas/{path.stem}_{n}.py", n)
        for name in self.figures:
            self.copy(Path(f"docs/figures/{name}.py"), f"docs/figures/{name}_{n}.py", n)
        for slug in self.labs:
            self.copy(Path(f"docs/labs/{slug}.py"), f"docs/labs/{slug}-{n}.py", n)
        for helper in self.helpers:
            self.copy(Path(f"docs/labs/{helper}.py"), f"docs/labs/{helper}_{n}.py", n)
        for folder in self.folders:
            for path in sorted(Path("docs").glob(f"*/{folder}/*.md")):
                self.copy(path, f"docs/{path.parts[1]}/{folder}-{n}/{path.name}", n)

    def nav(self, n: int) -> Iterator[str]:
        """Lines of mkdocs.yml."""
        yield f"  - Copy {n} | 第 {n} 份:"
        for folder in self.folders:
            for path in sorted(Path("docs/zh", folder).glob("*.md")):
                yield f"      - {folder}-{n}/{path.name}"
        for slug in self.labs:
            yield f"      - labs/{slug}-{n}.ipynb"


def main(folder: str, times: str = "4") -> None:
    root = Path(folder)
    for name in subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, root / name)
    copies, last = Copies(root), int(times)
    for n in range(2, last + 1):
        copies.make(n)
    more = [line for n in range(2, last + 1) for line in copies.nav(n)]
    config = (root / "mkdocs.yml").read_text("utf-8")
    copies.write("mkdocs.yml", re.sub(r"(?m)^extra:", "\n".join([*more, "extra:"]), config, count=1))
    for path, tables in TABLES.items():
        copies.write(path, Path(path).read_text("utf-8") + MORE.format(tables=tables, times=last))
    for path, old, new in ALLOWANCES:
        text = (root / path).read_text("utf-8")
        if text.count(old) != 1:
            sys.exit(f"scripts/multiply.py: {path} has not one {old!r}: mend ALLOWANCES")
        copies.write(path, text.replace(old, new))
    subprocess.run([sys.executable, "-m", "yansuan", "match", "all"], cwd=root, stdout=subprocess.DEVNULL, check=True)
    pages = len(list(root.glob("docs/zh/**/*.md"))) + len(list(root.glob("docs/labs/[!_]*.py")))
    formulas = sum(map(len, copies.functions.values())) * last
    print(f"{folder}: {formulas} functions, {pages} pages a language")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
