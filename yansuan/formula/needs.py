"""What a function uses of the project's own modules, followed from name to name."""

from collections.abc import Callable, Iterable
from pathlib import Path

from yansuan.base.errors import YansuanError
from yansuan.formula.module import Module, read


def local(package: str) -> Path | None:
    """The file of a module of the project in the working directory, or None."""
    path = Path(*package.split(".")).with_suffix(".py") if package else None
    return path if path and path.is_file() else None


class Needs:
    """What some code uses of the project's own modules, followed from name to name.

    `local` gives the file of a package of the project, None for any other package.
    """

    def __init__(self, local: Callable[[str], Path | None]) -> None:
        self.local = local
        self.found: list[tuple[Path, str]] = []
        self._imports: dict[str, None] = {}

    def visit(self, module: Module, name: str, within: tuple[tuple[Path, str], ...] = ()) -> None:
        """Follow one definition: what it uses comes before it."""
        here = (module.path, name)
        if here not in self.found and here not in within:
            self.follow(module, module.uses(name), (*within, here))
            self.found.append(here)

    def follow(self, module: Module, names: Iterable[str], within: tuple[tuple[Path, str], ...] = ()) -> None:
        for used in names:
            if used in module.defined:
                self.visit(module, used, within)
            elif used in module.imported:
                statement, alias = module.imported[used]
                package = getattr(statement, "module", None) or ""
                if path := self.local(package or alias.name):
                    if not path.is_file() or alias.name not in read(path).defined:
                        raise YansuanError(module.path, statement.lineno, f"no {alias.name!r} in {path.as_posix()}")
                    self.visit(read(path), alias.name, within)
                else:
                    as_ = f" as {alias.asname}" if alias.asname else ""
                    line = f"from {package} import {alias.name}{as_}" if package else f"import {alias.name}{as_}"
                    self._imports[line] = None

    def twice(self) -> list[str]:
        """Names that have two definitions."""
        names = [name for _, name in self.found]
        return sorted({n for n in names if names.count(n) > 1})

    def definitions(self) -> list[tuple[Module, str]]:
        return [(read(path), name) for path, name in self.found]

    @property
    def imports(self) -> list[str]:
        return sorted(self._imports)
