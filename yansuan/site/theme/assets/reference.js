// Reference pages: a field that leaves what has all the words. Without a script each page is all there, families folded.
// The place of the field is in the page from the start, so that nothing moves.
const dressed = (label) => {
  const page = label.parentElement, count = document.createElement("span");
  const field = Object.assign(document.createElement("input"), { type: "search", placeholder: label.dataset.filter });
  field.setAttribute("aria-label", label.dataset.filter);
  count.setAttribute("role", "status");
  label.append(field, count);
  let parts; // found at the first letter: tables may have been wrapped by then
  field.addEventListener("input", () => {
    parts ||= sections(page, label);
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const part of [...parts].reverse()) { // what is under a heading before the heading
      const under = parts.slice(parts.indexOf(part) + 1), next = under.findIndex(({ level }) => level <= part.level);
      const left = filtered(part, words, (next < 0 ? under : under.slice(0, next)).some((other) => other.left));
      shown += left;
      all += part.things;
    }
    count.textContent = words.length ? page.dataset.count.replace("{n}", shown).replace("{all}", all) : "";
  });
};

const text = (element) => element.textContent.toLowerCase();

// From a heading to the next. One that has rows is as many things as it has rows; another is one, if nothing is under it.
function sections(page, field) {
  const found = [];
  for (const element of [...page.children].slice([...page.children].indexOf(field) + 1)) {
    if (/^H[1-6]$/.test(element.tagName) || !found.length) found.push({ level: +element.tagName[1] || 1, elements: [] });
    found[found.length - 1].elements.push(element);
  }
  found.forEach((part, at) => {
    part.rows = part.elements.flatMap((element) => [...element.querySelectorAll("tbody tr")]).map((row) => ({ row, text: text(row) }));
    part.families = part.elements.flatMap((element) => [...element.querySelectorAll(".ys-family")]);
    part.text = part.elements.map(text).join(" ");
    part.things = part.rows.length || (at && !(found[at + 1]?.level > part.level) ? 1 : 0);
  });
  return found;
}

// Shows what has the words, hides the rest; how many things are left. `under`: something under its heading is.
function filtered(part, words, under) {
  const has = (text) => words.every((word) => text.includes(word));
  for (const { row, text } of part.rows) row.hidden = !has(text);
  for (const family of part.families) {
    family.hidden = ![...family.querySelectorAll("tbody tr")].some((row) => !row.hidden);
    family.open = words.length > 0 && !family.hidden;
  }
  part.left = part.rows.length ? part.rows.filter(({ row }) => !row.hidden).length : +(part.things > 0 && has(part.text));
  for (const element of part.elements) {
    const heading = /^H/.test(element.tagName);
    const stays = part.rows.length ? part.left && (heading || element.querySelector("tbody")) : part.things ? part.left : heading && under;
    element.hidden = words.length > 0 && !stays;
  }
  return part.left;
}

const look = () => document.querySelectorAll(".ys-filter:empty").forEach(dressed);
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
