"""The pytest plugin, by entry point. Where no `[tool.yansuan]` asks for it, it does nothing and imports nothing."""

import tomllib
from pathlib import Path

import pytest

pytest.register_assert_rewrite("yansuan.proof.rules", "yansuan.proof.witness")


def declared() -> bool:
    """Whether the project in the working directory wants to be proved: its pyproject.toml has `[tool.yansuan]`."""
    try:
        text = Path("pyproject.toml").read_text("utf-8")
        return "yansuan" in text and "yansuan" in tomllib.loads(text).get("tool", {})
    except (OSError, ValueError):
        return False


def pytest_addoption(parser: pytest.Parser) -> None:
    if declared():
        group = parser.getgroup("yansuan")
        group.addoption("--mutants", action="store_true", help="mutate the families tested, even if a part is tested")
        group.addoption("--changed", action="store_true", help="only what concerns changed functions and pages")
        group.addoption("--seed", type=int, help="draw other numbers than the evidence is about, and write nothing")


def pytest_configure(config: pytest.Config) -> None:
    if declared():
        from yansuan.proof.run import begin

        begin(config)
