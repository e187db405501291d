// What tests/site/visits.py asks of a page that is loaded; `axe` is there too. Each visit is an object: what it knows from
// the pages before (looks, kinds), what it finds, and where the time goes.

const SYMBOL = ".ys-card tr[data-v]";
// The rules about how things look, of which links in text are half of what all other rules cost together.
const LOOKS = ["color-contrast", "link-in-text-block"];
const CONTRAST = {runOnly: LOOKS};
const OTHERS = {rules: Object.fromEntries(LOOKS.map((rule) => [rule, {enabled: false}]))};
const SCROLLING = {runOnly: ["scrollable-region-focusable"]};
// The rules about what a page says, and how often. All others are about how elements stand in each other.
const CONTENT = {runOnly: `accesskeys area-alt aria-command-name aria-dialog-name aria-input-field-name
  aria-meter-name aria-progressbar-name aria-required-children aria-tab-name aria-toggle-field-name aria-tooltip-name
  aria-treeitem-name button-name bypass definition-list document-title duplicate-id-aria empty-heading
  empty-table-header form-field-multiple-labels frame-title frame-title-unique heading-order html-has-lang
  html-lang-valid image-alt image-redundant-alt input-button-name input-image-alt label label-title-only
  landmark-no-duplicate-banner landmark-no-duplicate-contentinfo landmark-no-duplicate-main landmark-one-main
  landmark-unique link-name list object-alt page-has-heading-one role-img-alt select-name skip-link summary-name
  svg-img-alt table-duplicate-name td-headers-attr th-has-data-cells valid-lang`.split(/\s+/)};

// As Material's own switch does it; a new preference of the browser alone does not change a page that is loaded.
const colours = (scheme) => {
  document.body.dataset.mdColorScheme = scheme === "dark" ? "slate" : "default";
  document.body.dataset.mdColorPrimary = scheme === "dark" ? "black" : "white";
};
const settle = () => document.getAnimations().forEach((animation) => animation.finish());

// Of what a page has thousands of (tokens of code, parts of formulas and of drawings) one of each kind is enough. A formula
// leaves a space as large as itself, so that what scrolls or not is as it was. `newKinds` looks into none of them.
const thin = () => {
  const seen = new Set();
  const isNew = (...kind) => seen.size < seen.add(kind.join()).size;
  const own = (element) => [...element.attributes].filter(({name}) => /^(class|style|role|tabindex|aria-.*)$/.test(name));
  const said = (element) => own(element).map(({name, value}) => `${name}=${value}`).sort();
  for (const token of document.querySelectorAll(".highlight span[class]"))
    isNew("code", token.className, !token.closest(".ys-card")) || token.replaceWith(...token.childNodes);
  const rooms = [];
  for (const math of document.querySelectorAll("math")) {
    const pinned = math.closest(".ys-card")?.contains(document.querySelector(SYMBOL));
    const parts = [...math.querySelectorAll("*")].filter((part) => isNew("math", part.localName, said(part), !math.closest(".ys-card")));
    if (pinned || parts.length) continue;
    const all = document.createRange();
    all.selectNodeContents(math);
    const {width, height} = all.getBoundingClientRect();
    rooms.push([math, width, height, parseFloat(getComputedStyle(math).fontSize)]);
  }
  for (const [math, width, height, size] of rooms) {
    const space = document.createElementNS("http://www.w3.org/1998/Math/MathML", "mspace");
    space.setAttribute("width", `${width / size}em`);
    space.setAttribute("height", `${height / size}em`);
    math.replaceChildren(space);
  }
  for (const part of [...document.querySelectorAll("svg :not(title, desc)")].reverse()) {
    const kind = part.textContent.trim() ? said(part) : said(part).filter((text) => !/^(class|style)=/.test(text));
    if (!part.children.length && !isNew("svg", part.localName, kind)) part.remove();
  }
};

// Marks the first visible element of each look that has text of its own, unless the look is known; tells the new looks.
// That of a link has also how it stands out from the text around it.
const newLooks = (known, root) => {
  const found = [], grounds = new Map();
  document.querySelectorAll("[data-look]").forEach((element) => element.removeAttribute("data-look"));
  const ground = (element) => {
    if (!element) return [];
    if (!grounds.has(element)) {
      const style = getComputedStyle(element), layers = [];
      if (style.opacity !== "1") layers.push("opacity " + style.opacity);
      const clear = style.backgroundColor === "rgba(0, 0, 0, 0)";
      if (!clear) layers.push(style.backgroundColor);
      if (clear || style.backgroundColor.startsWith("rgba")) layers.push(...ground(element.parentElement));
      grounds.set(element, layers);
    }
    return grounds.get(element);
  };
  for (const element of root.querySelectorAll("*")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !element.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(element);
    const link = element.closest("a[href]"), around = link && getComputedStyle(link.parentElement);
    const linked = link ? [getComputedStyle(link).textDecorationLine, around.color, around.display] : [];
    const look = [style.color, ground(element).join(" on "), style.fontSize, style.fontWeight, ...linked].join("; ");
    if (known.has(look)) continue;
    known.add(look);
    found.push(look);
    element.dataset.look = "";
    if (link) link.dataset.look = "";
  }
  return found;
};

