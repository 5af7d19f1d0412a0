/** The sweep: what no request waits for — late projections, due jobs, expired memories, old rows, orphaned blobs. */

import { asNexusError, type TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { hasExpired } from "../subject.ts";
import { forgetBatch } from "./forget-many.ts";
import { countMemories, requestRebuild } from "./rebuild.ts";
import { BLOB_PREFIX } from "./remember-later.ts";
import { planModels } from "../models/plan.ts";
import { planRoutine } from "./routine.ts";

const LIMIT = 200;
/** Finished jobs are kept this long for whoever asks after them. */
const JOB_DAYS = 7;
const ORPHAN_AGE_MS = 3_600_000;

export interface Swept {
  readonly projected: number;
  readonly jobs: number;
  readonly expired: number;
  readonly removed: number;
}

export async function sweep(scope: TenantScope, deps: RememberDependencies): Promise<Swept> {
  const projected = await deps.projector.sweep(scope);
  const expired = await forgetExpired(scope, deps);
  const removed = (await removeOldRows(scope, deps)) + (await removeOrphans(scope, deps));
  await requireCompleteIndex(scope, deps).catch((error: unknown) => {
    // Jobs that need no vector store must not wait for it.
    deps.telemetry.log("error", "the vector store could not be counted", { code: asNexusError(error).code });
  });
  await planRoutine(scope, deps);
  await planModels(scope, deps);
  const jobs = await deps.jobs.runDue(scope);
  return { projected, jobs, expired, removed };
}

/** Expiry is enforced at every read; this frees the space. */
async function forgetExpired(scope: TenantScope, deps: RememberDependencies): Promise<number> {
  const now = deps.clock.now();
  let count = 0;
  for (;;) {
    const expired = await deps.records
      .reader(scope)
      .find({ index: "memoryByExpiry", anyOf: [[]], to: new Date(now + 1), limit: LIMIT });
    count += await forgetBatch(scope, expired, (memory) => hasExpired(memory, now), deps);
    if (expired.length < LIMIT) return count;
  }
}

async function removeOldRows(scope: TenantScope, { records, clock }: RememberDependencies): Promise<number> {
  const now = clock.now();
  const before = new Date(now - JOB_DAYS * 86_400_000);
  const reader = records.reader(scope);
  let count = 0;
  for (;;) {
    const answers = await reader.find({ index: "idempotencyByExpiry", anyOf: [[]], to: new Date(now), limit: LIMIT });
    const jobs = await reader.find({ index: "jobByStatus", anyOf: [["done"]], to: before, limit: LIMIT });
    if (answers.length + jobs.length === 0) return count;
    await records.transact(scope, [], async (tx) => {
      for (const { keyId, route, key } of answers) tx.remove("idempotency", [keyId, route, key]);
      for (const { id } of jobs) tx.remove("job", [id]);
    });
    count += answers.length + jobs.length;
  }
}

/** Requests whose job is done, or was never written because the process died between the two. */
async function removeOrphans(scope: TenantScope, { blobs, records, clock }: RememberDependencies): Promise<number> {
  let count = 0;
  for await (const { key, modifiedAt } of blobs.list(scope, BLOB_PREFIX)) {
    const id = key.slice(BLOB_PREFIX.length, -".json".length);
    const [job] = await records.reader(scope).get("job", [[id]]);
    // Without a row it may belong to a request that is being accepted right now.
    if (job ? job.status !== "done" : clock.now() - modifiedAt.getTime() < ORPHAN_AGE_MS) continue;
    await blobs.remove(scope, key);
    count++;
  }
  return count;
}

/** An index that lost memories without being damaged (a deleted file) shows in the count. */
async function requireCompleteIndex(scope: TenantScope, deps: RememberDependencies): Promise<void> {
  const { records, vectors, projector, telemetry } = deps;
  const reader = records.reader(scope);
  const expected = await countMemories(reader);
  const { memories: found } = await vectors.describe(scope);
  // Not counted while changes are under way: the next sweep looks again.
  if (found === expected || (await projector.unapplied(scope)).length > 0) return;
  if ((await countMemories(reader)) !== expected) return;
  telemetry.log("warn", "the vector store does not hold what the records do; rebuilding it", { expected, found });
  await requestRebuild(scope, deps);
}
