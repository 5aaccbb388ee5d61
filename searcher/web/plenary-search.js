// SPDX-License-Identifier: GPL-2.0-or-later
// <plenary-search src="https://records.example/search"></plenary-search>
//
// A search box and its results in any page:
//   <script type="module" src="https://records.example/search/plenary-search.js"></script>
// Attributes: src (of plenary-serve; it must allow the page with --cors), q (a first query), limit,
// sort, lang (en, fr, es). The query stays out of the page's own address. Style it by the properties
// --plenary-accent, --plenary-mark and --plenary-font, and by ::part(box), ::part(hit), ::part(title).

const texts = {
  en: { search: "Search", label: "Search the records", none: "Nothing found", more: "All results", passages: (n) => `${n} passages`, wrong: "The search cannot be reached" },
  fr: { search: "Rechercher", label: "Rechercher dans les comptes rendus", none: "Rien trouvé", more: "Tous les résultats", passages: (n) => `${n} passages`, wrong: "La recherche est injoignable" },
  es: { search: "Buscar", label: "Buscar en las actas", none: "No se encontró nada", more: "Todos los resultados", passages: (n) => `${n} pasajes`, wrong: "No se puede acceder a la búsqueda" },
};

const style = `
:host { display: block; font: 1rem/1.5 var(--plenary-font, system-ui, sans-serif); color: inherit; }
form { display: flex; gap: .5rem; }
input { flex: 1; min-width: 0; font: inherit; padding: .5rem .8rem; border: 1px solid color-mix(in srgb, currentColor 35%, transparent); border-radius: 8px; background: transparent; color: inherit; }
button { font: inherit; font-weight: 600; padding: .5rem 1.1rem; border: 0; border-radius: 8px; background: var(--plenary-accent, #1d5a4c); color: #fff; cursor: pointer; }
:focus-visible { outline: 2px solid var(--plenary-accent, #1d5a4c); outline-offset: 2px; }
p { margin: .7rem 0 0; }
ol { list-style: none; margin: 0; padding: 0; }
li { margin-top: 1.1rem; padding-inline-start: .9rem; border-inline-start: 2px solid color-mix(in srgb, currentColor 18%, transparent); }
a { color: var(--plenary-accent, inherit); font-weight: 600; }
small { opacity: .78; display: block; }
blockquote { margin: .2rem 0 0; overflow-wrap: anywhere; }
mark { background: var(--plenary-mark, #ffe48f); color: #1c211f; border-radius: 2px; }
`;

// Highlights are ranges of bytes.
function marked(text, ranges) {
  const bytes = new TextEncoder().encode(text), decoder = new TextDecoder();
  const out = document.createDocumentFragment();
  let at = 0;
  for (const [begin, end] of ranges) {
    out.append(decoder.decode(bytes.subarray(at, begin)));
    const mark = document.createElement("mark");
    mark.textContent = decoder.decode(bytes.subarray(begin, end));
    out.append(mark);
    at = end;
  }
  out.append(decoder.decode(bytes.subarray(at)));
  return out;
}

function element(name, content, attributes = {}) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  one.append(content);
  return one;
}

class PlenarySearch extends HTMLElement {
  #asked = 0;

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.append(element("style", style));
    const form = element("form", "", { role: "search", part: "form" });
    this.box = element("input", "", { type: "search", part: "box", maxlength: "2000", "aria-label": this.words.label, value: this.getAttribute("q") ?? "" });
    form.append(this.box, element("button", this.words.search, { part: "button" }));
    this.answer = element("div", "", { "aria-live": "polite" });
    root.append(form, this.answer);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(this.box.value);
    });
    if (this.box.value) this.search(this.box.value);
  }

  get words() {
    const language = (this.getAttribute("lang") || this.closest("[lang]")?.lang || "en").slice(0, 2);
    return texts[language] ?? texts.en;
  }

  get base() {
    return new URL((this.getAttribute("src") || ".").replace(/\/*$/, "/"), document.baseURI);
  }

  #address(document_, passage, query) {
    const path = document_.id.split("/").map(encodeURIComponent).join("/");
    const place = passage.number ? `#p${passage.number}` : "";
    return new URL(`d/${path}?q=${encodeURIComponent(query)}${place}`, this.base).href;
  }

  #hit(hit, query) {
    const item = element("li", "", { part: "hit" });
    const link = element("a", hit.document.title ?? hit.document.id, { part: "title", dir: "auto", href: this.#address(hit.document, hit.passage, query) });
    const about = [hit.document.date, hit.passage.speaker, hit.passage.number && `¶ ${hit.passage.number}`].filter(Boolean).join(" · ");
    item.append(link, element("small", about, { dir: "auto" }), element("blockquote", marked(hit.snippet, hit.snippet_highlights), { dir: "auto", part: "text" }));
    return item;
  }

  async search(query) {
    const mine = ++this.#asked;
    if (!query.trim()) return this.answer.replaceChildren();
    const parameters = new URLSearchParams({ q: query, limit: this.getAttribute("limit") ?? "5", sort: this.getAttribute("sort") ?? "relevance" });
    try {
      const answer = await fetch(new URL(`api/search?${parameters}`, this.base));
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (mine !== this.#asked) return;
      const all = new URL(`?q=${encodeURIComponent(query)}`, this.base).href;
      const list = element("ol", "");
      for (const hit of found.results) list.append(this.#hit(hit, query));
      const total = found.total.value ? this.words.passages(found.total.value.toLocaleString()) : this.words.none;
      this.answer.replaceChildren(element("p", total), list, ...(found.results.length ? [element("p", element("a", this.words.more, { href: all }))] : []));
      this.dispatchEvent(new CustomEvent("plenary-results", { detail: found, bubbles: true }));
    } catch {
      if (mine === this.#asked) this.answer.replaceChildren(element("p", this.words.wrong, { role: "alert" }));
    }
  }
}

customElements.define("plenary-search", PlenarySearch);
