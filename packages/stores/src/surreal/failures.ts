/** Foreign errors become ours at the driver's edge. The engine's messages quote values of rows, so they stay in `cause` and never enter ours. */

import { type ErrorCode, NexusError } from "@nexus/core";

/** The engine reports most failures as one class with a sentence; these are the sentences of 3.0.2 and of RocksDB. First match wins. */
const SENTENCES: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/lock file|already open|lock hold/i, "store.locked", "another process has the record store open; stop it first"],
  [/no space left|ENOSPC|quota exceeded|out of space/i, "store.full", "the disk is full; free some space"],
  [/conflict|can be retried/i, "store.conflict", "concurrent transactions collided; try again"],
  [/index `memoryByExternalId` already contains/i, "memory.exists", "another memory has this externalId"],
  [
    /corrupt|checksum|bad magic|not an sstable|truncated|malformed/i,
    "store.corrupt",
    "files of the record store are damaged",
  ],
  [
    /coerce|expected a |no such field|already contains|already exists|parse error/i,
    "internal.unexpected",
    "the engine refused a write",
  ],
];

/** The error as one of ours; itself when it is already. `doing` says what was tried, without any value. */
export function translate(error: unknown, doing: string): NexusError {
  if (error instanceof NexusError) return error;
  const text = sentences(error);
  const [, code, advice] = SENTENCES.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    "store.unavailable" as const,
    "the record store does not answer; see the cause in the server's log",
  ];
  return new NexusError(code, `[nexus/stores:surreal] ${doing}: ${advice}`, { cause: error });
}

/** An engine that will not open is damaged unless the cause is known to be another: a reader must not mistake it for an empty store. */
export function translateOpening(error: unknown): NexusError {
  const ours = translate(error, "opening the record store");
  const reachable = /failed to create|permission denied|read-only|unable to load the specified|too many open/i;
  if (ours.code !== "store.unavailable" || reachable.test(sentences(error))) return ours;
  return new NexusError("store.corrupt", "[nexus/stores:surreal] the record store's files cannot be opened", {
    cause: error,
  });
}

function sentences(error: unknown): string {
  let text = "";
  for (let at = error, depth = 0; at instanceof Error && depth < 5; depth++) {
    text += `\n${at.message}`;
    at = at.cause;
  }
  return text;
}
