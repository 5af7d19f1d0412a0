/** The operating system's errors, translated. */

import { NexusError } from "@nexus/core";

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Itself when it is one of ours. `doing` says what was tried, without any key or name of a tenant. */
export function translateFileError(error: unknown, doing: string): NexusError {
  if (error instanceof NexusError) return error;
  const errno = errnoOf(error);
  const because = { cause: error };
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT":
      return new NexusError("store.full", `[nexus/stores:files] ${doing}: the disk is full; free some space`, because);
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new NexusError(
        "store.unavailable",
        `[nexus/stores:files] ${doing}: not permitted (${errno}); make the data directory writable for this user`,
        because,
      );
    default:
      return new NexusError(
        "store.unavailable",
        `[nexus/stores:files] ${doing}: failed (${errno ?? "unknown"})`,
        because,
      );
  }
}
