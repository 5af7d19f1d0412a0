/** Job `forget`: forgets all memories that match a filter and were recorded before the job was made. */

import { type Filter, type Job, matches, type Memory, partitionOf, type TenantScope } from "@nexus/core";
import type { ForgetManyRequest, Writer } from "../requests.ts";
import { scan } from "../remember/read.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { removeMemories } from "../remember/remove.ts";
import { payloadOf } from "../subject.ts";
import { enqueueOnce, newJob } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

/** Who is said to have changed a memory that a bulk removal reinstated. */
const FORGETTER = "forget";
/** Memories in one transaction. */
const STEP = 50;

export async function countMatching(
  scope: TenantScope,
  { filter }: ForgetManyRequest,
  deps: RememberDependencies,
): Promise<number> {
  let count = 0;
  const now = deps.clock.now();
  for await (const found of scan(deps.records.reader(scope), filter, now, now)) count += found.length;
  return count;
}

export async function forgetMany(
  writer: Writer,
  { filter, tenantWide = false }: ForgetManyRequest,
  deps: RememberDependencies,
): Promise<Job> {
  const job = await enqueueOnce(writer, newJob("forget", { filter, tenantWide, keyId: writer.keyId }, deps), deps);
  deps.jobs.nudge(writer.scope);
  return job;
}

export function createForgetHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, { progress, signal }) => {
    const { records, clock } = deps();
    const filter = job.payload["filter"] as unknown as Filter;
    const until = job.createdAt.getTime();
    const due = (memory: Memory): boolean => memory.recordedAt.getTime() <= until && matches(payloadOf(memory), filter);
    let done = job.progress.done;
    for await (const found of scan(records.reader(scope), filter, clock.now(), until)) {
      for (let from = 0; from < found.length; from += STEP) {
        signal.throwIfAborted();
        done += await forgetBatch(scope, found.slice(from, from + STEP), due, deps());
        await progress(done, Math.max(done, job.progress.total));
      }
    }
    return { forgotten: done };
  };
}

/** Forgets those that still exist and still are `due`: they are read again inside the transaction. */
export async function forgetBatch(
  scope: TenantScope,
  batch: readonly Memory[],
  due: (memory: Memory) => boolean,
  deps: RememberDependencies,
): Promise<number> {
  const { records, partitions, projector, clock } = deps;
  let total = 0;
  for (const group of byPartitions(batch)) {
    const named = [...new Set(group.map(({ userId }) => partitionOf(userId)))].sort();
    const { value: removed, seqs } = await partitions.during(scope, named, () =>
      records.transact(scope, named, async (tx) => {
        const rows = await tx.get(
          "memory",
          group.map(({ id }) => [id]),
        );
        const ids = rows.flatMap((row) => (row && due(row) ? [row.id] : []));
        return await removeMemories(tx, ids, { now: new Date(clock.now()), keyId: FORGETTER });
      }),
    );
    await projector.project(scope, { entries: seqs, memoryIds: removed.flatMap(({ memoryIds }) => memoryIds) });
    total += removed.reduce((sum, { count }) => sum + count, 0);
  }
  return total;
}

/** Groups of at most 16 users each, as a write may name no more. */
function byPartitions(batch: readonly Memory[]): Memory[][] {
  const users = new Map<string, Memory[]>();
  for (const memory of batch) {
    const partition = partitionOf(memory.userId);
    users.set(partition, [...(users.get(partition) ?? []), memory]);
  }
  const lists = [...users.values()];
  const groups: Memory[][] = [];
  for (let i = 0; i < lists.length; i += 16) groups.push(lists.slice(i, i + 16).flat());
  return groups;
}
