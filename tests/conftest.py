from pathlib import Path

import pytest

from tests.project import Project
from yansuan import formula

if Path.cwd().name == "mutants":  # mutmut's copy, where functions are wrapped and have lost their docstrings
    read = formula.read
    formula.read = lambda path: read(Path("..", path) if Path.cwd().name == "mutants" else path)


@pytest.fixture
def project(tmp_path):
    """A copy of the whole project, to break and build."""
    return Project(tmp_path / "project")
