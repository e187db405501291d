"""The glossary: the same terms in both languages, each used, and no second word for the same thing."""

import re
from pathlib import Path

import pytest

ROW = re.compile(r"^\| (?!中文|---)(.+?) \| (.+?) \| (.+?) \|$", re.M)
# what not to write: {variant: the term of the glossary}
VARIANTS = {
    "zh": {
        "批标准化": "批量归一化",
        "批次归一化": "批量归一化",
        "批规范化": "批量归一化",
        "批正则化": "批量归一化",
        "批归一化": "批量归一化",
        "层标准化": "层归一化",
        "规范化": "归一化或标准化",
        "学习速率": "学习率",
        "权值": "权重",
        "样例": "样本",
        "隐层": "隐藏层",
        "隐含层": "隐藏层",
        "激励函数": "激活函数",
        "标准偏差": "标准差",
        "滑动平均": "移动平均",
        "滑动均值": "移动平均",
        "协方差偏移": "协变量偏移",
        "海森矩阵": "Hessian 矩阵",
        "黑塞矩阵": "Hessian 矩阵",
        "雅克比": "Jacobian 矩阵",
        "雅可比": "Jacobian 矩阵",
        "有限差分法": "差分",
        "遮罩": "掩码",
        "批尺寸": "批大小",
        "批量大小": "批大小",
        "小批次": "小批量",
        "损失曲面": "误差曲面",
        "误差表面": "误差曲面",
    },
    "en": {
        "normalis": "normaliz",
        "standardis": "standardiz",
        "batch norm ": "batch normalization",
        "batchnorm": "batch normalization",
        "mini batch": "mini-batch",
        "minibatch": "mini-batch",
        "testing time": "inference",
        "z-scoring": "standardization",
    },
}


def rows(lang):
    return ROW.findall(Path(f"docs/{lang}/glossary.md").read_text("utf-8"))


def prose(lang):
    """{page: text} without code, math, links' addresses and the glossary itself."""
    found = {}
    for page in Path("docs", lang).rglob("*.md"):
        if page.name != "glossary.md":
            text = re.sub(r"^---\n.*?\n---\n", "", page.read_text("utf-8"), flags=re.S)
            text = re.sub(
                r"^( *)```.*?^\1```$|`[^`\n]+`|\$[^$\n]+\$|\]\([^)]*\)|\{#[^}]*\}", " ", text, flags=re.S | re.M
            )
            found[page] = text
    return found


def test_both_languages_list_the_same_terms_in_the_order_of_the_english():
    zh, en = rows("zh"), rows("en")
    assert [row[:2] for row in zh] == [row[:2] for row in en]
    terms = [re.sub(r"\W", "", row[1]).lower() for row in en]
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms) > 30


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_term_is_used_on_a_page(lang):
    text = "\n".join(prose(lang).values()).lower()
    others = [*Path("snippets").glob("*.py"), *Path("docs/labs").glob("*.py")]
    titles = "\n".join(p.read_text("utf-8") for p in others).lower()
    unused = []
    for zh, en, _ in rows(lang):
        names = re.split(r" / |（|）|、", zh) if lang == "zh" else re.split(r" / | \(|\)|, ", en)
        names = [n.replace("`", "").strip().lower() for n in names if n.strip()]
        if not any(n in text or n in titles for n in names):
            unused.append(zh if lang == "zh" else en)
    assert not unused, f"in the glossary and on no page: {unused}"


def variants(lang, text):
    return {v: term for v, term in VARIANTS[lang].items() if v in text.lower()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_word_for_one_thing(lang):
    faults = [
        f"{page}: {v!r}: write {t!r}" for page, text in prose(lang).items() for v, t in variants(lang, text).items()
    ]
    for path in Path("snippets").glob("*.py"):
        faults += [
            f"{path}: {v!r}: write {t!r}" for v, t in variants(lang, path.read_text("utf-8")).items() if lang == "zh"
        ]
    assert not faults, "\n".join(faults)


def test_a_variant_is_seen():
    assert variants("zh", "批标准化之后") == {"批标准化": "批量归一化"}
    assert variants("en", "Batch normalisation") == {"normalis": "normaliz"}
    assert not variants("zh", "批量归一化")
