// SPDX-License-Identifier: GPL-2.0-or-later
// Stories of somebody in front of the page, in a real browser. Prints a TAP report.
// usage: node run.mjs SERVER
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

// waitForFunction makes functions of text, which the page's own policy forbids.
async function until(holds) {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("it does not come to pass");
}

const [server] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const stories = [];
const story = (name, tell) => stories.push([name, tell]);
const check = (good, what) => { if (!good) throw new Error(what); };

// A page that fails the story on any error in its console.
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.faults.push(message.text()); });
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.setDefaultTimeout(8000);
  await page.goto(server + path);
  return page;
}
async function close(page) {
  check(!page.faults.length, `the console says: ${page.faults}`);
  await page.context().close();
}
async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  check(!violations.length, `${where}: ${violations.map((one) => `${one.id} (${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + " " + (node.any[0]?.message ?? "")).join(" | ")})`).join("; ")}`);
}
const title = (page) => page.locator(".hit h2").first().innerText();

story("type, be offered words, choose one with the keys, and see cited passages", async () => {
  const page = await open("/");
  await page.locator("body").click();
  await page.keyboard.press("/");
  await page.keyboard.type("disemb");
  await page.locator(".offers li").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".hit").first().waitFor();
  check(new URL(page.url()).searchParams.get("q").startsWith("disembark"), page.url());
  check(await page.locator(".hit mark").count() > 0, "nothing is marked");
  check(await page.locator(".passage .number").first().innerText() !== "", "no paragraph number");
  await close(page);
});

story("a search from the first page comes in place; back leads to it, forward to the results", async () => {
  const page = await open("/");
  await page.evaluate(() => { window.stays = true; });
  const stays = () => page.evaluate(() => window.stays === true);
  await page.locator(".hero #q").fill("disembarkation");
  await page.keyboard.press("Enter");
  await page.locator(".hit").first().waitFor();
  check(await stays(), "the browser opened another page");
  check(await page.locator(".top #q").inputValue() === "disembarkation", "the box above is empty");
  check(await page.locator("link[rel=alternate]").count() === 1, "the results have no feed");
  check(await page.evaluate(() => !document.body.classList.contains("busy")), "the page stays dimmed");
  await page.goBack();
  await page.locator(".hero").waitFor();
  check(await page.evaluate(() => document.activeElement.id === "q"), "the box has not the focus");
  check(await page.locator(".top #q, .hit").count() === 0, "results are left on the first page");
  await page.goForward();
  await page.locator(".hit").first().waitFor();
  check(await stays(), "back and forward opened another page");
  await page.locator(".theme").click();
  check(await page.evaluate(() => !!document.documentElement.dataset.theme), "the button for dark and light is dead");
  await page.locator(".top #q").fill("resc");
  await page.locator(".offers li").first().waitFor();
  await page.keyboard.press("Escape");
  await page.evaluate(() => { location.hash = "main"; });
  await page.goBack();
  check(await page.locator(".top #q").inputValue() === "resc", "a fragment fetched the results again");
  await close(page);
});

story("a filter, its removal, and the browser's back and forward", async () => {
  const page = await open("/?q=rescue");
  const all = await page.locator(".total").innerText();
  const name = await page.locator(".facet .name").first().innerText();
  await page.locator(".facet a").first().click();
  await page.locator(".filters a").waitFor();
  check((await page.locator(".filters a").innerText()).includes(name), "the filter has another name");
  check(new URL(page.url()).searchParams.get("speaker") === name, page.url());
  check((await page.locator(".total").innerText()) !== all, "nothing was filtered");
  await page.goBack();
  await until(async () => (await page.locator(".total").innerText()) === all);
  await page.goForward();
  await page.locator(".filters a").click();
  await until(async () => (await page.locator(".total").innerText()) === all);
  await close(page);
});

