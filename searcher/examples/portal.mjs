// SPDX-License-Identifier: GPL-2.0-or-later
// A page of a portal that asks plenary-serve over HTTP and renders the answer itself:
//   node portal.mjs http://127.0.0.1:8080 'safe ports' >page.html
const [server, query] = process.argv.slice(2);

const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

// Highlights are ranges of bytes of the snippet.
function marked({ snippet, snippet_highlights }) {
  const bytes = Buffer.from(snippet);
  let html = "", at = 0;
  for (const [begin, end] of snippet_highlights) {
    html += escape(bytes.toString("utf8", at, begin)) + `<mark>${escape(bytes.toString("utf8", begin, end))}</mark>`;
    at = end;
  }
  return html + escape(bytes.toString("utf8", at));
}

const answer = await fetch(`${server}/api/search?` + new URLSearchParams({ q: query, limit: 3 }));
if (!answer.ok) {
  const problem = await answer.json();
  console.error(`portal: ${problem.detail ?? problem.title}`);
  process.exit(1);
}
const { total, results } = await answer.json();
console.log(`<!doctype html><title>${escape(query)}</title><p>${total.value} passages</p>`);
for (const hit of results)
  console.log(`<article><h2>${escape(hit.document.title ?? hit.document.id)}</h2><p>${marked(hit)}</p></article>`);
