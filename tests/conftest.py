from pathlib import Path

from yansuan import formula

if Path.cwd().name == "mutants":  # mutmut's copy, where functions are wrapped and have lost their docstrings
    read = formula.read
    formula.read = lambda path: read(Path("..", path) if Path.cwd().name == "mutants" else path)
