/** The sweep: what no request waits for — late projections, due jobs, expired memories, old rows, orphaned blobs. */

import type { TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { hasExpired } from "../subject.ts";
import { forgetBatch } from "./forget-many.ts";
import { requestRebuild } from "./rebuild.ts";
import { BLOB_PREFIX } from "./remember-later.ts";

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
  await requireCompleteIndex(scope, deps);
  const jobs = await deps.jobs.runDue(scope);
  return { projected, jobs, expired, removed };
}

/** Expiry is enforced at every read; this frees the space. */
async function forgetExpired(scope: TenantScope, deps: RememberDependencies): Promise<number> {
  const to = new Date(deps.clock.now() + 1);
  let count = 0;
  for (;;) {
    const expired = await deps.records.reader(scope).find({ index: "memoryByExpiry", anyOf: [[]], to, limit: LIMIT });
    if (expired.length === 0) return count;
    count += await forgetBatch(scope, expired, (memory) => hasExpired(memory, deps.clock.now()), deps);
  }
}

async function removeOldRows(scope: TenantScope, { records, clock }: RememberDependencies): Promise<number> {
  const now = clock.now();
  const reader = records.reader(scope);
  const answers = await reader.find({ index: "idempotencyByExpiry", anyOf: [[]], to: new Date(now), limit: LIMIT });
  const before = new Date(now - JOB_DAYS * 86_400_000);
  const jobs = await reader.find({ index: "jobByStatus", anyOf: [["done"]], to: before, limit: LIMIT });
  if (answers.length + jobs.length === 0) return 0;
  await records.transact(scope, [], async (tx) => {
    for (const { keyId, route, key } of answers) tx.remove("idempotency", [keyId, route, key]);
    for (const { id } of jobs) tx.remove("job", [id]);
  });
  return answers.length + jobs.length;
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
  const partitions = await reader.range({ table: "partition", prefix: [], limit: 100_000 });
  const expected = partitions.reduce((sum, { memoryCount }) => sum + memoryCount, 0);
  const { memories } = await vectors.describe(scope);
  // Not counted while changes are under way: the next sweep looks again.
  if (memories === expected || (await projector.unapplied(scope)).length > 0) return;
  const after = await reader.range({ table: "partition", prefix: [], limit: 100_000 });
  if (after.reduce((sum, { memoryCount }) => sum + memoryCount, 0) !== expected) return;
  telemetry.log("warn", "the vector store is incomplete; rebuilding it from the records", {
    expected,
    found: memories,
  });
  await requestRebuild(scope, deps);
}
