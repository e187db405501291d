"""Search as a reader uses it: what they type, and the page they want among the first three."""

import re
from pathlib import Path

import pytest

from tests.site.conftest import LANGS, SITE, until
from tests.site.queries import FOUND, HELD
from yansuan.formula.formula import load_all
from yansuan.site.search import ENTRIES, aliases
from yansuan.tex.plain import plain

TYPED = {
    "zh": {"为什么用移动平均": "batch-norm/inference/", "KL散度": "papers/vae-2013/", "softmax": "course/softmax/"},
    "en": {"bessel": "batch-norm/", "layernorm": "papers/layer-norm-2016/", "momentum 0.1": "conventions/"},
}

# Asks the site's own worker, many queries at once; a list of pages for each, each a list of entries.
ASK = """([url, queries]) => new Promise((done) => {
  const worker = new Worker(url), answers = [];
  worker.onmessage = ({ data: { type, data } }) => {
    if (type === 3) answers.push(data.items);
    if (answers.length === queries.length) done((worker.terminate(), answers));
    else worker.postMessage({ type: 2, data: queries[answers.length] });
  };
  worker.postMessage({ type: 0, data: {} });
})"""

# Above the results the theme says how many there are, at the moment that it shows them; without a query, what to do.
WITHOUT = """document.querySelector('.md-search-result__meta').textContent ===
  JSON.parse(document.getElementById('__config').textContent).translations['search.result.placeholder']"""


@pytest.fixture(scope="module")
def ask(browser, origin):
    """ask(lang, queries) -> {query: pages, each a list of entries}."""
    context = browser.new_context()
    page = context.new_page()

    def run(lang, queries):
        page.goto(f"{origin}/{lang}/")
        (worker,) = (SITE / lang / "assets/javascripts/workers").glob("*.js")
        url = f"{origin}/{worker.relative_to(SITE).as_posix()}"
        return dict(zip(queries, page.evaluate(ASK, [url, list(queries)]), strict=True))

    yield run
    context.close()


@pytest.fixture(scope="module")
def answers(ask):
    return {lang: ask(lang, [*FOUND[lang], *HELD[lang]]) for lang in LANGS}


def addresses(pages):
    return [min((entry["location"] for entry in entries), key=len).partition("#")[0] for entries in pages]


def rank(pages, wanted):
    """Of the first page with this address, from 1; 0 if there is none."""
    return next((n for n, address in enumerate(addresses(pages), 1) if re.search(wanted, address)), 0)


@pytest.mark.parametrize(("lang", "query"), [(lang, query) for lang in FOUND for query in FOUND[lang]])
def test_the_right_page_is_among_the_first_three(answers, lang, query):
    pages = answers[lang][query]
    assert 0 < rank(pages, FOUND[lang][query]) <= 3, addresses(pages)[:6]


def test_what_nothing_was_tuned_to_is_mostly_found(answers):
    missed = [q for lang in HELD for q, wanted in HELD[lang].items() if not 0 < rank(answers[lang][q], wanted) <= 3]
    assert len(missed) <= 4, missed


@pytest.mark.parametrize("lang", LANGS)
def test_a_name_from_the_list_leads_to_what_it_is_a_name_of(ask, lang):
    named = aliases(Path("docs", lang), lang)
    answers = ask(lang, sorted({name for names in named.values() for name in names}))
    assert len(answers) > 250
    lost = [
        f"{name}: {place}, not {addresses(answers[name])[:3]}"
        for place, names in named.items()
        for name in names
        if place.partition("#")[0] not in addresses(answers[name])[:3]
    ]
    assert not lost, "\n".join(lost)


@pytest.mark.parametrize(("lang", "query", "place"), [("zh", "有效样本数", "term-"), ("en", "jitter", "term-jitter")])
def test_a_term_of_the_glossary_is_an_entry_that_can_be_linked_to(ask, lang, query, place):
    found = [e["location"] for entries in ask(lang, [query])[query] for e in entries]
    terms = [address for address in found if address.startswith(f"glossary/#{place}")]
    assert terms, found
    page = (SITE / lang / "glossary/index.html").read_text("utf-8")
    assert all(f'<tr id="{address.partition("#")[2]}">' in page for address in terms)


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_shown_is_text_with_its_words_marked(answers, lang):
    """A formula says what it is, a picture nothing, and nothing of a page becomes an element of the list."""
    for query in FOUND[lang]:
        for entry in (entry for entries in answers[lang][query] for entry in entries):
            shown = f"{entry['title']}\n{entry['text']}"
            assert set(re.findall(r"</?(\w+)", shown)) <= {"p", "mark"}, shown
    everything = (SITE / lang / ENTRIES).read_text("utf-8")
    assert plain(load_all("snippets")["batch_norm.batch_mean"].tex) in everything, "the formula of a card as text"
    (train,) = [
        e for entries in answers[lang]["batch_norm_train"] for e in entries if e["location"].endswith("norm_train")
    ]
    assert train["title"].startswith("<mark>batch_norm_train</mark>")
    assert train["text"].startswith("<p>μ_i = 1/m∑"), "a teaser begins with the formula"
    assert "stroke-linejoin" not in everything


@pytest.fixture(scope="module")
def typed(browser, origin):
    """typed(lang, query) -> addresses of the hits in the list, in order."""
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


@pytest.mark.parametrize(("lang", "query"), [(lang, query) for lang in TYPED for query in TYPED[lang]])
def test_the_theme_shows_what_the_worker_finds(typed, lang, query):
    assert typed(lang, query)[0].startswith(TYPED[lang][query])


def test_nonsense_is_not_found(typed):
    assert typed("zh", "蘑菇煎蛋") == []


def test_the_entries_are_fetched_when_somebody_searches(browser, origin):
    """They are a third of what a first visit would load; a query that comes while they are on their way is answered."""
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
