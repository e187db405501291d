"""`make mutmut`: mutmut's mutants of the snippets, as a second opinion on yansuan/mutation.py.

mutmut's exit code says nothing about survivors, so they are read from its statistics; it trusts a green baseline, so
the tests run twice before. A survivor that is no known artefact is printed as a diff, and the exit code is 1.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ARTEFACTS = {
    "a default value: mutmut's wrapper always passes the original one (yansuan/mutation.py mutates these)": r"-def .*",
    "a letter that names a size in an error message": r"-    check_shapes\(.*",
}


def run(*arguments):
    return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False)


def main():
    config = re.search(r"pytest_add_cli_args = (\[.*?\])", Path("pyproject.toml").read_text("utf-8"), re.S)[1]
    for _ in range(2):
        done = run("pytest", "-q", "tests", *json.loads(config))
        if done.returncode:
            return f"the tests are not green to begin with:\n{done.stdout[-2000:]}"
    done = run("mutmut", "run")
    run("mutmut", "export-cicd-stats")
    path = Path("mutants/mutmut-cicd-stats.json")
    if not path.is_file():
        return f"mutmut did not finish:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    counts = json.loads(path.read_text("utf-8"))
    if counts["killed"] + counts["survived"] != counts["total"] or not counts["total"]:
        return f"mutmut did not judge every mutant: {counts}\n{done.stdout[-500:]}"
    unknown = []
    for name in re.findall(r"(\S+): survived", run("mutmut", "results").stdout):
        diff = run("mutmut", "show", name).stdout
        removed = [line for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]
        reason = next((why for why, what in ARTEFACTS.items() if all(re.fullmatch(what, r) for r in removed)), None)
        print(f"{name}: {reason}") if reason else unknown.append(diff)
    print(f"mutmut: {counts['killed']} of {counts['total']} killed, {len(unknown)} survive unexplained")
    return "\n".join(unknown) or None


if __name__ == "__main__":
    sys.exit(main())
