// SPDX-License-Identifier: GPL-2.0-or-later
// Type-ahead on the search box: a combobox with a list (WAI-ARIA 1.2).

const DELAY = 80; // milliseconds of rest before asking

function completed(query, offer) {
  if (offer.kind === "speaker") return `speaker:"${offer.text.replace(/["\\]/g, "\\$&")}"`;
  if (offer.kind === "title") return offer.text;
  return query.replace(/[^\s"():+-]*$/u, "") + offer.text;
}

export function suggest(form, words) {
  const box = form?.querySelector("#q");
  if (!box || box.dataset.ready) return;
  box.dataset.ready = "1";
  const list = document.createElement("ul");
  list.id = "offers";
  list.className = "offers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestions);
  form.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "offers", "aria-autocomplete": "list" }))
    box.setAttribute(name, value);

  let offers = [], chosen = -1, timer = 0, asked = "", waiting = null;

  function show(open) {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  }

  function choose(at) {
    chosen = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) box.setAttribute("aria-activedescendant", `offer-${at}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function take(at) {
    const offer = offers[at];
    show(false);
    box.value = completed(box.value, offer);
    form.requestSubmit();
  }

  function draw() {
    list.replaceChildren(
      ...offers.map((offer, i) => {
        const item = document.createElement("li");
        item.id = `offer-${i}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        const name = document.createElement("span");
        name.className = offer.kind;
        name.dir = "auto";
        name.textContent = offer.text;
        const note = document.createElement("small");
        note.textContent = offer.kind === "word" ? offer.passages.toLocaleString(document.documentElement.lang) : words[offer.kind] ?? "";
        item.append(name, note);
        item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(i); });
        return item;
      }));
    show(offers.length > 0);
  }

  async function ask() {
    const query = box.value.trim();
    if (query === asked) return;
    asked = query;
    waiting?.abort();
    if (query.length < 2 || query.length > 100) return show(false);
    waiting = new AbortController();
    try {
      const answer = await fetch(`${words.prefix}/api/suggest?limit=8&q=${encodeURIComponent(query)}`, { signal: waiting.signal });
      if (!answer.ok) return;
      offers = (await answer.json()).suggestions.filter((one) => one.text.toLowerCase() !== query.toLowerCase());
      if (document.activeElement === box && box.value.trim() === query) draw();
    } catch {
      // another letter came first, or the server is away: there is still the box
    }
  }

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, DELAY); });
  box.addEventListener("blur", () => show(false));
  form.addEventListener("submit", () => { clearTimeout(timer); waiting?.abort(); asked = box.value.trim(); show(false); });
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const count = offers.length + 1;
      event.preventDefault();
      choose(((chosen + 1 + (event.key === "ArrowDown" ? 1 : count - 1)) % count) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      show(false);
    }
  });
}
