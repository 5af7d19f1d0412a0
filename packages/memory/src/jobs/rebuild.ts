/** Job `rebuild`: fills a tenant's vector store again from the records, after damage or loss. */

import type { Memory, TenantScope } from "@nexus/core";
import type { RememberDependencies } from "../remember/remember.ts";
import { newJob } from "./queue.ts";
import type { JobHandler } from "./runner.ts";

const STEP = 200;

export function createRebuildHandler(deps: () => RememberDependencies): JobHandler {
  return async (scope, _job, { progress, signal }) => {
    const { records, projector } = deps();
    const reader = records.reader(scope);
    const partitions = await reader.range({ table: "partition", prefix: [], limit: 100_000 });
    const total = partitions.reduce((sum, { memoryCount }) => sum + memoryCount, 0);
    let done = 0;
    let after: string[] | undefined;
    for (;;) {
      signal.throwIfAborted();
      const memories: Memory[] = await reader.range({ table: "memory", prefix: [], after, limit: STEP });
      if (memories.length === 0) return { memories: done };
      await projector.reproject(
        scope,
        memories.map(({ id }) => id),
      );
      after = [memories.at(-1)?.id ?? ""];
      done += memories.length;
      await progress(done, Math.max(done, total));
    }
  };
}

/** Plans a rebuild, unless one is planned or running already. */
export async function requestRebuild(scope: TenantScope, deps: RememberDependencies): Promise<void> {
  const open = await deps.records
    .reader(scope)
    .find({ index: "jobByStatus", anyOf: [["queued"], ["running"]], limit: OPEN_JOBS });
  if (open.some(({ kind }) => kind === "rebuild")) return;
  await deps.records.transact(scope, [], async (tx) => tx.put("job", newJob("rebuild", {}, deps)));
}

const OPEN_JOBS = 1_000;
