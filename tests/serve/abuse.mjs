// SPDX-License-Identifier: GPL-2.0-or-later
// Clients that behave badly, and one that asks meanwhile. The server was started with --idle 1
// --connections 50. usage: node abuse.mjs SERVER
import net from "node:net";
import { setTimeout as rest } from "node:timers/promises";

const [server] = process.argv.slice(2);
const { hostname, port } = new URL(server);

function connect() {
  const socket = net.connect(Number(port), hostname);
  socket.text = "";
  socket.on("data", (data) => (socket.text += data));
  socket.on("error", () => {});
  socket.closed_ = new Promise((done) => socket.on("close", done));
  return socket;
}
function check(good, what) {
  console.log(`${good ? "ok" : "not ok"} ${what}`);
  if (!good) process.exitCode = 1;
}
const within = (promise, time) => Promise.race([promise.then(() => true), rest(time).then(() => false)]);
const answers = async () => {
  try {
    return (await fetch(`${server}/health`, { headers: { connection: "close" }, signal: AbortSignal.timeout(8000) })).ok;
  } catch {
    return false;
  }
};

// A header a byte at a time: activity that never becomes a request.
const slow = connect();
const drip = setInterval(() => slow.write("a"), 100);
slow.write("GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ");
check(await answers(), "others are answered while one drips");
check(await within(slow.closed_, 6000), "who drips is put out");
clearInterval(drip);

// Headers larger than the server takes.
const huge = connect();
huge.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Huge: ${"h".repeat(200000)}\r\n\r\n`);
check(await within(huge.closed_, 6000), "huge headers are refused");
check(await answers(), "and others answered");

// Several requests in one packet.
const piped = connect();
piped.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4) + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
await within(piped.closed_, 6000);
check(piped.text.match(/HTTP\/1\.1 200/g)?.length === 5, "pipelined requests are answered in turn");

// What is no HTTP.
for (const text of ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: -1\r\n\r\n"]) {
  const odd = connect();
  odd.write(text);
  odd.end();
  await within(odd.closed_, 3000);
}
check(await answers(), "what is no HTTP harms nobody");

// More idle connections than it keeps: after --idle, there is room again.
const idle = Array.from({ length: 120 }, connect);
check(await answers(), "others are answered beside idle connections");
for (const one of idle) one.destroy();
slow.destroy();
process.exit();
