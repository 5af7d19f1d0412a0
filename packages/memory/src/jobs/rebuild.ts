/** Job `rebuild`: fills a tenant's vector store again from the records, after damage or loss. */

import { type KeyPart, keyOf, type RecordReader, type TableName, type Tables, type TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { newJob } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

const STEP = 200;

export function createRebuildHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, _job, { progress, signal }) => {
    const { records, projector } = deps();
    const reader = records.reader(scope);
    const total = await countMemories(reader);
    let done = 0;
    for await (const memories of pages(reader, "memory", STEP)) {
      signal.throwIfAborted();
      await projector.reproject(
        scope,
        memories.map(({ id }) => id),
      );
      done += memories.length;
      await progress(done, Math.max(done, total));
    }
    // A vector store that lost its last writes still has what they removed.
    for await (const changes of pages(reader, "change", STEP)) {
      signal.throwIfAborted();
      await projector.reproject(
        scope,
        changes.flatMap(({ op, memoryId }) => (op === "forgotten" ? [memoryId] : [])),
      );
    }
    return { memories: done };
  };
}

/** Plans a rebuild, unless one is planned or running already. */
export async function requestRebuild(scope: TenantScope, deps: RememberDependencies): Promise<void> {
  await deps.records.transact(scope, [], async (tx) => {
    const open = await tx.find({ index: "jobByStatus", anyOf: [["queued"], ["running"]], limit: OPEN_JOBS });
    if (!open.some(({ kind }) => kind === "rebuild")) tx.put("job", newJob("rebuild", {}, deps));
  });
}

const OPEN_JOBS = 1_000;

/** Memories of the tenant, from its partitions' counters. */
export async function countMemories(reader: RecordReader): Promise<number> {
  let count = 0;
  for await (const rows of pages(reader, "partition", 1_000)) for (const { memoryCount } of rows) count += memoryCount;
  return count;
}

async function* pages<T extends TableName>(reader: RecordReader, table: T, limit: number): AsyncGenerator<Tables[T][]> {
  let after: KeyPart[] | undefined;
  for (;;) {
    const rows: Tables[T][] = await reader.range({ table, prefix: [], after, limit });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    after = keyOf(table, last);
  }
}
