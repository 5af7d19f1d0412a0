/** Processes to be talked to over real sockets. */

import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createClient, type NexusClient } from "@nexus/client";
import { startServer, temporaryDirectory, TEST_KEY } from "../../support/server.ts";
import type { Context } from "./bench.ts";
import { type BenchMemory, memoriesOf } from "./corpus.ts";

export const KEY: string = TEST_KEY;

/** The benches ask more than the ceiling against runaway loops allows. */
export const SERVER_ENV: Readonly<Record<string, string>> = { NEXUS_KEY_RATE_PER_MINUTE: "1000000000" };

export interface LoadedServer {
  readonly url: string;
  readonly client: NexusClient;
  readonly directory: string;
  /** Resident bytes of its process now. */
  resident(): number;
  /** Ends it and keeps its data. */
  stop(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** The real server, `functions/local/main.ts`, with so many memories in one tenant, put there over HTTP. */
export async function serverWith(count: number, context: Context): Promise<LoadedServer> {
  const directory = await temporaryDirectory("bench");
  const server = await startServer(directory.path, SERVER_ENV);
  const client = createClient({ url: server.url, key: KEY });
  await load(client, memoriesOf(count), context);
  const stop = async (): Promise<void> => void (await server.stop());
  return {
    url: server.url,
    client,
    directory: directory.path,
    resident: () => residentBytes(server.child.pid ?? 0),
    stop,
    async remove() {
      await stop();
      await directory.remove();
    },
  };
}

async function load(client: NexusClient, memories: readonly BenchMemory[], context: Context): Promise<void> {
  for (let from = 0; from < memories.length; from += 100) {
    await client.remember(memories.slice(from, from + 100));
    if (from % 1_000 === 0) context.progress(`${from} of ${memories.length} memories loaded`);
  }
}

/** A Hono route that answers with a constant of so many bytes, in a process of its own. */
export function constantRoute(bytes: number): Promise<{ url: string; stop(): void }> {
  const child = fork(new URL("constant-route.ts", import.meta.url), [String(bytes)], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", ({ port }: { port: number }) =>
      resolve({ url: `http://127.0.0.1:${port}`, stop: () => void child.kill() }),
    );
  });
}

/** Linux only; NaN elsewhere. */
export function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
  } catch {
    return Number.NaN;
  }
}
