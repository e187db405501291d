import pytest

from tests.whole.project import Project


@pytest.fixture
def project(tmp_path):
    """A copy of the whole project, to break and build."""
    return Project(tmp_path / "project")
