import os
import re
import shutil

import pytest

from tests.whole.fork import Server
from tests.whole.project import HERE, LEFT_OUT, OURS, ROOT, Project, install, once


@pytest.fixture(scope="session")
def server():
    """What runs commands in processes that have their libraries loaded."""
    running = Server()
    yield running
    running.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder of all processes of this run."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@pytest.fixture(scope="session")
def installed(shared):
    return once(shared / "installed", install)


@pytest.fixture(scope="session")
def proved(shared, installed, server):
    """The foreign project after a whole green run at home, in a fresh process: it leaves the engine compiled, too."""

    def make(root):
        shutil.copytree(HERE / "foreign", root, ignore=LEFT_OUT)
        said = Project(root, installed, server).run("pytest", "-q", fresh=True, PYTHONDONTWRITEBYTECODE="")
        assert "exit 0" in said, said

    return Project(once(shared / "proved", make), installed, server)


@pytest.fixture
def foreign(proved, tmp_path):
    """A copy of a repository of three pages that knows the engine as a package only."""
    shutil.copytree(HERE / "foreign", tmp_path / "notes", ignore=LEFT_OUT)
    return Project(tmp_path / "notes", proved.installed, proved.server)


@pytest.fixture(scope="session")
def small(shared, proved):
    """The small project in two languages, proved and built: evidence, figures, a lab and a site."""

    def make(root):
        shutil.copytree(HERE / "small", root, ignore=LEFT_OUT)
        for path in OURS:
            shutil.copy(ROOT / path, root / path)
        config = root / "mkdocs.yml"
        nav = (root / "nav.yml").read_text("utf-8")
        config.write_text(re.sub(r"^nav:.*?(?=^\w)", nav, config.read_text("utf-8"), flags=re.M | re.S), "utf-8")
        made = Project(root, proved.installed, proved.server)
        for command in (("pytest", "-q"), ("mkdocs", "build", "--strict")):
            said = made.run(*command)
            assert "exit 0" in said, said

    return Project(once(shared / "small", make), proved.installed, proved.server)


@pytest.fixture
def project(small, tmp_path):
    """A copy of it, without the site, to break and build."""
    return small.copied(tmp_path / "project", "site")
