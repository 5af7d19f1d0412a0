/** Job `erase`: removes a user everywhere, looks whether anything is left, and proves it by a receipt. Killed anywhere, it begins again and finishes. */

import { type Job, type Json, NexusError, type Receipt, type TenantScope } from "@nexus/core";
import { eraseAcceptedWrites } from "../erase/accepted-writes.ts";
import { closeLog } from "../erase/close-log.ts";
import { eraseMemories } from "../erase/erase-memories.ts";
import { countRemoved, type Counts, countsOf, type Erasure, notePassed } from "../erase/erasure.ts";
import { putTombstone } from "../erase/ledger.ts";
import { eraseNamingRows } from "../erase/naming-rows.ts";
import { goneOf, inSteps, pagesOf } from "../erase/pages.ts";
import { erasePartitionRows } from "../erase/partition-rows.ts";
import { TABLE_PLACES } from "../erase/registry.ts";
import { residueOf } from "../erase/residue.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { textField } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

/** Back-ups are kept no longer. */
const BACKUP_DAYS = 30;
/** Memories whose points are written again, or taken away, at once. */
const STEP = 200;

export function createEraseHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, { progress, signal }) => {
    const { records } = deps();
    const [former] = await records.reader(scope).get("receipt", [[job.id]]);
    // Killed between the receipt and the end of the job.
    if (former) return wire(former);
    const beat = async (): Promise<void> => {
      signal.throwIfAborted();
      const done = countsOf(await current(scope, job, deps()))["memory"] ?? 0;
      await progress(done, Math.max(done, job.progress.total));
    };
    const erasure: Erasure = {
      scope,
      jobId: job.id,
      userId: textField(job, "userId"),
      subject: textField(job, "subject"),
      reached: Number(job.payload["reached"]),
      requestedAt: job.createdAt.getTime(),
      deps: deps(),
      beat,
    };
    return wire(await erase(erasure));
  };
}

/**
 * In an order that leaves nothing behind: first what would bring other things back, and last what says where to look. Every
 * attempt runs all of them again; what is gone already takes no time.
 */
const STEPS: Readonly<Record<string, (erasure: Erasure) => Promise<void>>> = {
  ledger: ({ scope, subject, reached, jobId, requestedAt, deps }) =>
    putTombstone(scope, subject, { reached, jobId, requestedAt: new Date(requestedAt).toISOString() }, deps.blobs),
  acceptedWrites: eraseAcceptedWrites,
  memories: eraseMemories,
  partitionRows: erasePartitionRows,
  namingRows: eraseNamingRows,
  vectors: eraseVectors,
  caches: clearCaches,
  residue: requireNone,
  log: closeLog,
  files: ({ deps }) => deps.records.compact(),
  // Searches that were under way when the memories went have come to an end by now, and may have kept what they found.
  lateCaches: clearCaches,
};

async function erase(erasure: Erasure): Promise<Receipt> {
  for (const [name, step] of Object.entries(STEPS)) {
    await erasure.beat();
    await step(erasure);
    await notePassed(erasure, name);
  }
  return await putReceipt(erasure);
}

/** throws  erase.residue, with the places where something is left */
async function requireNone(erasure: Erasure): Promise<void> {
  const left = await residueOf(erasure);
  const residue = Object.values(left).reduce((sum, count) => sum + count, 0);
  if (residue === 0) return;
  const places = Object.keys(left).filter((name) => left[name] !== 0);
  throw new NexusError("erase.residue", `[nexus/memory] ${residue} left in ${places.join(", ")}; the job goes on`);
}

/** The index as the records are now, and then nothing of before in its files. */
async function eraseVectors({ scope, userId, deps, beat }: Erasure): Promise<void> {
  const reader = deps.records.reader(scope);
  for await (const entries of pagesOf(reader, "outbox", [userId])) {
    const memoryIds = entries.flatMap((entry) => entry.memoryIds);
    if (await deps.projector.project(scope, { entries, memoryIds })) continue;
    throw new NexusError("erase.residue", "[nexus/memory] the vector store does not follow; the erasure waits for it");
  }
  await deps.projector.settled();
  for (const ids of inSteps(await goneOf(reader, userId), STEP)) {
    await deps.projector.reproject(scope, ids);
    await beat();
  }
  await deps.vectors.remove(scope, [], { physically: true });
}

async function clearCaches(erasure: Erasure): Promise<void> {
  const { scope, deps } = erasure;
  await deps.volatile.forget(scope);
  const cleared = (await deps.cache.clear(scope)) + ((await deps.shared?.clear(scope)) ?? 0);
  await countRemoved(erasure, { cache: cleared });
}

/** The receipt, and in its transaction the end of all that names the user: the job's own row. */
async function putReceipt({ scope, jobId, subject, deps }: Erasure): Promise<Receipt> {
  const { value } = await deps.records.transact(scope, [], async (tx) => {
    const [job] = await tx.get("job", [[jobId]]);
    if (!job) throw new NexusError("job.not_found", `[nexus/memory] there is no job ${jobId}`);
    const completedAt = new Date(deps.clock.now());
    const receipt: Receipt = {
      jobId,
      subjectHmac: subject,
      stores: storesOf(countsOf(job)),
      residue: 0,
      requestedAt: job.createdAt,
      completedAt,
      backupsAgeOutAt: new Date(completedAt.getTime() + BACKUP_DAYS * 86_400_000),
    };
    tx.put("receipt", receipt);
    tx.put("job", { ...job, payload: { subject } });
    return receipt;
  });
  return value;
}

/** By place, what was removed; nothing remains, or there would be no receipt. A memory's points go with it: of those, memories are counted. */
function storesOf(removed: Counts): Record<string, { deleted: number; remaining: number }> {
  const tables = Object.entries(TABLE_PLACES).flatMap(([table, { rule }]) => (rule === "erased" ? [table] : []));
  const deleted: Counts = { ...removed, vectors: removed["memory"] ?? 0 };
  return Object.fromEntries(
    [...tables, "vectors", "cache", "blobs"].map((name) => [name, { deleted: deleted[name] ?? 0, remaining: 0 }]),
  );
}

async function current(scope: TenantScope, job: Job, { records }: RememberDependencies): Promise<Job> {
  const [row] = await records.reader(scope).get("job", [[job.id]]);
  return row ?? job;
}

function wire({ requestedAt, completedAt, backupsAgeOutAt, ...rest }: Receipt): Json {
  return {
    ...rest,
    requestedAt: requestedAt.toISOString(),
    completedAt: completedAt.toISOString(),
    backupsAgeOutAt: backupsAgeOutAt.toISOString(),
  };
}
