"""The page of a lab: plumbing is folded away, figures are described, words are in the language of the page."""

import re
from pathlib import Path

import pytest
from nbformat import v4

from yansuan.base.errors import YansuanError
from yansuan.runs import execute, notebook
from yansuan.runs.lab import Lab
from yansuan.runs.words import words

LAB = """# %% [markdown] tags=["zh"]
# # 题 {#lab}

# %% [markdown] tags=["en"]
# # Title {#lab}

# %% tags=["figure"]
print("drawn")

# %% [markdown] tags=["zh"]
# alt: 一条“线”。
#
# 说明。

# %% [markdown] tags=["en"]
# alt: A "line".
#
# Caption.
"""
SVG = {"en": "<svg>step</svg>", "zh": "<svg>步数</svg>"}
RUN = {"outputs": [[["text", {"en": "drawn", "zh": "画好了"}], ["svg", SVG]]]}


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("docs/labs/lab.py")
    file.parent.mkdir(parents=True)
    file.write_text(LAB, "utf-8")
    return file


def page(path, lang, run=RUN):
    return notebook.markdown(notebook.of_lab(Lab(path), run, lang))


def test_a_cell_with_a_tag_is_folded_and_what_it_gave_is_not(path):
    folded = (
        '??? abstract "How the figure is drawn"\n\n    ``` { .python .no-copy }\n    print("drawn")\n    ```\n\n<pre'
    )
    assert folded in page(path, "en")
    assert '??? abstract "图是怎么画的"' in page(path, "zh")
    path.write_text(LAB.replace(' tags=["figure"]', ""), "utf-8")
    assert "???" not in page(path, "en")


def test_every_tag_has_a_title_in_both_languages(path):
    for fold in ("figure", "table", "verdict", "code"):
        path.write_text(LAB.replace('tags=["figure"]', f'tags=["{fold}"]'), "utf-8")
        assert all(re.search(r'\?\?\? abstract "[^"]+"\n', page(path, lang)) for lang in ("en", "zh"))


def test_an_unknown_tag_is_refused(path):
    path.write_text(LAB.replace('tags=["figure"]', 'tags=["hidden"]'), "utf-8")
    with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:7: a page folds code as figure, .*, not as 'hidden'$"):
        Lab(path)


def test_a_figure_is_described_and_in_the_language_of_its_page(path):
    described = '<div class="ys-lab-figure" role="img" aria-label="A &quot;line&quot;."><svg>step</svg></div>'
    assert described in page(path, "en")
    assert 'aria-label="一条“线”。"><svg>步数</svg></div>' in page(path, "zh")
    assert "<samp>画好了</samp>" in page(path, "zh")
    for lang in ("en", "zh"):
        assert "alt:" not in page(path, lang) + "".join(notebook.download(Lab(path), lang))


@pytest.mark.parametrize(("line", "lang"), [("# alt: 一条“线”。\n", "zh"), ('# alt: A "line".\n', "en")])
def test_a_figure_that_is_not_described_is_refused(path, line, lang):
    path.write_text(LAB.replace(line, ""), "utf-8")
    with pytest.raises(YansuanError, match=rf"^docs/labs/lab\.py:8: its figure is not described in '{lang}'"):
        page(path, lang)


def test_one_description_is_for_one_figure(path):
    with pytest.raises(YansuanError, match=r"^docs/labs/lab\.py:8: this cell draws 2 figures, .*: split it$"):
        page(path, "en", {"outputs": [[["svg", SVG], ["svg", SVG]]]})


def test_without_a_run_nobody_knows_what_is_drawn(path):
    assert "Caption." in page(path, "en", None)


def test_printed_words_are_in_both_languages():
    printed = v4.new_output("stream", name="stdout", text=f"{words(en='step', zh='步数')}  1\n")
    plain = v4.new_output("stream", name="stdout", text="2\n")
    assert execute.shown([printed]) == [("text", {"en": "step  1", "zh": "步数  1"})]
    assert execute.shown([plain]) == [("text", "2")]
    assert execute.shown([printed, plain]) == [("text", {"en": "step  1\n2", "zh": "步数  1\n2"})]


def test_what_came_out_is_folded_until_one_has_guessed(path):
    verdicts = "/// verdict | lab.one\n///\n\n/// verdict | lab.two\n///"
    in_file = "".join(f"# {line}".rstrip() + "\n" for line in ["", *verdicts.split("\n"), "", "## Next {#next}"])
    path.write_text(LAB.replace("# # Title {#lab}\n", "# # Title {#lab}\n" + in_file), "utf-8")
    text = page(path, "en")
    assert text.startswith(
        '# Title {#lab}\n\n??? abstract "What came out (guess first)"\n\n'
        "    /// verdict | lab.one\n    ///\n\n    /// verdict | lab.two\n    ///\n\n## Next {#next}"
    )
    assert "What came out" not in "".join(notebook.download(Lab(path), "en"))
