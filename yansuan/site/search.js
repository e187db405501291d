// The worker that answers the theme's search box. It is asked {type: 0, data: index} once, then {type: 2, data: query}, and
// answers {type: 1} and {type: 3, data: {items}}: a list of pages, each a list of entries, the best first.
const ENTRIES = new URL("../../../search/entries.json", location);
const STOP = new Set(("a an and are as at be by can do does did for from how i in is it its my of on or should so than that the " +
  "there this to use used using was we what when where which who why will with you your vs versus").split(" "));
const ASKED = /为什么|为何|什么是|是什么|什么时候|什么|怎么样|怎么|怎样|如何|有没有|能不能|是不是|哪些|哪个|多少|区别|以及|还是|[的了吗呢是和与或把被对在]/gu;
const ENDINGS = /(?:is|iz)?(?:ations?|ings?|ers?|ors?|ed|es|e|s)$/;
let known; // {docs, synonyms}, on its way or there: asked for by the first query, and by the next if that failed

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const folded = (text) => (text || "").toLowerCase().replace(/[’']s\b/g, (s) => s[0] + "s");

async function fetched() {
  const { docs, synonyms } = await (await fetch(ENTRIES)).json();
  const pages = new Map(docs.filter((d) => !d.location.includes("#")).map((d) => [d.location, d]));
  for (const doc of docs)
    Object.assign(doc, { page: pages.get(doc.location.split("#")[0]) || doc, fields: [doc.title, doc.names, `${doc.math || ""}\n${doc.text}`].map(folded) });
  return { docs, synonyms };
}

// The words of a query. Chinese has no spaces: a run of it is its pairs of characters, which together are as good as words.
function words(query, synonyms) {
  let text = query.normalize("NFKC").toLowerCase();
  const theirs = Object.keys(synonyms).sort((a, b) => b.length - a.length);
  for (const word of theirs) text = text.split(word.toLowerCase()).join(` ${synonyms[word].toLowerCase()} `);
  const runs = (of) => of.match(/\p{sc=Han}+|\d+(?:\.\d+)+|(?:(?!\p{sc=Han})[\p{L}\p{N}_])+/gu) || [];
  const left = runs(text.replace(ASKED, " ")), all = left.length ? left : runs(text);
  const meant = all.filter((word) => !STOP.has(word));
  return [...new Set(meant.length ? meant : all)].flatMap((word) => {
    if (!/\p{sc=Han}/u.test(word)) return [latin(word)];
    const pairs = word.length > 2 ? [...word].slice(1).map((c, i) => word.slice(i, i + 2)) : [word];
    return pairs.map((text) => ({ text, share: 1 / Math.sqrt(pairs.length) }));
  });
}

// A word and what begins with it; less so what has its stem.
function latin(text) {
  const quoted = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const stem = text.length > 4 ? text.replace(ENDINGS, "") : text;
  const short = text.length < 2 || /^[\d.]+$/.test(text);
  const from = stem.length > 3 && !short ? stem : text;
  return { text, share: short ? 0.5 : 1, stem: from, find: new RegExp(`(^|[^a-z0-9])(${quoted(from)}[a-z0-9]*)`, "g"), short };
}

// How well a text has a word: 1 as it is typed, less for a longer word, less still for another form; and how often.
function has(word, text) {
  let best = 0, times = 0;
  if (!word.find) {
    for (let at = text.indexOf(word.text); at >= 0 && times < 9; at = text.indexOf(word.text, at + 1)) times++;
    return [Math.min(times, 1), times];
  }
  for (const [, , found] of text.matchAll(word.find)) {
    const how = found === word.text ? 1 : word.short ? 0 : found.startsWith(word.text) ? 0.7 : 0.4;
    if (how) { best = Math.max(best, how); times++; }
  }
  return [best, times];
}

function search(query, { docs, synonyms }) {
  const terms = words(query, synonyms), typed = folded(query.trim()), pages = new Map();
  if (!terms.length) return [];
  const found = docs.map((doc) => terms.map((term) => doc.fields.map((text) => (text ? has(term, text) : [0, 0]))));
  const weights = terms.map((term, t) => {
    const within = found.filter((fields) => fields[t].some(([how]) => how)).length;
    return term.share * Math.log(1 + docs.length / (1 + within));
  });
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  docs.forEach((doc, d) => {
    let score = 0, covered = 0;
    terms.forEach((term, t) => {
      const [[title], [names], [text, times]] = found[d][t];
      if (!title && !names && !text) return;
      covered += weights[t] * Math.max(title, names, text);
      score += weights[t] * (6 * title + 8 * names + text * (1 + Math.log(times || 1)) );
    });
    if (!score) return;
    const [title, names] = doc.fields;
    if (names && names.split("\n").includes(typed)) score *= 3;
    else if (title === typed) score *= 2;
    else if (terms.length > 1 && typed && `${title}\n${names}`.includes(typed)) score *= 1.5;
    score *= (covered / all) ** 2 * (doc.boost || 1) * (doc.page === doc ? 1.3 : 1);
    const page = doc.page.location;
    pages.set(page, [...(pages.get(page) || []), { doc, score }]);
  });
  return [...pages.values()].map((hits) => hits.sort((a, b) => b.score - a.score)).sort((a, b) => sum(b) - sum(a))
    .map((hits) => shown(hits, terms));
}

// A page with several good sections is more about it than one with a single one.
const sum = (hits) => hits[0].score + 0.15 * hits.slice(1, 4).reduce((s, hit) => s + hit.score, 0);

// What the list shows of a page: each entry with its words marked, and the page itself if it has none of them.
function shown(hits, terms) {
  const items = hits.map(({ doc, score }) => {
    const has = Object.fromEntries(terms.map((term) => [term.text, doc.fields.some((text) => marks(text, [term]).length > 0)]));
    return { location: doc.location, title: marked(doc.title, terms), text: teaser(doc, terms), score, terms: has };
  });
  const { page } = hits[0].doc;
  if (!hits.some(({ doc }) => doc === page)) items.push({ location: page.location, title: escaped(page.title), text: "", score: 0, terms: {} });
  return items;
}

// [start, end] of each place in a text, in lower case, that has one of the words.
function marks(text, terms) {
  const found = [];
  for (const term of terms) {
    if (!term.find) for (let at = text.indexOf(term.text); at >= 0; at = text.indexOf(term.text, at + 1)) found.push([at, at + term.text.length]);
    else for (const m of text.matchAll(term.find)) if (!term.short || m[2] === term.text) found.push([m.index + m[1].length, m.index + m[0].length]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}

function marked(text, terms) {
  let out = "", at = 0;
  const places = marks(text.toLowerCase(), terms), joined = [];
  for (const [from, to] of places) {
    const last = joined[joined.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  for (const [from, to] of joined) {
    out += `${escaped(text.slice(at, from))}<mark>${escaped(text.slice(from, to))}</mark>`;
    at = to;
  }
  return out + escaped(text.slice(at));
}

// The formula of a card, and the two blocks of a text with most of the words, cut to what is around them; else how it begins.
function teaser({ math, text }, terms) {
  const blocks = text.split("\n").map((block, at) => {
    const low = block.toLowerCase();
    return { block, at, worth: terms.filter((term) => marks(low, [term]).length).length };
  });
  const best = [...blocks].sort((a, b) => b.worth - a.worth || a.at - b.at).slice(0, 2).sort((a, b) => a.at - b.at);
  const shown = best.filter(({ worth }) => worth || !best[0].worth).map(({ block }) => around(block, terms));
  return [...(math ? [math] : []), ...shown].map((block) => `<p>${marked(block, terms)}</p>`).join("");
}

function around(block, terms) {
  const first = marks(block.toLowerCase(), terms)[0]?.[0] ?? 0;
  if (first < 120) return block.slice(0, 400);
  return `…${block.slice(Math.max(block.lastIndexOf(" ", first - 60), first - 90) + 1).slice(0, 400)}`;
}

addEventListener("message", async ({ data: { type, data } }) => {
  if (type === 0) return postMessage({ type: 1 });
  if (!data.trim()) return postMessage({ type: 3, data: { items: [] } });
  known ||= fetched();
  let items = [];
  try {
    items = search(data, await known);
  } catch (reason) {
    known = null;
    console.warn(reason);
  }
  postMessage({ type: 3, data: { items } });
});
