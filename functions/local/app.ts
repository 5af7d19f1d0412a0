/** The whole product in one process: stores, memory service and HTTP app, ready to be served or called. */

import { createIds, type Embedder, systemClock, systemRandom } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createApp } from "@nexus/http";
import { createTelemetry, createUserTokens } from "@nexus/platform";
import type { LocalConfig } from "./config.ts";
import { createLogLines } from "./log-lines.ts";
import { healthOf } from "./health.ts";
import { readKeys } from "./keys.ts";
import { type LocalMemories, openLocalMemories } from "./memories.ts";
import { VERSION } from "./version.ts";

export interface Local {
  /** Answers a request; `bindings` is what the server knows of the connection. */
  fetch(request: Request, bindings?: object): Promise<Response>;
  readonly directory: string;
  /** The generated key; undefined when the operator gave keys. */
  readonly key: string | undefined;
  readonly memories: LocalMemories;
  /** Refuses new requests from now on. */
  drain(): void;
  /** Ends background work and closes the stores; the process should exit afterwards. */
  close(): Promise<void>;
}

/** throws  store.locked, store.full, store.corrupt, config.* */
export async function openLocal(
  config: LocalConfig,
  write: (line: string) => void = createLogLines(),
  { builtIn }: { readonly builtIn?: Embedder | undefined } = {},
): Promise<Local> {
  const clock = systemClock;
  const telemetry = createTelemetry({
    clock,
    write,
    level: config.logLevel,
    fields: { place: "local", version: VERSION },
  });
  telemetry.gauge("build_info", 1, { version: VERSION, place: "local" });
  const memories = await openLocalMemories({ ...config, telemetry, builtIn });
  const { stores } = memories;
  let draining = false;
  try {
    const tokens = createUserTokens({ signers: memories.signers, clock });
    const keys = await readKeys({ ...stores, tokens, clock }, config);
    const [probe] = systemScopes("sweep", ["default"]);
    const app = createApp({
      memory: memories.memory,
      embeddings: memories.embedding.service,
      credentials: keys.credentials,
      tokens,
      telemetry,
      metrics: () => telemetry.exposition(),
      clock,
      ids: createIds(clock, systemRandom),
      cache: stores.cache,
      health: async () => (probe ? healthOf(stores, probe) : {}),
      version: VERSION,
      clientIp: (_request, bindings) => remoteAddress(bindings),
      draining: () => draining,
      recall: config.settings,
      settings: config.http,
    });
    return {
      fetch: async (request, bindings) => await app.fetch(request, bindings ?? {}),
      directory: stores.directory,
      key: keys.generated,
      memories,
      drain: () => {
        draining = true;
      },
      close: () => memories.close(),
    };
  } catch (error) {
    await memories.close();
    throw error;
  }
}

/** The peer's address as Node's server tells it; calls within the process have none. */
function remoteAddress(bindings: unknown): string {
  const { incoming } = bindings as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? "in-process";
}
