/** Removes a user's memories with all that hangs on them, in batches that each are one transaction. */

import type { Memory, RecordReader } from "@nexus/core";
import { removeMemories } from "../remember/remove.ts";
import { dueIn, type Erasure, transactCounted } from "./erasure.ts";
import { inSteps, memoriesOf } from "./pages.ts";

/** Memories in one transaction: other writers of the tenant wait meanwhile. */
const STEP = 50;
/** Who is said to have changed a memory that the removal reinstated, before it goes too. */
const ERASER = "erase";

/** Those that were there at the request. */
export async function eraseMemories(erasure: Erasure): Promise<void> {
  const reader = erasure.deps.records.reader(erasure.scope);
  const isDue = await dueIn(reader, erasure);
  for await (const page of memoriesOf(reader, erasure.userId))
    await eraseBatches(erasure, page.filter(isDue), (records) => dueIn(records, erasure));
}

/** Those of `memories` that still are there and due, as told in each transaction. The index follows when it can: what it owes stays in the outbox. */
export async function eraseBatches(
  erasure: Erasure,
  memories: readonly Memory[],
  dueNow: (records: RecordReader) => Promise<(memory: Memory) => boolean>,
): Promise<void> {
  const { scope, deps, beat } = erasure;
  for (const batch of inSteps(memories, STEP)) {
    const { value: memoryIds, seqs } = await transactCounted(erasure, async (tx) => {
      const due = await dueNow(tx);
      const rows = await tx.get(
        "memory",
        batch.map(({ id }) => [id]),
      );
      const ids = rows.flatMap((row) => (row && due(row) ? [row.id] : []));
      const removed = await removeMemories(tx, ids, { now: new Date(deps.clock.now()), keyId: ERASER });
      return removed.flatMap((one) => one.memoryIds);
    });
    await deps.projector.project(scope, { entries: seqs, memoryIds });
    await beat();
  }
}
