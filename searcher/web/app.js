// SPDX-License-Identifier: GPL-2.0-or-later
// What script adds to pages that work without it: results that change in place, keys, the theme.
import { citations } from "./reader.js";
import { reading } from "./reader.js";
import { suggest } from "./suggest.js";
import { timeline } from "./timeline.js";

const words = document.body.dataset;

// ---- Theme: what the system says, until a choice is made -------------------------------------------

// The server writes the choice into the page, so that no page begins in the other one.
document.addEventListener("click", (event) => {
  if (!event.target.closest(".theme")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `plenary-theme=${root.dataset.theme}; Path=${words.prefix}/; Max-Age=31536000; SameSite=Lax`;
});

// ---- Results in place ------------------------------------------------------------------------------

let asked = 0;
const place = () => location.pathname + location.search;
let shown = place();
let returning = false; // a page of the past is on its way

// Fetch a page of results and put it where the old one was: it is on screen in a third of the time
// that a page takes which the browser opens anew. The address is always that of the page itself, so
// that it can be shared, reloaded and gone back to.
export async function go(address, push = true, top = 0) {
  const mine = ++asked;
  returning = !push;
  const url = new URL(address, location.href);
  document.body.classList.add("busy");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    if (!answer.ok || !page.querySelector("main")) throw new Error(answer.status);
    if (push) {
      history.replaceState({ top: scrollY }, "");
      history.pushState({}, "", url);
    }
    shown = place();
    returning = false;
    const rest = push ? holdBack(page) : [];
    show(page);
    if (push || top) scrollTo({ top, behavior: "instant" });
    const main = document.getElementById("main");
    (main.querySelector("[autofocus]") ?? main).focus({ preventScroll: true });
    await painted();
    rest.forEach(([whole, part]) => whole.append(part));
    if (main.isConnected) prepare(); // not of a page that came since
  } catch {
    if (mine !== asked) return;
    document.body.classList.remove("busy"); // the browser may come back to this page as it is left
    location.assign(url);
  }
}

// What is around the first results comes a frame later: they are on screen the sooner. There is room
// for it, so nothing moves.
function holdBack(page) {
  const parts = [];
  for (const [name, first] of [[".hits", 3], ["aside", 0], [".bars", 0]]) {
    const whole = page.querySelector(name);
    if (!whole) continue;
    const part = document.createDocumentFragment();
    part.append(...[...whole.children].slice(first));
    parts.push([whole, part]);
  }
  return parts;
}
const frame = () => new Promise((done) => requestAnimationFrame(done));
const painted = () => (document.hidden ? null : frame().then(frame)); // a hidden page has no frames

// The body's class goes first: what is replaced is not to fade in from its busy state.
function show(page) {
  document.title = page.title;
  document.body.className = page.body.className;
  const [to, from] = [document, page].map((one) => one.querySelector(".top .search"));
  const parts = ["main", "footer"];
  if (to && from) fillBox(to, from);
  else parts.push(".top"); // the first page has its box elsewhere
  for (const part of parts) document.querySelector(part).replaceWith(page.querySelector(part));
  document.querySelector("link[rel=alternate]")?.remove();
  const feed = page.querySelector("link[rel=alternate]");
  if (feed) document.head.append(feed);
}

// What was searched for, and the filters that the search box hands on.
function fillBox(to, from) {
  to.querySelector("#q").value = from.querySelector("#q").value;
  to.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
  from.querySelectorAll("input[type=hidden]").forEach((one) => to.append(one));
}

const home = () => (words.prefix || "") + "/";
const isResults = (url) => url.origin === location.origin && url.pathname === home();
const lists = () => document.body.classList.contains("found");
const swaps = () => lists() || document.body.classList.contains("home");

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

addEventListener("popstate", (event) => {
  if (place() !== shown) {
    if (isResults(new URL(location.href)) && swaps()) go(location.href, false, event.state?.top);
    else location.reload();
  } else if (returning) { // back and forward again, before the page came
    asked++;
    returning = false;
    document.body.classList.remove("busy");
  } // else only the fragment is another
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
  } else if (!typing && lists() && (event.key === "ArrowDown" || event.key === "j")) {
    if (step(1)) event.preventDefault();
  } else if (!typing && lists() && (event.key === "ArrowUp" || event.key === "k")) {
    if (step(-1)) event.preventDefault();
  }
});

// ---- Begin ------------------------------------------------------------------------------------------

function prepare() {
  suggest(document.querySelector(".search"), words);
  timeline(document.querySelector(".time"), go);
  citations(words);
}

prepare();
reading(words);
