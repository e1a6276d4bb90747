(() => {
"use strict";
const $ = (query, within = document) => within.querySelector(query);
const all = (query, within = document) => [...within.querySelectorAll(query)];
const japanese = document.documentElement.lang === "ja";
const collator = new Intl.Collator("ja", { numeric: true });

// Sorting: a button in every heading. Blanks stay last either way.
const value = (row, column) => {
  const cell = row.cells[column];
  const text = cell.dataset.v ?? cell.textContent.trim();
  return text === "–" ? "" : text;
};
const sort = (table, column, direction) => {
  const body = table.tBodies[0];
  const keyed = [...body.rows].map((row) => [value(row, column), row]);
  keyed.sort(([a], [b]) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const [x, y] = [parseFloat(a), parseFloat(b)];
    const numbers = !Number.isNaN(x) && !Number.isNaN(y);
    return direction * (numbers && x !== y ? x - y : collator.compare(a, b));
  });
  body.append(...keyed.map(([, row]) => row));
};
for (const table of all("table.sortable")) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      // Counts are looked at from the top first, names from the beginning.
      const first = head.classList.contains("n") ? "descending" : "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const next = head.getAttribute("aria-sort") === first ? other : first;
      for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", next);
      sort(table, column, next === "ascending" ? 1 : -1);
    });
  });
}

// Filters: what is asked for, in lower case; half-width and full-width alike.
const plain = (text) => text.normalize("NFKC").toLowerCase();
const asked = (form) => {
  const fields = Object.fromEntries(new FormData(form));
  return { ...fields, words: plain(fields.q ?? "").split(/\s+/).filter(Boolean) };
};
const hasAll = (text, words) => words.every((word) => text.includes(word));
const told = (form, shown, count, ja, en) => {
  $("output", form).textContent = japanese ? `${count}${ja}中 ${shown}${ja}` : `${shown} of ${count} ${en}`;
};
const watch = (form, run) => {
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(run, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  run();
};

// Only what changes is touched: a page of a hundred thousand elements is dear to style anew.
const show = (element, shown) => {
  if (element.hidden === shown) element.hidden = !shown;
};

// The grid, whole or by one kind of report.
const grid = $("#grid");
const gridForm = $("#grid-filter");
const byKind = JSON.parse($("#by-kind").textContent);
const codes = all("thead th.c", grid).map((head) => head.querySelector("span").firstChild.textContent);
const rows = [...grid.tBodies[0].rows].map((row) => ({
  row,
  places: row.dataset.d === "" ? [] : row.dataset.d.split(",").map(Number),
  text: plain(row.cells[0].textContent),
  year: row.cells[1].textContent,
  industry: row.cells[2].textContent,
  whole: null,
}));
const industryOf = new Map(rows.map(({ row, industry }) => [$("small", row).textContent, industry]));
const FIRST = 4;
const link = (className, href, text) => {
  const a = document.createElement("a");
  if (className) a.className = className;
  a.href = href;
  a.textContent = text;
  return a;
};
const oneKind = (entry, kind) => {
  const own = entry.places.filter((place) => byKind.documents[place]?.[0] === kind);
  let [disclosed, unknowns] = [0, 0];
  codes.forEach((code, index) => {
    const cell = entry.row.cells[FIRST + index];
    const known = own.map((place) => [place, byKind.documents[place][1][index]]);
    const found = known.filter(([, passages]) => passages > 0);
    if (found.length > 0) {
      disclosed += 1;
      cell.className = "d";
      const id = `e${found[0][0]}-${code}`;
      const page = document.getElementById(id)?.closest("li")?.querySelector("a[href]");
      cell.replaceChildren(link("", `#${id}`, found.reduce((sum, [, passages]) => sum + passages, 0)));
      if (page) cell.append(link("p", page.getAttribute("href"), page.textContent));
    } else {
      const unknown = known.some(([, passages]) => passages === null);
      unknowns += unknown;
      cell.className = unknown ? "u" : "z";
      cell.textContent = unknown ? "–" : "0";
    }
  });
  entry.row.cells[FIRST + codes.length].textContent = unknowns === codes.length ? "–" : disclosed;
  return own.length > 0;
};
const allKinds = (entry) => {
  entry.whole?.forEach(([className, html], index) => {
    const cell = entry.row.cells[FIRST + index];
    cell.className = className;
    cell.innerHTML = html;
  });
  entry.whole = null;
};
const filterGrid = () => {
  const { y, i, k, words } = asked(gridForm);
  const kind = byKind.kinds.indexOf(k);
  let shown = 0;
  for (const entry of rows) {
    let fits = (!y || entry.year === y) && (!i || entry.industry === i) && hasAll(entry.text, words);
    if (kind < 0) {
      allKinds(entry);
    } else if (fits) {
      entry.whole ??= [...entry.row.cells].slice(FIRST).map((cell) => [cell.className, cell.innerHTML]);
      fits = oneKind(entry, kind);
    }
    show(entry.row, fits);
    shown += fits;
  }
  told(gridForm, shown, rows.length, "行", "rows");
};
watch(gridForm, filterGrid);

// Evidence: its text is gathered when it is first searched.
const evidenceForm = $("#evidence-filter");
const documents = all("#documents > details").map((element) => ({
  element,
  year: element.dataset.y,
  kind: element.dataset.k,
  company: plain(element.dataset.c),
  industry: industryOf.get(element.dataset.c.split(" ")[0]),
  items: null,
}));
// Browsers take minutes to close a thousand of them again.
const OPENED = 30;
const itemsOf = (entry) => {
  entry.items ??= all("li", entry.element).map((element) => ({
    element,
    codes: all("b", element).map((b) => b.textContent),
    text: plain(element.textContent),
  }));
  return entry.items;
};
const filterEvidence = () => {
  const { c, y, i, k, words } = asked(evidenceForm);
  let [shown, count] = [0, 0];
  const within = Boolean(c) || words.length > 0;
  for (const entry of documents) {
    let fits = (!y || entry.year === y) && (!k || entry.kind === k) && (!i || entry.industry === i);
    if (fits && within) {
      let found = 0;
      for (const item of itemsOf(entry)) {
        const own = (!c || item.codes.includes(c)) && hasAll(`${entry.company} ${item.text}`, words);
        show(item.element, own);
        found += own;
      }
      fits = found > 0;
      entry.searched = true;
    } else if (fits && entry.searched) {
      for (const item of entry.items) show(item.element, true);
      entry.searched = false;
    }
    // A search opens the first of what it finds; what a reader opened by hand stays open.
    const opens = fits && within && shown < OPENED;
    if (opens && !entry.element.open) entry.opened = entry.element.open = true;
    if (!opens && entry.opened) entry.opened = entry.element.open = false;
    show(entry.element, fits);
    shown += fits;
    count += 1;
  }
  told(evidenceForm, shown, count, "文書", "documents");
};
watch(evidenceForm, filterEvidence);

// A link to a piece of evidence opens the document it stands in.
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const holder = target?.closest("details.doc");
  if (!holder) return;
  if (holder.hidden || target.closest("[hidden]")) {
    evidenceForm.reset();
    filterEvidence();
  }
  holder.open = true;
  const item = target.closest("li") ?? holder;
  $(".at")?.classList.remove("at");
  item.classList.add("at");
  item.scrollIntoView({ block: "center" });
  $("a[href], summary", item)?.focus({ preventScroll: true });
};
addEventListener("hashchange", reveal);
if (location.hash) reveal();

