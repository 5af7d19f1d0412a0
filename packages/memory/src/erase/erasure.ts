/** One erasure under way: whom it is of, up to where it reaches, and its transactions, which count what they remove. */

import type { Job, JsonObject, Memory, RecordReader, RecordTx, TenantScope, Transacted } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { pagesOf } from "./pages.ts";

export interface Erasure {
  readonly scope: TenantScope;
  readonly jobId: string;
  readonly userId: string;
  /** MAC of the user's id. */
  readonly subject: string;
  /** Where the partition stood at the request: memories added later are new, and stay. */
  readonly reached: number;
  readonly requestedAt: number;
  readonly deps: RememberDependencies;
  /** Renews the job's lease and tells how far it is; throws when the job is to end. */
  readonly beat: () => Promise<void>;
}

/** Rows removed, by table. */
export type Counts = Readonly<Record<string, number>>;

/**
 * Tells which of the user's memories were there when the erasure was asked for: all but those that the log of changes
 * says were added since. A memory's own `addedSeq` does not tell: an import brings that of another history along.
 *
 * cost     reads the user's changes since the request
 */
export async function dueIn(
  reader: RecordReader,
  { userId, reached }: Pick<Erasure, "userId" | "reached">,
): Promise<(memory: Memory) => boolean> {
  const later = new Set<string>();
  for await (const changes of pagesOf(reader, "change", [userId], [userId, reached]))
    for (const { op, memoryId } of changes) if (op === "added") later.add(memoryId);
  return (memory) => memory.userId === userId && !later.has(memory.id);
}

/** Whether something was made after the request. A time that still lies ahead was given by somebody else's clock, and says nothing. */
export function isLater(at: Date, { requestedAt, deps }: Pick<Erasure, "requestedAt" | "deps">): boolean {
  return at.getTime() > requestedAt && at.getTime() <= deps.clock.now();
}

/** A transaction on the user's partition. What it removes is counted on the job's row with it, so that no kill loses or doubles a count. */
export async function transactCounted<T>(
  erasure: Pick<Erasure, "scope" | "jobId" | "userId" | "deps">,
  work: (tx: RecordTx) => Promise<T>,
): Promise<Transacted<T>> {
  const { scope, jobId, userId, deps } = erasure;
  return await deps.partitions.during(scope, [userId], () =>
    deps.records.transact(scope, [userId], async (tx) => {
      const removed: Record<string, number> = {};
      const counting: RecordTx = {
        ...tx,
        remove(table, key) {
          removed[table] = (removed[table] ?? 0) + 1;
          tx.remove(table, key);
        },
      };
      const value = await work(counting);
      await count(tx, jobId, removed);
      return value;
    }),
  );
}

/** Counts what was removed elsewhere than in the records. After a kill just before it, that is not counted. */
export async function countRemoved({ scope, jobId, deps }: Erasure, removed: Counts): Promise<void> {
  await deps.records.transact(scope, [], (tx) => count(tx, jobId, removed));
}

export function countsOf({ payload }: Pick<Job, "payload">): Counts {
  return (payload["removed"] ?? {}) as Counts;
}

/** Notes that a step is done for the first time. What gets somewhere is not given up, however many processes it outlives. */
export async function notePassed({ scope, jobId, deps }: Erasure, step: string): Promise<void> {
  await deps.records.transact(scope, [], async (tx) => {
    const [job] = await tx.get("job", [[jobId]]);
    const passed = (job?.payload["passed"] ?? []) as readonly string[];
    if (job && !passed.includes(step))
      tx.put("job", { ...job, attemptCount: 0, payload: { ...job.payload, passed: [...passed, step] } });
  });
}

async function count(tx: RecordTx, jobId: string, removed: Counts): Promise<void> {
  const [job] = await tx.get("job", [[jobId]]);
  if (!job || Object.values(removed).every((number) => number === 0)) return;
  const sums: Record<string, number> = { ...countsOf(job) };
  for (const [name, number] of Object.entries(removed)) sums[name] = (sums[name] ?? 0) + number;
  const payload: JsonObject = { ...job.payload, removed: sums };
  // As of a step that is passed: an attempt that got somewhere is not held against the job.
  tx.put("job", { ...job, payload, attemptCount: 0, progress: { ...job.progress, done: sums["memory"] ?? 0 } });
}
