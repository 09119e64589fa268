// The portal to look at: `linli demo` in a fresh folder, on a free port, ended with the tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const BINARY = process.env.LINLI_BINARY ?? new URL("../../../target/debug/linli", import.meta.url).pathname;

/** Starts the demo; gives `{ url, logins, stop }`, with `logins` by role as the demo says them. */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), "linli-demo-"));
  const port = await freePort();
  const words = ["demo", "--dir", join(folder, "demo"), "--port", String(port), "--json"];
  const child = spawn(BINARY, words, { env: withoutOurs(process.env), stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  createInterface(child.stderr).on("line", (line) => log.push(line));
  const orphaned = () => child.kill("SIGKILL");
  process.on("exit", orphaned);
  const { url, logins } = await ready(child, log);
  const stop = async () => {
    process.off("exit", orphaned);
    child.kill("SIGTERM");
    const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
    await rm(folder, { recursive: true, force: true });
    if (code !== 0) throw new Error(`the demo ended with ${code}\n${log.slice(-30).join("\n")}`);
  };
  return { url, logins, log, stop };
}

/** The line of JSON that says where it is and who may come in. */
function ready(child, log) {
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the demo ended at once with ${code}\n${log.join("\n")}`)));
  });
}

function withoutOurs(env) {
  const ours = /^(LINLI|SMTP|DATABASE)_/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