story("back and forward again before the page came: what is shown is what the address says", async () => {
  const page = await open("/?q=rescue");
  await page.locator(".top #q").fill("trafficking");
  await page.keyboard.press("Enter");
  await until(async () => (await page.locator(".top #q").inputValue()) === "trafficking" && page.url().includes("q=trafficking"));
  await until(async () => (await page.locator(".facet").count()) > 0);
  const total = await page.locator(".total").innerText();
  await page.route("**/?q=rescue", async (route) => { await new Promise((done) => setTimeout(done, 500)); await route.continue(); });
  await page.evaluate(() => history.back());
  await until(() => page.url().includes("q=rescue"));
  await page.evaluate(() => history.forward());
  await until(() => page.url().includes("q=trafficking"));
  await page.waitForTimeout(1000);
  check((await page.locator(".total").innerText()) === total, "the earlier page came after all");
  check(await page.evaluate(() => !document.body.classList.contains("busy")), "the page stays dimmed");
  await close(page);
});

story("newest first is one click, and sticks", async () => {
  const page = await open("/?q=rescue");
  const best = await title(page);
  await page.getByRole("link", { name: "Newest first" }).click();
  await until(async () => (await page.locator(".hit h2").first().innerText()) !== best);
  const newest = await title(page);
  await page.goto(`${server}/?q=rescue`);
  check((await title(page)) === newest, "the next search is by relevance again");
  await close(page);
});

story("brush the timeline, and the dates are chosen", async () => {
  const page = await open("/?q=rescue");
  const bars = page.locator(".bars a");
  const values = await bars.evaluateAll((all) => all.map((bar) => bar.dataset.value));
  const count = values.length;
  check(count >= 4, `${count} bars`);
  const box = await page.locator(".bars").boundingBox();
  const at = (i) => box.x + (box.width * (i + 0.5)) / count;
  await page.mouse.move(at(1), box.y + 30);
  await page.mouse.down();
  await page.mouse.move(at(2), box.y + 30);
  await page.mouse.move(at(3), box.y + 30);
  check(await page.locator(".bars .brushed").count() === 3, "three bars should be brushed");
  await page.mouse.up();
  await page.waitForURL(/from=/);
  const url = new URL(page.url()).searchParams;
  check(url.get("from") === values[1] && url.get("to") === values[3], page.url());
  await page.locator(".filters a").first().waitFor();
  await close(page);
});

story("keys go from result to result, and Enter opens one at its passage", async () => {
  const page = await open("/?q=disembarkation");
  await page.locator("main").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  check(await page.evaluate(() => document.activeElement.matches(".hit a")), "no result has the focus");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/d\//);
  check(await page.locator(".row:target mark").count() > 0, "the passage is not shown with its matches");
  check(await page.locator(".row:target").isVisible(), "the passage is out of sight");
  await close(page);
});

