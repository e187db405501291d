// Extras: without them each page works as it stands.
const $all = (selector, root = document) => [...root.querySelectorAll(selector)];

// The first page: its field is a link to all formulas, which opens the search; an example searches for itself.
const search = (text) => {
  const box = document.querySelector(".md-search__input"), toggle = document.querySelector("#__search");
  if (!box || location.protocol === "file:") return false;
  if (!toggle.checked) toggle.click();
  box.focus();
  if (text) {
    box.value = text;
    box.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  }
  return true;
};
document.addEventListener("click", (e) => {
  const link = e.target.closest?.(".ys-find, .ys-try");
  if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey && search(link.matches(".ys-try") && link.textContent.trim())) {
    e.preventDefault();
    e.stopPropagation(); // the theme would follow the link
  }
}, true);

// What can be filtered gets a field; words are matched in any order.
const filter = (wall) => {
  const input = Object.assign(document.createElement("input"), { type: "search", placeholder: wall.dataset.filter });
  const label = document.createElement("label"), none = document.createElement("p");
  input.setAttribute("aria-label", wall.dataset.filter);
  none.setAttribute("role", "status");
  label.append(input);
  wall.prepend(label, none);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/[\s_.]+/).filter(Boolean);
    let shown = 0;
    for (const family of $all(".ys-family", wall)) {
      const items = $all("[data-words]", family);
      items.forEach((item) => (item.hidden = !words.every((word) => item.dataset.words.includes(word))));
      const left = items.filter((item) => !item.hidden).length;
      family.hidden = !left;
      shown += left;
    }
    none.textContent = shown ? "" : wall.dataset.none;
  });
};

// A page that is not there: the pages whose addresses are most like it.
const pairs = (text) => new Set([...text.matchAll(/(?=(..))/g)].map((pair) => pair[1]));
const likeness = (one, other) => {
  const a = pairs(one), b = pairs(other);
  return [...a].filter((pair) => b.has(pair)).length / Math.max(1, Math.hypot(a.size, b.size));
};
const nearest = (lost) => {
  const here = decodeURI(location.pathname).split("/").filter(Boolean).slice(-2).join("/").toLowerCase();
  const links = $all("a", lost).map((link) => [likeness(here, new URL(link.href).pathname.split("/").filter(Boolean).slice(-2).join("/")), link]);
  const near = links.filter(([like]) => like > .3).sort((a, b) => b[0] - a[0]).slice(0, 3);
  if (!near.length) return;
  const words = document.createElement("p"), list = document.createElement("ul");
  words.textContent = lost.dataset.near;
  list.className = "ys-near";
  near.forEach(([, link]) => list.appendChild(document.createElement("li")).append(link.cloneNode(true)));
  lost.prepend(words, list);
};

// On the map of lessons: the lines of the page that is pointed at.
const lines = (e, on) => {
  const page = e.target.closest?.(".ys-chart [data-page]")?.dataset.page;
  if (page) $all(".ys-chart path").filter((path) => [path.dataset.from, path.dataset.to].includes(page)).forEach((path) => path.classList.toggle("ys-lit", on));
};
for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
  document.addEventListener(type, (e) => lines(e, on));

// A menu closes when its work is done, and when another thing is clicked or Escape is pressed.
const close = (except) => $all(".ys-menu[open]").filter((menu) => menu !== except).forEach((menu) => (menu.open = false));
document.addEventListener("click", (e) => setTimeout(() => close(e.target.closest?.("li") ? null : e.target.closest?.(".ys-menu"))));
document.addEventListener("keydown", (e) => {
  const menu = e.key === "Escape" && document.activeElement?.closest?.(".ys-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.firstElementChild.focus();
});

// What a page gets when it is shown, also when the theme has swapped its contents.
const dress = () => {
  $all(".ys-wall[data-filter]").filter((wall) => !wall.querySelector("label")).forEach(filter);
  $all(".ys-lost").filter((lost) => !lost.dataset.done && (lost.dataset.done = "1")).forEach(nearest);
  const twins = String(Boolean(document.querySelector(".ys-twin")));
  $all(".ys-both").filter((button) => button.getAttribute("aria-pressed") !== twins).forEach((button) => button.setAttribute("aria-pressed", twins));
  for (const part of $all(".ys-formula, .ys-output")) // it may scroll: then a keyboard must reach it
    part.scrollWidth > part.clientWidth ? (part.tabIndex = 0) : part.removeAttribute("tabindex");
};
new MutationObserver(dress).observe(document.body, { childList: true, subtree: true });
addEventListener("resize", dress);
dress();
