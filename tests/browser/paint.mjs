// SPDX-License-Identifier: GPL-2.0-or-later
// How soon the first result is on screen: milliseconds from the last byte of the HTML to the paint of
// its text, for a page that the browser opens and for a search within the page. Beside them, what the
// machine and the browser take by themselves: a page of one word, and one of paragraphs without any
// style that fill the window.
// usage: node paint.mjs ADDRESS [ROUNDS]     an address of a page of results
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [address, rounds = "15"] = process.argv.slice(2);
const timed = (html, tag) => html.replace(tag, `${tag.slice(0, -1)} elementtiming="first">`);
const RESULT = '<p class="text" dir="auto">';

async function fetched(url, accept) {
  const answer = await fetch(url, { headers: { accept } });
  const kept = answer.headers.get("cache-control") ?? "no-cache";
  return { headers: { "content-type": answer.headers.get("content-type"), "cache-control": kept }, body: Buffer.from(await answer.arrayBuffer()) };
}
const html = (await fetched(address, "text/html")).body.toString();
const prose = html.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
const paragraphs = Array.from({ length: 12 }, (_, i) => `<p>${prose.slice(i * 600, i * 600 + 600)}`).join("\n");
const plain = {
  "/-empty": timed("<!doctype html><title>Empty</title><p>Empty", "<p>"),
  "/-filled": timed(`<!doctype html><title>Filled</title>${paragraphs}`, "<p>"),
};

// Between browser and server, to mark the text whose paint is timed (Element Timing, WICG).
const between = createServer(async (request, answer) => {
  const { headers, body } = plain[request.url]
    ? { headers: { "content-type": "text/html" }, body: plain[request.url] }
    : await fetched(new URL(request.url, address), request.headers.accept ?? "*/*");
  answer.writeHead(200, headers).end(headers["content-type"].startsWith("text/html") ? timed(body.toString(), RESULT) : body);
});
await new Promise((done) => between.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${between.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// In every page: when its HTML had come, when the timed text was painted. Of HTML that script
// fetches the last one counts.
function watch() {
  const times = (window.times = {});
  new PerformanceObserver((list) => list.getEntries().forEach((one) => (times.painted = one.renderTime))).observe({ type: "element", buffered: true });
  const text = Response.prototype.text;
  Response.prototype.text = async function () {
    const all = await text.call(this);
    Object.assign(times, { arrived: performance.now(), painted: undefined });
    return all;
  };
}
async function time(page) {
  for (let i = 0; i < 100; i++) {
    await new Promise((done) => setTimeout(done, 50));
    const milliseconds = await page.evaluate(() => window.times.painted - (window.times.arrived ?? performance.getEntriesByType("navigation")[0].responseEnd));
    if (milliseconds) return milliseconds;
  }
  throw new Error("nothing is painted");
}

const times = {};
const note = (name, milliseconds, counts) => counts && (times[name] ??= []).push(milliseconds);
async function opened(page, name, path, counts) {
  for (const when of ["first time", "again"]) {
    await page.goto("about:blank");
    await page.goto(base + path, { waitUntil: "load" });
    note(`${name}, ${when}`, await time(page), counts);
  }
}

// In turns, so that what else the machine does falls on all; the very first round warms up.
const { pathname, search } = new URL(address);
const query = new URL(address).searchParams.get("q");
for (let i = 0; i <= Number(rounds); i++) {
  const context = () => browser.newContext({ viewport: { width: 1280, height: 900 } });
  for (const [name, path] of [["one word", "/-empty"], ["unstyled text, a window full", "/-filled"], ["results, opened", pathname + search]]) {
    const one = await context();
    const page = await one.newPage();
    await page.addInitScript(watch);
    await opened(page, name, path, i);
    await one.close();
  }
  const one = await context();
  const page = await one.newPage();
  await page.addInitScript(watch);
  await page.goto(base + pathname, { waitUntil: "networkidle" });
  for (const [name, words] of [["results, searched on the first page", query], ["results, searched above results", `${query} `.repeat(2)]]) {
    await page.locator("#q").fill("");
    await page.locator("#q").pressSequentially(words, { delay: 60 }); // as a person does
    await page.keyboard.press("Enter");
    note(name, await time(page), i);
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => { delete window.times.painted; });
  }
  await one.close();
}
const part = (all, share) => all.sort((a, b) => a - b)[Math.floor(all.length * share)].toFixed(0).padStart(6);
console.log("ms from HTML to paint                  median  lower quarter  upper quarter");
for (const [name, all] of Object.entries(times)) console.log(`${name.padEnd(38)} ${part(all, 0.5)}         ${part(all, 0.25)}         ${part(all, 0.75)}`);
await browser.close();
between.close();
between.closeAllConnections();
