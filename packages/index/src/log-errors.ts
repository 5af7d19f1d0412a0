/** How the log fails: damaged, full or out of reach. */

import { NexusError } from "@nexus/core";

export function corrupt(path: string, problem: string, cause?: unknown): NexusError {
  return new NexusError(
    "index.corrupt",
    `[nexus/index] ${path}: ${problem}; the index has to be rebuilt from the records`,
    { cause },
  );
}

export function unavailable(path: string, why: string, cause?: unknown): NexusError {
  return new NexusError("store.unavailable", `[nexus/index] ${path}: ${why}`, { cause });
}

/** The error for an append that the file system refused: `store.full` where room is what lacks. */
export function appendFailure(path: string, bytes: number, cause: unknown): NexusError {
  const code = (cause as { readonly code?: string }).code ?? "";
  if (!["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) return unavailable(path, "appending failed", cause);
  const message = `[nexus/index] ${path}: no room for ${bytes} more bytes; free some disk space`;
  return new NexusError("store.full", message, { cause });
}
