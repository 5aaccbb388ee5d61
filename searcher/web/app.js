// SPDX-License-Identifier: GPL-2.0-or-later
// What script adds to pages that work without it: results that change in place, keys, the theme.
import { citations } from "./reader.js";
import { reading } from "./reader.js";
import { suggest } from "./suggest.js";
import { timeline } from "./timeline.js";

const words = document.body.dataset;

// ---- Theme: what the system says, until a choice is made -------------------------------------------

// The server writes the choice into the page, so that no page begins in the other one.
function theme() {
  const root = document.documentElement;
  document.querySelector(".theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `plenary-theme=${root.dataset.theme}; Path=${words.prefix}/; Max-Age=31536000; SameSite=Lax`;
  });
}

// ---- Results in place ------------------------------------------------------------------------------

let asked = 0;

// Fetch a page of results and put it where the old one was. The address is always that of the page
// itself, so that it can be shared, reloaded and gone back to.
export async function go(address, push = true) {
  const mine = ++asked;
  const url = new URL(address, location.href);
  document.body.classList.add("busy");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!answer.ok || !page.querySelector("main")) throw new Error(answer.status);
    if (push) history.pushState({}, "", url);
    document.title = page.title;
    document.body.className = page.body.className;
    for (const part of ["main", "header.top .search", "footer"]) {
      const from = page.querySelector(part), to = document.querySelector(part);
      if (from && to && part !== "header.top .search") to.replaceWith(from);
      else if (from && to) to.querySelector("#q").value = from.querySelector("#q").value;
      else if (from && !to) location.assign(url);
    }
    replaceHidden(page);
    prepare();
    if (push) scrollTo({ top: 0, behavior: "instant" });
    document.getElementById("main").focus({ preventScroll: true });
  } catch {
    if (mine === asked) location.assign(url);
  } finally {
    if (mine === asked) document.body.classList.remove("busy");
  }
}

// The filters that the search box hands on.
function replaceHidden(page) {
  const to = document.querySelector(".top .search"), from = page.querySelector(".top .search");
  if (!to || !from) return;
  to.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
  from.querySelectorAll("input[type=hidden]").forEach((one) => to.append(one));
}

const home = () => (words.prefix || "") + "/";
const isResults = (url) => url.origin === location.origin && url.pathname === home();
const swaps = () => document.body.classList.contains("found");

document.addEventListener("click", (event) => {
  const link = event.target.closest("main a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.href.baseVal ?? link.href, location.href);
  if (!swaps() || !isResults(url) || !url.search) return;
  event.preventDefault();
  go(url);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const url = new URL(form.action, location.href);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
  if (!swaps() || !isResults(url) || !url.searchParams.get("q")) return;
  event.preventDefault();
  document.activeElement?.blur();
  go(url);
});

addEventListener("popstate", () => {
  if (isResults(new URL(location.href)) && swaps() && location.search) go(location.href, false);
  else if (!location.hash) location.reload();
});

// ---- Keys: / to the box, arrows (or j and k) through results, Enter opens, t turns to newest --------

function step(direction) {
  const links = [...document.querySelectorAll(".hit h2 a, .hit .passage .number")].filter((one) => one.offsetParent);
  const at = links.indexOf(document.activeElement);
  const next = links[at < 0 ? (direction > 0 ? 0 : links.length - 1) : at + direction];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], [role=menu]");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !typing) {
    event.preventDefault();
    const box = document.getElementById("q");
    box?.focus();
    box?.select();
  } else if (!typing && swaps() && (event.key === "ArrowDown" || event.key === "j")) {
    if (step(1)) event.preventDefault();
  } else if (!typing && swaps() && (event.key === "ArrowUp" || event.key === "k")) {
    if (step(-1)) event.preventDefault();
  }
});

// ---- Begin ------------------------------------------------------------------------------------------

function prepare() {
  suggest(document.querySelector(".search"), words);
  timeline(document.querySelector(".time"), go);
  citations(words);
}

theme();
prepare();
reading(words);
