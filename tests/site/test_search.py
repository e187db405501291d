"""Search as a reader uses it: what they type, and the page they want among the first three."""

import pytest

from tests.site.conftest import until
from yansuan.site.search import ENTRIES

HITS = {
    "zh": {
        "标准化": "feature-normalization",
        "批量归一化": "batch-norm/",
        "移动平均": "inference",
        "方差": "inside-the-network|inference",
        "梯度": "landscape|feature-scaling",
        "均值": "inside-the-network",
        "学习率": "landscape",
        "条件数": "landscape",
        "误差曲面": "landscape",
        "激活函数": "inside-the-network",
        "推理": "inference",
        "批大小": "edge-cases|batch-statistics",
        "fold_batch_norm_conv": "convolutions",
        "谱归一化": "relatives",
        "变异": "verification",
        "特征归一化": "feature-normalization",
        "术语": "glossary",
        "缩放": "training",
        "批次归一化": "batch-norm/",
        "批归一化": "batch-norm/",
        "滑动平均": "inference",
        "momentum": "conventions",
        "batch_norm_train": "training",
    },
    "en": {
        "standardization": "feature-normalization",
        "batch normalization": "batch-norm/",
        "moving average": "moving-averages|inference",
        "variance": "inside-the-network",
        "gradient descent": "landscape|feature-scaling",
        "condition number": "landscape",
        "momentum": "conventions",
        "eval": "inference",
        "batch_norm_train": "training",
        "verified": "index|verification|formulas|^$",
    },
}


# Above the results the theme says how many there are, at the moment that it shows them; without a query, what to do.
WITHOUT = """document.querySelector('.md-search-result__meta').textContent ===
  JSON.parse(document.getElementById('__config').textContent).translations['search.result.placeholder']"""


@pytest.fixture(scope="module")
def search(browser, origin):
    """search(lang, query) -> addresses of the hits, in order."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    pages = {}

    def run(lang, query):
        if lang not in pages:
            pages[lang] = context.new_page()
            pages[lang].goto(f"{origin}/{lang}/")
            pages[lang].locator(".md-search__input").click()
        page = pages[lang]
        page.locator(".md-search__input").fill("")
        until(page, WITHOUT)
        page.locator(".md-search__input").fill(query)  # an `input` event, as from an input method; no key goes up
        until(page, f"!({WITHOUT})")
        found = page.evaluate("[...document.querySelectorAll('.md-search-result__item > a')].map(a => a.href)")
        return [href.split(f"/{lang}/", 1)[1].split("?")[0] for href in found]

    yield run
    context.close()


@pytest.mark.parametrize(("lang", "query"), [(lang, query) for lang in HITS for query in HITS[lang]])
def test_the_right_page_is_among_the_first_three(search, lang, query):
    hits = search(lang, query)
    wanted = HITS[lang][query].split("|")
    assert any(w.strip("^$") in hit if w != "^$" else hit == "" for hit in hits[:3] for w in wanted), hits[:6]


def test_the_index_is_fetched_when_somebody_searches(browser, origin):
    """It is a third of what a first visit would load; a query that comes while it is on its way is answered."""
    context, asked = browser.new_context(viewport={"width": 1300, "height": 900}), []
    page = context.new_page()
    context.on("request", lambda request: asked.append(request.url))
    page.goto(f"{origin}/en/", wait_until="networkidle")  # half a second without a request: what did not come
    assert not any(url.endswith(ENTRIES) for url in asked)
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("variance")
    page.locator(".md-search-result__item").first.wait_for()
    assert sum(url.endswith(ENTRIES) for url in asked) == 1
    context.close()


def test_nonsense_is_not_found(search):
    assert search("zh", "蘑菇煎蛋") == []
