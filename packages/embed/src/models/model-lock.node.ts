/** One process at a time changes a model's folder: two pulls would write one part, two imports one staging folder. */

import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { NexusError } from "@nexus/core";

import { describeModel } from "../registry/registry.ts";
import { folderError } from "./folder-error.node.ts";

/** Locks that this process holds: its number alone could be that of one that was killed in another container. */
const own = new Set<string>();

/**
 * Runs work while nobody else pulls, imports or removes the model. The lock of a process that was killed is taken over.
 *
 * throws  store.locked at once when another one is at it, store.full, store.unavailable when the folder cannot be
 *         written; what work throws
 */
export async function withModelLock<T>(modelsDir: string, id: string, work: () => Promise<T>): Promise<T> {
  const path = join(modelsDir, `.${describeModel(id).id}.lock`);
  if (own.has(path)) throw locked(id, path);
  own.add(path);
  try {
    await take(modelsDir, id, path);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } catch (error) {
    throw folderError(error);
  } finally {
    own.delete(path);
  }
}

async function take(modelsDir: string, id: string, path: string): Promise<void> {
  await mkdir(modelsDir, { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, String(process.pid));
  try {
    // Linked, not written in place: nobody ever reads half a lock.
    if (await linked(mine, path)) return;
    if (!(await removeStale(path, `${mine}.stale`)) || !(await linked(mine, path))) throw locked(id, path);
  } finally {
    await rm(mine, { force: true });
  }
}

/** False where there is one already. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves away a lock whose process has ended; one that turns out to be alive is put back. */
async function removeStale(path: string, aside: string): Promise<boolean> {
  if (await isHeld(path)) return false;
  await rename(path, aside).catch(() => undefined);
  const held = await isHeld(aside);
  if (held) await linked(aside, path);
  await rm(aside, { force: true });
  return !held;
}

async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, "utf8").catch(() => ""));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function locked(id: string, path: string): NexusError {
  return new NexusError(
    "store.locked",
    `[nexus/embed] model ${id} is being pulled, imported or removed already; wait for that, or delete ${path} when there is no such process`,
  );
}
