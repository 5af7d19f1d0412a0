/** One process per data directory: a second opener of the embedded engine would die or hang without a word. */

import { readFile, rm } from "node:fs/promises";

import { NexusError } from "@nexus/core";

import { UNFINISHED, writeFileAtomically } from "./atomic-file.node.ts";
import { errnoOf } from "./file-failures.node.ts";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity.node.ts";

/** Rounds of finding a stale lock that another opener is just taking over, 10 ms apart. */
const MAX_ROUNDS = 100;
const WAIT_MS = 10;

/**
 * Takes the lock and returns what releases it.
 *
 * throws  `store.locked` naming the process that holds it
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const text = `${JSON.stringify(await identityOf(process.pid))}\n`;
  const releaseOurs = async (): Promise<void> => await release(path, text);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (await create(path, text)) return releaseOurs;
    const held = await readLock(path);
    if (held === undefined) continue;
    if (await isHeld(held)) throw locked(parseOwner(held)?.pid);
    if (await takeOver(path, held, text)) return releaseOurs;
  }
  throw locked(undefined);
}

/**
 * Replaces a stale lock by ours. Openers that find the same stale lock take turns under a second lock: one that looked
 * before another's take-over would otherwise replace a lock that is alive.
 */
async function takeOver(path: string, stale: string, text: string): Promise<boolean> {
  const turn = `${path}${UNFINISHED}turn`;
  if (!(await create(turn, text))) {
    const other = await readLock(turn);
    if (other !== undefined && !(await isHeld(other))) await rm(turn, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    return false;
  }
  try {
    if ((await readLock(path)) !== stale) return false;
    await writeFileAtomically(path, Buffer.from(text), { mode: 0o600 });
    return true;
  } finally {
    await rm(turn, { force: true });
  }
}

/** False when the file is there already. Linked into place whole: nobody ever reads half a lock. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFileAtomically(path, Buffer.from(text), { mode: 0o600, create: true });
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function isHeld(text: string): Promise<boolean> {
  const owner = parseOwner(text);
  return owner !== undefined && (await isRunning(owner));
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
