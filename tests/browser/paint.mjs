// SPDX-License-Identifier: GPL-2.0-or-later
// How soon results are on screen: milliseconds from the last byte of the HTML to the first paint of
// content, beside a page of one word, which tells what the machine and the browser take by themselves.
// usage: node paint.mjs ADDRESS [ROUNDS]     an address of a page of results
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [address, rounds = "15"] = process.argv.slice(2);
const empty = createServer((request, answer) => answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Empty</title><p>Empty"));
await new Promise((done) => empty.listen(0, "127.0.0.1", done));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function paint(page, url) {
  await page.goto(url, { waitUntil: "networkidle" });
  for (;;) {
    const milliseconds = await page.evaluate(() => {
      const [first] = performance.getEntriesByName("first-contentful-paint");
      return first && first.startTime - performance.getEntriesByType("navigation")[0].responseEnd;
    });
    if (milliseconds !== undefined) return milliseconds;
    await new Promise((done) => setTimeout(done, 20));
  }
}

// In turns, so that what else the machine does falls on both.
const times = { empty: { first: [], again: [] }, results: { first: [], again: [] } };
for (let i = 0; i <= Number(rounds); i++)
  for (const [name, url] of [["empty", `http://127.0.0.1:${empty.address().port}/`], ["results", address]]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const first = await paint(page, url);
    await page.goto("about:blank");
    const again = await paint(page, url);
    if (i) times[name].first.push(first), times[name].again.push(again); // the very first warms up
    await context.close();
  }
const part = (all, share) => all.sort((a, b) => a - b)[Math.floor(all.length * share)].toFixed(0).padStart(6);
console.log("first paint, ms after the HTML     median  lower quarter  upper quarter");
for (const [name, loads] of Object.entries(times))
  for (const [load, all] of Object.entries(loads))
    console.log(`${name.padEnd(8)} ${(load === "first" ? "nothing cached" : "seen before").padEnd(24)} ${part(all, 0.5)}         ${part(all, 0.25)}         ${part(all, 0.75)}`);
await browser.close();
empty.close();
empty.closeAllConnections();