// What scrolls and has nothing that a keyboard could reach: axe is asked about that only.
const scrolling = () => {
  const reached = "a[href], button, input, select, textarea, summary, [tabindex]";
  return [...document.body.querySelectorAll("*")].filter((element) =>
    (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight) &&
    element.tabIndex < 0 && /auto|scroll/.test(getComputedStyle(element).overflow) &&
    ![...element.querySelectorAll(reached)].some((part) => part.tabIndex >= 0 && part.checkVisibility({visibilityProperty: true})));
};

// Blocks of code that are cut at the right, also in what unfolds.
const cut = () => {
  const folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((details) => (details.open = true));
  const found = [...document.querySelectorAll("pre, pre code")].filter((block) => block.scrollWidth > block.clientWidth);
  const lines = new Set(found.map((block) => block.textContent.split("\n").reduce((a, b) => (b.length > a.length ? b : a))));
  folded.forEach((details) => (details.open = false));
  return [...lines];
};

// Kinds of elements that are not known: they differ in tag, role or attributes for assistive technology, of the element or
// of one that it is in. No rule is about these, unless they have such an attribute:
const INLINE = /^(b|br|cite|code|data|del|em|i|kbd|mark|math|q|samp|small|span|strong|sub|sup|var)$/;
const newKinds = (known) => {
  const kinds = new Map([[document.documentElement, ""]]), found = new Set();
  const said = ({name, value}) => name + (/^[a-z0-9-]{1,9}$/.test(value) ? "=" + value : "");
  for (const element of [document.body, ...document.body.querySelectorAll("*")]) {
    if (element.parentElement.closest("svg, math, pre")) continue;
    const own = [...element.attributes].filter(({name}) => /^(role|type|tabindex|aria-.*)$/.test(name)).map(said).sort();
    const parent = kinds.get(element.parentElement);
    const kind = !own.length && INLINE.test(element.localName) ? parent : `${parent}>${[element.localName, ...own].join(" ")}`;
    kinds.set(element, kind);
    if (!known.has(kind)) found.add(kind);
  }
  return [...found];
};

const ask = async (rules, part) => {
  const result = await axe.run(part || document, {...rules, resultTypes: ["violations"]});
  return result.violations.flatMap(({id, nodes}) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
};

class Visit {
  constructor({looks, kinds}) {
    Object.assign(this, {known: {looks: new Set(looks), kinds: new Set(kinds)}});
    Object.assign(this, {faults: [], looks: [], kinds: [], symbols: 0, spent: {}});
  }

  async timed(step, work) {
    const start = performance.now(), result = await work();
    this.spent[step] = (this.spent[step] || 0) + performance.now() - start;
    return result;
  }

  async ask(where, rules, part) {
    this.faults.push(...(await ask(rules, part)).map((fault) => `${where}: ${fault}`));
  }

  async contrast(where, root) {
    settle();
    const found = await this.timed("looks", () => newLooks(this.known.looks, root));
    if (found.length) await this.timed("contrast", () => this.ask(where, CONTRAST, "[data-look]"));
    this.looks.push(...found);
  }

  // The page as it is now in one scheme: its colours, with a symbol pinned too, and whether it fits.
  async seen(scheme) {
    const where = `at ${innerWidth} px, ${scheme}`, symbol = document.querySelector(SYMBOL);
    colours(scheme);
    if (await this.timed("layout", () => document.documentElement.scrollWidth > innerWidth)) this.faults.push(`${where}: scrolls sideways`);
    await this.contrast(where, document.body);
    if (!symbol) return;
    this.symbols++;
    symbol.click();
    await this.contrast(`${where}, a symbol pinned`, symbol.closest(".ys-card"));
    symbol.click();
  }

  async wide() {
    await document.fonts.ready;
    if (document.querySelectorAll("h1").length !== 1) this.faults.push("not one h1");
    if (document.querySelector("math") && !document.fonts.check("16px 'Yansuan Math'"))
      this.faults.push("the math font is not there");
    this.blocks = blocks(document).map((block) => block.tagName).join();
    this.faults.push(...(await this.timed("cut", cut)).map((line) => `at ${innerWidth} px: code is cut: ${line}`));
    await this.timed("thin", thin);
    for (const scheme of ["light", "dark"]) await this.seen(scheme);
    this.kinds = await this.timed("kinds", () => newKinds(this.known.kinds));
    await this.rules(CONTENT);
    return this.found();
  }

  async narrow() {
    await new Promise((ready) => requestAnimationFrame(() => requestAnimationFrame(ready))); // what follows a new width
    for (const scheme of ["dark", "light"]) await this.seen(scheme);
    await this.rules(null);
    return this.found();
  }

  // All rules but contrast if there is a new kind of element; otherwise these, and those about scrolling where they can matter.
  async rules(rules) {
    const where = `at ${innerWidth} px`;
    if (this.kinds.length) return this.timed("all rules", () => this.ask(where, OTHERS));
    if (rules) await this.timed("rules", () => this.ask(where, rules));
    const parts = await this.timed("scrolling", scrolling);
    if (parts.length) await this.timed("rules", () => this.ask(where, SCROLLING, parts));
  }

  // What was found since the last time.
  found() {
    const {faults, looks, kinds, symbols, blocks, spent} = this;
    Object.assign(this, {faults: [], looks: [], symbols: 0, spent: {}});
    return {faults, looks, kinds, symbols, blocks, spent};
  }
}
window.visitOf = (known) => window.visit = new Visit(known);
window.thin = thin;
window.newLooks = (known) => newLooks(new Set(known), document.body);
