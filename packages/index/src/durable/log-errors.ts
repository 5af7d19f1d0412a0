/** How the files of an index fail: damaged, full or out of reach. */

import { NexusError } from "@nexus/core";

export function corrupt(path: string, problem: string, cause?: unknown): NexusError {
  return new NexusError(
    "index.corrupt",
    `[nexus/index] ${path}: ${problem}; the index has to be rebuilt from the records`,
    { cause },
  );
}

/** Whether the index refused what is all right otherwise. */
export function isFull(error: unknown): boolean {
  return error instanceof NexusError && error.code === "index.full";
}

export function unavailable(path: string, why: string, cause?: unknown): NexusError {
  return new NexusError("store.unavailable", `[nexus/index] ${path}: ${why}`, { cause });
}

/** The error for a write that the file system refused: `store.full` where room is what lacks. */
export function writeFailure(path: string, what: string, cause: unknown): NexusError {
  if (cause instanceof NexusError) return cause;
  const code = (cause as { readonly code?: string } | undefined)?.code ?? "";
  if (!["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) return unavailable(path, `${what} failed`, cause);
  const message = `[nexus/index] ${path}: ${what} found no room; free some disk space`;
  return new NexusError("store.full", message, { cause });
}
