/** The record store inside this process: SurrealDB's engine as a native module. */

import { fileURLToPath } from "node:url";

import { NexusError, type RecordStore } from "@nexus/core";
import { createNodeEngines } from "@surrealdb/node";
import { type DriverContext, type Engines, Surreal, type SurrealEngine } from "surrealdb";

import { translateOpening } from "./surreal/failures.ts";
import { createSurrealRecords, type SurrealRecordsOptions } from "./surreal/records.ts";

export interface EmbeddedRecordsOptions extends SurrealRecordsOptions {
  /** `rocksdb://` and an absolute path; the engine is the URL's scheme. Not `surrealkv://`: it lost acknowledged updates (12 of 270). */
  readonly url: string;
}

/** The engine keeps a directory's lock until the process ends, `close` or not, and a second open of it hangs. */
const opened = new Set<string>();

/** Statements come from this driver alone: nothing that reaches out of the engine is needed. */
const CAPABILITIES = {
  functions: true,
  scripting: false,
  guest_access: false,
  live_query_notifications: false,
  network_targets: false,
  experimental: false,
};

/**
 * Opens, creates and migrates a database directory. One process a directory: take the data directory's lock first.
 * After `close` the process must end by itself (`process.exit`): the engine keeps it alive.
 *
 * throws  `store.locked`, `store.corrupt`, `store.full`, `store.unavailable`, `config.version_skew`, `config.migration`
 */
export async function openSurrealRecords(options: EmbeddedRecordsOptions): Promise<RecordStore> {
  const url = options.url;
  if (opened.has(url)) {
    throw new NexusError(
      "store.locked",
      "[nexus/stores:surreal] this process has opened the record store before; the engine opens a directory once",
    );
  }
  opened.add(url);
  const failure = Promise.withResolvers<never>();
  const client = new Surreal({
    engines: reporting(createNodeEngines({ capabilities: CAPABILITIES }), failure.reject),
    codecOptions: { useNativeDates: true },
  });
  try {
    const database = { namespace: "nexus", database: "memory" };
    await Promise.race([client.connect(url, { ...database, reconnect: false }), failure.promise]);
  } catch (error) {
    opened.delete(url);
    throw translateOpening(error);
  }
  try {
    return await createSurrealRecords(client, options);
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The URL of a database directory. */
export function embeddedUrl(directory: string | URL): string {
  return `rocksdb://${directory instanceof URL ? fileURLToPath(directory) : directory}`;
}

/** The client never hears of an engine that fails to open, and would wait for ever. */
function reporting(engines: Engines, onError: (error: unknown) => void): Engines {
  return Object.fromEntries(
    Object.entries(engines).map(([name, create]) => [
      name,
      (context: DriverContext): SurrealEngine => {
        const engine = create(context);
        engine.subscribe("error", onError);
        return engine;
      },
    ]),
  );
}
