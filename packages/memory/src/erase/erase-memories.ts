/** Removes a user's memories with all that hangs on them, in batches that each are one transaction. */

import type { Memory } from "@nexus/core";
import { removeMemory } from "../remember/remove.ts";
import { type Erasure, isDue, transactCounted } from "./erasure.ts";
import { inSteps, memoriesOf } from "./pages.ts";

/** Memories in one transaction: other writers of the tenant wait meanwhile. */
const STEP = 50;
/** Who is said to have changed a memory that the removal reinstated, before it goes too. */
const ERASER = "erase";

/** Those that were there at the request. */
export async function eraseMemories(erasure: Erasure): Promise<void> {
  const reader = erasure.deps.records.reader(erasure.scope);
  for await (const page of memoriesOf(reader, erasure.userId)) {
    const due = page.filter((memory) => isDue(memory, erasure));
    await eraseBatches(erasure, due, (memory) => isDue(memory, erasure));
  }
}

/** Those of `memories` that still are there and `due`. The index follows when it can: what it owes stays in the outbox. */
export async function eraseBatches(
  erasure: Erasure,
  memories: readonly Memory[],
  due: (memory: Memory) => boolean,
): Promise<void> {
  const { scope, deps, beat } = erasure;
  for (const batch of inSteps(memories, STEP)) {
    const { value: memoryIds, seqs } = await transactCounted(erasure, async (tx) => {
      const changed: string[] = [];
      const rows = await tx.get(
        "memory",
        batch.map(({ id }) => [id]),
      );
      for (const row of rows) {
        if (!row || !due(row)) continue;
        const removed = await removeMemory(tx, row.id, { now: new Date(deps.clock.now()), keyId: ERASER });
        changed.push(...(removed?.memoryIds ?? []));
      }
      return changed;
    });
    await deps.projector.project(scope, { entries: seqs, memoryIds });
    await beat();
  }
}