story("read a document: outline, next and previous match", async () => {
  const page = await open("/?q=%22early+recorded+statements%22+trafficking");
  await page.locator(".hit h2 a[href*=straits-forum-minutes]").click();
  await page.waitForURL(/\/d\//);
  await page.locator(".outline li").nth(1).waitFor();
  const matches = await page.locator(".matches li").count();
  check(matches >= 1, "no match is listed");
  await page.getByRole("button", { name: /Next/ }).click();
  const first = new URL(page.url()).hash;
  check(/^#p\d+$/.test(first), page.url());
  if (matches > 1) {
    await page.keyboard.press("n");
    check(new URL(page.url()).hash !== first, "n does not go on");
    await page.keyboard.press("p");
    check(new URL(page.url()).hash === first, "p does not go back");
  }
  await close(page);
});

story("a document stands open at the passage at once, without a ride through the pages before it", async () => {
  const page = await open("/?q=disembarkation", { viewport: { width: 390, height: 400 }, reducedMotion: "no-preference" });
  await page.locator(".hit h2 a[href*=halden]").first().click();
  await page.waitForURL(/\/d\/.*#p/);
  await page.waitForLoadState("load");
  const top = await page.evaluate(() => document.querySelector(":target").getBoundingClientRect().top);
  check(await page.evaluate(() => scrollY) > 0 && top > 0 && top < 400, `the passage is at ${top}`);
  await close(page);
});

story("copy a citation in three forms", async () => {
  const page = await open("/?q=disembarkation", { permissions: ["clipboard-read", "clipboard-write"] });
  const texts = {};
  for (const kind of ["Plain text", "Markdown link", "BibTeX"]) {
    await page.locator(".passage .cite").first().click();
    await page.getByRole("menuitem", { name: kind }).click();
    await page.locator(".toast").waitFor();
    texts[kind] = await page.evaluate(() => navigator.clipboard.readText());
  }
  check(/¶ \d+.* <http.*\/p\/.*>$/.test(texts["Plain text"]), texts["Plain text"]);
  check(/^\[.*\]\(http.*\)$/.test(texts["Markdown link"]), texts["Markdown link"]);
  check(/^@misc\{[a-z0-9]+,\n[^]*year = \{\d{4}\}[^]*url = \{http/.test(texts.BibTeX), texts.BibTeX);
  const address = texts["Plain text"].match(/<(.*)>/)[1];
  await page.goto(address);
  check(/\/d\/.*#p\d+$/.test(page.url()), `the lasting address leads to ${page.url()}`);
  await close(page);
});

story("without script: search, filter, sort, turn the page, read", async () => {
  const page = await open("/", { javaScriptEnabled: false });
  await page.locator("#q").fill("*");
  await page.locator(".hero button").click();
  check(await page.locator(".hit").count() > 0, "no results");
  await page.locator(".pages [rel=next]").click();
  check(/offset=10/.test(page.url()), page.url());
  await page.getByRole("link", { name: "Oldest first" }).click();
  await page.locator(".range input[name=from]").fill("2020");
  await page.locator(".range button").click();
  check(/from=2020/.test(page.url()), page.url());
  await page.locator(".hit h2 a").first().click();
  check(await page.locator(".row").count() > 0, "the document is empty");
  await close(page);
});

story("more passages of a meeting open up", async () => {
  const page = await open("/?q=rescue");
  const more = page.locator("details").first();
  check(!(await more.locator(".passage").first().isVisible()), "they are open already");
  await more.locator("summary").click();
  check(await more.locator(".passage").first().isVisible(), "they stay shut");
  await close(page);
});

story("misspelt words are put right with one click", async () => {
  const page = await open("/?q=disembarkatoin");
  await page.locator(".meant a").click();
  await page.locator(".hit").first().waitFor();
  await close(page);
});

story("phone width: nothing is cut off, targets are large enough", async () => {
  for (const path of ["/", "/?q=rescue", "/coverage"]) {
    const page = await open(path, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    check(wide <= 360, `${path} is ${wide} wide`);
    await accessible(page, `${path} on a phone`);
    await close(page);
  }
});

story("dark and light, by the system and by choice", async () => {
  const page = await open("/?q=rescue", { colorScheme: "dark" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.locator(".theme").click();
  const light = await paper();
  check(dark !== light, "both are the same");
  await page.reload();
  check((await paper()) === light, "the choice is forgotten");
  await close(page);
});

story("axe finds no fault, in either theme, on any page", async () => {
  const id = (await (await fetch(`${server}/api/search?q=rescue&limit=1`)).json()).results[0].document.id;
  const document_ = `/d/${encodeURIComponent(id)}?q=rescue`;
  for (const [path, options] of [["/", {}], ["/?q=rescue", {}], ["/?q=rescue&from=2020&to=2022", { colorScheme: "dark" }], [document_, {}], [document_, { colorScheme: "dark" }],
    ["/speakers?q=rescue", {}], ["/coverage", { colorScheme: "dark" }], ["/help", {}], ["/?q=qqqqzzzz", {}], ["/nothing/here", {}]]) {
    const page = await open(path, options);
    if (path === "/nothing/here") page.faults.length = 0;
    await accessible(page, `${path} ${options.colorScheme ?? "light"}`);
    await close(page);
  }
});

story("French and Spanish, and text that runs from right to left", async () => {
  const page = await open("/?q=rescue", { locale: "fr-FR" });
  check(await page.getAttribute("html", "lang") === "fr", "not French");
  await page.getByRole("link", { name: "Español" }).click();
  await page.waitForURL(/lang=es/);
  check(await page.getByRole("button", { name: "Buscar" }).count() === 1, "not Spanish");
  await page.goto(`${server}/?q=${encodeURIComponent("ميناء")}`);
  const ways = await page.evaluate(() => [...document.querySelectorAll(".text")].map((one) => getComputedStyle(one).direction));
  check(ways.length && ways.every((way) => way === "rtl"), `text runs ${ways}`);
  await close(page);
});

story("markup from the index is text on the page", async () => {
  const page = await open("/?q=markup");
  check(await page.locator(".hit").count() > 0, "the document is not there");
  check(await page.evaluate(() => !window.harmed && !document.querySelector("main script, main img")), "it came alive");
  await page.locator(".hit h2 a").first().click();
  await page.waitForURL(/\/d\//);
  check(await page.evaluate(() => !window.harmed && !document.querySelector("main script, main img")), "it came alive in the document");
  await close(page);
});

story("the web component searches from a page of another site", async () => {
  const html = `<!doctype html><html lang="en"><title>A portal</title><main><h1>A portal</h1><plenary-search src="${server}" q="rescue"></plenary-search></main><script type="module" src="${server}/plenary-search.js"></script>`;
  const portal = createServer((request, answer) => answer.writeHead(request.url === "/" ? 200 : 204, { "content-type": "text/html" }).end(request.url === "/" ? html : ""));
  await new Promise((done) => portal.listen(0, "127.0.0.1", done));
  const page = await open("/");
  await page.goto(`http://127.0.0.1:${portal.address().port}/`);
  await page.locator("plenary-search li").first().waitFor();
  check(await page.locator("plenary-search mark").count() > 0, "nothing is marked");
  await page.locator("plenary-search input").fill("disembarkation");
  await page.locator("plenary-search button").click();
  await page.waitForFunction(() => document.querySelector("plenary-search").shadowRoot.querySelector("blockquote")?.innerText.toLowerCase().includes("disembark"));
  await accessible(page, "the component");
  await close(page);
  portal.close();
});

story("nothing moves when the script comes", async () => {
  for (const [path, options] of [["/", {}], ["/?q=rescue", {}], ["/?q=rescue", { viewport: { width: 390, height: 844 } }]]) {
    const page = await open(path, options);
    await page.waitForLoadState("networkidle");
    const moved = await page.evaluate(() => new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (sum += one.value))).observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(sum), 100);
    }));
    check(moved < 0.001, `${path} ${JSON.stringify(options)}: ${moved}`);
    await close(page);
  }
});

story("light: results in few bytes, and soon", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto(`${server}/?q=rescue`, { waitUntil: "networkidle" });
  const paint = await page.evaluate(() => {
    const [page_] = performance.getEntriesByType("navigation");
    return performance.getEntriesByName("first-contentful-paint")[0].startTime - page_.responseStart;
  });
  console.log(`# ${bytes} bytes, results on screen ${paint.toFixed(0)} ms after the HTML arrives`);
  check(bytes < 80000, `${bytes} bytes`);
  await context.close();
});

console.log(`1..${stories.length}`);
let failed = 0;
for (const [i, [name, tell]] of stories.entries()) {
  try {
    await tell();
    console.log(`ok ${i + 1} ${name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${i + 1} ${name}\n# ${String(error.message).split("\n").join("\n# ")}`);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
