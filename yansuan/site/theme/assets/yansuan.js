// The search box listens to `keyup` only: a word chosen with the mouse in an input method, a paste or a voice says nothing.
for (const type of ["input", "compositionend"])
  document.addEventListener(type, (e) => {
    if (e.target.matches(".md-search__input") && !e.isComposing)
      e.target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  }, true);

// What the theme leaves without a name: its search dialog, and a landmark for each copy button. And wide tables scroll, but
// not for a keyboard.
document.querySelector(".md-search")?.setAttribute("aria-label", document.querySelector(".md-search__input")?.placeholder);
const mend = () => {
  for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "presentation");
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])"))
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
};
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", mend);

// A symbol, its row in the table and its variable in the code: pointing at one lights all three, a click or Enter keeps them.
const same = (e) => e.target.closest?.("[data-v]");
const light = (e, name) => {
  const here = same(e), card = here?.closest(".ys-card");
  card?.querySelectorAll(`[data-v="${CSS.escape(here.dataset.v)}"]`).forEach((part) => part.classList.toggle(...name));
};
for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
  document.addEventListener(type, (e) => light(e, ["ys-lit", on]));
const pin = (e) => {
  const here = same(e);
  if (!here || (e.type === "keydown" && e.key !== "Enter" && e.key !== " ")) return;
  const on = !here.classList.contains("ys-pinned");
  here.closest(".ys-card").querySelectorAll(".ys-pinned").forEach((part) => part.classList.remove("ys-pinned"));
  light(e, ["ys-pinned", on]);
  if (e.type === "keydown") e.preventDefault();
};
for (const type of ["click", "keydown"]) document.addEventListener(type, pin);

// The other language under each paragraph. Both pages have the same paragraphs in the same order; a test sees to that.
const blocks = (root) => [...root.querySelectorAll("article :is(p, li)")].filter(
  (block) => !block.closest("[class^='ys-'], [class*=' ys-'], .admonition-title") && !(block.matches("li") && block.querySelector("p, ul, ol")));
document.addEventListener("click", async (e) => {
  const button = e.target.closest?.(".ys-both"), other = button?.dataset.other;
  if (!button) return;
  const shown = document.querySelectorAll(".ys-twin");
  button.setAttribute("aria-pressed", !shown.length);
  if (shown.length) return shown.forEach((block) => block.remove());
  button.disabled = true; // until they are here: a second click would bring them twice
  const here = location.href.split(/[?#]/)[0].slice(__md_scope.href.length), mine = blocks(document);
  const answer = await fetch(new URL(`../${other}/${here}`, __md_scope));
  const theirs = blocks(new DOMParser().parseFromString(await answer.text(), "text/html"));
  mine.forEach((block, i) => {
    const twin = document.createElement(block.matches("li") ? "div" : "p");
    Object.assign(twin, { className: "ys-twin", lang: other });
    twin.append(...theirs[i].cloneNode(true).childNodes);
    twin.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id")); // this page has them already
    block.matches("li") ? block.append(twin) : block.after(twin);
  });
  button.disabled = false;
});

// The language switch keeps page and section; the header stays when the page changes, so its links are of an earlier page.
document.addEventListener("click", (e) => {
  const link = e.target.closest?.("a[hreflang]");
  if (link) link.href = new URL(`../${link.hreflang}/${location.href.slice(__md_scope.href.length)}`, __md_scope);
}, true);

// From a folder, without a server: a link to a folder means its page, and a browser lets no script read another file.
if (location.protocol === "file:")
  document.querySelectorAll(".md-search, [for=__search], .ys-both").forEach((part) => part.remove());
if (location.protocol === "file:") document.addEventListener("click", (e) => {
  const link = e.target.closest?.("a[href]");
  if (link?.protocol !== "file:") return;
  if (link.pathname.endsWith("/")) link.pathname += "index.html";
}, true);
