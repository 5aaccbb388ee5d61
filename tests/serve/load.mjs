// SPDX-License-Identifier: GPL-2.0-or-later
// Many clients ask everything at once for some seconds. Each answer is whole and of one generation.
// usage: node load.mjs SERVER SECONDS
const [server, seconds] = process.argv.slice(2);
const end = Date.now() + Number(seconds) * 1000;
const { documents } = await (await fetch(`${server}/api/documents?limit=20`)).json();
const ids = documents.map((one) => encodeURIComponent(one.id));
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const words = ["rescue", "harbour", "disembarkation", '"search and rescue"', "traffick*", "ports NEAR/5 closed", "speaker:minister", "*", "minutse"];
const paths = [
  () => `/api/search?q=${encodeURIComponent(pick(words))}&limit=${1 + Math.floor(Math.random() * 20)}&facets=speaker,year`,
  () => `/api/search?q=${encodeURIComponent(pick(words))}&group=3&sort=newest`,
  () => `/?q=${encodeURIComponent(pick(words))}`,
  () => `/api/suggest?q=${pick(["re", "har", "dis", "min"])}`,
  () => `/d/${pick(ids)}?q=rescue`,
  () => `/api/passages/${pick(ids)}%231`,
  () => `/api/facets?q=${encodeURIComponent(pick(words))}`,
  () => "/api/documents", () => "/feed.atom?q=rescue", () => "/coverage", () => "/metrics", () => "/", () => "/health",
];
let answers = 0, wrong = 0;
const generations = new Set();

async function client() {
  while (Date.now() < end && wrong < 5) {
    const path = pick(paths)();
    try {
      const answer = await fetch(server + path);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${answer.status} ${text}`);
      if (answer.headers.get("content-type").startsWith("application/json")) {
        const found = JSON.parse(text);
        if (found.index) generations.add(found.index.generation);
        if (found.query?.text === "*" && found.results && found.total.value > found.index.passages) throw new Error(`${found.total.value} of ${found.index.passages} passages`);
      }
      answers++;
    } catch (error) {
      wrong++;
      console.log(`${path}: ${error.message} ${error.cause?.message ?? ""}`);
    }
  }
}
await Promise.all(Array.from({ length: 12 }, client));
console.log(`${answers} answers over ${generations.size} generations, ${wrong} wrong`);
process.exit(wrong ? 1 : 0);
