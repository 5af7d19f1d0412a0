/** Serves the app over HTTP until a signal ends it. */

import { rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { NexusError } from "@nexus/core";
import { serve as listen, type ServerType } from "@hono/node-server";
import { type Local, openLocal } from "./app.ts";
import { greeting } from "./greeting.ts";
import type { LocalConfig } from "./config.ts";

/** How long requests in hand may take to end after a signal. */
const GRACE_MS = 10_000;
/** How long one request may take to arrive: an import is read as fast as it is taken in. */
const REQUEST_MS = 3_600_000;

/** Opens, listens, greets, and resolves once a signal has ended it and everything is closed. throws what opening throws, and config.invalid for a port in use */
export async function serve(config: LocalConfig): Promise<void> {
  const local = await openLocal(config);
  const ended = signalled();
  let server: ServerType | undefined;
  try {
    server = await listening(local, config);
    const url = urlOf(server.address() as AddressInfo);
    await writeFile(
      join(local.directory, "server.json"),
      JSON.stringify({ url, pid: process.pid, startedAt: new Date().toISOString() }),
    );
    console.error(greeting({ url, directory: local.directory, generatedKey: local.key }));
    void local.memories.embedding.preload();
    await ended;
  } finally {
    local.drain();
    if (server) await closed(server);
    await rm(join(local.directory, "server.json"), { force: true });
    await local.close();
  }
}

function listening(local: Local, { port, host }: LocalConfig): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = listen(
      {
        fetch: (request, bindings) => local.fetch(request, bindings),
        port,
        hostname: host,
        serverOptions: { requestTimeout: REQUEST_MS },
      },
      () => resolve(server),
    );
    server.once("error", (error: NodeJS.ErrnoException) => reject(translated(error, host, port)));
  });
}

function translated(error: NodeJS.ErrnoException, host: string, port: number): NexusError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is in use on ${host}; stop the other program, or set PORT`,
    EACCES: `port ${port} needs privileges that this process lacks; set PORT to 1024 or more`,
    EADDRNOTAVAIL: `this machine has no address ${host}; set HOST`,
    ENOTFOUND: `there is no host ${host}; set HOST`,
  };
  return new NexusError(
    "config.invalid",
    `[nexus/local] ${reasons[error.code ?? ""] ?? `cannot listen on ${host}:${port}`}`,
    { cause: error },
  );
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}

/** Lets requests in hand end, idle connections go at once, and after the grace time the rest too. */
async function closed(server: ServerType): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  const timer = setTimeout(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  }, GRACE_MS);
  await done;
  clearTimeout(timer);
}
