/** Writes that were accepted before the request and carried out later: the user's texts leave their blobs, and what they have written since goes. */

import { type Job, type JsonObject, NexusError, type RecordReader } from "@nexus/core";
import { BLOB_PREFIX } from "../jobs/remember-later.ts";
import { countRemoved, type Erasure } from "./erasure.ts";
import { eraseBatches } from "./erase-memories.ts";
import { inSteps, pagesOf } from "./pages.ts";

/** Memories read at once. */
const STEP = 100;

/** throws  erase.residue (to be tried again) while another process carries one of them out */
export async function eraseAcceptedWrites(erasure: Erasure): Promise<void> {
  const { scope, requestedAt, deps, beat } = erasure;
  const reader = deps.records.reader(scope);
  for await (const jobs of pagesOf(reader, "job")) {
    for (const job of jobs) {
      if (job.kind !== "remember" || job.createdAt.getTime() > requestedAt) continue;
      if (job.status === "done") await eraseWritten(erasure, job, reader);
      else await withdraw(erasure, job);
    }
    await beat();
  }
  await eraseOrphans(erasure, reader);
}

/** Blobs without a job: of a request that is being accepted, which is new, or of one whose process died. */
async function eraseOrphans(erasure: Erasure, reader: RecordReader): Promise<void> {
  const { scope, requestedAt, deps } = erasure;
  for await (const { key, modifiedAt } of deps.blobs.list(scope, BLOB_PREFIX)) {
    if (modifiedAt.getTime() > requestedAt) continue;
    const [job] = await reader.get("job", [[idOf(key)]]);
    if (!job || job.status === "done") await rewrite(erasure, key);
  }
}

/** How many blobs from before the request still hold a text of the user. */
export async function heldInBlobs({ scope, userId, requestedAt, deps }: Erasure): Promise<number> {
  let count = 0;
  for await (const { key, modifiedAt } of deps.blobs.list(scope, BLOB_PREFIX)) {
    const [job] = await deps.records.reader(scope).get("job", [[idOf(key)]]);
    const at = job ? job.createdAt.getTime() : modifiedAt.getTime();
    if (at > requestedAt) continue;
    const inputs = inputsOf(await deps.blobs.get(scope, key));
    if (inputs.some((input) => input["userId"] === userId)) count++;
  }
  return count;
}

/** Takes the user's part out of a write that has yet to be carried out; without any other part the write goes. */
async function withdraw(erasure: Erasure, job: Job): Promise<void> {
  const { scope, userId, deps } = erasure;
  const key = keyOf(job.id);
  const inputs = inputsOf(await deps.blobs.get(scope, key));
  const others = inputs.filter((input) => input["userId"] !== userId);
  if (others.length === inputs.length) return;
  if (job.status === "running" && job.runAt.getTime() > deps.clock.now()) throw underway();
  // The row first: a job without its blob would fail.
  if (others.length === 0) await removeJob(erasure, job.id);
  await rewrite(erasure, key);
}

/** The memories that a job wrote, some of them maybe after the request; the job's row goes with the others that name them. */
async function eraseWritten(erasure: Erasure, { id, result }: Job, reader: RecordReader): Promise<void> {
  const { userId } = erasure;
  for (const ids of inSteps(writtenBy(result), STEP)) {
    const rows = await reader.get(
      "memory",
      ids.map((memoryId) => [memoryId]),
    );
    const own = rows.filter((row) => row?.userId === userId).flatMap((row) => row ?? []);
    await eraseBatches(erasure, own, async () => (memory) => memory.userId === userId);
  }
  await rewrite(erasure, keyOf(id));
}

async function rewrite(erasure: Erasure, key: string): Promise<void> {
  const { scope, userId, deps } = erasure;
  const inputs = inputsOf(await deps.blobs.get(scope, key));
  const others = inputs.filter((input) => input["userId"] !== userId);
  if (others.length === inputs.length) return;
  if (others.length === 0) await deps.blobs.remove(scope, key);
  else await deps.blobs.put(scope, key, new TextEncoder().encode(JSON.stringify(others)));
  await countRemoved(erasure, { blobs: 1 });
}

async function removeJob({ scope, deps }: Erasure, id: string): Promise<void> {
  await deps.records.transact(scope, [], async (tx) => {
    const [job] = await tx.get("job", [[id]]);
    if (job?.status === "running" && job.runAt.getTime() > deps.clock.now()) throw underway();
    tx.remove("job", [id]);
  });
}

/** Ids in the result of a `remember` job. */
function writtenBy(result: Job["result"]): string[] {
  const { results = [] } = (result ?? {}) as { readonly results?: readonly { readonly id?: unknown }[] };
  return results.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
}

function inputsOf(bytes: Uint8Array | undefined): JsonObject[] {
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as JsonObject[]) : [];
}

function keyOf(jobId: string): string {
  return `${BLOB_PREFIX}${jobId}.json`;
}

function idOf(key: string): string {
  return key.slice(BLOB_PREFIX.length, -".json".length);
}

function underway(): NexusError {
  return new NexusError(
    "erase.residue",
    "[nexus/memory] another process carries out a write of this user that was accepted before; the erasure waits for it",
  );
}
