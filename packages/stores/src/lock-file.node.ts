/** One process per data directory: a second opener of the embedded engine would die or hang without a word. */

import { readFile, rename, rm } from "node:fs/promises";

import { NexusError } from "@nexus/core";

import { UNFINISHED, writeFileAtomically } from "./atomic-file.node.ts";
import { errnoOf } from "./file-failures.node.ts";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity.node.ts";

/** Rounds of finding a stale lock, taking it away and losing the race for the name. */
const MAX_ROUNDS = 10;

/**
 * Takes the lock and returns what releases it.
 *
 * throws  `store.locked` naming the process that holds it
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const mine = await identityOf(process.pid);
  const text = `${JSON.stringify(mine)}\n`;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      // Linked into place whole: nobody ever reads half a lock.
      await writeFileAtomically(path, Buffer.from(text), { mode: 0o600, create: true });
      // Looked at again: an opener that found the lock before ours stale may just have moved ours aside.
      if ((await readLock(path)) === text) return async () => await release(path, text);
      continue;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    const held = await readLock(path);
    if (held === undefined) continue;
    const owner = parseOwner(held);
    if (owner && (await isRunning(owner))) throw locked(owner.pid);
    await removeStale(path, held);
  }
  throw locked(undefined);
}

/** Moved aside first and looked at again: another opener may have replaced the stale lock with its own since we read it. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}${UNFINISHED}${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved !== undefined && moved !== seen) await putBack(path, moved);
  await rm(aside, { force: true });
}

async function putBack(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(path, Buffer.from(text), { mode: 0o600, create: true });
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readLock(path)) === mine) await rm(path, { force: true });
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** undefined for a file that is no lock of ours: treated as stale. */
function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text) as Partial<ProcessIdentity> | null;
    return typeof owner?.pid === "number" && owner.pid > 0 ? (owner as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

function locked(pid: number | undefined): NexusError {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  return new NexusError(
    "store.locked",
    `[nexus/stores] ${who} is using the data directory; stop it or choose another directory`,
  );
}
