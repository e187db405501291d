"""Which test modules can have something to say of a function, and a key for all that judges it.

Nothing is imported here, so that `yansuan check` learns in an instant that nothing has changed.
"""

import ast
import hashlib
import re
import sys
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yansuan.base import store
from yansuan.base.settings import settings
from yansuan.formula.formula import load_all, modules
from yansuan.formula.module import read
from yansuan.formula.needs import local
from yansuan.proof.equivalent import all_listed
from yansuan.proof.sources import Sources

ENGINE = ("proof", "tex", "formula", "base")  # the folders of the engine that decide what a test sees
LOOPS = re.compile(r"^from yansuan\.proof\.rules import\b|^\w+ = load_all\(", re.M)  # over every formula
PAGES = re.compile(r"\bmark\.pages\b")  # about all pages


@dataclass(frozen=True)
class Function:
    """A function of the snippets, helpers included."""

    path: Path
    node: ast.FunctionDef
    digest: str

    @property
    def label(self) -> str:
        return f"{self.path.stem}.{self.node.name}"


def functions() -> list[Function]:
    """Every function of the snippets, helpers included."""
    formulas, found = load_all(settings().snippets), []
    for path in [*modules(settings().snippets), *sorted(Path(settings().snippets).glob("_[a-z]*.py"))]:
        module = read(path)
        for name, node in module.defined.items():
            if isinstance(node, ast.FunctionDef):
                formula = formulas.get(f"{path.stem}.{name}")
                digest = formula.digest if formula else hashlib.sha256(store.code(module.text).encode()).hexdigest()
                found.append(Function(path, node, digest))
    return found


def users() -> Mapping[tuple[Path, str], set[str]]:
    """{(file, function): the formulas that need it}, themselves included."""
    found: dict[tuple[Path, str], set[str]] = {}
    for formula in load_all(settings().snippets).values():
        for module, name in formula.needs[0]:
            found.setdefault((module.path, name), set()).add(formula.id)
    return found


def families(function: Function, needed_by: Iterable[str]) -> set[str]:
    """The families whose tests judge a function: its own, and those of the formulas that need it."""
    return {function.path.stem, *(name.partition(".")[0] for name in needed_by)}


def folders() -> list[Path]:
    """Where pytest looks for tests: `testpaths` of pyproject.toml, or the folder of the witnesses."""
    try:
        configured = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    except FileNotFoundError:
        configured = {}
    paths = configured.get("tool", {}).get("pytest", {}).get("ini_options", {}).get("testpaths", [])
    paths = paths.split() if isinstance(paths, str) else paths
    return [Path(path) for path in dict.fromkeys([*paths, settings().tests])]


def test_modules() -> list[Path]:
    """Every test module that a whole run collects."""
    return sorted({path for folder in folders() for path in folder.rglob("test_*.py")})


def modules_about(families: Collection[str], pages: bool = False) -> list[Path]:
    """The test modules of these families, and those that loop over every formula; if asked, those about all pages."""
    names = {f"test_{family}.py" for family in families}
    chosen = []
    for path in test_modules():
        text = path.read_text("utf-8")
        if path.name in names or LOOPS.search(text) or (pages and PAGES.search(text)):
            chosen.append(path)
    return chosen


class Keys:
    """What a verdict about a function depends on, as a key. Made once; files that change later are not seen."""

    def __init__(self, sources: Sources | None = None) -> None:
        self.sources = sources or Sources()
        self._files: dict[Path, list[Path]] = {}  # of the project, by the module that imports them
        here = Path(__file__).parents[1]
        engine = [path for name in ENGINE for path in sorted((here / name).glob("*.py"))]
        engine.append(here / "evidence.py")  # it says what a witness may allow
        conftests = {path for folder in folders() for path in [*folder.rglob("conftest.py"), *_above(folder)]}
        own = {path.as_posix(): source for path, source in self._sources(conftests).items()}
        self.common = {
            "engine": {path.relative_to(here).as_posix(): self.sources.hash(path) for path in engine},
            "conftests": own,
            "loops": {p.as_posix(): source for p, source in self._sources(modules_about(())).items()},
            "versions": [sys.version, *installed()],
        }
        self._common = store.key(self.common)
        self._listed = all_listed()
        self._tests = {path.name: path for path in test_modules()}

    def of(self, function: Function, families: Collection[str]) -> str:
        """The key of a function that the tests of these families judge."""
        tests = [self._tests[name] for family in sorted(families) if (name := f"test_{family}.py") in self._tests]
        judges = {path.as_posix(): source for path, source in self._sources(tests).items()}
        listed = [by_function.get(function.label, {}) for by_function in self._listed]
        mine = {"code": function.digest, "name": function.node.name, "listed": listed}
        return store.key({**mine, "judges": judges, "common": self._common})[:16]

    def of_score(self, function: Function, families: Collection[str]) -> str:
        """The key of what became of its mutants: of the same, and of every snippet that these tests call."""
        tests = [self._tests[name] for family in sorted(families) if (name := f"test_{family}.py") in self._tests]
        called = {path.as_posix(): source for path, source in self._sources([*tests, function.path], True).items()}
        return store.key({"of": self.of(function, families), "called": called})[:16]

    def _sources(self, paths: Iterable[Path], snippets: bool = False) -> dict[Path, str]:
        """What these modules say, and the modules of the project's tests, or of its snippets too, that they import."""
        found: dict[Path, str] = {}
        todo = list(paths)
        while todo:
            path = todo.pop()
            if path not in found and path.is_file():
                found[path] = self.sources.hash(path)
                todo += [other for other in self._imported(path) if snippets or not _is_snippet(other)]
        return dict(sorted(found.items()))

    def _imported(self, path: Path) -> list[Path]:
        """The files of the project that a module imports."""
        if path not in self._files:
            self._files[path] = [found for name in self.sources.imports(path) if (found := local(name))]
        return self._files[path]


def _is_snippet(path: Path) -> bool:
    return path.parent == Path(settings().snippets)


def installed() -> list[str]:
    """Name and version of every package that Python finds, as their folders say: any of them may be a witness."""
    return sorted({path.name for folder in sys.path for path in Path(folder or ".").glob("*.dist-info")})


def _above(folder: Path) -> Iterator[Path]:
    """The conftest.py of the folders above this one, up to the root of the project."""
    return (path for parent in folder.parents if (path := parent / "conftest.py").is_file())
