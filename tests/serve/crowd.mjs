// SPDX-License-Identifier: GPL-2.0-or-later
// A crowd that goes on asking while the server stops: one client asks much and reads nothing, so that
// the stop takes all the time it has; others ask again on connections that they keep. Ends when these
// are closed. usage: node crowd.mjs SERVER
import net from "node:net";

const [server] = process.argv.slice(2);
const { hostname, port } = new URL(server);
const connect = () => net.connect(Number(port), hostname).on("error", () => {});
const get = (path) => `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;

const deaf = connect();
deaf.pause();
deaf.write(get("/assets/openapi.json").repeat(600));
const crowd = Array.from({ length: 32 }, (_, i) => {
  const one = connect();
  one.write(get(`/api/search?q=rescue+${i}`));
  one.on("data", () => one.write(get(`/?q=rescue+${i}`)));
  return new Promise((done) => one.on("close", done));
});
await Promise.all(crowd);
deaf.destroy();
