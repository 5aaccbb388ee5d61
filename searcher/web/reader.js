// SPDX-License-Identifier: GPL-2.0-or-later
// Citations to copy, and what helps to read a document: next and previous match, the outline's place.

// ---- Citations --------------------------------------------------------------------------------------

function bibtex({ title, date, address, cite }) {
  const plain = (text) => text.replace(/[{}\\]/g, "").replace(/[&%$#_]/g, "\\$&");
  const key = `${title.toLowerCase().replace(/[^a-z0-9]+/g, "").slice(0, 20) || "record"}${date.slice(0, 4)}`;
  const [year, month] = date.split("-");
  return [
    `@misc{${key},`,
    `  title = {${plain(title)}},`,
    ...(year ? [`  year = {${year}},`] : []),
    ...(month ? [`  month = {${Number(month)}},`] : []),
    `  note = {${plain(cite)}},`,
    `  url = {${address}},`,
    "}",
  ].join("\n");
}

function written(kind, element) {
  const { cite, title, date } = element.dataset;
  const address = new URL(element.dataset.address, location.href).href;
  if (kind === "plain") return `${cite} <${address}>`;
  if (kind === "markdown") return `[${cite.replace(/[[\]\\]/g, "\\$&")}](${address.replace(/[()]/g, (c) => (c === "(" ? "%28" : "%29"))})`;
  return bibtex({ title, date, address, cite });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea"); // without https there is no clipboard
    area.value = text;
    area.className = "hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function toast(text) {
  document.querySelector(".toast")?.remove();
  const note = document.createElement("div");
  note.className = "toast";
  note.setAttribute("role", "status");
  note.textContent = text;
  document.body.append(note);
  setTimeout(() => note.remove(), 2200);
}

function open(button, element, words) {
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", words.cite);
  let shut = false;
  const close = (focus) => {
    if (shut) return; // removing it takes the focus out of it, which closes it
    shut = true;
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  };
  for (const kind of ["plain", "markdown", "bibtex"]) {
    const item = document.createElement("button");
    item.type = "button";
    item.setAttribute("role", "menuitem");
    item.textContent = words[kind];
    item.dataset.kind = kind;
    item.addEventListener("click", async () => {
      await copy(written(kind, element));
      close(true);
      toast(words.copied);
    });
    menu.append(item);
  }
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children], at = items.indexOf(document.activeElement);
    if (event.key === "Escape") close(true);
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener("focusout", (event) => { if (!menu.contains(event.relatedTarget) && event.relatedTarget !== button) close(false); });
  button.setAttribute("aria-expanded", "true");
  button.after(menu);
  menu.firstChild.focus();
}

export function citations(words) {
  for (const element of document.querySelectorAll("main [data-cite]:not([data-citable])")) {
    element.dataset.citable = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.textContent = words.cite;
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-expanded") === "true") button.nextSibling.remove(), button.setAttribute("aria-expanded", "false");
      else open(button, element, words);
    });
    (element.querySelector(".place") ?? element).append(button);
  }
}

// ---- Reading ----------------------------------------------------------------------------------------

// n and p, and two buttons, go from one matching passage to the next.
function steps(words) {
  const nav = document.querySelector(".matches");
  const links = [...document.querySelectorAll(".matches li a")];
  if (!links.length) return;
  const targets = links.map((link) => document.querySelector(link.hash));
  const current = () => links.findIndex((link) => link.hash === location.hash);
  const show = () => {
    const at = current();
    links.forEach((link, i) => link.classList.toggle("current", i === at));
  };
  const turn = (direction) => {
    const now = current();
    let next = now + direction;
    if (now < 0) {
      next = targets.findIndex((target) => target.getBoundingClientRect().top > 120);
      if (direction < 0 || next < 0) next = next < 0 ? links.length - 1 : next - 1;
    }
    const link = links[(next + links.length) % links.length];
    location.hash = link.hash;
    link.scrollIntoView({ block: "nearest" });
  };
  const row = document.createElement("div");
  row.className = "steps";
  for (const [name, direction] of [["previous", -1], ["next", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = direction < 0 ? `↑ ${words[name]}` : `${words[name]} ↓`;
    button.addEventListener("click", () => turn(direction));
    row.append(button);
  }
  nav.querySelector("ol").after(row);
  addEventListener("hashchange", show);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, [role=menu]")) return;
    if (event.key === "n") turn(1);
    else if (event.key === "p") turn(-1);
  });
  show();
}

// The outline shows where one is.
function follow() {
  const links = [...document.querySelectorAll(".outline a[href^='#']")];
  if (!links.length) return;
  const by = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
  by.delete(null);
  const headings = [...by.keys()];
  let waiting = false;
  const look = () => {
    waiting = false;
    let last = null;
    for (const heading of headings) if (heading.getBoundingClientRect().top < 140) last = heading;
    for (const [heading, link] of by) link.classList.toggle("current", heading === last);
  };
  addEventListener("scroll", () => { if (!waiting) waiting = true, requestAnimationFrame(look); }, { passive: true });
  look();
}

export function reading(words) {
  if (!document.body.classList.contains("reading")) return;
  steps(words);
  follow();
}
