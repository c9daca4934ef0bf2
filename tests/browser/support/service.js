/** The real program with the real collection, in a data directory of its own that goes when the tests end. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** A fresh data directory is filled and indexed; an unoptimised program takes its time on a busy machine. */
const READY_MS_MAX = 120_000;

/** The program: MITMACHBOX names it, otherwise it is where cargo puts what `cargo build` makes. */
const PROGRAM = process.env.MITMACHBOX ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target"), "debug/mitmachbox");

/** A port that nobody listens on. */
async function free_port() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts a service; gives its address and a function that stops it. */
export async function start_service(...settings) {
  const dir = await mkdtemp(path.join(tmpdir(), "mitmachbox-browser-"));
  const port = await free_port();
  const arguments_ = ["serve", "--listen", `127.0.0.1:${port}`, "--data-dir", dir, "--log", "warn"];
  const program = spawn(PROGRAM, [...arguments_, ...settings.flatMap((it) => ["--set", it])], { stdio: "inherit" });
  const failed = new Promise((_, fail) => {
    program.on("error", fail);
    program.on("exit", (code) => fail(new Error(`the service ended with ${code}`)));
  });
  failed.catch(() => {});
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const ended = new Promise((done) => program.on("exit", done));
    program.kill("SIGTERM");
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  await Promise.race([ready(url), failed]);
  return { url, stop };
}

async function ready(url) {
  const deadline = Date.now() + READY_MS_MAX;
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((wait) => setTimeout(wait, 100));
  }
  throw new Error(`the service is not ready after ${READY_MS_MAX} ms`);
}
