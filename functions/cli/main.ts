#!/usr/bin/env node
/** `nexus`: the command line of Memory Nexus. */

import { runCli } from "./cli.ts";
import { EXIT } from "./failure.ts";
import { processTerminal } from "./terminal.ts";

const interrupt = new AbortController();
process.on("SIGINT", () => {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort(new Error("interrupted"));
});
// `nexus … | head` closes the pipe early, which is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failed),
);

const terminal = processTerminal(process.env);
const code = await runCli(process.argv.slice(2), { terminal, env: process.env, signal: interrupt.signal });
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))));
// The embedded record engine keeps the process alive after it is closed.
process.exit(code);
