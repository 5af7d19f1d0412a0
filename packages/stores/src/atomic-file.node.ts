/** Files that appear whole or not at all, and are on disk when the promise resolves. */

import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Names of unfinished files begin so; no blob key begins a part with `~`. */
export const UNFINISHED = "~";

export interface AtomicOptions {
  /** Permission bits. */
  readonly mode: number;
  /** Fails with EEXIST rather than replace. */
  readonly create?: boolean;
}

export async function writeFileAtomically(path: string, bytes: Uint8Array, options: AtomicOptions): Promise<void> {
  const directory = dirname(path);
  const unfinished = join(directory, `${UNFINISHED}${randomUUID()}`);
  try {
    const file = await open(unfinished, "wx", options.mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link fails where the name is taken; a rename replaces.
    if (options.create) await link(unfinished, path);
    else await rename(unfinished, path);
    await syncDirectory(directory);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Makes a new or removed name durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
