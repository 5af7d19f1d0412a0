/** Job `chunks`: indexes the rest of a long memory, whose first chunks were indexed when it was written. */

import { type Memory, partitionOf, type TenantScope } from "@nexus/core";
import { putOwed } from "../models/owed.ts";
import { prepareChunks } from "../remember/prepare.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { putChunks } from "../remember/rows.ts";
import { textField } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

/** Chunks in one transaction: large enough to be rare, small enough not to hold up other writers. */
const STEP = 128;

export function createChunksHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, job, { progress, signal }) => {
    const memoryId = textField(job, "memoryId");
    for (;;) {
      signal.throwIfAborted();
      const [memory] = await deps()
        .records.reader(scope)
        .get("memory", [[memoryId]]);
      if (!memory) return { chunks: 0, forgotten: true };
      if (memory.pendingCount === 0) return { chunks: memory.chunkCount };
      await extend(scope, memory, deps());
      const total = memory.chunkCount + memory.pendingCount;
      await progress(Math.min(total, memory.chunkCount + STEP), total);
    }
  };
}

/** Adds the next chunks, unless the memory changed in the meantime: then the next round sees the change. */
async function extend(scope: TenantScope, memory: Memory, deps: RememberDependencies): Promise<void> {
  const { records, embedder, partitions, projector } = deps;
  const state = await deps.generations.of(scope);
  const partition = partitionOf(memory.userId);
  const chunks = await prepareChunks(memory, {
    from: memory.chunkCount,
    to: memory.chunkCount + STEP,
    embedder,
    settings: deps.settings,
  });
  const { seqs } = await partitions.during(scope, [partition], () =>
    records.transact(scope, [partition], async (tx) => {
      const [row] = await tx.get("memory", [[memory.id]]);
      if (row?.seq !== memory.seq) return;
      const seq = tx.change(partition, { op: "updated", memoryId: row.id, version: row.version, memories: 0 });
      const left = chunks.length < STEP ? 0 : row.pendingCount - chunks.length;
      tx.put("memory", { ...row, seq, chunkCount: row.chunkCount + chunks.length, pendingCount: left });
      putChunks(tx, row.id, row.chunkCount, chunks, embedder.describe());
      putOwed(tx, [row.id], { ...deps, state });
    }),
  );
  await projector.project(scope, { entries: seqs, memoryIds: seqs.map(() => memory.id) });
}