// What a cell stands for, on hover and on focus.
const tip = $("#tip");
let near = null;
const place = () => {
  if (!near) return;
  const box = near.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - tip.offsetWidth - 8);
  const above = box.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
};
const say = (element, text) => {
  near = element;
  tip.textContent = text;
  tip.hidden = false;
  place();
};
const hush = () => {
  near = null;
  tip.hidden = true;
};
const quoteOf = (anchor) => {
  const item = document.getElementById(decodeURIComponent(anchor.hash.slice(1)))?.closest("li");
  const quote = item && $("q", item);
  return quote && `${$("a[href]", item)?.textContent ?? ""} ${quote.textContent}`.trim();
};
for (const kind of ["mouseover", "focusin"]) {
  grid.addEventListener(kind, (event) => {
    const anchor = event.target.closest("td.d a[href^='#']");
    const text = anchor && quoteOf(anchor);
    if (text) say(anchor, text);
  });
}
grid.addEventListener("mouseout", hush);
grid.addEventListener("focusout", hush);

// Pictures: one stop for the keyboard each, arrows go from cell to cell.
for (const figure of all("svg.fig")) {
  const cells = all("[role=img]", figure);
  const is = (name) => figure.classList.contains(name);
  const across = is("heat") ? codes.length : is("slopes") ? (is("narrow") ? 2 : 5) : 1;
  cells.forEach((cell, index) => {
    const title = $("title", cell);
    cell.setAttribute("aria-label", title.textContent);
    title.remove();
    cell.setAttribute("tabindex", index === 0 ? "0" : "-1");
  });
  const tell = (event) => {
    const cell = event.target.closest("[role=img]");
    if (cell) say(cell, cell.getAttribute("aria-label"));
  };
  figure.addEventListener("mouseover", tell);
  figure.addEventListener("focusin", tell);
  figure.addEventListener("mouseout", hush);
  figure.addEventListener("focusout", hush);
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    const at = cells.indexOf(document.activeElement);
    const next = step && cells[at + step];
    if (at < 0 || !next) return;
    event.preventDefault();
    cells[at].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}
addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
addEventListener("scroll", place, { passive: true, capture: true });
document.documentElement.classList.add("js");
})();
