/** The record store inside this process: SurrealDB's engine as a native module. */

import { statfs } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { NexusError, type RecordStore } from "@nexus/core";
import { createNodeEngines } from "@surrealdb/node";
import { type DriverContext, type Engines, Surreal, type SurrealEngine } from "surrealdb";

import { translateOpening } from "./surreal/failures.ts";
import { createSurrealRecords, type SurrealRecordsOptions } from "./surreal/records.ts";

export interface EmbeddedRecordsOptions extends SurrealRecordsOptions {
  /** `rocksdb://` and an absolute path; the engine is the URL's scheme. Not `surrealkv://`: it lost acknowledged updates (12 of 270). */
  readonly url: string;
  /** Bytes of the disk that stay free: commits are refused with `store.full` rather than take them. Default 64 MiB. */
  readonly reserveBytes?: number | undefined;
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
 * Large values must lie beside the others, since the engine rewrites its blob files only when they are old and half empty, so
 * that a removed text of 4 KiB or more outlived every compaction. The second brings those of earlier releases over.
 * The engine takes such settings from the environment alone, when it first opens a directory.
 */
const ENGINE_SETTINGS = {
  SURREAL_ROCKSDB_ENABLE_BLOB_FILES: "false",
  SURREAL_ROCKSDB_BLOB_GC_AGE_CUTOFF: "1.0",
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
  Object.assign(process.env, ENGINE_SETTINGS);
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
    const requireRoom = (bytes: number): Promise<void> => requireFreeSpace(pathOf(url), bytes, options.reserveBytes);
    return await createSurrealRecords(client, { ...options, requireRoom });
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The URL of a database directory. */
export function embeddedUrl(directory: string | URL): string {
  return `rocksdb://${directory instanceof URL ? fileURLToPath(directory) : directory}`;
}

/** The engine's log, its tables being rewritten and the vector log: room for all of them while requests are still answered. */
const RESERVE_BYTES = 67_108_864;
/** A row is written to the engine's log, then to a table, and to its next level. */
const WRITE_AMPLIFICATION = 3;

async function requireFreeSpace(path: string, bytes: number, reserveBytes: number = RESERVE_BYTES): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= reserveBytes + WRITE_AMPLIFICATION * bytes) return;
  const mebibytes = (count: number): string => `${Math.floor(count / 1_048_576)} MiB`;
  throw new NexusError(
    "store.full",
    `[nexus/stores:surreal] the disk has ${mebibytes(free)} left and ${mebibytes(reserveBytes)} are kept in reserve; free some space`,
  );
}

function pathOf(url: string): string {
  return url.slice(url.indexOf("://") + "://".length);
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
