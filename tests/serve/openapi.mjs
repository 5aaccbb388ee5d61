// SPDX-License-Identifier: GPL-2.0-or-later
// Ask every operation of the OpenAPI file and hold the answers against the schemas: types, required
// fields, and no field that the file does not name. usage: node openapi.mjs SERVER
const [server] = process.argv.slice(2);
const api = await (await fetch(`${server}/openapi.json`)).json();

const resolve = (schema) => (schema.$ref ? schema.$ref.slice(2).split("/").reduce((at, name) => at[name], api) : schema);
const kind = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value);

function* faults(value, given, where) {
  const schema = resolve(given), is = kind(value);
  const types = [schema.type ?? []].flat();
  if (types.length && !types.includes(is) && !(is === "integer" && types.includes("number"))) yield `${where} is ${is}, not ${types}`;
  if (schema.enum && !schema.enum.includes(value)) yield `${where} is ${value}`;
  if ("const" in schema && schema.const !== value) yield `${where} is ${value}`;
  if (is === "array" && schema.items) for (const [i, one] of value.entries()) yield* faults(one, schema.items, `${where}[${i}]`);
  if (is !== "object" || !schema.properties) return;
  for (const name of schema.required ?? []) if (!(name in value)) yield `${where}.${name} is missing`;
  for (const [name, one] of Object.entries(value)) {
    if (schema.properties[name]) yield* faults(one, schema.properties[name], `${where}.${name}`);
    else if (!extra.has(name)) yield `${where}.${name} is not described`;
  }
}
// Of a search: described in searcher/schema.md.
const extra = new Set(["place", "context", "lines", "bytes", "xapian", "duplicates", "folded", "body", "sum", "group_score", "pages", "meeting"]);

const { documents } = await (await fetch(`${server}/api/documents?limit=1`)).json();
const id = encodeURIComponent(documents[0].id);
const asked = {
  search: ["q=rescue", "q=rescue&group=2&facets=speaker,year,month,language,body", "q=recsue", "q=%28rescue&context=1", "q=*&count=1"],
  suggest: ["q=re"], facets: ["q=rescue"], documents: ["", "limit=2&from=2020"], document: ["q=rescue"], passage: [""],
  feed: ["q=rescue"], opensearch: [""], openapi: [""], health: [""], metrics: [""],
};
let wrong = 0;
const tell = (text) => { wrong++; console.log(text); };
for (const [path, { get }] of Object.entries(api.paths)) {
  if (!asked[get.operationId]) tell(`${path}: not asked`);
  for (const parameter of get.parameters ?? []) if (!resolve(parameter).schema) tell(`${path}: a parameter without a schema`);
  for (const query of asked[get.operationId] ?? []) {
    const place = path.replace("{id}", get.operationId === "passage" ? `${id}%231` : id);
    const answer = await fetch(`${server}${place}?${query}`);
    const [[type, { schema }]] = Object.entries(get.responses[200].content);
    if (answer.status !== 200) tell(`${place}?${query}: ${answer.status} ${await answer.text()}`);
    else if (answer.headers.get("content-type").split(";")[0] !== type) tell(`${place}: ${answer.headers.get("content-type")}`);
    else if (type === "application/json") for (const fault of faults(await answer.json(), schema, place)) tell(fault);
  }
}
const problem = await fetch(`${server}/api/search?limit=x`);
for (const fault of faults(await problem.json(), api.components.schemas.Problem, "problem")) tell(fault);
process.exit(wrong ? 1 : 0);
