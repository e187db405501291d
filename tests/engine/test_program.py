"""The first two lines of a copied program."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from yansuan.evidence import EDITED, VERIFIED, Proof
from yansuan.render.program import address, program

FORMULA = SimpleNamespace(title={"en": "Softmax", "zh": "softmax 函数"}, copy="import numpy as np\n\n\nprint(1)\n")
WHERE = "https://example.org/en/course/softmax/#losses.softmax"


def proof(*parties):
    return Proof(VERIFIED, tuple({"by": by} for by in parties))


@pytest.fixture
def licensed(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[tool.yansuan]\nlicence = "MIT"\n', "utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("licensed")
def test_two_lines_and_then_the_program():
    one = proof("torch.nn.functional.softmax", "", "torch.nn.functional.softmax")
    assert program(FORMULA, one, "en", WHERE) == (
        f"# Softmax: {WHERE}\n# Compared with torch.nn.functional.softmax. License: MIT\n{FORMULA.copy}"
    )
    assert program(FORMULA, one, "zh", WHERE).splitlines()[:2] == [
        f"# softmax 函数：{WHERE}",
        "# 已与 torch.nn.functional.softmax 比对。许可证：MIT",
    ]


@pytest.mark.usefixtures("licensed")
def test_as_many_third_parties_as_there_is_room_for():
    two = proof("torch.softmax", "scipy.special.softmax")
    line = "# Compared with torch.softmax and scipy.special.softmax. License: MIT"
    assert program(FORMULA, two, "en").splitlines()[1] == line
    long = proof("torch.nn.functional.softmax", "scipy.special.softmax", "torch.special.softmax")
    assert program(FORMULA, long, "en").splitlines()[1] == "# Compared with torch.nn.functional.softmax. License: MIT"


@pytest.mark.usefixtures("licensed")
def test_what_has_no_third_party_and_what_is_not_verified_say_so():
    ours = program(FORMULA, proof("", ""), "en", WHERE).splitlines()[1]
    assert ours == "# Compared with a second derivation of our own. License: MIT"
    assert program(FORMULA, Proof(EDITED), "en").splitlines()[:2] == [
        "# Softmax",
        "# Not verified as it stands. License: MIT",
    ]


def test_without_a_licence_none_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert program(FORMULA, proof("torch.softmax"), "en").splitlines()[1] == "# Compared with torch.softmax."


@pytest.mark.parametrize(
    ("page", "where"),
    [
        ("course/softmax.md", "https://e.org/en/course/softmax/#f.g"),
        ("papers/index.md", "https://e.org/en/papers/#f.g"),
        ("index.md", "https://e.org/en/#f.g"),
        ("labs/x.ipynb", "https://e.org/en/labs/x/#f.g"),
    ],
)
def test_the_address_of_a_card(page, where):
    docs = Path("docs/en")
    assert address("https://e.org/en/", docs, docs / page, "f.g") == where
    assert address("", docs, docs / page, "f.g") == ""
