/** What the file system says of the models folder, in our words. */

import { NexusError } from "@nexus/core";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
/** What calls on files are called in their errors. A socket's errors are inside those of fetch. */
const FILE_CALLS = new Set(
  "open mkdir rename link unlink rm rmdir stat lstat scandir copyfile fsync ftruncate read write close".split(" "),
);

/** store.full or store.unavailable for an error of a call on files; anything else as it is. */
export function folderError(error: unknown): unknown {
  const isOfFiles = error instanceof Error && "syscall" in error && FILE_CALLS.has(String(error.syscall));
  return isOfFiles ? diskError(error) : error;
}

/** store.full or store.unavailable for what is known to be an error of a file. */
export function diskError(cause: unknown): NexusError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  return FULL.has(code)
    ? new NexusError("store.full", "[nexus/embed] the disk is full; make room and try again", { cause })
    : new NexusError(
        "store.unavailable",
        `[nexus/embed] a file of a model cannot be read or written (${code}); check where it is and its permissions`,
        { cause },
      );
}
